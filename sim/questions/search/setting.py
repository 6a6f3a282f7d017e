"""The ``[search]`` table of a study: which clauses of a plan may move how far, what is wanted, and what must be kept."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self, TypeVar

from pydantic import Field, PrivateAttr, model_serializer, model_validator

from sim.engine.agreements import targets_without_effect
from sim.engine.study import LARGEST_SEED, Declared, StudyTable
from sim.errors import InputError, Problem, near_match, shown
from sim.files.toml import Table, refuse
from sim.plan.altered import value_at
from sim.plan.plan import Plan, load_plan
from sim.plan.role_set import attempt
from sim.questions.search.measure import Bound, Objective, bound_of, objective_of
from sim.world.book import make_book
from sim.world.people import people_of, persons_of

Value = bool | int | float | str
T = TypeVar("T")

MOST_VALUES: Final = 1_000
MOST_WORLDS: Final = 100_000
FEWEST_FRESH: Final = 512
"""Eight parts of 64 worlds: errors on fresh worlds are those between parts. [world]"""
PLAN_FILE: Final = ".toml"
PERCENT: Final = Decimal("0.01")
MONEY: Final = Decimal(500)
SIGNED: Final = ((Decimal(10), PERCENT), (Decimal(5_000), Decimal(1)))
"""(largest number below [in its unit], step): numbers that a person would sign. Whole percent where a number is a share or a
multiple, whole ones up to 5,000, and 500 beyond, which is money. Assumption."""


class Vary(Table):
    """The values that a clause may take: from one end to the other in steps, or choices.

    low, to : the first and the last number of a range.
    choices : values, where the clause has no range.
    step  : what numbers differ by; one that a person would sign where left out: a whole percent, a whole number, $500.
    round : the numbers that finalists are rounded to; as ``step`` where that is left out.
    """

    low: int | float | None = Field(None, alias="from")
    to: int | float | None = None
    step: int | float | None = None
    round: int | float | None = None
    choices: Annotated[tuple[Value, ...], Field(min_length=1, max_length=MOST_VALUES)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ends = [self.low, self.to, self.step, self.round]
        if self.choices is not None:
            if any(end is not None for end in ends):
                raise refuse("either choices, or from and to", "both")
            if len(set(map(str, self.choices))) < len(self.choices):
                raise refuse("different values", list(self.choices), key="choices")
            return self
        if self.low is None or self.to is None:
            raise refuse("a table with from and to, or with choices", None)
        if not self.low < self.to:
            raise refuse(f"above {self.low:g}, where it starts", self.to, key="to")
        for key, each in (("step", self.step), ("round", self.round)):
            if each is not None and not 0 < each <= self.to - self.low:
                raise refuse(f"above 0 and at most {self.to - self.low:g}, the range", each, key=key)
        if (count := len(self.values)) > MOST_VALUES:
            raise refuse(f"so wide that the range has at most {MOST_VALUES:,} values", count, key="step")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value, in order."""
        if self.choices is not None:
            return self.choices
        low, high = Decimal(str(self.low)), Decimal(str(self.to))
        step = Decimal(str(self.step)) if self.step is not None else min(self.unit, high - low)
        count = min(int((high - low) / step), MOST_VALUES)
        return tuple(self._number(low + place * step) for place in range(count + 1))

    @property
    def unit(self) -> Decimal:
        """What a number that a person would sign is a multiple of. [in the unit of the clause]"""
        if self.round is not None:
            return Decimal(str(self.round))
        largest = max(abs(Decimal(str(self.low))), abs(Decimal(str(self.to))))
        return next((step for below, step in SIGNED if largest <= below), MONEY)

    def signed(self, value: Value) -> tuple[Value, ...]:
        """The numbers next to a value that a person would sign, the nearest first; the value itself where it is a choice."""
        if self.choices is not None or isinstance(value, bool | str):
            return (value,)
        written, unit = Decimal(str(value)), self.unit
        below = written // unit * unit
        near = (below,) if below == written else (below, below + unit)
        low, high = Decimal(str(self.low)), Decimal(str(self.to))
        inside = [each for each in near if low <= each <= high]
        return tuple(self._number(each) for each in sorted(inside, key=lambda at: abs(at - written)))

    def _number(self, value: Decimal) -> Value:
        whole = isinstance(self.low, int) and isinstance(self.step or 1, int) and value == value.to_integral()
        return int(value) if whole else float(value)

    @model_serializer
    def _as_written(self) -> dict[str, Any]:
        named = {
            "from": self.low,
            "to": self.to,
            "step": self.step,
            "round": self.round,
            "choices": self.choices,
        }
        return {
            key: list(each) if isinstance(each, tuple) else each
            for key, each in named.items()
            if each is not None
        }


class Search(StudyTable):
    """The ``[search]`` table.

    plan         : the plan of the study that is varied, by its name or its file; the baseline where left out.
    objectives   : measures of the summary that are to be small; large after ``max:``.
    keep         : bounds that every plan must keep.
    vary         : the clauses that move, by their path in the plan file.
    evaluations  : plans that are settled in the search.
    population   : plans of a generation.
    finalists    : plans that are settled on fresh worlds.
    worlds       : in which plans are searched, from the study's first on; 1,024 where left out, or all of the study's.
    fresh_worlds : other worlds, after the study's own, in which finalists are settled.
    measured     : plans of which measures that take a pass of their own are taken before the search, so that it can
                   predict them; read where an objective or a bound is one.
    seed         : of the search, not of the worlds.
    """

    key: ClassVar[str] = "search"
    _named: str | None = PrivateAttr(None)

    plan: str | None = None
    objectives: Annotated[tuple[str, ...], Field(min_length=1, max_length=5)]
    keep: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    vary: Annotated[dict[str, Vary], Field(min_length=1, max_length=20)]
    evaluations: Annotated[int, Field(ge=10, le=1_000_000)] = 1_000
    population: Annotated[int, Field(ge=8, le=1_000)] = 48
    finalists: Annotated[int, Field(ge=1, le=50)] = 12
    worlds: Annotated[int, Field(ge=64, le=MOST_WORLDS)] | None = None
    fresh_worlds: Annotated[int, Field(ge=FEWEST_FRESH, le=MOST_WORLDS)] = 2_048
    measured: Annotated[int, Field(ge=8, le=1_000)] = 48
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1

    def read(self, where: str, folder: Path, problems: list[Problem]) -> Self:
        """The table with the name of its plan, where it names a file."""
        if self.plan is None or not self.plan.endswith(PLAN_FILE):
            return self
        plan = attempt(problems, load_plan, folder / self.plan, f"{where}.plan")
        table = self.model_copy(update={"plan": None if plan is None else plan.name})
        table._named = self.plan
        return table

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between the table and the plan that it varies, and what it asks that no summary has."""
        problems = [*_wrong(f"{where}.objectives", self.objectives, objective_of)]
        problems += _wrong(f"{where}.keep", self.keep, bound_of)
        if not problems and len({objective.measure for objective in self.asked_objectives}) < len(
            self.objectives
        ):
            problems.append(
                Problem(f"{where}.objectives", "different measures", shown(list(self.objectives)))
            )
        plain = {role_set.name: role_set.roles[0].plan for role_set in study.sets if role_set.plain}
        name = self.plan or study.baseline
        if name in plain:
            return problems + _unvaried(where, self.vary, plain[name]) + _inert(self, plain[name], study)
        if self._named is None and name not in plain:
            fix = near_match(name, list(plain)) or "Name it in plans."
            problems.append(
                Problem(f"{where}.plan", f"a plan of the study, one of {list(plain)}", shown(name), fix)
            )
        elif self.plan is not None:
            fix = f"Add {self._named!r} to plans."
            problems.append(
                Problem(f"{where}.plan", f"one of the study's plans {list(plain)}", shown(self._named), fix)
            )
        return problems

    @property
    def asked_objectives(self) -> tuple[Objective, ...]:
        """The objectives, read."""
        return tuple(map(objective_of, self.objectives))

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """What is to be kept, read."""
        return tuple(map(bound_of, self.keep))

    @property
    def combinations(self) -> int:
        """Plans that the ranges make. [count]"""
        count = 1
        for each in self.vary.values():
            count *= len(each.values)
        return count


def _wrong(where: str, texts: tuple[str, ...], read: Callable[[str], T]) -> list[Problem]:
    """What cannot be read, each with its place."""
    problems = []
    for place, text in enumerate(texts):
        try:
            read(text)
        except InputError as error:
            problems += [problem._replace(where=f"{where}[{place}]") for problem in error.problems]
    return problems


def _inert(search: Search, plan: Plan, study: Declared) -> list[Problem]:
    """Clauses to vary that are paid to nobody."""
    if study.scenario is None or study.scenario.book.people is None:
        return []
    book = make_book(study.scenario)
    calendar = study.scenario.calendar
    agreed = persons_of(people_of(study.scenario, book), study.scenario).agreed
    return list(targets_without_effect(plan, search.vary, agreed, book.csms, calendar))


def _unvaried(where: str, vary: dict[str, Vary], plan: Plan) -> list[Problem]:
    """Paths that lead nowhere, and ranges none of whose values makes a plan while the others stay."""
    problems: list[Problem] = []
    for path, each in vary.items():
        place = f'{where}.vary."{path}"'
        try:
            value_at(plan, path)
        except InputError as error:
            problems += [fault._replace(where=place) for fault in error.problems]
            continue
        first: InputError | None = None
        for value in each.values:
            try:
                plan.altered({path: value})
                break
            except InputError as error:
                first = first or error
        else:
            assert first is not None, "a range has values"
            problems += [fault._replace(where=f"{place}: {fault.where}") for fault in first.problems]
    return problems
