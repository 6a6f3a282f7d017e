"""What the company keeps: gross and net retention, and what became of the renewals that came due."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.records import Bridge, Days, FloatRW, Renewals

Floats = NDArray[np.float64]


class RetentionTally(NamedTuple):
    """Sums over books, for one block of worlds.

    bridge : opening, expansion, uplift, contraction, churn, lapsed, won back, new. [8, period, world] [usd/yr]
    due, kept, booked, on_time : of the renewals due in the horizon: ARR due; booked, up to what was due;
             booked; booked by the due day, up to what was due. [world] [usd/yr]
    """

    bridge: NDArray[np.float64]
    due: Floats
    kept: Floats
    booked: Floats
    on_time: Floats


class Retention(NamedTuple):
    """Retention of the company in each world. All [world].

    gross, net   : share of ARR kept over the horizon, without and with growth. [share]
    due, kept, booked, on_time : as in ``RetentionTally``. [usd/yr]
    closing      : ARR at the end of the horizon. [usd/yr]
    served       : ARR in force, summed over periods. [usd/yr x period]
    """

    gross: Floats
    net: Floats
    due: Floats
    kept: Floats
    booked: Floats
    on_time: Floats
    closing: Floats
    served: Floats


def new_retention_tally(periods: int, worlds: int) -> RetentionTally:
    """A tally of no books yet."""
    return RetentionTally(np.zeros((8, periods, worlds)), *(np.zeros(worlds) for _ in range(4)))


def add_book_retention(
    renewals: Renewals, bridge: Bridge, last_day: int, tally: RetentionTally, first: int = 0
) -> None:
    """Add one book, to the worlds of the tally from ``first`` on; the horizon ends before ``last_day``."""
    here = slice(first, first + renewals.arr.shape[1])
    flows = (bridge.opening, bridge.expansion, bridge.uplift, bridge.contraction, bridge.churn, bridge.lapsed)
    for total, flow in zip(tally.bridge, (*flows, bridge.won_back, bridge.new), strict=True):
        total[:, here] += flow
    add_renewals(
        renewals.due_day,
        renewals.booked_day,
        renewals.arr,
        renewals.booked_arr,
        last_day,
        tally.due[here],
        tally.kept[here],
        tally.booked[here],
        tally.on_time[here],
    )


@kernel
def add_renewals(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    last_day: int,
    due: Floats,
    kept: Floats,
    booked: Floats,
    on_time: Floats,
) -> None:
    """Add the renewals of a book that are due in the horizon to ``due``, ``kept``, ``booked`` and ``on_time``
    [world].
    """
    renewals, worlds = arr.shape
    for renewal in range(renewals):
        for world in range(worlds):
            inside = 0 <= due_day[renewal, world] < last_day
            due[world] += arr[renewal, world] if inside else 0.0
        for world in range(worlds):
            inside = 0 <= due_day[renewal, world] < last_day
            part = min(booked_arr[renewal, world], arr[renewal, world]) if inside else 0.0
            kept[world] += part
            on_time[world] += part if booked_day[renewal, world] <= due_day[renewal, world] else 0.0
        for world in range(worlds):
            inside = 0 <= due_day[renewal, world] < last_day
            booked[world] += booked_arr[renewal, world] if inside else 0.0


def retention_of(tally: RetentionTally) -> Retention:
    """Gross and net retention of each world from the company's ARR bridge.

    A period keeps 1 - (churn + contraction + lapsed - recovered) / opening gross, and adds (expansion +
    uplift) / opening net; the periods are multiplied. ``recovered`` is ARR won back up to what
    has lapsed inside the horizon and is not yet recovered: a renewal booked late is not a loss, and the
    return of a customer lost for good is a new sale.

    ARR served is the mean of a period's opening and closing ARR (trapezoid), summed.

    Source: churn, contraction and expansion over opening ARR as in Kellogg, "Measuring SaaS renewal rates"
    (2013); the chain over periods and the treatment of lapses are assumptions.
    """
    opening, expansion, uplift, contraction, churn, lapsed, won_back, new = tally.bridge
    outstanding = np.zeros(opening.shape[1])
    gross = np.ones(opening.shape[1])
    net = np.ones(opening.shape[1])
    for period in range(len(opening)):
        outstanding += lapsed[period]
        recovered = np.minimum(won_back[period], outstanding)
        outstanding -= recovered
        lost = churn[period] + contraction[period] + lapsed[period] - recovered
        grown = expansion[period] + uplift[period]
        gross *= 1.0 - _over(lost, opening[period])
        net *= 1.0 - _over(lost - grown, opening[period])
    flows = new[-1] + expansion[-1] + uplift[-1] + won_back[-1] - contraction[-1] - churn[-1] - lapsed[-1]
    return Retention(
        gross,
        net,
        tally.due,
        tally.kept,
        tally.booked,
        tally.on_time,
        opening[-1] + flows,
        opening.sum(axis=0) + (opening[-1] + flows - opening[0]) / 2.0,
    )


def _over(amount: Floats, opening: Floats) -> Floats:
    """``amount`` over ``opening``; nothing is lost of nothing."""
    return np.divide(amount, opening, out=np.zeros_like(amount), where=opening > 0.0)


def annual(chain: Floats, years: float) -> Floats:
    """Retention a year (GRR, NRR) from retention over the horizon. [world] [share/yr]"""
    return np.maximum(chain, 0.0) ** (1.0 / years)
