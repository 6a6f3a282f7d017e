"""Nothing due: a period in which nothing is asked is said to count as nothing, and is paid."""

from collections.abc import Iterator

from sim.plan.lint.fault import Finding, Subject, usd
from sim.plan.lint.levels import bonuses


def find(subject: Subject) -> Iterator[Finding]:
    """The bonus at an attainment of 0, where that is what stands for a period without anything due.

    Source: assumption.
    """
    if subject.component.nothing_due != "zero":
        return
    pay = bonuses(subject, [0.0])[0]
    if pay > 0.0:
        yield Finding(
            subject.clause("nothing_due"),
            pay,
            "usd",
            f"{usd(pay)} where nothing is due",
            f"A {subject.period} in which nothing is due counts as 0 % attainment, and the curve pays {usd(pay)} for that.",
        )
