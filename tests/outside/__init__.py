"""A second simulator of world and plans, written from METHOD.md alone, and the comparison with the product."""
