"""The faults of plans, before any simulation; of a study also what its scenario reaches."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from sim.calls.found import Found
from sim.engine.study import Study
from sim.errors import InputError, Problem
from sim.plan.plan import Plan
from sim.questions.lint.report import lint_table
from sim.questions.lint.summary import Fault
from sim.shapes.section import Section
from sim.shapes.words import counted


class Linted(NamedTuple):
    """One plan (or role set) and its faults."""

    name: str
    title: str
    faults: tuple[Fault, ...]


def lint(*plans: Plan | Study | str | PathLike[str]) -> Found[tuple[Linted, ...]]:
    """Pumps, cliffs, dead zones and odd numbers in plans, each with its number; nothing is simulated but of a study, whose
    thresholds and targets are looked at in a few worlds.

    plans : plans, studies, or the paths of either.

    Raises: InputError with every problem of every file, or when two plans share a name.
    """
    found = tuple(linted(plans))
    faults = sum(len(each.faults) for each in found)
    table = lint_table({each.name: each.faults for each in found})
    section = Section("lints", "Faults", "", tables=() if table is None else (table,))
    return Found(
        f"Lint({counted(len(found), 'plan')}: {counted(faults, 'fault')})", found, [section], document(found)
    )


def document(found: Sequence[Linted]) -> dict[str, object]:
    """What ``csmsim lint --json`` prints."""
    entries = {
        each.name: {"title": each.title or each.name, "lints": [fault.document() for fault in each.faults]}
        for each in found
    }
    return {"plans": entries}


def linted(plans: Sequence[Plan | Study | str | PathLike[str]]) -> list[Linted]:
    """The faults of every plan, and of every plan of a study.

    Raises: InputError as ``lint``.
    """
    found: dict[str, Linted] = {}
    problems: list[Problem] = []
    for plan in plans:
        try:
            ours = _of(plan)
        except InputError as error:
            problems += error.problems
            continue
        for each in ours:
            if each.name in found:
                where = f"{plan}: name" if isinstance(plan, str | PathLike) else "name"
                fix = "Rename one of them, or give it once."
                problems.append(Problem(where, "unlike that of the plans before", repr(each.name), fix))
            found[each.name] = each
    if problems:
        raise InputError(problems)
    return list(found.values())


def _of(plan: Plan | Study | str | PathLike[str]) -> list[Linted]:
    if isinstance(plan, Plan):
        return [_of_plan(plan)]
    if isinstance(plan, Study):
        return _of_study(plan)
    path = Path(plan)
    if _is_study(path):
        from sim.study.load import load

        return _of_study(load(path))
    from sim.plan.plan import load_plan

    return [_of_plan(load_plan(path))]


def _is_study(path: Path) -> bool:
    """Whether a file declares a study; one that cannot be read is taken for a plan, and told as such."""
    from sim.files.toml import read_toml

    try:
        document = read_toml(path)
    except InputError:
        return False
    return "component" not in document and {"scenario", "plans"} <= document.keys()


def _of_plan(plan: Plan) -> Linted:
    from sim.plan.lint import lint as faults_of
    from sim.questions.lint.summary import fault_of

    return Linted(plan.name, plan.title, tuple(map(fault_of, faults_of(plan))))


def _of_study(study: Study) -> list[Linted]:
    from sim.questions.lint.reach import lint_study

    return [Linted(each.name, each.title, faults) for each, faults in lint_study(study)]
