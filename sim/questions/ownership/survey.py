"""What surveys found about pay in Customer Success: context beside who should own renewals, and no input of it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("survey.toml")


@cache
def survey_rows() -> tuple[dict[str, Any], ...]:
    """Each figure: ``what``, ``share`` [share] and ``source``.

    Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document), "A quick review of
    current state".
    """
    return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["row"])
