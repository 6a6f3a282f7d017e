"""What the payout curve of a component pays on each side of the ends of its intervals."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.plan.base_quota import Quota
from sim.plan.component import Component
from sim.plan.lint.book import QUOTA, Book, settle_book
from sim.plan.lint.fault import BOOKINGS, Subject, defaults

HAIR: Final = 1e-9
"""How far beside an end the curve is read; well beyond what the curve takes for rounding. [share of the end]"""


class Stretch(NamedTuple):
    """Attainments over which the curve pays the same. The last one has no end: ``right`` is infinite.

    left, right : [share]
    bonus       : paid inside. [usd/period]
    piece       : index of its first interval.
    """

    left: float
    right: float
    bonus: float
    piece: int


def bonuses(subject: Subject, attainment: Sequence[float]) -> list[float]:
    """The bonus of one period at each attainment. [usd/period]

    The same curve pays whatever is measured, so it is read on a quota of renewals, all booked on time.
    """
    plain = defaults(Component, except_for={"name", "weight", "curve"})
    asked = Quota(kind="fixed", amount=QUOTA)
    on_bookings = subject.altered(**plain | {"measure": BOOKINGS, "quota": asked})
    each: list[float] = settle_book(on_bookings, Book(np.ones(1), np.array([attainment]))).bonus[0].tolist()
    return each


def flat_stretches(subject: Subject) -> list[Stretch]:
    """The stretches that pay nothing more, neighbours that pay the same joined."""
    found: list[Stretch] = []
    for index, piece in enumerate(subject.component.curve):
        if piece.slope > 0.0:
            continue
        left, right = piece.interval.left, piece.interval.right
        bonus = bonuses(subject, [0.5 * (left + right) if np.isfinite(right) else 2.0 * left + 1.0])[0]
        if found and found[-1].right == left and found[-1].bonus == bonus:
            found[-1] = found[-1]._replace(right=right)
        else:
            found.append(Stretch(left, right, bonus, index))
    return found
