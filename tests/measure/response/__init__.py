"""Effort chosen against pay."""
