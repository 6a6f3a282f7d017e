"""Nothing due: what a component comes to where nothing is asked of it, as in a quarter in which no contract ends."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.plan.measured import Measured, Reading
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

NothingDue: TypeAlias = Literal["target", "zero", "skip"]
WORDS: Final[dict[NothingDue, str]] = {
    "target": "attainment is 1",
    "zero": "attainment is 0, as nothing_due = 'zero' says",
    "skip": "it is left out, as nothing_due = 'skip' says, and its weight goes to the other components",
}
"""By rule, what happens where nothing is asked."""


def under(rule: NothingDue, reading: Reading, measured: Measured, sheet: Worksheet) -> Measured:
    """The measure with what the plan says of windows in which nothing was asked. Never writes to what it is given.

    Source: assumption, the three clauses that are met: at target, as nothing was missed; nothing, as nothing was earned;
    and "not applicable", with the weight of the goal given to the others.
    """
    if rule == "target":
        return measured
    unasked = reading.unasked(sheet)
    attainment = np.where(unasked, 0.0, measured.attainment)
    return measured._replace(attainment=attainment, skipped=unasked if rule == "skip" else None)


def reweighted(
    pay: Sequence[FloatPW], target: Sequence[float], measured: Sequence[Measured]
) -> Sequence[FloatPW]:
    """What windows have earned, without components that are skipped: their targets go to the other bonuses of the plan, in
    proportion to theirs. Where all of them are skipped nothing is paid. [component] of [period, world] [usd]

    target : of each component; 0 of what is no bonus. [usd/period]
    """
    if all(each.skipped is None for each in measured):
        return pay
    left = np.zeros(measured[0].value.shape)
    for amount, each in zip(target, measured, strict=True):
        left += amount if each.skipped is None else np.where(each.skipped, 0.0, amount)
    factor = np.divide(sum(target), left, out=np.zeros_like(left), where=left > 0.0)
    found = []
    for earned, amount, each in zip(pay, target, measured, strict=True):
        scaled = earned * factor if amount > 0.0 else earned
        found.append(scaled if each.skipped is None else np.where(each.skipped, 0.0, scaled))
    return found
