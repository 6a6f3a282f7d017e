"""A forecast beside the actual, number by number."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.backtesting.naive import Naive
from sim.backtesting.outcome import Outcome
from sim.backtesting.scores import crps, keyed_share, pit, quantiles
from sim.questions.backtest.summary import WHATS, WHOLE, Inside, Row, What

Floats = NDArray[np.float64]


class Sides(NamedTuple):
    """What is held against each other. seed : of the forecast."""

    cut: date
    forecast: Outcome
    actual: Outcome
    naive: Naive | None
    seed: int

    @property
    def both(self) -> list[str]:
        """CSMs of the forecast who are in the actual too."""
        return [csm for csm in self.forecast.csms if csm in self.actual.books]


def rows_of(sides: Sides) -> tuple[Row, ...]:
    """The company first, then CSM by CSM; by period, then over the whole horizon. What has no finite value is left out."""
    return tuple(row for csm in (None, *sides.both) for what in WHATS for row in _of_one(sides, what, csm))


def _of_one(sides: Sides, what: What, csm: str | None) -> Iterator[Row]:
    if csm is None:
        (worlds, total), (actual, whole) = (each.of_company(what) for each in (sides.forecast, sides.actual))
    else:
        (worlds, total), (actual, whole) = (each.of_csm(csm, what) for each in (sides.forecast, sides.actual))
    for period in range(len(worlds)):
        yield from _row(sides, (what, csm, period), worlds[period], float(actual[period, 0]))
    if total is not None and whole is not None:
        yield from _row(sides, (what, csm, WHOLE), total, float(whole[0]))


def _row(
    sides: Sides, key: tuple[What, str | None, int | str], worlds: Floats, actual: float
) -> Iterator[Row]:
    what, csm, period = key
    known = worlds[np.isfinite(worlds)]
    if not np.isfinite(actual) or len(known) < len(worlds) / 2:
        return
    low, middle, high = quantiles(known)
    share = keyed_share(sides.seed, sides.cut, what, csm or "", period)
    last, mean = (None, None) if sides.naive is None else sides.naive.misses(what, csm, period, actual)
    yield Row(
        what=what,
        csm=csm,
        period=period,
        actual=actual,
        p5=low,
        p50=middle,
        p95=high,
        pit=pit(known, actual, share),
        crps=crps(known, actual),
        crps_naive=mean if last is None else last,
        crps_last_year=last,
        crps_mean_attainment=mean,
    )


def pay_inside(sides: Sides) -> Inside | None:
    """How many CSMs are inside the 90 % range of their pay over the horizon, and how many are in the worlds themselves: what
    CSMs have in common, such as the market, moves both alike.

    Source: the actual as one more draw among the worlds; a rank test.
    """
    names = sides.both
    if not names:
        return None
    worlds = np.stack([sides.forecast.books[csm].paid.sum(axis=0) for csm in names])
    actual = np.array([float(sides.actual.books[csm].paid.sum()) for csm in names])
    ranges = np.array([quantiles(each) for each in worlds])
    low, high = ranges[:, :1], ranges[:, 2:]
    inside = int(((actual >= low[:, 0]) & (actual <= high[:, 0])).sum())
    counts = ((worlds >= low) & (worlds <= high)).sum(axis=0)
    few, _, many = quantiles(counts.astype(np.float64))
    share = keyed_share(sides.seed, sides.cut, "inside")
    return Inside(
        csms=len(names),
        inside=inside,
        low=int(few),
        high=int(many),
        p=pit(counts.astype(np.float64), float(inside), share),
    )
