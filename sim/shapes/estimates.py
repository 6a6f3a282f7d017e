"""Estimates as entries of ``summary.json``: plain numbers under fixed names."""

from typing import Any

from sim.measure.cost import Quantiles
from sim.measure.estimate import Mean

Document = dict[str, Any]


def mean_entry(name: str, mean: Mean) -> Document:
    """``mean``, ``se``, ``ci95``; or, of a named quantity, ``name``, ``name_se``, ``name_ci95``."""
    keys = (name, f"{name}_se", f"{name}_ci95") if name else ("mean", "se", "ci95")
    return dict(zip(keys, (mean.mean, mean.se, pair(mean.ci95)), strict=True))


def quantile_entry(quantiles: Quantiles) -> Document:
    """Quantiles by name, and their intervals."""
    intervals = {name: pair(interval) for name, interval in quantiles.intervals.items()}
    return quantiles.values | {"quantile_ci95": intervals}


def pair(interval: tuple[float, float] | None) -> list[float] | None:
    """The ends of an interval as a list; None of none."""
    return None if interval is None else list(interval)


def present(entry: Document) -> Document:
    """The entry without what was not computed or has no value."""
    return {key: value for key, value in entry.items() if value is not None}
