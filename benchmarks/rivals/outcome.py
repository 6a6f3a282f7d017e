"""What every program answers, world by world, so that their means can be compared."""

from typing import NamedTuple

import numpy as np


class Outcome(NamedTuple):
    """Sums over all books of a company.

    pay       : variable pay over the horizon. [plan, world] [usd]
    due       : renewals that come due, the edges of the horizon included. [world] [count]
    booked    : those that are booked, sooner or later. [world] [count]
    renewed   : ARR of the booked. [world] [usd/yr]
    expansion : ARR added in-term. [world] [usd/yr]
    """

    pay: np.ndarray
    due: np.ndarray
    booked: np.ndarray
    renewed: np.ndarray
    expansion: np.ndarray


def empty_outcome(plans: int, worlds: int) -> Outcome:
    """Sums of no books."""
    return Outcome(np.zeros((plans, worlds)), *(np.zeros(worlds) for _ in range(4)))
