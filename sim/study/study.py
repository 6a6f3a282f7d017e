"""A study file and everything it names, read and checked: one scenario, several plans, one seed."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, field_validator

from sim.errors import InputError, Problem, near_match, shown
from sim.files.toml import Name, Table, Title, check, read_toml, refuse
from sim.plan.plan import Plan
from sim.study.comparable import Normalise, Normalised, check_comparable, check_normalise, scaled
from sim.study.forecast.setting import Forecast, check_forecast
from sim.study.gaming.setting import Gaming
from sim.study.ownership.setting import Ownership, check_ownership
from sim.study.response.checks import check_behaviour
from sim.study.response.setting import Incentive, Response
from sim.study.role_set import RoleSet, attempt, check_role_sets, load_role_set
from sim.study.stress.case import Case, load_case
from sim.study.stress.limits import Limits, check_limits
from sim.study.stress.setting import Stress, check_stress
from sim.study.study_files import Files, files_of, stress_files
from sim.study.whole_number import whole
from sim.world.scenario import Scenario, load_scenario

FEWEST_WORLDS: Final = 2
MOST_WORLDS: Final = 10_000_000
LARGEST_SEED: Final = 2**64 - 1
MOST_TOTALS: Final = 750_000_000
"""Numbers kept for all worlds (6 GB). [plan x world x (period + 4)]"""
MOST_PLANS: Final = 200


class Record(Table):
    """What ``run`` writes into the study file of its results; for people, not read back."""

    hash: str = ""
    version: str = ""
    draw_plan: int | str = ""
    python: str = ""
    numpy: str = ""
    numba: str = ""


class StudyFile(Table):
    """A study as its file declares it. Paths are relative to the file.

    seed     : of every draw; the same seed gives the same worlds to every plan and study with the same
               scenario.
    worlds   : simulated futures of the whole company.
    plans    : plan files, and role sets.
    baseline : name of the plan (or role set) that the others are compared with, world by world.
    budget   : for the company cost of the horizon. [usd]
    normalise: scale the pay of every plan to the baseline's: ``"ote"`` (on-target earnings, each plan with its own pay
               mix) or ``"variable"`` (target variable pay, and the salary, so that plans differ by their rules alone).
    ownership: what the comparison of role sets assumes of their outcomes, and companies to compare on.
    incentive: measure what each plan rewards.
    response : let CSMs respond, and value what the company gets.
    gaming   : measure what choosing booking dates is worth to CSMs.
    limits   : what a plan must keep to; read by ``csmsim stress``.
    stress   : what ``csmsim stress`` asks.
    forecast : what a board asks beside the cost.
    """

    name: Name
    title: Title = ""
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    worlds: Annotated[int, Field(ge=FEWEST_WORLDS, le=MOST_WORLDS)]
    scenario: str
    plans: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_PLANS)]
    baseline: str
    budget: Annotated[float, Field(ge=0.01, le=1e15)] | None = None
    normalise: Normalise | None = None
    ownership: Ownership | None = None
    incentive: Incentive | None = None
    response: Response | None = None
    gaming: Gaming | None = None
    limits: Limits | None = None
    stress: Stress | None = None
    forecast: Forecast | None = None
    record: Record | None = None

    @field_validator("name")
    @classmethod
    def _names_a_directory(cls, name: str) -> str:
        if not all(letter.isalnum() or letter in "-_." for letter in name) or not name[0].isalnum():
            raise refuse("letters, digits, '-', '_' and '.', starting with a letter or digit", name)
        return name


@dataclass(frozen=True)
class Study:
    """A study ready to run; made by ``sim.load``.

    path   : the study file.
    sets   : what is compared; a plan file is the role set of one CSM a book.
    budget : for the company cost of the horizon, or None. [usd]
    cases  : stresses of the files that ``stress`` names.
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
    ownership: Ownership | None = None
    incentive: Incentive | None = None
    response: Response | None = None
    gaming: Gaming | None = None
    limits: Limits | None = None
    stress: Stress | None = None
    forecast: Forecast | None = None
    cases: tuple[Case, ...] = ()
    normalised: Normalised | None = None

    def __repr__(self) -> str:
        """Short, and without the files' content, which is the company's."""
        return f"Study({self.name!r}: {len(self.sets)} plans, {self.worlds:,} worlds, seed {self.seed})"

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plan of every role of every role set, in order: one for each plan file."""
        return tuple(role.plan for each in self.sets for role in each.roles)

    @property
    def baseline_index(self) -> int:
        """Position of the baseline among the role sets."""
        return [each.name for each in self.sets].index(self.baseline)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything that decides the result: study, scenario, plans and book. Paths and threads
        do not.
        """
        book = self.files.book
        content = {
            "study": [self.name, self.seed, self.worlds, self.baseline, self.budget],
            "scenario": self.scenario.model_dump(mode="json", exclude={"book": {"file"}}),
            "plans": [each.content() for each in self.sets],
            "book": None if book is None else hashlib.sha256(book.encode()).hexdigest(),
            **self.asked,
            **({"cases": [each.model_dump(mode="json") for each in self.cases]} if self.cases else {}),
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def asked(self) -> dict[str, Any]:
        """The optional tables, as plain values."""
        tables: dict[str, Table | None] = {
            "ownership": self.ownership,
            "incentive": self.incentive,
            "response": self.response,
            "gaming": self.gaming,
            "limits": self.limits,
            "stress": self.stress,
            "forecast": self.forecast,
        }
        return {
            name: each.model_dump(mode="json", exclude_none=True)
            for name, each in tables.items()
            if each is not None
        }

    def altered(self, seed: int | None = None, worlds: int | None = None) -> "Study":
        """The same study with another seed or number of worlds.

        Raises: InputError when one of them is out of bounds.
        """
        altered = replace(
            self, seed=self.seed if seed is None else seed, worlds=self.worlds if worlds is None else worlds
        )
        problems = whole("--worlds", worlds, FEWEST_WORLDS, MOST_WORLDS)
        problems += whole("--seed", seed, 0, LARGEST_SEED)
        if not problems and worlds is not None:
            problems += _too_large("--worlds", worlds, len(self.plans), self.scenario.calendar.periods)
        if problems:
            raise InputError(problems)
        return altered


def load(path: str | Path) -> Study:
    """Read a study file, its scenario and its plans.

    Raises: InputError with every problem of every file.

    >>> load("missing.toml")
    Traceback (most recent call last):
    sim.errors.InputError: missing.toml must be an existing file, received nothing at this path.
    """
    path = Path(path)
    document = read_toml(path)
    try:
        file = check(StudyFile, document, str(path))
    except InputError as error:
        raise InputError([*error.problems, *_of_named(path, document)]) from None
    problems: list[Problem] = []
    scenario_path = path.parent / file.scenario
    plan_paths = [path.parent / plan for plan in file.plans]
    scenario = attempt(problems, load_scenario, scenario_path, f"{path}: scenario")
    read = [
        attempt(problems, load_role_set, each, f"{path}: plans[{place}]")
        for place, each in enumerate(plan_paths)
    ]
    sets = [each for each in read if each is not None]
    normalised = None
    if scenario is not None and None not in read:
        sets, normalised, found = _comparable(path, file, sets, scenario)
        problems += found
    plans = sum(len(each.roles) for each in sets)
    segments = None if scenario is None else [segment.name for segment in scenario.segment]
    problems += check_role_sets(f"{path}: plans", sets, segments)
    if scenario is not None and None not in read:
        problems += _asked(path, file, sets, scenario)
    elif None not in read:
        problems += _baseline(path, file, [each.name for each in sets])
    if file.limits is not None:
        problems += check_limits(f"{path}: limits", file.limits, file.budget)
    stress = file.stress or Stress()
    cases = [
        attempt(problems, load_case, path.parent / each, f"{path}: stress.files[{place}]")
        for place, each in enumerate(stress.files)
    ]
    problems += check_stress(f"{path}: stress", stress, cases, file.limits, file.budget)
    if scenario is not None and sets:
        problems += _too_large(f"{path}: worlds", file.worlds, plans, scenario.periods)
    if scenario is None or problems:
        raise InputError(dict.fromkeys(problems))
    return Study(
        path=path,
        name=file.name,
        title=file.title,
        seed=file.seed,
        worlds=file.worlds,
        scenario=scenario,
        sets=tuple(sets),
        baseline=file.baseline,
        budget=file.budget,
        files=files_of(scenario, scenario_path, sets, [path.parent / each for each in stress.files]),
        ownership=file.ownership,
        incentive=file.incentive,
        response=file.response,
        gaming=file.gaming,
        limits=file.limits,
        forecast=file.forecast,
        stress=None
        if file.stress is None
        else file.stress.model_copy(update={"files": stress_files(len(stress.files))}),
        cases=tuple(each for each in cases if each is not None),
        normalised=normalised,
    )


def _asked(path: Path, file: StudyFile, sets: list[RoleSet], scenario: Scenario) -> list[Problem]:
    """What is wrong between what a study asks, its plans and its scenario."""
    problems = _baseline(path, file, [each.name for each in sets])
    if file.ownership is not None:
        problems += check_ownership(f"{path}: ownership", file.ownership, sets, scenario)
    problems += check_behaviour(str(path), file.incentive, file.response, file.baseline, sets, scenario)
    if file.forecast is not None:
        problems += check_forecast(f"{path}: forecast", file.forecast, scenario)
    return problems


def _of_named(path: Path, document: dict[str, Any]) -> list[Problem]:
    """The problems of the scenario and plans that a study names, where its own hide them."""
    problems: list[Problem] = []
    if isinstance(scenario := document.get("scenario"), str):
        attempt(problems, load_scenario, path.parent / scenario, f"{path}: scenario")
    plans = document.get("plans")
    for place, plan in enumerate(plans if isinstance(plans, tuple) else ()):
        if isinstance(plan, str):
            attempt(problems, load_role_set, path.parent / plan, f"{path}: plans[{place}]")
    return problems


def _comparable(
    path: Path, file: StudyFile, sets: list[RoleSet], scenario: Scenario
) -> tuple[list[RoleSet], Normalised | None, list[Problem]]:
    """The role sets, scaled where the study asks for it, and why they cannot be compared."""
    if file.normalise is None:
        return sets, None, check_comparable(path, sets)
    problems = check_normalise(path, file.normalise, sets, file.baseline)
    if problems or file.baseline not in [each.name for each in sets]:
        return sets, None, problems
    return (*scaled(sets, file.baseline, file.normalise, scenario.calendar), [])


def _baseline(path: Path, file: StudyFile, names: list[str]) -> list[Problem]:
    if file.baseline in names:
        return []
    fix = near_match(file.baseline, names)
    return [Problem(f"{path}: baseline", f"one of {sorted(set(names))}", shown(file.baseline), fix)]


def _too_large(where: str, worlds: int, plans: int, periods: int) -> list[Problem]:
    """Per-world totals are kept in memory; refuse what would not fit rather than fail half-way."""
    most = MOST_TOTALS // (plans * (periods + 4))
    if worlds <= most:
        return []
    allowed = f"at most {most:,} for {plans} plans and {periods} periods"
    return [Problem(where, allowed, f"{worlds:,}", "The total of every world is kept in memory.")]
