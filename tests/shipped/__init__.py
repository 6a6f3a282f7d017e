"""The digests of the shipped studies' results, and the command that compares them."""
