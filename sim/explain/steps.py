"""The rules of a plan in the order in which they act, with what components have earned before and after each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from pydantic import BaseModel

from sim.plan.rule.earnings import Earnings, Rule
from sim.plan.settle import CompiledPlan, Stage, stages
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

CENT: Final = 0.005
"""What changes by less has not changed. [usd]"""


class Step(NamedTuple):
    """One step of settlement.

    key    : ``"pay"``, ``"nothing_due"``, or the rule's name.
    words  : for people, with the values of the rule.
    before, after : by component and top-up, what it has earned: up to the true-up of the window to date, then of the
             period. [period, world of one] [usd]
    """

    key: str
    words: str
    before: Mapping[str, FloatPW]
    after: Mapping[str, FloatPW]

    @property
    def changed(self) -> tuple[str, ...]:
        """The components whose amounts it changed."""
        return tuple(
            name
            for name, pay in self.after.items()
            if name not in self.before or (np.abs(pay - self.before[name]) > CENT).any()
        )


def steps_of(sheet: Worksheet, plan: CompiledPlan) -> tuple[Step, ...]:
    """Every step up to what is earned. sheet : under the plan's grace."""
    return tuple(_steps(list(stages(sheet, plan))))


def _steps(found: Sequence[Stage]) -> Iterator[Step]:
    before: Mapping[str, FloatPW] = {}
    for step, earnings in found:
        after = _pay(earnings)
        key, words = _named(step)
        yield Step(key, words, before, after)
        before = after


def _pay(earnings: Earnings) -> dict[str, FloatPW]:
    return {name: each.pay for name, each in earnings.items()}


def _named(step: Rule | str) -> tuple[str, str]:
    """A step's key and words: of a rule its name and the values that its file gives, so that a new one shows itself."""
    if step == "pay":
        return "pay", "By curve or rate"
    if step == "nothing_due":
        return "nothing_due", "Weight of components left out"
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(step).__name__).lower()
    words = name.replace("_", "-" if name == "true_up" else " ").capitalize()
    values = _values(step) if isinstance(step, BaseModel) else ""
    return name, f"{words}: {values}" if values else words


def _values(rule: BaseModel) -> str:
    """What the file says of the rule, in words; curves are left to it."""
    said = []
    for key, field in type(rule).model_fields.items():
        value = getattr(rule, key)
        if value is None or (value == field.default and not field.is_required()) or key == "curve":
            continue
        said.append(f"{key.replace('_', ' ')} {_value(value)}")
    return ", ".join(said)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return " and ".join(map(str, value))
    return f"{value:,.15g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)
