"""The ARR bridge of one book: where its ARR came from and went, period by period, adding up on every path."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel, stage
from sim.records import LATE_WINDOW_DAYS, NEVER, Bridge, Days, FloatPPW, FloatPW, FloatRW, IntP
from sim.rows import DayRow, scatter
from sim.world.again import Amounts, correct, is_again, leave, start_before

UPLIFT, CONTRACTION, LAPSED, WON_BACK = 0, 1, 2, 3
RETURNED = 4
"""Distance from these rows to those of renewals that are booked after ``LATE_WINDOW_DAYS``."""
CHURN, LOSS_AGAIN, CHANGE_AGAIN = 8, 9, 10
FLOWS: Final = 11


class Flows(NamedTuple):
    """What happens to the ARR of a book. [due period, world] [usd/yr]

    uplift, contraction, lapsed, won_back : two each: of renewals booked within ``LATE_WINDOW_DAYS`` of the due day, and
        of those who return later.
    churn        : of renewals that are never booked.
    loss_again, change_again : how much less is lost, and changes, of what an account had at the start of the period than
        the flows say, because the period has seen it join or renew before.
    """

    uplift: FloatPPW
    contraction: FloatPPW
    lapsed: FloatPPW
    won_back: FloatPPW
    churn: FloatPW
    loss_again: FloatPW
    change_again: FloatPW


def make_flows(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    slot: IntP,
    arrival: NDArray[np.bool_],
    active: Days,
    calendar: Calendar,
) -> Flows:
    """The flows of the renewals of one book.

    slot    : first renewal of each account, and the number of renewals. [account + 1]
    arrival : whether it joins. [account]
    active  : period in which it does. [account, world], the world axis of length 1 or of the block
    """
    table, span, worlds = calendar.table, calendar.span, arr.shape[1]
    rows = np.zeros((FLOWS * span + 1, worlds))  # the last one takes what is no flow: cheaper than a branch
    period = table.period.astype(np.int32)
    renewals = (due_day, booked_day, arr, booked_arr)
    fill_flows(*renewals, slot, arrival, active, table.first, period, LATE_WINDOW_DAYS, rows)
    flows = rows[:-1].reshape(FLOWS, span, worlds)
    either = flows[: 2 * RETURNED].reshape(2, RETURNED, span, worlds)
    return Flows(*either.swapaxes(0, 1), *flows[2 * RETURNED :])


def make_bridge(
    flows: Flows, expansion: FloatPW, new: FloatPW, opening: FloatPW, calendar: Calendar
) -> Bridge:
    """The bridge over the periods of the horizon, [period, world] [usd/yr].

    expansion : ARR added in-term. [due period, world] [usd/yr]
    new       : ARR of accounts that join. [due period, world] [usd/yr]
    opening   : ARR of the book as the study meets it, before any flow. [world] [usd/yr]
    """
    uplift, contraction, lapsed, won_back = (within + later for within, later in flows[:RETURNED])
    churn = flows.churn
    net = new + expansion + uplift + won_back - contraction - churn - lapsed
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    closing = (opening + np.cumsum(net, axis=0))[horizon]
    first = opening + net[: calendar.lead].sum(axis=0)
    opened = np.concatenate([first[None], closing[:-1]])
    return Bridge(
        opening=opened,
        new=new[horizon],
        expansion=expansion[horizon],
        uplift=uplift[horizon],
        contraction=contraction[horizon],
        churn=churn[horizon],
        lapsed=lapsed[horizon],
        won_back=won_back[horizon],
        closing=closing,
    )


@kernel
def fill_flows(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    slot: IntP,
    arrival: NDArray[np.bool_],
    active: Days,
    first: int,
    period: DayRow,
    window: int,
    out: FloatPW,
) -> None:
    """Add every renewal to the flows of its periods, [flow x due period + 1, world]; each world has its own column.

    A renewal booked in a later period than due lapses when due and is won back when booked; what it grew or shrank by
    counts when the new contract starts.
    """
    worlds = arr.shape[1]
    span = (out.shape[0] - 1) // FLOWS
    due, start, before = np.empty(worlds, np.int32), np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    row, amount, floor = np.empty(worlds, np.int32), np.empty(worlds), np.empty(worlds)
    again = (out[LOSS_AGAIN * span : CHANGE_AGAIN * span], out[CHANGE_AGAIN * span : FLOWS * span])
    for a in range(len(slot) - 1):
        start_before(arrival[a], active[a], start)
        floor[:], known = 0.0, True
        for r in range(slot[a], slot[a + 1]):
            days, money = (due_day[r], booked_day[r]), (arr[r], booked_arr[r])
            if not any_reached(due_day[r]):
                break
            before, start = start, before
            find_periods(due_day[r], first, period, due)
            find_periods(booked_day[r], first, period, start)
            twice = place_lost(*days, due, before, span, window, start, row)
            scatter(row, arr[r], 0, out)
            place_change(*days, *money, start, span, window, amount, row)
            scatter(row, amount, 0, out)
            place_return(*days, due, start, span, window, row)
            scatter(row, arr[r], 0, out)
            if twice:
                if not known:
                    leave(due_day[r - 1], booked_day[r - 1], arr[r - 1], booked_arr[r - 1], window, floor)
                correct(*days, *money, due, start, window, before, floor, *again)
            known = twice


@stage
def any_reached(due_day: DayRow) -> bool:
    """Whether any world reaches a renewal; where none does, none reaches the account's later ones."""
    first = np.int32(NEVER)
    for w in range(due_day.size):
        first = min(first, due_day[w])
    return bool(first < NEVER)


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
    due_day: DayRow,
    booked_day: DayRow,
    due: DayRow,
    before: DayRow,
    span: int,
    window: int,
    start: DayRow,
    row: DayRow,
) -> bool:
    """The row of what is lost when due, for ever or until booked; and ``start``, the period of the new contract, from the
    period of booking. All are [world]. Whether a period sees some account again; ``before``, that of its last event.
    """
    nowhere, twice = np.int32(FLOWS * span), np.int32(0)
    for w in range(row.size):
        begins = max(due[w], start[w])
        late = LAPSED + RETURNED if booked_day[w] - due_day[w] > window else LAPSED
        flow = CHURN if booked_day[w] == NEVER else late
        lost = (due_day[w] != NEVER) & (begins > due[w])
        start[w] = begins
        row[w] = np.int32(flow * span) + due[w] if lost else nowhere
        twice |= np.int32(is_again(due_day[w], booked_day[w], due[w], begins, window, before[w]))
    return bool(twice > 0)


@stage
def place_change(
    due_day: DayRow,
    booked_day: DayRow,
    arr: Amounts,
    booked_arr: Amounts,
    start: DayRow,
    span: int,
    window: int,
    amount: Amounts,
    row: DayRow,
) -> None:
    """The row of what a booked renewal grows or shrinks by, and how much. All are [world]."""
    nowhere = np.int32(FLOWS * span)
    for w in range(row.size):
        amount[w] = abs(booked_arr[w] - arr[w])
    for w in range(row.size):
        flow = UPLIFT if booked_arr[w] >= arr[w] else CONTRACTION
        flow += RETURNED if booked_day[w] - due_day[w] > window else 0
        counted = (due_day[w] != NEVER) & (booked_day[w] != NEVER) & (start[w] < span)
        row[w] = np.int32(flow * span) + start[w] if counted else nowhere


@stage
def place_return(
    due_day: DayRow, booked_day: DayRow, due: DayRow, start: DayRow, span: int, window: int, row: DayRow
) -> None:
    """The row of what is won back when booked. All are [world]."""
    nowhere = np.int32(FLOWS * span)
    for w in range(row.size):
        flow = WON_BACK + RETURNED if booked_day[w] - due_day[w] > window else WON_BACK
        back = (start[w] > due[w]) & (start[w] < span)
        row[w] = np.int32(flow * span) + start[w] if back else nowhere
