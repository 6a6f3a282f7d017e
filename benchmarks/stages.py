"""Figure: where the nanoseconds of one book go."""

from typing import Any


def measure(quick: bool) -> dict[str, Any]:
    """To be filled."""
    return {}
