"""Deals settled as they were, and files held against each other."""
