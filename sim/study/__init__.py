"""A study, conducted: loaded with all it names, run, its worlds kept, swept and solved, its result written whole."""
