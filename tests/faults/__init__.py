"""Commands ended at random moments: ``python -m tests.faults``; the suite tries a few."""
