"""Estimates, errors and the figures that are measured in a Ledger and its statements."""
