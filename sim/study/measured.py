"""The measures of a sweep: what kind of number each is, and how it is drawn along the values of a clause."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.questions.registry import unit_of
from sim.report.plot import TradeOff
from sim.shapes.table import Kind

Document = Mapping[str, Any]

ERROR: Final = "_se"
KINDS: Final[dict[str, Kind]] = {"share": "share", "count": "count"}
ERRORS: Final[dict[Kind, Kind]] = {"usd": "error"}
"""What numbers of other units than money are, and what the standard errors of a kind are, where that is another one."""


def kind_of(measure: str) -> Kind:
    """What a measure of the summary is, by the unit that its question gives it."""
    unit = unit_of(measure)
    if unit.startswith("usd"):
        return "cent" if unit == "usd/usd" else "usd"
    return KINDS.get(unit, "ratio")


def swept_picture(rows: Sequence[Document], path: str, measure: str) -> TradeOff:
    """The rows of a sweep of one clause as a curve."""
    errors = [row.get(f"{measure}{ERROR}") for row in rows]
    known = None if None in errors else np.array(errors, dtype=np.float64)
    values = np.array([np.nan if row[measure] is None else row[measure] for row in rows])
    return TradeOff(path, measure, kind_of(measure) == "usd", [row[path] for row in rows], values, known)
