"""Book events beside bookings: what lapses and returns, changes and is told by due period, of worlds and histories."""

import numpy as np

from sim.calendar import Calendar
from sim.kernel import kernel
from sim.records import NEVER, Bridge, Days, FloatPW, FloatRW, IntP

# rows that the kernel counts: ARR, then accounts and bookings, then ARR on longer terms
UPLIFT_BOOKED, CONTRACTION_BOOKED, CONTRACTION_NOTICE, CHURN_NOTICE = 0, 1, 2, 3
CHURNED, LAPSED, WON_BACK, RENEWALS, LONGER = 4, 5, 6, 7, 8
LONGER_ARR = 9
ROWS = 10


def count_book_events(
    renewals: tuple[Days, Days, FloatRW, FloatRW], notice_day: Days, longer: FloatRW, calendar: Calendar
) -> FloatPW:
    """The events of a book's renewals. [row, due period, world] [count] or [usd/yr]

    renewals   : due day, booked day, ARR due and booked.
    notice_day : when the customer said that it leaves or shrinks; ``NEVER`` where it did not. [renewal, world] [day]
    longer     : 1 where a longer term was signed than the one held. [renewal, world] [count]
    """
    rows = np.zeros((ROWS, calendar.span, longer.shape[1]))
    count_events(*renewals, notice_day, longer, calendar.table.first, calendar.table.period, rows)
    return rows


@kernel
def count_events(
    due_day: Days,
    booked_day: Days,
    arr: FloatRW,
    booked_arr: FloatRW,
    notice_day: Days,
    longer: FloatRW,
    first: int,
    period: IntP,
    out: FloatPW,
) -> None:
    """Add the events of every renewal to their rows, [row, due period, world]; each world its own column.

    A renewal booked in a later period than due lapses when due, and is won back when booked.
    """
    last, span = len(period) - 1, out.shape[1]
    for row in range(due_day.shape[0]):
        for world in range(due_day.shape[1]):
            if due_day[row, world] == NEVER:
                continue
            before, after = arr[row, world], booked_arr[row, world]
            due = period[min(max(due_day[row, world] - first, 0), last)]
            told = period[min(max(notice_day[row, world] - first, 0), last)]
            in_span, told_in_span = 0 <= due < span, 0 <= told < span
            if booked_day[row, world] == NEVER:
                if in_span:
                    out[CHURNED, due, world] += 1.0
                if told_in_span:
                    out[CHURN_NOTICE, told, world] += before
                continue
            booked = period[min(max(booked_day[row, world] - first, 0), last)]
            if in_span and booked > due:
                out[LAPSED, due, world] += 1.0
            if told_in_span:
                out[CONTRACTION_NOTICE, told, world] += max(before - after, 0.0)
            if 0 <= booked < span:
                out[WON_BACK, booked, world] += 1.0 if booked > due else 0.0
                out[UPLIFT_BOOKED, booked, world] += max(after - before, 0.0)
                out[CONTRACTION_BOOKED, booked, world] += max(before - after, 0.0)
                out[RENEWALS, booked, world] += 1.0
                out[LONGER, booked, world] += longer[row, world]
                out[LONGER_ARR, booked, world] += longer[row, world] * after


def flows_of(bridge: Bridge, rows: FloatPW) -> dict[str, dict[str, FloatPW]]:
    """Flows by event and by the date that places it, as ``Activity`` holds them. [period, world] [usd/yr]

    rows : of ``count_book_events``, in the horizon.
    """
    both = {
        "new": bridge.new,
        "expansion": bridge.expansion,
        "lapsed": bridge.lapsed,
        "won_back": bridge.won_back,
    }
    uplift = {"due": bridge.uplift, "booking": rows[UPLIFT_BOOKED]}
    contraction = {
        "due": bridge.contraction,
        "booking": rows[CONTRACTION_BOOKED],
        "notice": rows[CONTRACTION_NOTICE],
    }
    churn = {"due": bridge.churn, "booking": bridge.churn, "notice": rows[CHURN_NOTICE]}
    placed = {name: {"due": flow, "booking": flow} for name, flow in both.items()}
    return placed | {"uplift": uplift, "contraction": contraction, "churn": churn}


def numbers_of(rows: FloatPW, accounts: FloatPW, joined: FloatPW, expansions: FloatPW) -> dict[str, FloatPW]:
    """Accounts and bookings by event, as ``Activity`` holds them. [period, world] [count]

    rows                         : of ``count_book_events``, in the horizon.
    accounts, joined, expansions : customers at the start of each period, who came, and bookings between renewals.
    """
    return {
        "accounts": accounts,
        "new": joined,
        "churn": rows[CHURNED],
        "lapsed": rows[LAPSED],
        "won_back": rows[WON_BACK],
        "expansion": expansions,
        "renewal": rows[RENEWALS],
        "multi_year": rows[LONGER],
    }
