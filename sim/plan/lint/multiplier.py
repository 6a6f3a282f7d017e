"""Multiplier: credit above one for a date pays for the date alone."""

from collections.abc import Iterator

from sim.plan.lint.book import (
    SHOWN,
    SIXTIETHS,
    pay,
    periods_of_pay,
    settle_book,
    settled_attainment,
    steady_book,
)
from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.plan.lint.pump import DIRECTIONS, at_multiplier_one


def find(subject: Subject) -> Iterator[Finding]:
    """Attainment and pay of a book at quota that books half of every period at the multiplier.

    Source: Compensating Customer Success Managers (founding document), early case 3: "not recommended". A multiplier
    below 1 is a penalty and no fault.
    """
    for side, by, said in DIRECTIONS:
        multiplier, key = _highest(subject, side)
        if multiplier <= 1.0:
            continue
        half = SIXTIETHS[SHOWN[-1] : SHOWN[-1] + 1]
        attainment = float(settled_attainment(subject, half, by)[0])
        book = steady_book(periods_of_pay(subject), half, by)
        paid, plain = (
            float(pay(settle_book(each, book))[0]) for each in (subject, at_multiplier_one(subject))
        )
        yield Finding(
            subject.clause(f"crediting.{key}"),
            attainment,
            "attainment [share]",
            f"{multiplier:g}x settles at {percent(attainment)} attainment",
            f"A dollar booked {side} counts {multiplier:g} times: a book at quota with half of every "
            f"{subject.period}'s renewals booked {said.format(subject.period)} settles at {percent(attainment)} "
            f"attainment and pays {usd(paid)} over {periods_of_pay(subject)} {subject.period}s, "
            f"{usd(plain)} at a multiplier of 1.",
        )


def _highest(subject: Subject, side: str) -> tuple[float, str]:
    """The highest multiplier of a side, and its key."""
    crediting = subject.component.crediting
    bands = crediting.early_bands if side == "early" else crediting.late_bands
    plain = crediting.early_multiplier if side == "early" else crediting.late_multiplier
    if not bands:
        return (1.0 if plain is None else plain), f"{side}_multiplier"
    index = max(range(len(bands)), key=lambda each: bands[each].multiplier)
    return bands[index].multiplier, f"{side}_bands[{index}].multiplier"
