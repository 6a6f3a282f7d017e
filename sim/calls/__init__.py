"""What the command line can, as calls from Python: the same checks and sentences, values that show themselves."""
