"""The measures of a sweep: the unit of each, and how it is drawn along the values of a clause."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.questions.registry import unit_of
from sim.questions.sweep.summary import SweptMeasure
from sim.questions.sweep.tables import ERROR, kind_of_measure
from sim.report.plot import TradeOff
from sim.shapes.table import Kind

Document = Mapping[str, Any]


def measure_told(path: str) -> SweptMeasure:
    """A measure of the summary with the unit that its question gives it."""
    return SweptMeasure(path=path, unit=unit_of(path))


def kind_of(path: str) -> Kind:
    """What the numbers of a measure are."""
    return kind_of_measure(measure_told(path))


def swept_picture(rows: Sequence[Document], path: str, measure: str) -> TradeOff:
    """The rows of a sweep of one clause as a curve."""
    errors = [row.get(f"{measure}{ERROR}") for row in rows]
    known = None if None in errors else np.array(errors, dtype=np.float64)
    values = np.array([np.nan if row[measure] is None else row[measure] for row in rows])
    return TradeOff(path, measure, kind_of(measure) == "usd", [row[path] for row in rows], values, known)
