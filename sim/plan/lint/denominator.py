"""Denominator: where quotas differ between periods, a dollar is worth more in the period of the smaller quota."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.plan.lint.book import NOTICEABLE, SHOWN, SIXTIETHS, Book, Floats, Move, base_quota, pay, settle_book
from sim.plan.lint.fault import Finding, Subject, usd

SMALLER: Final = 2 / 3
"""The worked example: what falls due in one period against the other. Assumption. [multiple of base quota]"""


def find(subject: Subject) -> Iterator[Finding]:
    """What moving a sixth of the larger quota into the period of the smaller one pays, beyond the same move between
    equal quotas.

    Source: Jensen (2003), Paying people to lie, European Financial Management 9: 379-406: linear pay leaves nothing to
    gain from dates. That holds at one rate per dollar; here the rate is target bonus / quota of the period.
    """
    if subject.component.quota.kind != "retention":
        return
    for by, said in ((-1, "early"), (1, "late")):
        gain = _gain(subject, SMALLER, by) - _gain(subject, 1.0, by)
        if gain > NOTICEABLE * subject.plan.target_bonus(subject.calendar):
            base = base_quota(subject)
            moved = usd(float(SIXTIETHS[SHOWN[0]]) * base)
            yield Finding(
                subject.clause("quota.kind"),
                gain,
                "usd",
                f"{usd(gain)} for {moved} between unequal quotas",
                f"The quota follows what falls due, so a dollar is paid more where less does: {moved} booked a "
                f"{subject.period} {said}, out of a {subject.period} with a quota of {usd(base)} into one of "
                f"{usd(SMALLER * base)}, pay {usd(gain)} more than the same move between equal quotas.",
            )
            return


def _gain(subject: Subject, other: float, by: int) -> float:
    """What moving a sixth into a period with ``other`` of the quota pays. [usd]"""
    into, out_of = (0, 1) if by < 0 else (1, 0)
    asked = np.ones(2)
    asked[into] = other
    moved: Floats = np.array([0.0, SIXTIETHS[SHOWN[0]]])
    book = Book(asked, np.repeat(asked[:, np.newaxis], moved.size, axis=1), (Move(out_of, into, moved),))
    paid = pay(settle_book(subject, book))
    return float(paid[1] - paid[0])
