"""The space of a search: a plan, and the values that its clauses may take."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final, NamedTuple

from sim.calendar import Calendar
from sim.errors import InputError
from sim.plan.altered import value_at
from sim.plan.plan import Plan
from sim.questions.search.setting import Value, Vary

MOST_TOLD_APART: Final = 2_000
"""Combinations of values that change what a plan reads of a book, for which worlds are kept. [count]"""

Point = tuple[Value, ...]
"""A value of each clause, in order."""


class Space(NamedTuple):
    """What is searched.

    plan : as it is today.
    vary : the clauses that move, by path.
    """

    plan: Plan
    vary: Mapping[str, Vary]

    @property
    def values(self) -> tuple[tuple[Value, ...], ...]:
        """The values of each clause, in order."""
        return tuple(each.values for each in self.vary.values())

    def at(self, point: Point, name: str) -> Plan:
        """The plan with these values.

        Raises: InputError where they make no plan.
        """
        return self.plan.altered(dict(zip(self.vary, point, strict=True)), name)

    @property
    def today(self) -> Point:
        """The values of the plan as it is."""
        return tuple(value_at(self.plan, path) for path in self.vary)

    def place_of_today(self) -> list[int] | None:
        """The places of today's values among those of each clause; None where one is not among them."""
        pairs = list(zip(self.values, self.today, strict=True))
        return (
            [values.index(at) for values, at in pairs] if all(at in values for values, at in pairs) else None
        )

    def every(self) -> Iterator[Point]:
        """Every combination of values."""
        return product(*self.values)

    def read_apart(self, calendar: Calendar) -> tuple[Plan, ...]:
        """Plans of the space that read a book in every way that some plan of it does, so that worlds can be kept for all.

        A clause that moves by itself shows whether it decides what is read; of those that do, all combinations count.
        """
        found: dict[object, Plan] = {_reads(self.plan, calendar): self.plan}
        deciding: dict[str, list[Value]] = {}
        for path, each in self.vary.items():
            kinds: dict[object, Value] = {}
            for value in each.values:
                plan = _altered(self.plan, {path: value})
                if plan is not None:
                    kinds.setdefault(_reads(plan, calendar), value)
            if len({*kinds, *found}) > 1:
                deciding[path] = list(kinds.values())
        for point in islice(product(*deciding.values()), MOST_TOLD_APART):
            plan = _altered(self.plan, dict(zip(deciding, point, strict=True)))
            if plan is not None:
                found.setdefault(_reads(plan, calendar), plan)
        return tuple(
            plan.altered({}, f"{plan.name} read {place}") for place, plan in enumerate(found.values())
        )[1:]


def _altered(plan: Plan, changes: Mapping[str, object]) -> Plan | None:
    try:
        return plan.altered(changes)
    except InputError:
        return None


def _reads(plan: Plan, calendar: Calendar) -> object:
    """What a plan reads of a book: plans that read the same can be settled on the same kept worlds."""
    cohorts = (plan.cohorts(calendar), plan.cohorts(calendar, company=True))
    return plan.amounts, plan.reads, plan.early_edges, plan.late_edges, plan.credit_date, cohorts, plan.deals
