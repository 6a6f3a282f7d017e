"""The ``[stress]`` table of a study: which stresses, how many worlds, and how far inputs are moved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, PrivateAttr, model_validator

from sim.engine.study import Declared, StudyTable
from sim.engine.study_files import stress_files
from sim.errors import Problem, near_match, shown
from sim.files.share import PositiveShare
from sim.files.toml import Table, refuse
from sim.plan.role_set import attempt
from sim.questions.stress.case import ADDED, SHIPPED, Case, load_case, shipped_cases
from sim.questions.stress.limits import Limits
from sim.questions.stress.move import Change

MOST_WORLDS: Final = 1_000_000
STEP: Final = 0.10
"""How far an input without a range of its own is moved, both ways: by a tenth. Assumption. [share of its value]"""

NOT_SEARCHED: Final = ("pay_cut", "exposure")
"""Limits that compare with another scenario, or need dates to be chosen: no break of them is searched."""

Worlds = Annotated[int, Field(ge=2, le=MOST_WORLDS)]
Factor = Annotated[float, Field(ge=1e-6, le=100.0)]


class Range(Table):
    """How far one input may move: a low and a high end, as factors on it, on its odds, or as amounts added.

    input  : dotted path, as in a stress.
    times, odds, add : the low and the high end, in one of the three ways.
    source : who says so, or that it is assumed.
    """

    input: Annotated[str, Field(min_length=1, max_length=400)]
    times: tuple[Factor, Factor] | None = None
    odds: tuple[Factor, Factor] | None = None
    add: tuple[float, float] | None = None
    source: Annotated[str, Field(min_length=1, max_length=400)]

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("times", "odds", "add") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse("a range with one of ['times', 'odds', 'add']", given or None)
        still = 0.0 if self.add is not None else 1.0
        low, high = self.ends
        if not low < still < high:
            raise refuse(f"below {still:g}, then above it", [low, high], key=given[0])
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high end."""
        found = self.times or self.odds or self.add
        assert found is not None, "one of them is given"
        return found

    def at(self, steps: float) -> Change:
        """The move of so many steps: 1 is the high end, -1 the low end, 0 none; factors compound, amounts add up."""
        low, high = self.ends
        end, size = (high, steps) if steps >= 0.0 else (low, -steps)
        if self.add is not None:
            return Change(input=self.input, add=size * end)
        factor = min(max(end**size, 1e-6), 1e6)
        return Change(input=self.input, **{"times" if self.times else "odds": factor})


def default_range(path: str, step: float) -> Range:
    """A tenth of the value down and up (or so much as ``step`` says), as factors that undo each other."""
    return Range(
        input=path, times=(1.0 / (1.0 + step), 1.0 + step), source="assumption: the same step for all"
    )


class Stress(StudyTable):
    """The ``[stress]`` table. All numbers are assumptions about how far to ask.

    cases          : stresses to run by name, shipped or of an installed package; all shipped ones where left out.
    files          : further stress files; paths relative to the study.
    worlds         : of the study, from the first on, in which plans are settled under each stress; all where left out.
    gaming_worlds  : of these, those in which booking dates are chosen.
    tornado_worlds : in which every input is moved.
    reverse_worlds : in which the break is searched.
    step           : how far an input without a range is moved. [share of its value]
    range          : ranges of inputs.
    reach          : how far the break is searched, in steps of each input's range. [step]
    breaks         : what has to break: ``"budget"`` (mean company cost above it) or the name of a limit.
    inputs         : that are searched for the break; where left out, those with the largest effect that do not describe
                     the company's own book (who holds how many accounts of which ARR, due when).
    pair           : two inputs that are moved together; the two with the largest effect where left out.
    """

    key: ClassVar[str] = "stress"
    _loaded: tuple[Case, ...] = PrivateAttr(())

    cases: Annotated[tuple[str, ...], Field(max_length=len(SHIPPED) + len(ADDED))] = SHIPPED
    files: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    worlds: Worlds | None = None
    gaming_worlds: Worlds = 48
    tornado_worlds: Worlds = 128
    reverse_worlds: Worlds = 128
    step: PositiveShare = STEP
    range: Annotated[tuple[Range, ...], Field(max_length=200)] = ()
    reach: Annotated[float, Field(ge=0.01, le=100.0)] = 10.0
    breaks: str = "budget"
    inputs: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    pair: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for index, name in enumerate(self.cases):
            if name not in (*SHIPPED, *ADDED):
                raise refuse(f"one of {[*SHIPPED, *ADDED]}", name, key=f"cases[{index}]")
        paths = [each.input for each in self.range]
        if len(set(paths)) < len(paths):
            raise refuse("ranges of different inputs", paths, key="range")
        if self.pair is not None and self.pair[0] == self.pair[1]:
            raise refuse("two different inputs", list(self.pair), key="pair")
        return self

    @property
    def loaded(self) -> tuple[Case, ...]:
        """The stresses of its files."""
        return self._loaded

    def read(self, where: str, folder: Path, problems: list[Problem]) -> Self:
        """The table with its stress files read."""
        places = [(f"{where}.files[{place}]", folder / file) for place, file in enumerate(self.files)]
        cases = [attempt(problems, load_case, path, place) for place, path in places]
        table = self.model_copy()
        table._loaded = tuple(case for case in cases if case is not None)
        problems += check_names(where, self, cases)
        return table

    def paths(self) -> tuple[str, ...]:
        """The stress files."""
        return self.files

    def kept(self) -> Self:
        """The table with its files by the paths that results give them."""
        return self.model_copy(update={"files": stress_files(len(self.files))})

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between what is to break and what the study limits."""
        return check_breaks(where, self, study.asked(Limits), study.budget)

    def content(self) -> dict[str, Any]:
        """The stresses of its files."""
        if not self._loaded:
            return {}
        added = shipped_cases([name for name in self.cases if name in ADDED])
        return {"cases": [each.model_dump(mode="json") for each in (*self._loaded, *added)]}


def check_names(where: str, stress: Stress, cases: Sequence[Case | None]) -> list[Problem]:
    """Which stress files do not have a name of their own."""
    problems = []
    names = list(stress.cases)
    for index, case in enumerate(cases):
        if case is None:
            continue
        if case.name in (*names, *SHIPPED, *ADDED):
            fix = "Rename it; shipped stresses have names of their own."
            allowed = "stresses of different names"
            problems.append(Problem(f"{where}.files[{index}]", allowed, shown(case.name), fix))
        names.append(case.name)
    return problems


def check_breaks(where: str, stress: Stress, limits: Limits | None, budget: float | None) -> list[Problem]:
    """What is wrong between what is to break and what the study limits."""
    problems = []
    known = ["budget", *(limits.most if limits is not None else ())]
    if stress.breaks not in known:
        fix = near_match(stress.breaks, known) or "A limit must stand in [limits]."
        problems.append(Problem(f"{where}.breaks", f"one of {known}", shown(stress.breaks), fix))
    elif stress.breaks in NOT_SEARCHED:
        problems.append(
            Problem(
                f"{where}.breaks",
                f"none of {list(NOT_SEARCHED)}",
                shown(stress.breaks),
                "Ask for another limit.",
            )
        )
    elif stress.breaks == "budget" and budget is None and "breaks" in stress.model_fields_set:
        problems.append(Problem(f"{where}.breaks", "a limit", "'budget'", "The study has no budget."))
    return problems
