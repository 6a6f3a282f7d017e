"""How many examples Hypothesis tries of one test, in the profile that `tests/conftest.py` loads."""

from hypothesis import settings

USUAL = 100
"""Of a test that names no number, in the gate."""


def examples(number, **keys):
    """So many in the gate, and in a search as many times more as any other test."""
    return settings(max_examples=number * settings.default.max_examples // USUAL, **keys)
