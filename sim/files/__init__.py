"""The edge: everything read from and written to disk. Checks live here; nothing below checks again."""
