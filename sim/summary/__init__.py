"""What a result says, typed: every number of ``summary.json`` with its unit and its meaning."""
