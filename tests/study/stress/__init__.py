"""Stress: moves of the scenario, limits, reverse stress."""
