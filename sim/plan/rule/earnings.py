"""What the components of a plan have earned, as it passes from rule to rule."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol, TypeAlias

from sim.plan.measured import Measured, Reading
from sim.plan.target import Target, target_of
from sim.plan.window import Window
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

GUARANTEE: Final = "guarantee"
DRAW: Final = "draw"
TOP_UPS: Final = (GUARANTEE, DRAW)
"""Names under which pay stands that no component earned; components have other names."""


class Earned(NamedTuple):
    """What one component has earned.

    reading  : of its measure; None for a top-up.
    measured : what it was measured at; None for a top-up.
    window   : that was measured, or None.
    pay      : of the windows to date until they are trued up; then of each period. [period, world] [usd]
    target   : pay at target; 0 for a commission.
    every    : it is paid every so many periods. [period]
    by_day   : it is earned for the days in the seat alone.
    """

    reading: Reading | None
    measured: Measured | None
    window: Window | None
    pay: FloatPW
    target: Target
    every: int
    by_day: bool = False


Earnings: TypeAlias = Mapping[str, Earned]
"""By component; in the order of the plan, top-ups last."""


class Setting(NamedTuple):
    """What rules need to know besides what was earned.

    usd    : target bonus of the plan. [usd/period]
    year   : number of periods in a year. [period]
    before : periods of the first year that lie before the horizon. [period]
    own    : a target that is agreed with a person stands for the plan's.
    lead   : place of the first period of the horizon among due periods. [period]
    """

    usd: float
    year: int
    before: int = 0
    own: bool = True
    lead: int = 0

    def target(self, sheet: Worksheet) -> Target:
        """Target bonus of whoever holds the book."""
        return target_of(self.usd, 1.0, self.own, self.lead, sheet.ledger)


class Rule(Protocol):
    """A rule between components or on their sum."""

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """What is earned under the rule. Never writes to what it is given."""


def total(earnings: Earnings) -> FloatPW:
    """Pay of all components and top-ups. [period, world] [usd]"""
    first, *others = [each.pay for each in earnings.values()]
    for each in others:
        first = first + each
    return first


def with_pay(earnings: Earnings, pay: Mapping[str, FloatPW]) -> Earnings:
    """The same with other pay for some components."""
    return {name: each._replace(pay=pay[name]) if name in pay else each for name, each in earnings.items()}


def chosen(component: str | None, earnings: Earnings) -> tuple[str, ...]:
    """The components that a rule speaks of: one, or all of them."""
    return tuple(name for name in earnings if name not in TOP_UPS) if component is None else (component,)
