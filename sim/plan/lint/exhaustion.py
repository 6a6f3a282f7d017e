"""Exhaustion: early bookings can take the whole quota of a period away, and what is left over is paid many times."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.plan.lint.book import Book, Move, base_quota, settle_book
from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.records import Statement

LEFT: Final = 1 / 60
"""Quota left in the worked example, as where 590 of 600 are booked early. [multiple of base quota]"""
OVER: Final = 7 / 60
"""Renewed in that period besides. [multiple of base quota]"""
AHEAD: Final = {1: "a {} ahead", 2: "up to two {}s ahead"}


def find(subject: Subject) -> Iterator[Finding]:
    """The attainment of a period whose quota early bookings have all but taken away.

    Source: Compensating Customer Success Managers (founding document), early case 4, with 590 of 600 booked early.
    """
    if (ahead := periods_ahead(subject)) is None:
        return
    early = (1.0 - LEFT) / subject.component.quota_moves.early_out_of_due
    example = all_but_taken(subject, ahead)
    quota, base = float(example.quota[ahead, 0]), base_quota(subject)
    bonus = float(example.bonus[ahead, 0])
    yield Finding(
        subject.clause("quota_moves.early_out_of_due"),
        bonus,
        "usd",
        f"{usd(bonus)} for {usd(OVER * base)} of renewals",
        f"Bookings {AHEAD[ahead].format(subject.period)} can take the whole quota away: where {usd(early * base)} "
        f"booked early leave {usd(quota)} of {usd(base)}, renewing {usd(OVER * base)} in the {subject.period} "
        f"itself is {percent(float(example.attainment[ahead, 0]))} attainment and pays {usd(bonus)}.",
    )


def periods_ahead(subject: Subject) -> int | None:
    """How many periods ahead bookings have to be made to take the whole quota of a period away; None where they cannot."""
    if subject.component.quota_moves.early_out_of_due == 0.0:
        return None
    # All that can fall due and be renewed: a retention quota is a part of it.
    most = max(1.0, 1.0 / (subject.component.quota.rate or 1.0))
    return next(
        (ahead for ahead in AHEAD if _pulled(subject, ahead, most, 0.0).quota_exhausted[ahead, 0]), None
    )


def all_but_taken(subject: Subject, ahead: int) -> Statement:
    """The worked example: ``LEFT`` of the last period's quota is left, and ``OVER`` is renewed in it. [period, world]"""
    return _pulled(subject, ahead, (1.0 - LEFT) / subject.component.quota_moves.early_out_of_due, OVER)


def _pulled(subject: Subject, ahead: int, early: float, on_time: float) -> Statement:
    """A period of which ``early`` is booked before it, in equal parts in each of the periods ahead. [period, world]"""
    renewed = np.ones((ahead + 1, 1))
    renewed[ahead] = early + on_time
    moves = tuple(Move(ahead, booked, np.array([early / ahead])) for booked in range(ahead))
    return settle_book(subject, Book(np.ones(ahead + 1), renewed, moves))
