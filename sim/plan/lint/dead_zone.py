"""Dead zone: attainments over which one more renewal pays nothing more."""

from collections.abc import Iterator
from math import isinf

from sim.plan.lint.book import base_quota
from sim.plan.lint.fault import Finding, Subject, percent, usd
from sim.plan.lint.levels import flat_stretches


def find(subject: Subject) -> Iterator[Finding]:
    """Each stretch of attainment that pays nothing more: below a threshold, in a tier, above a cap.

    Source: Healy (1985), The effect of bonus schemes on accounting decisions, Journal of Accounting and Economics 7:
    85-107: below the lower and above the upper bound of a bonus nothing is gained by more.
    """
    for each in flat_stretches(subject):
        ends = (
            f"above {percent(each.left)}"
            if isinf(each.right)
            else f"{percent(each.left)} to {percent(each.right)}"
        )
        if isinf(each.right):
            said = f"Above {percent(each.left)} attainment no further renewal pays anything"
        else:
            idle = usd((each.right - each.left) * base_quota(subject))
            said = (
                f"From {percent(each.left)} to {percent(each.right)} attainment, {idle} of a quota of "
                f"{usd(base_quota(subject))}, no further renewal pays anything"
            )
        yield Finding(
            subject.clause(f"curve[{each.piece}]"),
            each.bonus,
            "usd",
            f"{ends} pays {usd(each.bonus)}",
            f"{said}: the bonus of the {subject.period} stays at {usd(each.bonus)}.",
        )
