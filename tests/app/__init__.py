"""The what-if page: what it may be asked, that its numbers are those of a run, and that it can be used."""
