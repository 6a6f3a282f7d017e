"""Dead zone: attainments over which one more renewal pays nothing more."""

from collections.abc import Iterator
from math import isinf

from sim.plan.lint.book import base_quota
from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.plan.lint.levels import Stretch, flat_stretches


def find(subject: Subject) -> Iterator[Finding]:
    """Each stretch of attainment that pays nothing more: below a threshold, in a tier, above a cap.

    Source: Healy (1985), The effect of bonus schemes on accounting decisions, Journal of Accounting and Economics 7:
    85-107: below the lower and above the upper bound of a bonus nothing is gained by more.
    """
    for each in flat_stretches(subject):
        above = isinf(each.right)
        ends = f"above {percent(each.left)}" if above else f"{percent(each.left)} to {percent(each.right)}"
        stretch = (
            f"Above {percent(each.left)} attainment"
            if above
            else f"From {ends} attainment{_idle(subject, each)}"
        )
        yield Finding(
            subject.clause(f"curve[{each.piece}]"),
            each.bonus,
            "usd",
            f"{ends} pays {usd(each.bonus)}",
            f"{stretch} nothing more is paid: the bonus of the {subject.period} stays at {usd(each.bonus)}.",
        )


def _idle(subject: Subject, zone: Stretch) -> str:
    """How many dollars of renewals the zone is wide."""
    if not subject.of_bookings:
        return ""
    base = base_quota(subject)
    return f", {usd((zone.right - zone.left) * base)} of a quota of {usd(base)},"
