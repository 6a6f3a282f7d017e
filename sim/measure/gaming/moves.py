"""The bookings of one book that could be moved across a boundary between two periods, world by world.

A booking can be moved where the customer signs on time, inside the due period, of their own accord. It is pulled to
the last day of the period before, or held to the first day of the period after, the days nearest to the due day
(assumption). What comes early or late of itself stays where it is. Moves never cross the edges of the horizon.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import Frame
from sim.kernel import kernel
from sim.measure.gaming.boundary_terms import BoundaryTerms
from sim.records import Days, FloatRW, IntP, Renewals

Bools = NDArray[np.bool_]

PULLED, STAYS, HELD = -1, 0, 1
NOW, THEN, QUOTA_NOW, QUOTA_THEN, PULL, HOLD = range(6)
"""Rows of the effects of a move: on credit and quota of the earlier and of the later period, and the amount."""
EFFECTS = 6


class Moves(NamedTuple):
    """Possible moves, sorted by world, boundary and direction. Boundary b lies between periods b and b + 1.

    start  : pulls across boundary b are the items from ``start[world, 2 b]``, holds those from ``start[world, 2 b + 1]``,
             each up to the next start. [world, 2 boundary + 1]
    row    : renewal. [item]
    days   : booked minus due day after the move. [item] [day]
    amount : booked ARR. [item] [usd]
    due    : ARR that was up for renewal. [item] [usd]
    both   : amount that could be moved in either direction, by due period. [world, period] [usd]
    """

    start: IntP
    row: IntP
    days: Days
    amount: NDArray[np.float64]
    due: NDArray[np.float64]
    both: NDArray[np.float64]


def possible_moves(renewals: Renewals, ready_early: Bools, holdable: Bools, frame: Frame) -> Moves:
    """List every booking that could be moved. ``ready_early``, ``holdable``: [renewal, world]."""
    calendar = frame.calendar
    worlds, periods = renewals.due_day.shape[1], calendar.periods
    bounds = calendar.bounds[calendar.lead : calendar.lead + periods + 1]
    counts = np.zeros((worlds, 2 * (periods - 1)), dtype=np.int64)
    days = (renewals.due_day, renewals.booked_day)
    count_moves(days, renewals.booked_arr, ready_early, holdable, bounds, counts)
    ends = np.cumsum(counts).reshape(counts.shape)
    start = np.zeros((worlds, 2 * (periods - 1) + 1), dtype=np.int64)
    start[:, 1:] = ends
    start[1:, 0] = ends[:-1, -1] if periods > 1 else 0
    items = int(counts.sum())
    out = Moves(
        start,
        np.empty(items, dtype=np.int64),
        np.empty(items, dtype=np.int32),
        np.empty(items),
        np.empty(items),
        np.zeros((worlds, periods)),
    )
    money = (renewals.booked_arr, renewals.arr)
    fill_moves(days, money, ready_early, holdable, bounds, start[:, :-1].copy(), out)
    return out


def effects_of(moves: Moves, terms: BoundaryTerms, frame: Frame) -> NDArray[np.float64]:
    """What each move does to credit and quota on either side of its boundary. [effect, item] [usd]"""
    cells = _cells_of(moves, frame)
    counted = cells >= 0
    cell = np.maximum(cells, 0)
    out = np.zeros((EFFECTS, len(moves.row)))
    pulled = moves.days < 0
    carried = moves.amount * np.where(counted, terms.late_follows[cell], 0.0)
    follows = moves.due if terms.shortfall else carried
    pull_now, pull_then = (np.where(counted, each[cell], 0.0) for each in (terms.early_now, terms.early_then))
    hold_now, hold_then = (np.where(counted, each[cell], gone) for each, gone in _late(terms))
    out[NOW] = np.where(pulled, pull_now, hold_now) * moves.amount
    out[THEN] = np.where(pulled, pull_then, hold_then) * moves.amount
    for row, side in ((QUOTA_NOW, 0), (QUOTA_THEN, 1)):
        out[row] = np.where(pulled, terms.pulled_quota[side] * moves.amount, terms.held_quota[side] * follows)
    out[PULL] = np.where(pulled, moves.amount, 0.0)
    out[HOLD] = np.where(pulled, 0.0, moves.amount)
    return out


def moved_days(renewals: Renewals, moves: Moves, chosen: NDArray[np.bool_]) -> Days:
    """Booked days after the chosen moves. [renewal, world] [day]"""
    booked = renewals.booked_day.copy()
    world, _ = boundary_of(moves)
    row, column = moves.row[chosen], world[chosen]
    booked[row, column] = renewals.due_day[row, column] + moves.days[chosen]
    return booked


def boundary_of(moves: Moves) -> tuple[IntP, IntP]:
    """World and boundary of every possible move. [item]"""
    boundaries = (moves.start.shape[1] - 1) // 2
    sizes = np.diff(moves.start, axis=1)
    world = np.repeat(np.arange(len(sizes)), sizes.sum(axis=1))
    return world, np.repeat(np.tile(np.repeat(np.arange(boundaries), 2), len(sizes)), sizes.ravel())


@kernel
def count_moves(
    days: tuple[Days, Days], amount: FloatRW, ready: Bools, holdable: Bools, bounds: IntP, out: IntP
) -> None:
    """Count possible moves by world and, for each boundary, pulls and holds. [world, 2 boundary]"""
    due_day, booked_day = days
    last = bounds.size - 2
    for r in range(due_day.shape[0]):
        for w in range(due_day.shape[1]):
            due, booked = due_day[r, w], booked_day[r, w]
            if amount[r, w] > 0.0 and booked <= due and bounds[0] <= booked and due < bounds[-1]:
                period = np.searchsorted(bounds, due, side="right") - 1
                if booked >= bounds[period]:
                    if ready[r, w] and period > 0:
                        out[w, 2 * (period - 1)] += 1
                    if holdable[r, w] and period < last:
                        out[w, 2 * period + 1] += 1


@kernel
def fill_moves(
    days: tuple[Days, Days],
    money: tuple[FloatRW, FloatRW],
    ready: Bools,
    holdable: Bools,
    bounds: IntP,
    place: IntP,
    out: Moves,
) -> None:
    """Write the moves to their places; ``place`` starts at the first of each kind and moves on."""
    due_day, booked_day = days
    amount, arr = money
    last = bounds.size - 2
    for r in range(due_day.shape[0]):
        for w in range(due_day.shape[1]):
            due, booked = due_day[r, w], booked_day[r, w]
            if amount[r, w] > 0.0 and booked <= due and bounds[0] <= booked and due < bounds[-1]:
                period = np.searchsorted(bounds, due, side="right") - 1
                pull = ready[r, w] and period > 0 and booked >= bounds[period]
                hold = holdable[r, w] and period < last and booked >= bounds[period]
                if pull or hold:
                    out.both[w, period] += amount[r, w]
                if pull:
                    at = place[w, 2 * (period - 1)]
                    place[w, 2 * (period - 1)] += 1
                    out.row[at], out.days[at] = r, bounds[period] - 1 - due
                    out.amount[at], out.due[at] = amount[r, w], arr[r, w]
                if hold:
                    at = place[w, 2 * period + 1]
                    place[w, 2 * period + 1] += 1
                    out.row[at], out.days[at] = r, bounds[period + 1] - due
                    out.amount[at], out.due[at] = amount[r, w], arr[r, w]


def _late(terms: BoundaryTerms) -> tuple[tuple[NDArray[np.float64], float], ...]:
    """Credit per usd held, and what a booking beyond every window loses."""
    return (terms.late_now, -1.0), (terms.late_then, 0.0)


def _cells_of(moves: Moves, frame: Frame) -> IntP:
    """The Ledger cell of each moved booking; -1 where it is not counted. [item]"""
    table = frame.table
    offset = np.where(moves.days < 0, -1, 1)
    shift = (moves.days[:, np.newaxis] >= table.shift.edges) @ table.shift.steps.astype(np.int64)
    counted = (moves.days >= table.first_moved) & (moves.days <= table.last_moved)
    return np.where(counted, shift + offset, -1)
