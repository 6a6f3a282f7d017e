"""A stress: ``cases = ["recession", "summer-freeze"]`` in ``[stress]`` of a study."""

from pathlib import Path

SUMMER_FREEZE = Path(__file__).with_name("summer-freeze.toml")
