"""Stress: every plan of a study under other scenarios, on the same random numbers."""
