"""Accounts that a period sees twice, joining or renewing: a loss then counts up to what they had when it began."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import leaf, stage
from sim.records import NEVER, FloatPW
from sim.rows import DayRow

Amounts: TypeAlias = NDArray[np.float64]
"""[world] [usd/yr]"""


@leaf
def is_again(
    due_day: np.int32, booked_day: np.int32, due: np.int32, start: np.int32, window: int, at: np.int32
) -> bool:
    """Whether a renewal takes effect in the period of the account's last event, or is lost and back in one period."""
    gone = booked_day - due_day > window  # never booked, too
    twice = ((due if gone else start) == at) | (gone & (start == due))
    return bool((due_day != NEVER) & twice)


@stage
def start_before(arrival: bool, active: DayRow, at: DayRow) -> None:
    """``at``, the period in which an account joins; -1 where it was there before. [world]"""
    step = 1 if active.size > 1 else 0
    for w in range(at.size):
        at[w] = active[w * step] if arrival else np.int32(-1)


@stage
def leave(
    due_day: DayRow, booked_day: DayRow, arr: Amounts, booked_arr: Amounts, window: int, floor: Amounts
) -> None:
    """``floor``: what a renewal leaves of the ARR at the start of a period that has seen nothing else. [world]"""
    for w in range(floor.size):
        floor[w] = min(arr[w], 0.0 if booked_day[w] - due_day[w] > window else booked_arr[w])


@stage
def correct(
    due_day: DayRow,
    booked_day: DayRow,
    arr: Amounts,
    booked_arr: Amounts,
    due: DayRow,
    start: DayRow,
    window: int,
    at: DayRow,
    floor: Amounts,
    loss: FloatPW,
    change: FloatPW,
) -> None:
    """Add what the flows count too much: of losses, and of the change of whoever was a customer when the period began.

    at    : period of the account's last event. [world]
    floor : what was left then of what the account had when that period began, 0 of who joined in it; after this
            renewal, what it leaves. [world] [usd/yr]
    loss, change : [due period, world] [usd/yr]
    """
    for w in range(at.size):
        left = min(arr[w], 0.0 if booked_day[w] - due_day[w] > window else booked_arr[w])
        if is_again(due_day[w], booked_day[w], due[w], start[w], window, at[w]):
            gone = booked_day[w] - due_day[w] > window
            placed = due[w] if gone else start[w]
            same = placed == at[w]
            before = floor[w] if same else arr[w]
            after = 0.0 if gone else booked_arr[w]
            counted = after - arr[w] if start[w] > due[w] or not gone else 0.0
            newcomer = same and floor[w] == 0.0
            left = min(before, after)
            if 0 <= placed < loss.shape[0]:
                loss[placed, w] += max(-counted, 0.0) - (before - left)
                change[placed, w] += counted - (0.0 if newcomer else after - arr[w])
        floor[w] = left
