"""Files that are wrong, one fault at a time: refused with a sentence that names the place."""
