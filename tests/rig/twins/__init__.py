"""Second computations of what the product computes: slow, obvious and written from the rules."""
