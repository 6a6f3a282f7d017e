"""Cliff: one dollar of credit decides over a large part of the bonus."""

from collections.abc import Iterator

from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.plan.lint.levels import HAIR, bonuses

LEAST = 1e-6
"""A jump below this share of the target bonus is rounding: the curve is read a hair beside its ends."""


def find(subject: Subject) -> Iterator[Finding]:
    """What the last dollar of credit is worth at each jump of the payout curve.

    Source: Jensen (2003), Paying people to lie, European Financial Management 9: 379-406: jumps pay for moving dates;
    Oyer (1998), Quarterly Journal of Economics 113: 149-185: and dates are moved.
    """
    for index, piece in enumerate(subject.component.curve[1:], start=1):
        edge = piece.interval.left
        below, above = bonuses(subject, [edge * (1.0 - HAIR), edge * (1.0 + HAIR)])
        jump = above - below
        if abs(jump) <= LEAST * subject.plan.target_bonus(subject.calendar):
            continue
        arrives = "reaches" if piece.interval.owns_left else "passes"
        pays, jumps = ("pays", "jumps") if jump > 0 else ("costs", "falls")
        yield Finding(
            subject.clause(f"curve[{index}]"),
            jump,
            "usd",
            f"{usd(jump)} at {percent(edge)}",
            f"The dollar that {arrives} {percent(edge)} attainment {pays} {usd(abs(jump))}: the bonus of the "
            f"{subject.period} {jumps} from {usd(below)} to {usd(above)}.",
        )
