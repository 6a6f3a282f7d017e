"""Budgets through the year of a study."""
