"""Ratchet: what is achieved now is asked later, so a dollar above quota is partly taken back."""

from collections.abc import Iterator

import numpy as np

from sim.plan.lint.book import (
    NOTICEABLE,
    SHOWN,
    SIXTIETHS,
    Book,
    base_quota,
    pay,
    periods_of_pay,
    settle_book,
    steady_book,
)
from sim.plan.lint.fault import Finding, Subject, percent, usd


def find(subject: Subject) -> Iterator[Finding]:
    """What a sixth of a quota more in the first period pays over two years, against the same plan without the ratchet.

    Source: Weitzman (1980), The "ratchet principle" and performance incentives, Bell Journal of Economics 11: 302-308.
    """
    quota = subject.component.quota
    if not any(quota.ratchets):
        return
    still = subject.altered(quota=quota.model_copy(update={"ratchet": 0.0, "ratchet_down": None}))
    gained, whole = _gain(subject), _gain(still)
    taken = whole - gained
    if taken <= NOTICEABLE * subject.plan.target_bonus(subject.calendar):
        return
    more, periods = usd(float(SIXTIETHS[SHOWN[0]]) * base_quota(subject)), periods_of_pay(subject)
    yield Finding(
        subject.clause("quota.ratchet"),
        taken,
        "usd",
        f"{usd(taken)} of {usd(whole)} taken back for {more} above quota",
        f"What is above quota is asked on top from the next {subject.period} on: {more} more in the first of {periods} "
        f"{subject.period}s pay {usd(whole)} there, and {percent(taken / whole)} of it is lost again to higher quotas: "
        "holding back pays.",
    )


def _gain(subject: Subject) -> float:
    """What a sixth of a quota more in the first period pays over the horizon. [usd]"""
    book = steady_book(periods_of_pay(subject), np.zeros(2))
    renewed = book.renewed.copy()
    renewed[0, 1] += SIXTIETHS[SHOWN[0]]
    paid = pay(settle_book(subject, Book(book.asked, renewed)))
    return float(paid[1] - paid[0])
