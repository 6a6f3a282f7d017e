"""The engine: one study as arrays, its worlds simulated block by block on threads, every plan settled on them, and what
that costs the company. Knows no question.
"""
