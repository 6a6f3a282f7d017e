"""Pictures of a calibration: prior, data and posterior of each input, and the fitted curve over the observed one."""

from collections.abc import Iterator

import numpy as np

from sim.calibration.observed import booked_by, fitted_by
from sim.calibration.result import Calibration
from sim.calibration.summary import Parameter
from sim.shapes.amounts import number
from sim.shapes.axis import Axis, axis_of, money_axis, share_axis
from sim.shapes.lines import Line, Lines
from sim.shapes.ranges import RangeRow, Ranges, between
from sim.shapes.section import Figure

RANGES_NOTE = (
    "Each value twice: above, what was believed before; below, what is believed after. Bars: P5 to P95; the line in "
    "them is the median; a dot is what is counted in the history without a model."
)
LAG_NOTE = (
    "Share of renewals that is booked by each day from the due day on. Line: fitted; dashes: Kaplan-Meier, what is open "
    "taken as censored. Where many of the open ones are lost, the dashes are too high."
)
POINTS = 61


def ranges(names: dict[str, str], found: Calibration, scale: str) -> Figure | None:
    """Prior and posterior of some values. names : by path. scale : ``"share"``, ``"usd"`` or ``"factor"``."""
    rows = [(names[path], found.summary.parameters[path], path) for path in names if path in found.draws]
    if not rows:
        return None
    ends = [end for _, each, path in rows for end in (each.p5, each.p95, *_before(found, path))]
    seen = [each.observed for _, each, _ in rows if each.observed is not None]
    every = [*ends, *seen]
    axis = (
        share_axis(every)
        if scale == "share"
        else money_axis(every)
        if scale == "usd"
        else axis_of(every, _plain)
    )
    built = [row for name, each, path in rows for row in _pair(name, each, path, found, axis)]
    return Figure("ranges", Ranges(axis, tuple(built), None, ""), RANGES_NOTE)


def _plain(at: float, step: float) -> str:
    return number(at, 0 if step >= 1.0 else 2)


def _before(found: Calibration, path: str) -> tuple[float, float]:
    low, high = np.quantile(found.before[path], (0.05, 0.95))
    return float(low), float(high)


def _pair(name: str, each: Parameter, path: str, found: Calibration, axis: Axis) -> Iterator[RangeRow]:
    low, high = _before(found, path)
    middle = float(np.median(found.before[path]))
    for label, tone, ends, median, mean in (
        (f"{name}: before", "same", (low, high), middle, None),
        ("after", "plain", (each.p5, each.p95), each.p50, each.observed),
    ):
        yield RangeRow(
            name=label,
            tone=tone,
            wide=between(axis, *ends),
            middle=None,
            median=axis.at(median),
            mean=None if mean is None else axis.at(mean),
            interval=None,
            spoken=f"median {median:.3g}, P5 {ends[0]:.3g}, P95 {ends[1]:.3g}",
        )


def lag_curves(found: Calibration) -> Figure | None:
    """The fitted share booked by each day over the observed one, segment by segment."""
    panels = []
    segments = found.prior.segment
    first = min(band.days[0] for each in segments for band in each.lag)
    last = max(band.days[1] for each in segments for band in each.lag)
    x = axis_of([float(first), float(last)], lambda at, step: number(at, 0))
    y = share_axis([0.0, 1.0])
    days = np.linspace(first, last, POINTS).round().astype(np.int64)
    for s, segment in enumerate(segments):
        curve = booked_by(found.evidence, s)
        if not len(curve.day):
            continue
        at = f"segment.{segment.name}"
        churn = found.mean(f"{at}.churn.probability", segment.churn.probability)
        shares = {
            place: found.mean(f"{at}.lag[{place}].share", band.share)
            for place, band in enumerate(segment.lag)
        }
        fitted = fitted_by(found.prior, s, found.churn_of_all(s, churn), shares, days)
        step = np.searchsorted(curve.day, days, side="right") - 1
        observed = np.where(step >= 0, curve.share[np.maximum(step, 0)], 0.0)
        panels.append(
            Line(
                segment.name,
                "days from due",
                tuple((x.at(float(d)), 100.0 - y.at(float(v))) for d, v in zip(days, fitted, strict=True)),
                f"{segment.name}: by the due day {float(np.interp(0, days, fitted)):.0%} fitted, "
                f"{float(np.interp(0, days, observed)):.0%} observed",
                tuple((x.at(float(d)), 100.0 - y.at(float(v))) for d, v in zip(days, observed, strict=True)),
            )
        )
    return Figure("lines", Lines(x, y, tuple(panels)), LAG_NOTE) if panels else None
