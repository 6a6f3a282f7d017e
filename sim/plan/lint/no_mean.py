"""No mean: a quota that nothing holds away from zero, under pay without end; and what a floor would do to it."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.calendar import Calendar
from sim.plan.lint.book import Book, Move, base_quota, settle_book
from sim.plan.lint.exhaustion import LEFT, OVER, all_but_taken, periods_ahead
from sim.plan.lint.fault import Finding, Subject, percent, subjects, usd
from sim.plan.plan import Plan
from sim.plan.tail import floor_key, unbounded
from sim.records import Statement

FLOOR: Final = 0.25
"""The floor whose effect is told. Assumption. [share of the base quota]"""


def find(plan: Plan, calendar: Calendar) -> Iterator[Finding]:
    """Of each clause that can take a whole quota away: what the same credit pays without a floor, and with one.

    Source: tail index 1 of credit over a quota that can come to nothing (``sim.plan.tail``).
    """
    clauses = unbounded(plan)
    for subject in subjects(plan, calendar):
        for relief in ("early_out_of_due", "late_out_of_due"):
            if (clause := subject.clause(f"quota_moves.{relief}")) not in clauses:
                continue
            plain, bounded = _bonus(subject, relief), _bonus(_floored(subject), relief)
            if plain is None or bounded is None:
                continue
            over = usd(OVER * base_quota(subject))
            yield Finding(
                clause,
                1.0 / FLOOR,
                "multiple of credit over base quota",
                f"a floor of {percent(FLOOR)}: {usd(bounded)} instead of {usd(plain)} for {over}",
                "Nothing holds the quota away from zero and pay has no end: where bookings come so far, mean pay does not "
                f"exist. {over} of renewals pay {usd(plain)} where {percent(LEFT)} of the quota is left. With "
                f"{floor_key(clause)} = {FLOOR:g} a dollar counts at most {1.0 / FLOOR:g} times, and they pay "
                f"{usd(bounded)}.",
            )


def _floored(subject: Subject) -> Subject:
    moves = subject.component.quota_moves.model_copy(update={"floor": FLOOR})
    return subject.altered(quota_moves=moves)


def _bonus(subject: Subject, relief: str) -> float | None:
    """What ``OVER`` renewed in a period pays whose quota is all but taken away; None where that cannot be. [usd]"""
    bare = subject.altered(quota_moves=subject.component.quota_moves.model_copy(update={"floor": 0.0}))
    if relief == "early_out_of_due":
        ahead = periods_ahead(bare)
        return None if ahead is None else float(all_but_taken(subject, ahead).bonus[ahead, 0])
    most = max(1.0, 1.0 / (subject.component.quota.rate or 1.0))
    if subject.component.quota_moves.late_out_of_due * most < 1.0:
        return None
    return float(_held(subject, (1.0 - LEFT) / subject.component.quota_moves.late_out_of_due).bonus[0, 0])


def _held(subject: Subject, late: float) -> Statement:
    """A period of which ``late`` is booked after it, and ``OVER`` in it. [period, world]"""
    renewed = np.ones((2, 1))
    renewed[0] = late + OVER
    return settle_book(subject, Book(np.ones(2), renewed, (Move(0, 1, np.array([late])),)))
