"""Findings: sentences that say what a table or figure shows, computed from the result."""
