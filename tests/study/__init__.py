"""Whole studies, on small companies."""
