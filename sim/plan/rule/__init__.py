"""Rules between and beyond components: each its own file, all listed in ``table`` in the order in which they act."""
