"""Read a study file and everything it names, and check it: one scenario, several plans, one seed, and what else is asked."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, cast

from pydantic import Field, create_model, field_validator

from sim.engine.own_terms import own_terms
from sim.engine.study import (
    FEWEST_WORLDS,
    LARGEST_SEED,
    MOST_WORLDS,
    Declared,
    Study,
    StudyTable,
    too_large,
)
from sim.engine.study_files import Files, files_of
from sim.errors import InputError, Problem, near_match, shown
from sim.files.toml import Name, Table, Title, check, read_toml, refuse
from sim.plan.comparable import (
    ON_THE_PLAN,
    Normalise,
    Normalised,
    check_comparable,
    check_normalise,
    check_reached,
    scaled,
)
from sim.plan.role_set import RoleSet, attempt, check_role_sets, load_role_set
from sim.questions.tables import TABLES
from sim.world.scenario import Scenario, load_scenario

MOST_PLANS: Final = 200


class Record(Table):
    """What ``run`` writes into the study file of its results; for people, not read back.

    hash, version, draw_plan, python, numpy, numba : of the study, the program, the order of its draws, and what it ran on.
    extensions : packages whose rules or measures its plans use, with their versions.
    """

    hash: str = ""
    version: str = ""
    draw_plan: int | str = ""
    python: str = ""
    numpy: str = ""
    numba: str = ""
    extensions: str = ""


class Heading(Table):
    """A study as its file declares it, without the tables that its questions declare. Paths are relative to the file.

    name     : of the study, and of the folder of its results.
    title    : what its reports are called.
    scenario : the scenario's file.
    record   : of the run that wrote the file; not read.
    seed     : of every draw; the same seed gives the same worlds to every plan and study with the same
               scenario.
    worlds   : simulated futures of the whole company.
    plans    : plan files, and role sets.
    baseline : name of the plan (or role set) that the others are compared with, world by world.
    budget   : for the company cost of the horizon. [usd]
    normalise: scale the pay of every plan to the baseline's: ``"ote"`` (on-target earnings, each plan with its own pay
               mix) or ``"variable"`` (target variable pay, and the salary, so that plans differ by their rules alone).
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
    record: Record | None = None

    @field_validator("name")
    @classmethod
    def _names_a_directory(cls, name: str) -> str:
        if not all(letter.isalnum() or letter in "-_." for letter in name) or not name[0].isalnum():
            raise refuse("letters, digits, '-', '_' and '.', starting with a letter or digit", name)
        return name

    @property
    def tables(self) -> tuple[StudyTable, ...]:
        """What is asked beside the cost."""
        asked = (getattr(self, kind.key) for kind in TABLES)
        return tuple(table for table in asked if table is not None)


StudyFile = cast(
    type[Heading],
    create_model(
        "StudyFile", __base__=Heading, **cast(Any, {kind.key: (kind | None, None) for kind in TABLES})
    ),
)
"""A study file: its heading, and every table that some question declares."""


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
    scenario = attempt(problems, load_scenario, scenario_path, f"{path}: scenario")
    read = [
        attempt(problems, load_role_set, path.parent / plan, f"{path}: plans[{place}]")
        for place, plan in enumerate(file.plans)
    ]
    found = checked(path, file, scenario, read, problems)
    asked_files = [path.parent / each for table in found.tables for each in table.paths()]
    return found.study(lambda held: files_of(held, scenario_path, list(found.sets), asked_files))


class Checked(NamedTuple):
    """A study whose parts fit together. tables : as its file has them, with the files that they name read."""

    path: Path
    file: Heading
    scenario: Scenario
    sets: tuple[RoleSet, ...]
    tables: tuple[StudyTable, ...]
    normalised: Normalised | None

    def study(self, files: Callable[[Scenario], Files]) -> Study:
        """The study. files : the text of its files. Raises: InputError as ``files``."""
        return Study(
            path=self.path,
            name=self.file.name,
            title=self.file.title,
            seed=self.file.seed,
            worlds=self.file.worlds,
            scenario=self.scenario,
            sets=self.sets,
            baseline=self.file.baseline,
            budget=self.file.budget,
            files=files(self.scenario),
            tables=tuple(table.kept() for table in self.tables),
            normalised=self.normalised,
        )


def checked(
    path: Path,
    file: Heading,
    scenario: Scenario | None,
    read: Sequence[RoleSet | None],
    problems: list[Problem],
) -> Checked:
    """The parts of a study held against each other.

    scenario, read : None where they cannot be read, and ``problems`` say why.

    Raises: InputError with every problem.
    """
    sets = [each for each in read if each is not None]
    complete = None not in read
    normalised = None
    if scenario is not None and complete:
        sets, normalised, wrong = _comparable(path, file, sets, scenario)
        problems += wrong
    if scenario is not None:
        problems += _without_scale(sets, scenario)
    segments = None if scenario is None else [segment.name for segment in scenario.segment]
    problems += check_role_sets(f"{path}: plans", sets, segments)
    if complete:
        problems += _baseline(path, file, [role_set.name for role_set in sets])
    tables = tuple(table.read(f"{path}: {table.key}", path.parent, problems) for table in file.tables)
    declared = Declared(path, file.baseline, file.budget, tuple(sets), scenario if complete else None, tables)
    problems += [fault for table in tables for fault in table.faults(f"{path}: {table.key}", declared)]
    if scenario is not None and sets:
        plans = sum(len(role_set.roles) for role_set in sets)
        problems += too_large(f"{path}: worlds", file.worlds, plans, scenario.periods)
    if scenario is None or problems:
        raise InputError(dict.fromkeys(problems))
    return Checked(path, file, scenario, tuple(sets), tables, normalised)


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


def _without_scale(sets: Sequence[RoleSet], scenario: Scenario) -> Iterator[Problem]:
    """Plans that read a KPI of which the scenario does not say how it is spread."""
    known = scenario.kpi.names
    for role in (role for role_set in sets for role in role_set.roles):
        for index, component in enumerate(role.plan.component):
            if component.kpi is not None and component.kpi not in known:
                fix = near_match(component.kpi, known) or (
                    f"Add [kpi.own.{component.kpi}] with its correlation with health and its scale to the scenario."
                )
                yield Problem(
                    f"{role.path}: component[{index}].kpi",
                    "a KPI that the scenario has a scale for",
                    shown(component.kpi),
                    fix,
                )


def _comparable(
    path: Path, file: Heading, sets: list[RoleSet], scenario: Scenario
) -> tuple[list[RoleSet], Normalised | None, list[Problem]]:
    """The role sets, scaled where the study asks for it, and why they cannot be compared."""
    try:
        own = own_terms(scenario)
    except InputError:
        own = ON_THE_PLAN  # what is wrong with its people is said where its files are read
    if file.normalise is None:
        return sets, None, check_comparable(path, sets, own)
    problems = check_normalise(path, file.normalise, sets, file.baseline, own)
    if problems or file.baseline not in [role_set.name for role_set in sets]:
        return sets, None, problems
    of_one_size, found = scaled(sets, file.baseline, file.normalise, scenario.calendar, own)
    return of_one_size, found, list(check_reached(of_one_size, found, file.baseline, scenario.calendar))


def _baseline(path: Path, file: Heading, names: list[str]) -> list[Problem]:
    if file.baseline in names:
        return []
    fix = near_match(file.baseline, names)
    return [Problem(f"{path}: baseline", f"one of {sorted(set(names))}", shown(file.baseline), fix)]
