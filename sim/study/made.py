"""A study made of values, without a file: what a study file says, as arguments."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias

from sim.engine.study import Study as Made
from sim.engine.study_files import texts_of
from sim.errors import InputError, Problem, shown
from sim.files.toml import check, frozen
from sim.plan.plan import Plan
from sim.plan.role_set import CSM, Role, RoleSet, load_role_set
from sim.study.load import StudyFile, checked
from sim.world.scenario import Scenario, load_scenario, scenario_of

Document: TypeAlias = Mapping[str, Any]
WORLDS: Final = 1_000
"""Of a study that does not say how many."""
SEED: Final = 1


def Study(
    scenario: Scenario | Document | str | PathLike[str],
    plans: Sequence[Plan | Document | str | PathLike[str]],
    *,
    name: str = "study",
    title: str = "",
    seed: int = SEED,
    worlds: int = WORLDS,
    baseline: str | None = None,
    budget: float | None = None,
    normalise: str | None = None,
    **tables: Document,
) -> Made:
    """A study without a file, checked as one that has one.

    scenario  : as ``sim.load`` reads it, the tables of a scenario file, or its path.
    plans     : plans, the tables of plan files, or their paths; role sets by their paths. Paths, also in tables, are
                relative to the working directory.
    baseline  : the first plan where left out.
    budget    : for the company cost of the horizon. [usd]
    normalise : as in a study file, and so are ``tables``, such as ``limits={"cost_p90": 1.0}``.

    Raises: InputError with every problem.
    """
    where = Path(name) if type(name) is str and name else Path("study")
    problems: list[Problem] = []
    held = _attempt(problems, _scenario, scenario)
    given = list(plans) if isinstance(plans, list | tuple) else []
    if not given:
        problems.append(Problem(f"{where}: plans", "plans, one at least", shown(plans)))
    read = [_attempt(problems, _set, each) for each in given]
    names = [each.name for each in read if each is not None]
    first = names[0] if names else ""
    heading = {"name": name, "title": title, "seed": seed, "worlds": worlds, "baseline": baseline or first}
    said = {"budget": budget, "normalise": normalise}
    document = {**heading, **{key: each for key, each in said.items() if each is not None}, **tables}
    paths = {"scenario": "scenario.toml", "plans": [f"{each}.toml" for each in names] or ["plan.toml"]}
    try:
        file = check(StudyFile, frozen(document | paths), str(where))
    except InputError as error:
        raise InputError(dict.fromkeys([*error.problems, *problems])) from None
    found = checked(where, file, held, read, problems)
    asked = [Path(each) for table in found.tables for each in table.paths()]
    return found.study(lambda scenario: texts_of(scenario, found.sets, asked))


def _attempt(problems: list[Problem], read: Any, value: Any) -> Any:
    """What ``read`` makes of a value; None, and its problems added, when it cannot be used."""
    try:
        return read(value)
    except InputError as error:
        problems += error.problems
        return None


def _scenario(value: object) -> Scenario:
    if isinstance(value, Scenario):
        return value
    if isinstance(value, Mapping):
        return scenario_of(value)
    if isinstance(value, str | PathLike):
        return load_scenario(Path(value))
    allowed = "a scenario, its tables as a dict, or its path"
    raise InputError([Problem("scenario", allowed, shown(value))])


def _set(value: object) -> RoleSet:
    if isinstance(value, str | PathLike):
        return load_role_set(Path(value))
    if isinstance(value, Mapping):
        value = Plan.from_dict(value)
    if not isinstance(value, Plan):
        allowed = "a plan, its tables as a dict, or its path"
        raise InputError([Problem("plans", allowed, shown(value))])
    return RoleSet(
        Path(), value.name, value.title, (Role(CSM, value, Path(), holds_book=True),), True,
        value.about.not_modelled,
    )  # fmt: skip
