"""What the company keeps: gross and net retention, and what became of the renewals that came due."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.records import Bridge, Days, FloatRW, Renewals

Floats = NDArray[np.float64]


class RetentionTally(NamedTuple):
    """Sums over books, for one block of worlds.

    bridge : opening and closing. [2, period, world] [usd/yr]
    kept_by_period : opening, gross and net of the customers at the start of each period. [3, period, world] [usd/yr]
    due, kept, booked, on_time : of the renewals due in the horizon: ARR due; booked, up to what was due;
             booked; booked by the due day, up to what was due. [world] [usd/yr]
    """

    bridge: NDArray[np.float64]
    kept_by_period: NDArray[np.float64]
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
    return RetentionTally(
        np.zeros((2, periods, worlds)), np.zeros((3, periods, worlds)), *(np.zeros(worlds) for _ in range(4))
    )


def add_book_retention(
    renewals: Renewals, bridge: Bridge, last_day: int, tally: RetentionTally, first: int = 0
) -> None:
    """Add one book, to the worlds of the tally from ``first`` on; the horizon ends before ``last_day``.

    Raises: ValueError when the bridge does not say what is kept.
    """
    if bridge.kept is None:
        raise ValueError("the bridge follows no accounts")
    here = slice(first, first + renewals.arr.shape[1])
    for total, stock in zip(tally.bridge, (bridge.opening, bridge.closing), strict=True):
        total[:, here] += stock
    for total, stock in zip(tally.kept_by_period, bridge.kept, strict=True):
        total[:, here] += stock
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
    """Gross and net retention of each world.

    A period keeps ``gross`` / ``opening`` of the customers at its start, and with their growth ``net`` / ``opening``; see
    ``sim.records.Kept``. The periods are multiplied, so that customers who join count from the next period on. Gross
    retention lies between 0 and 1, as it does in every book.

    ARR served is the mean of a period's opening and closing ARR (trapezoid), summed.

    Source: churn, contraction and expansion over opening ARR as in Kellogg, "Measuring SaaS renewal rates"
    (2013); what counts as kept as in ``sim.plan.retained``; the chain over periods is an assumption.
    """
    opening, closing = tally.bridge
    start, gross, net = tally.kept_by_period
    return Retention(
        _over(gross, start).prod(axis=0),
        _over(net, start).prod(axis=0),
        tally.due,
        tally.kept,
        tally.booked,
        tally.on_time,
        closing[-1],
        opening.sum(axis=0) + (closing[-1] - opening[0]) / 2.0,
    )


def _over(amount: Floats, opening: Floats) -> Floats:
    """``amount`` over ``opening``; of nothing all is kept."""
    return np.divide(amount, opening, out=np.ones_like(amount), where=opening > 0.0)


def annual(chain: Floats, years: float) -> Floats:
    """Retention a year (GRR, NRR) from retention over the horizon. [world] [share/yr]"""
    return np.maximum(chain, 0.0) ** (1.0 / years)
