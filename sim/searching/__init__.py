"""Search over the clauses of a plan on kept worlds: the plans that are best at something, settled again on fresh worlds."""
