"""A fault of a plan: what its clause allows, as a sentence with a number that settling the plan gave."""

from collections.abc import Iterator, Set
from typing import Final, Literal, NamedTuple, TypeAlias

from sim.calendar import Calendar
from sim.files.toml import Table
from sim.plan.base_quota import Quota
from sim.plan.component import Component
from sim.plan.plan import Plan

Severity: TypeAlias = Literal["major", "minor"]
"""``"major"``: dates alone are paid for, or a quota is taken back. ``"minor"``: an incentive ends or is uneven."""

BOOKINGS: Final[str] = "renewal_bookings"
PERSON: Final = 600_000.0
"""What a person is taken to be asked where a plan is looked at alone: the quota of the founding cases. [usd/period]"""
PERIOD_WORDS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""


class Fault(NamedTuple):
    """One fault of one clause.

    name     : of the kind of fault, as in the table of faults.
    severity : ``"major"`` or ``"minor"``.
    clause   : key path in the plan file.
    number   : how large it is.
    unit     : of the number.
    short    : what the number says, in a few words.
    sentence : what the clause allows, to be read alone.
    source   : who found this kind of fault.
    """

    name: str
    severity: Severity
    clause: str
    number: float
    unit: str
    short: str
    sentence: str
    source: str


class Finding(NamedTuple):
    """A fault without what all of its kind share."""

    clause: str
    number: float
    unit: str
    short: str
    sentence: str


class Subject(NamedTuple):
    """What is looked at: one component, alone in its plan, in the periods of a calendar.

    position : of the component in the plan file.
    """

    plan: Plan
    position: int
    calendar: Calendar

    @property
    def component(self) -> Component:
        """The component looked at."""
        return self.plan.component[0]

    @property
    def of_bookings(self) -> bool:
        """Whether it is measured on renewal bookings, which alone can be moved."""
        return self.component.measure == BOOKINGS

    @property
    def period(self) -> str:
        """What a period is called."""
        return PERIOD_WORDS.get(self.calendar.months_per_period, "period")

    def clause(self, key: str) -> str:
        """The path of a key of this component in the plan file."""
        return f"component[{self.position}].{key}"

    def altered(self, **rules: object) -> "Subject":
        """The same component with other rules."""
        changed = self.component.model_copy(update=rules)
        return self._replace(plan=self.plan.model_copy(update={"component": (changed,)}))


def subjects(plan: Plan, calendar: Calendar) -> Iterator[Subject]:
    """Each component that pays a share of the target bonus, without the other components and the rules between them, on a
    quota of one amount in every period: its mean, and of what is agreed with persons ``PERSON``.
    """
    alone = defaults(Plan, except_for={"name", "title", "about", "pay", "component"})
    for position, component in enumerate(plan.component):
        if component.weight > 0.0:
            level = component.model_copy(update={"quota": _level(component.quota, calendar.periods_of_year)})
            yield Subject(plan.model_copy(update={**alone, "component": (level,)}), position, calendar)


def _level(quota: Quota, year: int) -> Quota:
    if quota.kind != "person" and quota.amounts is None:
        return quota
    a_period = PERSON if quota.kind == "person" else quota.shared(year)
    amount = a_period * (year if quota.over == "year" else 1)
    return quota.model_copy(update={"kind": "fixed", "amount": amount, "amounts": None, "seasonality": None})


def defaults(model: type[Table], except_for: Set[str]) -> dict[str, object]:
    """What a table holds where nothing is written, key by key."""
    fields = {name: field for name, field in model.model_fields.items() if name not in except_for}
    return {name: field.get_default(call_default_factory=True) for name, field in fields.items()}


def percent(share: float) -> str:
    """A share as a percentage with at most one decimal.

    >>> percent(1.5), percent(7 / 6)
    ('150 %', '116.7 %')
    """
    return f"{round(100.0 * share, 1):,.1f}".removesuffix(".0") + " %"


def usd(amount: float) -> str:
    """An amount in whole dollars.

    >>> usd(-1666.67)
    '−$1,667'
    """
    text = f"${abs(amount):,.0f}"
    return f"−{text}" if amount < 0 and text != "$0" else text
