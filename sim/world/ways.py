"""The way of every account of a book through the horizon."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.cohort import NOTHING, Way, add_way
from sim.kernel import kernel, leaf, stage
from sim.records import NEVER, BoolPW, Cohort, CohortTerms, Days, FloatPW, IntP
from sim.world.laws import Times
from sim.world.renewal import Held, Path

DUE, BOOKING, NOTICE = 0, 1, 2
DATES: Final = ("due", "booking", "notice")


class Rules(NamedTuple):
    """``CohortTerms`` as a kernel reads them; dates are places in ``DATES``."""

    snapshot: bool
    late_lost: bool
    window: int
    renewal: int
    contraction: int
    churn: int
    spare_churn: bool
    spare_contraction: bool
    spare_lapsed: bool


class Trace(NamedTuple):
    """What is written of one account while its renewals are read.

    level, lapsed, low, spared : as in ``sim.cohort.Way``, of all due periods.
    away : ARR that is out at the end of the period and comes back. [due period, world] [usd/yr]
    sum  : ARR by all that has happened so far. It may be below what the customer has, where a loss is counted before the
           due day and the account grows until then. [world] [usd/yr]
    out  : the customer has left, and not come back so far. [world]
    at   : period that is reached. [world] [due period]
    """

    level: FloatPW
    lapsed: FloatPW
    low: FloatPW
    spared: FloatPW
    away: FloatPW
    sum: NDArray[np.float64]
    out: NDArray[np.bool_]
    at: IntP


def rules_of(terms: CohortTerms) -> Rules:
    """The terms for the kernel."""
    spared = terms.grace_events
    return Rules(
        terms.snapshot,
        terms.late_lost,
        terms.late_window_days,
        DATES.index(terms.renewal),
        DATES.index(terms.contraction),
        DATES.index(terms.churn),
        "churn" in spared,
        "contraction" in spared,
        "lapsed" in spared,
    )


@kernel
def follow_accounts(
    held: Held,
    path: Path,
    notice: Days,
    graced: BoolPW,
    rules: Rules,
    first: IntP,
    times: Times,
    lead: int,
    shared: NDArray[np.bool_],
    out: Cohort,
) -> None:
    """Follow each account through its renewals and add it to the cohorts; each world its own column.

    shared : whether it is followed together with others. [account]
    """
    worlds, span = out.opening.shape[1], times.span
    trace = make_trace(span, worlds)
    nothing = np.zeros((span, worlds))
    for a in range(len(held.slot) - 1):
        if shared[a]:
            continue
        grown = path.grown[a] if path.grown.shape[0] > 0 else nothing
        for w in range(worlds):
            open_trace(held, a, w, grown, trace)
            for row in range(held.slot[a], held.slot[a + 1]):
                if path.due_day[row, w] == NEVER or (trace.out[w] and path.booked_day[row - 1, w] == NEVER):
                    break
                renew(path, row, w, notice[row, w], graced, rules, times, grown, trace)
            advance(w, span, grown, trace)
        add_trace(trace, lead, first, rules.snapshot, out)


@stage
def add_trace(trace: Trace, lead: int, first: IntP, snapshot: bool, out: Cohort) -> None:
    """Add what was traced in all worlds to the cohort of each window: the part of it that lies in the horizon."""
    periods, worlds = out.opening.shape
    for p in range(trace.low.shape[0]):
        for w in range(worlds):
            trace.lapsed[p + 1, w] = min(trace.away[p, w], trace.level[p + 1, w])
    bounds, inside = slice(lead, lead + periods + 1), slice(lead, lead + periods)
    way = Way(trace.level[bounds], trace.lapsed[bounds], trace.low[inside], trace.spared[inside])
    add_way(way, first, snapshot, out)


@stage
def make_trace(span: int, worlds: int) -> Trace:
    """Room for one account."""
    return Trace(
        np.empty((span + 1, worlds)),
        np.zeros((span + 1, worlds)),
        np.empty((span, worlds)),
        np.empty((span, worlds)),
        np.empty((span, worlds)),
        np.empty(worlds),
        np.empty(worlds, np.bool_),
        np.empty(worlds, np.int64),
    )


@stage
def open_trace(held: Held, a: int, w: int, grown: FloatPW, trace: Trace) -> None:
    """Nothing has happened yet, but that an account may have joined."""
    span = trace.low.shape[0]
    for p in range(span):
        trace.low[p, w], trace.spared[p, w], trace.away[p, w] = np.inf, 0.0, 0.0
    arr = held.arr[a, w if held.arr.shape[1] > 1 else 0]
    trace.sum[w], trace.out[w], trace.at[w] = arr, False, 0
    trace.level[0, w] = arr
    if held.arrival[a]:
        trace.sum[w], trace.out[w], trace.level[0, w] = 0.0, True, 0.0
        join(w, held.active[a, w], arr, grown, trace)


@stage
def renew(
    path: Path,
    row: int,
    w: int,
    notice: np.int32,
    graced: BoolPW,
    rules: Rules,
    times: Times,
    grown: FloatPW,
    trace: Trace,
) -> None:
    """One renewal in one world: a loss, a return after the window, or another level."""
    span = trace.low.shape[0]
    due_day, booked_day = path.due_day[row, w], path.booked_day[row, w]
    before, after = path.arr[row, w], path.booked_arr[row, w]
    due = max(place(due_day, times), 0)
    told = place(due_day - notice, times)
    if booked_day == NEVER or after <= 0.0:
        at = told if rules.churn == NOTICE else due
        lose(w, at, before, True, rules.spare_churn, graced, grown, trace)
        return
    booked = place(booked_day, times)
    begins = max(due, booked)
    spared = rules.spare_lapsed and graced[due, w]
    if booked_day - due_day > rules.window:
        if not spared:  # who returns from a lapse that is not counted was a customer all along
            lose(w, due, before, True, False, graced, grown, trace)
        join(w, begins, after, grown, trace)
        return
    if rules.late_lost and not spared:
        for p in range(due, min(begins, span)):
            trace.away[p, w] = before
    date = rules.renewal if after >= before else rules.contraction
    at = begins if date == DUE else (booked if date == BOOKING else told)
    if after < before:
        lose(w, at, before - after, False, rules.spare_contraction, graced, grown, trace)
    else:
        advance(w, at, grown, trace)
        trace.sum[w] += after - before if trace.at[w] < span else 0.0
    advance(w, begins, grown, trace)


@leaf
def place(day: int, times: Times) -> int:
    """Due period of a day; -1 before the first and ``span`` after the last."""
    period: int = times.period[min(max(day - times.first, 0), len(times.period) - 1)]
    return period


@stage
def advance(w: int, to: int, grown: FloatPW, trace: Trace) -> None:
    """Go on to period ``to``, or stay where that is past. What an account grows by in a period follows its renewals."""
    for p in range(trace.at[w], min(to, trace.low.shape[0])):
        trace.sum[w] += grown[p, w]
        trace.level[p + 1, w] = level_of(trace.sum[w], trace.out[w])
    trace.at[w] = max(trace.at[w], to)


@leaf
def level_of(arr: float, out: bool) -> float:
    """What a customer has: something, until he leaves. [usd/yr]"""
    return 0.0 if out else max(arr, NOTHING)


@stage
def lose(
    w: int,
    at: int,
    arr: float,
    leaves: bool,
    spare: bool,
    graced: BoolPW,
    grown: FloatPW,
    trace: Trace,
) -> None:
    """A customer leaves or shrinks in period ``at``, or in the one that is reached where that is later."""
    advance(w, at, grown, trace)
    now = trace.at[w]
    if now >= trace.low.shape[0]:
        return
    before = level_of(trace.sum[w], trace.out[w])
    trace.sum[w] -= arr
    trace.out[w] = trace.out[w] or leaves
    after = level_of(trace.sum[w], trace.out[w])
    if spare and graced[now, w]:
        trace.spared[now, w] += before - after
    else:
        trace.low[now, w] = min(trace.low[now, w], after)


@stage
def join(w: int, at: int, arr: float, grown: FloatPW, trace: Trace) -> None:
    """A customer comes, or comes back as a new one, in period ``at``."""
    advance(w, at, grown, trace)
    if trace.at[w] < trace.low.shape[0]:
        trace.sum[w], trace.out[w] = arr, False
