"""Customers with several contracts: what happens to any of them, in order of days, happens to the customer."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.cohort import NOTHING
from sim.kernel import kernel, stage
from sim.records import NEVER, BoolPW, Cohort, Days, FloatPW, IntP
from sim.world.laws import Times
from sim.world.renewal import Held, Path
from sim.world.ways import (
    BOOKING,
    DUE,
    NOTICE,
    Rules,
    Trace,
    add_trace,
    advance,
    join,
    lose,
    make_trace,
    place,
)

LEAVES, SHRINKS, CHANGES, JOINS = 0, 1, 2, 3
"""What happens, in the order in which it counts on one day: losses first."""


class Events(NamedTuple):
    """What happens to a customer in one world, in order of days once it is sorted. [event]

    period : that it counts in; day : of it, from the start of the horizon; kind : of the above; arr [usd/yr]
    spare  : grace may spare it.
    """

    period: IntP
    day: IntP
    kind: IntP
    arr: NDArray[np.float64]
    spare: NDArray[np.bool_]


@kernel
def follow_customers(
    held: Held,
    path: Path,
    notice: Days,
    graced: BoolPW,
    rules: Rules,
    first: IntP,
    times: Times,
    lead: int,
    accounts: IntP,
    out: Cohort,
) -> None:
    """Follow each of these customers through the renewals of all its contracts and add it to the cohorts.

    A customer is lost with its last contract; one that ends before takes its ARR, and what another has grown by on earlier
    days makes up for none of it that the customer had at the start. What contracts grow by in a period follows renewals.

    accounts : first and one after the last of each customer. [customer, 2]

    Source: as replays follow the accounts of a history, ``sim.replay.accounts``.
    """
    worlds, span = out.opening.shape[1], times.span
    trace = make_trace(span, worlds)
    grown = np.zeros((span, worlds))
    for c in range(len(accounts)):
        begin, beyond = accounts[c, 0], accounts[c, 1]
        room = 2 * (held.slot[beyond] - held.slot[begin])
        events = Events(
            np.empty(room, np.int64),
            np.empty(room, np.int64),
            np.empty(room, np.int64),
            np.empty(room),
            np.empty(room, np.bool_),
        )
        grown[:] = 0.0
        for a in range(begin, beyond if path.grown.shape[0] > 0 else begin):
            grown += path.grown[a]
        for w in range(worlds):
            open_customer(held, begin, beyond, w, trace)
            n = 0
            for a in range(begin, beyond):
                n = list_events(held, path, a, w, notice, graced, rules, times, events, n, trace)
            sort_events(events, n)
            for e in range(n):
                take(events, e, w, graced, grown, trace)
            advance(w, span, grown, trace)
        add_trace(trace, lead, first, rules.snapshot, out)


@stage
def open_customer(held: Held, begin: int, beyond: int, w: int, trace: Trace) -> None:
    """All contracts of the customer when the study meets it."""
    for p in range(trace.low.shape[0]):
        trace.low[p, w], trace.spared[p, w], trace.away[p, w] = np.inf, 0.0, 0.0
    arr = 0.0
    for a in range(begin, beyond):
        arr += held.arr[a, w if held.arr.shape[1] > 1 else 0]
    trace.sum[w], trace.out[w], trace.at[w] = arr, False, 0
    trace.level[0, w] = arr


@stage
def list_events(
    held: Held,
    path: Path,
    a: int,
    w: int,
    notice: Days,
    graced: BoolPW,
    rules: Rules,
    times: Times,
    events: Events,
    n: int,
    trace: Trace,
) -> int:
    """Add what happens to one contract, none of it before the contract that it changes has begun, and what is out until it
    comes back. The number of events so far.
    """
    span, since, since_day = trace.low.shape[0], 0, -NEVER
    for row in range(held.slot[a], held.slot[a + 1]):
        due_day, booked_day = path.due_day[row, w], path.booked_day[row, w]
        if due_day == NEVER or (row > held.slot[a] and path.booked_day[row - 1, w] == NEVER):
            break
        before, after = path.arr[row, w], path.booked_arr[row, w]
        due, told_day = max(place(due_day, times), 0), due_day - notice[row, w]
        told = max(place(told_day, times), 0)
        if booked_day == NEVER or after <= 0.0:
            at, day = (told, told_day) if rules.churn == NOTICE else (due, due_day)
            n = add(events, n, max(at, since), max(day, since_day), LEAVES, before, rules.spare_churn)
            break
        booked = place(booked_day, times)
        begins, begins_day = max(due, booked), max(due_day, booked_day)
        spared = rules.spare_lapsed and graced[due, w]
        if booked_day - due_day > rules.window:
            if spared:  # who returns from a lapse that is not counted was a customer all along
                n = add(events, n, begins, begins_day, CHANGES, after - before, False)
            else:
                n = add(events, n, max(due, since), max(due_day, since_day), LEAVES, before, False)
                n = add(events, n, begins, begins_day, JOINS, after, False)
        else:
            if rules.late_lost and not spared:
                for p in range(due, min(begins, span)):
                    trace.away[p, w] += before
            date = rules.renewal if after >= before else rules.contraction
            at, day = (begins, begins_day) if date == DUE else (told, told_day)
            if date == BOOKING:
                at, day = max(booked, 0), booked_day
            kind = SHRINKS if after < before else CHANGES
            spare = rules.spare_contraction and after < before
            n = add(events, n, max(at, since), max(day, since_day), kind, abs(after - before), spare)
        since, since_day = begins, begins_day
    return n


@stage
def add(events: Events, n: int, period: int, day: int, kind: int, arr: float, spare: bool) -> int:
    """One more event; how many there are."""
    events.period[n], events.day[n], events.kind[n] = period, day, kind
    events.arr[n], events.spare[n] = arr, spare
    return n + 1


@stage
def sort_events(events: Events, n: int) -> None:
    """By period, day and kind, in place; equal ones stay in order."""
    for e in range(1, n):
        period, day, kind = events.period[e], events.day[e], events.kind[e]
        arr, spare = events.arr[e], events.spare[e]
        at = e
        while at > 0 and (events.period[at - 1], events.day[at - 1], events.kind[at - 1]) > (
            period,
            day,
            kind,
        ):
            events.period[at], events.day[at] = events.period[at - 1], events.day[at - 1]
            events.kind[at], events.arr[at] = events.kind[at - 1], events.arr[at - 1]
            events.spare[at] = events.spare[at - 1]
            at -= 1
        events.period[at], events.day[at], events.kind[at] = period, day, kind
        events.arr[at], events.spare[at] = arr, spare


@stage
def take(events: Events, e: int, w: int, graced: BoolPW, grown: FloatPW, trace: Trace) -> None:
    """Live through one event."""
    period, kind, arr = events.period[e], events.kind[e], events.arr[e]
    if kind in (LEAVES, SHRINKS):
        advance(w, period, grown, trace)
        leaves = kind == LEAVES and trace.sum[w] - arr < NOTHING
        lose(w, period, arr, leaves, events.spare[e], graced, grown, trace)
    elif kind == JOINS:
        advance(w, period, grown, trace)
        join(w, period, arr + (0.0 if trace.out[w] else trace.sum[w]), grown, trace)
    else:
        advance(w, period, grown, trace)
        trace.sum[w] += arr if trace.at[w] < trace.low.shape[0] else 0.0
