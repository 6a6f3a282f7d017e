"""The what-if page: plans changed by hand on kept worlds, in a browser on the same machine."""
