"""Replay: real deals settled under plans, without randomness."""
