"""Beyond the cap: credit that pays nothing any more is worth holding until the next period."""

from collections.abc import Iterator
from math import isinf
from typing import Final

import numpy as np

from sim.plan.lint.book import NOTICEABLE, SHOWN, SIXTIETHS, Book, Move, base_quota, pay, settle_book
from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.plan.lint.levels import flat_stretches

BESIDES: Final = 1 / 60
"""Credit beyond the cap that stays, so that the cap is still reached. [multiple of base quota]"""


def find(subject: Subject) -> Iterator[Finding]:
    """What holding a sixth of a quota beyond the cap until the next period pays.

    Source: Healy (1985), The effect of bonus schemes on accounting decisions, Journal of Accounting and Economics 7:
    85-107: above the upper bound of a bonus, results are kept for later.
    """
    flat = flat_stretches(subject)
    if not flat or not isinf(flat[-1].right) or flat[-1].bonus == 0.0:
        return
    cap, held = flat[-1].left, np.array([0.0, SIXTIETHS[SHOWN[0]]])
    short = 1.0 - held[1]
    renewed = np.repeat([[cap + held[1] + BESIDES], [short]], held.size, axis=1)
    paid = pay(settle_book(subject, Book(np.ones(2), renewed, (Move(0, 1, held),))))
    gain, base = float(paid[1] - paid[0]), base_quota(subject)
    if gain <= NOTICEABLE * float(paid[0]):
        return
    yield Finding(
        subject.clause(f"curve[{flat[-1].piece}]"),
        gain,
        "usd",
        f"{usd(gain)} for {usd(held[1] * base)} held back above {percent(cap)}",
        f"A CSM above {percent(cap)} attainment is paid {usd(gain)} more for holding {usd(held[1] * base)} of it "
        f"until the next {subject.period}, where {percent(short)} is renewed besides.",
    )
