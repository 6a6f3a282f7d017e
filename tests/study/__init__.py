"""Whole studies, replays and explanations, on small companies."""
