"""Structured mutations of every kind of file that csmsim reads: ``python -m tests.fuzz --inputs 100000``."""
