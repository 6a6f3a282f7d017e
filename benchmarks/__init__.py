"""How fast the engine is, against rivals written as a competent user would; ``python -m benchmarks`` prints the table."""
