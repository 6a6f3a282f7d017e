"""The ARR bridge of one book: where its ARR came from and went, period by period, adding up on every path."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel, stage
from sim.records import NEVER, Bridge, Days, FloatPW, FloatRW

DayRow: TypeAlias = NDArray[np.int32]
"""Days, periods or rows of one renewal. [world]"""
Amounts: TypeAlias = NDArray[np.float64]
"""[world] [usd/yr]"""
UPLIFT, CONTRACTION, CHURN, LAPSED, WON_BACK = 0, 1, 2, 3, 4
FLOWS = 5


def make_bridge(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    expansion: FloatPW,
    new: FloatPW,
    opening: FloatPW,
    calendar: Calendar,
) -> Bridge:
    """The bridge over the periods of the horizon, [period, world] [usd/yr].

    expansion : ARR added in-term. [due period, world] [usd/yr]
    new       : ARR of accounts that join. [due period, world] [usd/yr]
    opening   : ARR of the book as the study meets it, before any flow. [world] [usd/yr]
    """
    table = calendar.table
    span, worlds = expansion.shape
    rows = np.zeros((FLOWS * span + 1, worlds))  # the last one takes what is no flow: cheaper than a branch
    fill_flows(due_day, booked_day, arr, booked_arr, table.first, table.period.astype(np.int32), rows)
    flows = rows[:-1].reshape(FLOWS, span, worlds)
    net = (
        new + expansion + flows[UPLIFT] + flows[WON_BACK] - flows[CONTRACTION] - flows[CHURN] - flows[LAPSED]
    )
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    closing = (opening + np.cumsum(net, axis=0))[horizon]
    first = opening + net[: calendar.lead].sum(axis=0)
    uplift, contraction, churn, lapsed, won_back = flows[:, horizon]
    opened = np.concatenate([first[None], closing[:-1]])
    return Bridge(
        opened, new[horizon], expansion[horizon], uplift, contraction, churn, lapsed, won_back, closing
    )


@kernel
def fill_flows(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    first: int,
    period: DayRow,
    out: FloatPW,
) -> None:
    """Add every renewal to the flows of its periods, [flow x due period + 1, world]; each world has its own column.

    A renewal booked in a later period than due lapses when due and is won back when booked; what it grew or shrank by
    counts when the new contract starts.
    """
    worlds = arr.shape[1]
    span = (out.shape[0] - 1) // FLOWS
    due, start, row = np.empty(worlds, np.int32), np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    amount = np.empty(worlds)
    for r in range(arr.shape[0]):
        find_periods(due_day[r], first, period, due)
        find_periods(booked_day[r], first, period, start)
        place_lost(due_day[r], booked_day[r], due, span, start, row)
        scatter(row, arr[r], out)
        place_change(due_day[r], booked_day[r], arr[r], booked_arr[r], start, span, amount, row)
        scatter(row, amount, out)
        for w in range(worlds):
            row[w] = WON_BACK * span + start[w] if (start[w] > due[w]) & (start[w] < span) else FLOWS * span
        scatter(row, arr[r], out)


@stage
def find_periods(day: DayRow, first: int, period: DayRow, out: DayRow) -> None:
    """The due period of each day. [world]"""
    start, last = np.int32(first), np.int32(len(period) - 1)
    for w in range(day.size):
        out[w] = min(max(day[w] - start, np.int32(0)), last)
    for w in range(day.size):
        out[w] = period[np.uint64(out[w])]


@stage
def place_lost(
    due_day: DayRow, booked_day: DayRow, due: DayRow, span: int, start: DayRow, row: DayRow
) -> None:
    """The row of what is lost when due, for ever or until booked; and ``start``, the period of the new contract, from the
    period of booking. All are [world].
    """
    nowhere = np.int32(FLOWS * span)
    for w in range(row.size):
        begins = max(due[w], start[w])
        flow = CHURN if booked_day[w] == NEVER else LAPSED
        lost = (due_day[w] != NEVER) & (begins > due[w])
        start[w] = begins
        row[w] = np.int32(flow * span) + due[w] if lost else nowhere


@stage
def place_change(
    due_day: DayRow,
    booked_day: DayRow,
    arr: Amounts,
    booked_arr: Amounts,
    start: DayRow,
    span: int,
    amount: Amounts,
    row: DayRow,
) -> None:
    """The row of what a booked renewal grows or shrinks by, and how much. All are [world]."""
    nowhere = np.int32(FLOWS * span)
    for w in range(row.size):
        amount[w] = abs(booked_arr[w] - arr[w])
    for w in range(row.size):
        flow = UPLIFT if booked_arr[w] >= arr[w] else CONTRACTION
        counted = (due_day[w] != NEVER) & (booked_day[w] != NEVER) & (start[w] < span)
        row[w] = np.int32(flow * span) + start[w] if counted else nowhere


@stage
def scatter(row: DayRow, amount: Amounts, out: FloatPW) -> None:
    """Add the amount of each world to its row."""
    for w in range(row.size):
        out[np.uint64(row[w]), w] += amount[w]
