"""The ARR bridge of one book: where its ARR came from and went, period by period, adding up on every path."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel
from sim.records import NEVER, Bridge, Days, FloatPW, FloatRW

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
    flows = np.zeros((FLOWS, calendar.span, expansion.shape[1]))
    fill_flows(due_day, booked_day, arr, booked_arr, table.first, table.period, flows)
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
    period: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Add every renewal to the flows of its periods, [flow, due period, world]; each world has its own column.

    A renewal booked in a later period than due lapses when due and is won back when booked; what it grew or shrank by
    counts when the new contract starts.
    """
    last = len(period) - 1
    span = out.shape[1]
    for row in range(arr.shape[0]):
        for world in range(arr.shape[1]):
            if due_day[row, world] == NEVER:
                continue
            due = period[min(max(due_day[row, world] - first, 0), last)]
            before, after = arr[row, world], booked_arr[row, world]
            if booked_day[row, world] == NEVER:
                out[CHURN, due, world] += before
                continue
            start = max(due, period[min(max(booked_day[row, world] - first, 0), last)])
            if start > due:
                out[LAPSED, due, world] += before
            if start < span:
                out[WON_BACK, start, world] += before if start > due else 0.0
                out[UPLIFT, start, world] += max(after - before, 0.0)
                out[CONTRACTION, start, world] += max(before - after, 0.0)
