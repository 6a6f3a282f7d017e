"""Pump: a quota that goes down with what was moved lets the same renewals be paid again, in every period."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.plan.lint.book import (
    NOTICEABLE,
    SHOWN,
    SIXTIETHS,
    Floats,
    pay,
    periods_of_pay,
    settle_book,
    settled_attainment,
    steady_book,
)
from sim.plan.lint.fault import Finding, Subject, percent, usd

DIRECTIONS: Final = (("early", -1, "a {} early"), ("late", 1, "a {} late"))
"""Side, periods from due to booked, and how it is said."""


def find(subject: Subject) -> Iterator[Finding]:
    """The pump that no provision limits: attainment and pay of a book at quota that moves half of it in every period.

    Source: Compensating Customer Success Managers (founding document), early case 4, rolled over two years: with e
    of a quota Q moved in every period attainment settles at 1 + e / (Q - e).
    """
    for side, by, said in DIRECTIONS:
        if provision(subject, side) is not None or not leaks(subject, side, by):
            continue
        attainment, paid = rolled(subject, by)
        sixth, third, half = (percent(attainment[world]) for world in SHOWN)
        yield Finding(
            subject.clause(f"quota_moves.{side}_out_of_due"),
            float(attainment[SHOWN[-1]]),
            "attainment [share]",
            f"settles at {half} attainment",
            f"A book at quota with half of every {subject.period}'s renewals booked "
            f"{said.format(subject.period)} settles at {half} attainment "
            f"(a sixth: {sixth}, a third: {third}) and pays {instead(subject, paid, SHOWN[-1])}.",
        )


def provision(subject: Subject, side: str) -> str | None:
    """The key of what is meant to limit the pump, or None."""
    component = subject.component
    if side == "early" and component.crediting.early_cap is not None:
        return "crediting.early_cap"
    return "quota_moves.floor" if component.quota_moves.floor > 0.0 else None


def leaks(subject: Subject, side: str, by: int) -> bool:
    """Whether quota moves let a book at quota settle above it, and whether that is paid."""
    if getattr(subject.component.quota_moves, f"{side}_out_of_due") == 0.0:
        return False
    attainment = settled_attainment(at_multiplier_one(subject), SIXTIETHS, by)
    _, paid = rolled(subject, by)
    return bool(attainment.max() > 1.0 + NOTICEABLE and paid.max() > paid[0] * (1.0 + NOTICEABLE))


def rolled(subject: Subject, by: int) -> tuple[Floats, Floats]:
    """Settled attainment, and pay over two years, by the part moved in every period. [world]"""
    paid = pay(settle_book(subject, steady_book(periods_of_pay(subject), SIXTIETHS, by)))
    return settled_attainment(subject, SIXTIETHS, by), paid


def instead(subject: Subject, paid: Floats, world: int) -> str:
    """Pay of one world beside that of the first, in which nothing is moved."""
    return (
        f"{usd(float(paid[world]))} over {periods_of_pay(subject)} {subject.period}s "
        f"instead of {usd(float(paid[0]))}"
    )


def dearest(attainment: Floats, paid: Floats) -> int:
    """The world that pays most; among equals the one of the highest attainment."""
    return int(np.lexsort((attainment, np.round(paid, 2)))[-1])


def at_multiplier_one(subject: Subject) -> Subject:
    """The same plan with early and late amounts credited like others, so that only its quotas move."""
    plain = {"early_multiplier": 1.0, "early_bands": None, "late_multiplier": 1.0, "late_bands": None}
    return subject.altered(crediting=subject.component.crediting.model_copy(update=plain))
