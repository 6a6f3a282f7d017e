"""What the clauses of a plan pay for besides renewals, and what its thresholds ask in the worlds of a scenario."""
