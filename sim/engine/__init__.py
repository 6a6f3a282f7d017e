"""The engine: one study as arrays, its worlds simulated block by block on threads, and every plan settled on them."""
