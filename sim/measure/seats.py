"""Open territories: how long seats stand vacant, and what is paid and reached there, by newcomers and by the others."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import BoolPW, FloatP, FloatPW, Statement

NEW_PERIODS: Final = 2.0
"""A CSM is a newcomer in the period of the first day and in the one after it. [period]"""
STATES: Final = ("held", "new", "open")
"""Of a CSM-period: held throughout by somebody settled, or by a newcomer; or vacant for a part of it."""


class SeatTally(NamedTuple):
    """Sums over the CSMs of one role, for one block of worlds.

    filled     : seats held, each counted by the share of the period in which it is. [period, world] [count]
    salaries   : of those who hold them, where not everybody's is the plan's. [period, world] [usd]
    hires      : CSMs who took over a book in the horizon; of two in one period, one. [world] [count]
    periods    : CSM-periods by state. [state, world] [count]
    pay        : paid in them. [state, world] [usd]
    attainment : their sum. [state, world] [share]
    """

    filled: FloatPW
    salaries: FloatPW
    hires: NDArray[np.float64]
    periods: NDArray[np.float64]
    pay: NDArray[np.float64]
    attainment: NDArray[np.float64]


def new_seat_tally(periods: int, worlds: int) -> SeatTally:
    """A tally of no books yet."""
    by_state = (np.zeros((len(STATES), worlds)) for _ in range(3))
    filled, salaries = (np.zeros((periods, worlds)) for _ in range(2))
    return SeatTally(filled, salaries, np.zeros(worlds), *by_state)


def add_seat(
    seat: FloatPW,
    tenure: FloatPW,
    statement: Statement,
    tally: SeatTally,
    salary: FloatP | None = None,
) -> None:
    """Add one book: who holds it, and its statement. salary : for whole periods in the seat, where it is one's own. [period]
    [usd]
    """
    full = seat >= 1.0
    fresh = tenure < NEW_PERIODS
    tally.filled[:] += seat
    if salary is not None:
        tally.salaries[:] += seat * salary[:, np.newaxis]
    tally.hires[:] += _taken_over(tenure).sum(axis=0)
    for row, mine in enumerate((full & ~fresh, full & fresh, ~full)):
        tally.periods[row] += mine.sum(axis=0)
        tally.pay[row] += np.where(mine, statement.bonus, 0.0).sum(axis=0)
        tally.attainment[row] += np.where(mine, statement.attainment, 0.0).sum(axis=0)


def _taken_over(tenure: FloatPW) -> BoolPW:
    """Whether somebody new holds the book: for less than a period, or for less long than whoever did a period before.
    [period, world]
    """
    fresh: BoolPW = tenure < 1.0
    fresh[1:] |= tenure[1:] < tenure[:-1]
    return fresh


SEAT_FEATURES: Final = (
    "open_share",
    "hires",
    *(f"{name}_{state}" for name in ("pay", "attainment") for state in STATES),
)
"""What is known of the seats of a world; pay and attainment are means over the CSM-periods of a state."""


def seat_features(tally: SeatTally, seats: int) -> NDArray[np.float64]:
    """The ``SEAT_FEATURES`` of every world; NaN where there is no CSM-period of the state. [feature, world]"""
    share = 1.0 - tally.filled.sum(axis=0) / (seats * len(tally.filled))
    none = np.full_like(tally.periods, np.nan)
    some = tally.periods > 0.0
    pay = np.divide(tally.pay, tally.periods, out=none.copy(), where=some)
    attainment = np.divide(tally.attainment, tally.periods, out=none, where=some)
    return np.concatenate([share[None], tally.hires[None], pay, attainment])
