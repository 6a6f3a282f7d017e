"""A study ready to run: one scenario, several plans, one seed, and the tables that ask more of them than their cost."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple, Self, TypeVar

from sim.engine.study_files import Files
from sim.engine.whole_number import number, whole
from sim.errors import InputError, Problem
from sim.files.toml import Table
from sim.measure.clustered import Clusters
from sim.plan.comparable import Normalised
from sim.plan.plan import Plan
from sim.plan.role_set import RoleSet
from sim.world.scenario import Scenario
from sim.world.shift import NO_SHIFT, Shift

FEWEST_WORLDS: Final = 2
MOST_WORLDS: Final = 10_000_000
LARGEST_SEED: Final = 2**64 - 1
MOST_TOTALS: Final = 750_000_000
"""Numbers kept for all worlds (6 GB). [plan x world x (period + 4)]"""

T = TypeVar("T", bound="StudyTable")


class Declared(NamedTuple):
    """What a study file declares, for what is wrong between its parts. scenario : None where it cannot be read."""

    path: Path
    baseline: str
    budget: float | None
    sets: tuple[RoleSet, ...]
    scenario: Scenario | None
    tables: tuple["StudyTable", ...]

    def asked(self, kind: type[T]) -> T | None:
        """The table of this kind; None where the file has none."""
        return next((table for table in self.tables if isinstance(table, kind)), None)


class StudyTable(Table):
    """An optional table of the study file, declared by the question that it asks. ``key`` is its name in the file."""

    key: ClassVar[str]

    def read(self, where: str, folder: Path, problems: list[Problem]) -> Self:
        """The table with the files that it names read; what is wrong with them is added to ``problems``."""
        return self

    def paths(self) -> tuple[str, ...]:
        """The files that it names, relative to the study."""
        return ()

    def kept(self) -> Self:
        """The table as results keep it: its files by the paths that they have there."""
        return self

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between the table and the rest of its study."""
        return []

    def content(self) -> dict[str, Any]:
        """What of its files decides the result, for the hash of the study."""
        return {}

    def outcome_shift(self, role_set: str, segment: str, books: int | None) -> Shift:
        """How outcomes differ in a segment under a role set, in a company of so many books."""
        return NO_SHIFT

    def losses(self) -> tuple[float, ...]:
        """Losses of a payee's pay against the baseline that it asks to be counted. [share]"""
        return ()


class Plans(tuple[Plan, ...]):
    """Plans in order, to be had by place or by name."""

    def __getitem__(self, key: Any) -> Any:
        """A plan; of several of one name the first.

        Raises: KeyError with the names there are.
        """
        if not isinstance(key, str):
            return super().__getitem__(key)
        for plan in self:
            if plan.name == key:
                return plan
        raise KeyError(f"{key!r}: the study has {', '.join(plan.name for plan in self)}")


@dataclass(frozen=True)
class Study:
    """A study ready to run; made by ``sim.load``.

    path   : the study file.
    sets   : what is compared; a plan file is the role set of one CSM a book.
    budget : for the company cost of the horizon, or None. [usd]
    tables : what is asked beside the cost.
    normalised : to what the pay of ``sets`` was scaled; None where it is as their files have it.
    """

    path: Path
    name: str
    title: str
    seed: int
    worlds: int
    scenario: Scenario
    sets: tuple[RoleSet, ...]
    baseline: str
    budget: float | None
    files: Files
    tables: tuple[StudyTable, ...] = ()
    normalised: Normalised | None = None

    def __repr__(self) -> str:
        """Short, and without the files' content, which is the company's."""
        return f"Study({self.name!r}: {len(self.sets)} plans, {self.worlds:,} worlds, seed {self.seed})"

    @property
    def clusters(self) -> Clusters:
        """How its worlds share draws of what is not known."""
        return Clusters(None if self.scenario.draws is None else len(self.scenario.draws))

    @property
    def plans(self) -> Plans:
        """The plan of every role of every role set, in order: one for each plan file."""
        return Plans(role.plan for role_set in self.sets for role in role_set.roles)

    @property
    def baseline_index(self) -> int:
        """Position of the baseline among the role sets."""
        return [role_set.name for role_set in self.sets].index(self.baseline)

    def asked(self, kind: type[T]) -> T | None:
        """The table of this kind; None where the study does not ask."""
        return next((table for table in self.tables if isinstance(table, kind)), None)

    def asking(self, *tables: StudyTable) -> "Study":
        """The same study with these tables in the place of those of the same name."""
        names = {table.key for table in tables}
        return replace(self, tables=(*(each for each in self.tables if each.key not in names), *tables))

    def without(self, *kinds: type[StudyTable]) -> "Study":
        """The same study without the tables of these kinds."""
        return replace(self, tables=tuple(table for table in self.tables if not isinstance(table, kinds)))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything that decides the result: study, scenario, plans and book. Paths and threads
        do not.
        """
        book, people, draws = self.files.book, self.files.people, self.scenario.draws
        content: dict[str, Any] = {
            "study": [self.name, self.seed, self.worlds, self.baseline, self.budget],
            "scenario": self.scenario.model_dump(
                mode="json", exclude={"book": {"file", "people"}, "uncertainty": True}
            ),
            "plans": [role_set.content() for role_set in self.sets],
            "book": None if book is None else hashlib.sha256(book.encode()).hexdigest(),
            **({} if people is None else {"people": hashlib.sha256(people.encode()).hexdigest()}),
            **({} if draws is None else {"draws": draws.digest}),
            **({"extensions": self.extensions} if self.extensions else {}),
            **self.asks,
        }
        for table in self.tables:
            content |= table.content()
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def extensions(self) -> list[str]:
        """The packages, with their versions, whose rules or measures its plans use."""
        return sorted({package for plan in self.plans for package in plan.extensions})

    @property
    def asks(self) -> dict[str, Any]:
        """The tables as plain values, by their names in the file."""
        return {table.key: table.model_dump(mode="json", exclude_none=True) for table in self.tables}

    def altered(self, seed: object = None, worlds: object = None) -> "Study":
        """The same study with another seed or number of worlds; None leaves them.

        Raises: InputError when one of them is out of bounds, or no whole number.
        """
        problems = whole("--worlds", worlds, FEWEST_WORLDS, MOST_WORLDS)
        problems += whole("--seed", seed, 0, LARGEST_SEED)
        if not problems and worlds is not None:
            problems += too_large("--worlds", number(worlds), len(self.plans), self.scenario.calendar.periods)
        if problems:
            raise InputError(problems)
        return replace(
            self,
            seed=self.seed if seed is None else number(seed),
            worlds=self.worlds if worlds is None else number(worlds),
        )


def too_large(where: str, worlds: int, plans: int, periods: int) -> list[Problem]:
    """Per-world totals are kept in memory; refuse what would not fit rather than fail half-way."""
    most = MOST_TOTALS // (plans * (periods + 4))
    if worlds <= most:
        return []
    allowed = f"at most {most:,} for {plans} plans and {periods} periods"
    return [Problem(where, allowed, f"{worlds:,}", "The total of every world is kept in memory.")]


def variants_of(study: Study) -> tuple[list[dict[str, Shift]], tuple[int, ...]]:
    """The shifts of outcomes by segment that the role sets of a study live under, each once, and which of them is each role
    set's. Where no table shifts outcomes there is one, and it is empty.
    """
    books = books_of(study.scenario)
    shifts: list[dict[str, Shift]] = []
    chosen = []
    for role_set in study.sets:
        by_segment = {
            segment.name: _shift(study.tables, role_set.name, segment.name, books)
            for segment in study.scenario.segment
        }
        moved = {name: shift for name, shift in by_segment.items() if shift != NO_SHIFT}
        if moved not in shifts:
            shifts.append(moved)
        chosen.append(shifts.index(moved))
    return shifts, tuple(chosen)


def _shift(tables: Iterable[StudyTable], role_set: str, segment: str, books: int | None) -> Shift:
    total = NO_SHIFT
    for table in tables:
        total += table.outcome_shift(role_set, segment, books)
    return total


def books_of(scenario: Scenario) -> int | None:
    """Books of a company that is drawn; None where they stand in a file. [count]"""
    if scenario.book.file is not None:
        return None
    return sum(segment.csms or 0 for segment in scenario.segment)
