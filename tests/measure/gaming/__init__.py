"""Dates chosen by a CSM: the moves, the best of them, and the certificate above it."""
