"""What is kept of the customers at the start of each period: the base of the company's retention, from renewals alone."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.cohort import NOTHING
from sim.kernel import kernel, stage
from sim.records import LATE_WINDOW_DAYS, NEVER, Bridge, FloatPW, Kept
from sim.world.bridge import Amounts, DayRow, find_periods, scatter
from sim.world.renewal import Held, Path
from sim.world.scenario import Scenario

LOSS, CHANGE, WAITING = 0, 1, 2
FLOWS: Final = 3
GrownAPW: TypeAlias = NDArray[np.float64]
"""[account, due period, world] [usd/yr]"""


def make_kept(held: Held, path: Path, bridge: Bridge, calendar: Calendar) -> Kept:
    """The customers at the start of each period of the horizon, and what is kept of them. [period, world] [usd/yr]

    Account by account: a loss counts up to the ARR that the account had when the period began, so that neither what it
    grew by nor what a customer brought who joined in the period is lost of it. A late renewal inside
    ``LATE_WINDOW_DAYS`` is a customer all along, at the old ARR until it is booked; a later return is a loss when due
    and then a new customer.

    Source: as for ``sim.plan.retained``.
    """
    table, (span, worlds) = calendar.table, path.expansion.shape
    rows = np.zeros(
        (FLOWS * (span + 1) + 1, worlds)
    )  # the last one takes what is no flow: cheaper than a branch
    fill_kept(held, path, table.first, table.period.astype(np.int32), LATE_WINDOW_DAYS, rows)
    flows = rows[:-1].reshape(FLOWS, span + 1, worlds)
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    waiting = np.cumsum(flows[WAITING], axis=0)[horizon]
    opening = bridge.opening + waiting
    opening[opening < NOTHING] = 0.0
    gross = np.maximum(
        opening - flows[LOSS, horizon], 0.0
    )  # below it is rounding: a loss is no more than its account
    net = np.maximum(opening + flows[CHANGE, horizon] + bridge.expansion, 0.0)
    return Kept(opening, gross, np.where(opening > 0.0, net, 0.0))


def newcomers_grow(scenario: Scenario) -> bool:
    """Whether somebody may grow in the very period in which he joins, or returns as a new customer: then the growth of each
    account must be known.
    """
    return any(
        each.expansion.events_per_year > 0.0
        and (
            each.new_accounts.per_year > 0.0
            or any(tier.days[1] > LATE_WINDOW_DAYS for tier in each.win_back)
            or any(band.days[1] > LATE_WINDOW_DAYS for band in each.lag)
        )
        for each in scenario.segment
    )


@kernel
def fill_kept(held: Held, path: Path, first: int, period: DayRow, window: int, out: FloatPW) -> None:
    """Add every renewal to the flows of its periods, [flow x (due period + 1) + 1, world]; each world its own column.

    CHANGE leaves out what customers brought and grew by in the period in which they joined. WAITING is a difference: ARR
    from one due period on.
    """
    worlds = path.arr.shape[1]
    due, booked = np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    at, row, other = np.empty(worlds, np.int32), np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    floor, lost, change = np.empty(worlds), np.empty(worlds), np.empty(worlds)
    span = np.int32(path.expansion.shape[0])
    for a in range(len(held.slot) - 1):
        open_account(held, a, at, floor)
        if held.arrival[a]:
            leave_out(path.grown, a, at, span, out)
        for r in range(held.slot[a], held.slot[a + 1]):
            find_periods(path.due_day[r], first, period, due)
            find_periods(path.booked_day[r], first, period, booked)
            place_waiting(path.due_day[r], path.booked_day[r], due, booked, span, window, row, other)
            scatter(row, path.arr[r], out)
            for w in range(worlds):
                change[w] = -path.arr[r, w]
            scatter(other, change, out)
            days = (path.due_day[r], path.booked_day[r])
            money = (path.arr[r], path.booked_arr[r])
            lose(*days, *money, due, booked, span, window, at, floor, row, lost, change)
            scatter(row, lost, out)
            for w in range(worlds):
                nowhere = row[w] == FLOWS * (span + 1)
                other[w] = row[w] if nowhere else row[w] + (span + np.int32(1)) * np.int32(CHANGE - LOSS)
            scatter(other, change, out)
            if path.grown.shape[0] > 0:
                come_back(*days, due, booked, window, span, at, floor, row)
                leave_out(path.grown, a, row, span, out)
            else:
                come_back(*days, due, booked, window, span, at, floor, row)


@stage
def open_account(held: Held, a: int, at: DayRow, floor: Amounts) -> None:
    """``at``, the period of the account's last event, and ``floor``, what is left then of what it had when that period
    began: nothing, in the period in which it joins.
    """
    step = 1 if held.active.shape[1] > 1 else 0
    for w in range(at.size):
        at[w] = held.active[a, w * step] if held.arrival[a] else np.int32(-1)
        floor[w] = 0.0


@stage
def place_waiting(
    due_day: DayRow,
    booked_day: DayRow,
    due: DayRow,
    booked: DayRow,
    span: np.int32,
    window: int,
    row: DayRow,
    other: DayRow,
) -> None:
    """The rows from which a late renewal is waited for, and from which it is back in the bridge. All are [world]."""
    nowhere, first = np.int32(FLOWS * (span + 1)), np.int32(WAITING * (span + 1))
    for w in range(row.size):
        late = (due_day[w] != NEVER) & (booked[w] > due[w]) & (booked_day[w] - due_day[w] <= window)
        row[w] = first + due[w] + np.int32(1) if late else nowhere
        other[w] = first + min(booked[w] + np.int32(1), span) if late else nowhere


@stage
def lose(
    due_day: DayRow,
    booked_day: DayRow,
    arr: Amounts,
    booked_arr: Amounts,
    due: DayRow,
    booked: DayRow,
    span: np.int32,
    window: int,
    at: DayRow,
    floor: Amounts,
    row: DayRow,
    lost: Amounts,
    change: Amounts,
) -> None:
    """What a renewal takes from the account's ARR at the start of the period in which it takes effect, the row of it, and
    the change of ARR of whoever was a customer then. All are [world].
    """
    nowhere = np.int32(FLOWS * (span + 1))
    for w in range(row.size):
        gone = booked_day[w] - due_day[w] > window  # never booked, too
        placed = due[w] if gone else max(due[w], booked[w])
        same = placed == at[w]
        before = floor[w] if same else arr[w]
        after = 0.0 if gone else booked_arr[w]
        left = min(before, after)
        reached = due_day[w] != NEVER
        lost[w] = before - left
        change[w] = 0.0 if same & (floor[w] == 0.0) else after - arr[w]
        floor[w] = left if reached else floor[w]
        at[w] = placed if reached else at[w]
        counted = reached & (placed >= 0) & (placed < span)
        row[w] = np.int32(LOSS * (span + 1)) + placed if counted else nowhere


@stage
def come_back(
    due_day: DayRow,
    booked_day: DayRow,
    due: DayRow,
    booked: DayRow,
    window: int,
    span: np.int32,
    at: DayRow,
    floor: Amounts,
    joined: DayRow,
) -> None:
    """Who returns after the window joins as a new customer in the period of booking; ``span`` where nobody does. [world]"""
    for w in range(at.size):
        begins = max(due[w], booked[w])
        back = (due_day[w] != NEVER) & (booked_day[w] != NEVER) & (booked_day[w] - due_day[w] > window)
        at[w] = begins if back else at[w]
        floor[w] = 0.0 if back else floor[w]
        joined[w] = begins if back else span


@stage
def leave_out(grown: GrownAPW, a: int, joined: DayRow, span: np.int32, out: FloatPW) -> None:
    """Take out of CHANGE what an account grew by in the period in which it joined."""
    if grown.shape[0] > 0:
        for w in range(joined.size):
            if joined[w] < span:
                out[CHANGE * (span + 1) + joined[w], w] -= grown[a, joined[w], w]
