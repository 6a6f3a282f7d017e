"""``csmsim lint``: what the clauses of plans give away, before any simulation; of a study also what its scenario reaches."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.questions.lint.summary import Fault

FOUND = 1
"""Exit code of ``--strict`` where a plan has a fault."""


class Linted(NamedTuple):
    """One plan (or role set) of the command line and its faults."""

    name: str
    title: str
    faults: "tuple[Fault, ...]"


def lint(
    plans: Annotated[
        list[Path], typer.Argument(metavar="PLAN.toml...", help="Plans, or studies, to look at.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Leave with 1 when a plan has a fault.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON.")] = False,
) -> None:
    """Find pumps, cliffs, dead zones and odd numbers in plan files, each with its number; nothing is simulated.

    Of a study, its plans are looked at, and thresholds and targets that its scenario hardly ever meets, in a few worlds.
    """
    found = linted(plans)
    if as_json:
        entries = {
            each.name: {
                "title": each.title or each.name,
                "lints": [fault.document() for fault in each.faults],
            }
            for each in found
        }
        typer.echo(json.dumps({"plans": entries}, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from sim.cli.run import terminal
        from sim.questions.lint.terminal import fault_sentences

        console = terminal()
        for each in found:
            if each.faults:
                title = f"{each.name} · {each.title}" if each.title else each.name
                console.print(fault_sentences(title, each.faults))
                console.print()
    if strict and any(each.faults for each in found):
        raise typer.Exit(FOUND)


def linted(paths: list[Path]) -> list[Linted]:
    """The faults of every plan file, and of every plan of a study file.

    Raises: InputError with every problem of every file, or when two plans share a name.
    """
    studies = {path for path in paths if _is_study(path)}
    found: dict[str, Linted] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            ours = _of_study(path) if path in studies else _of_plan(path)
        except InputError as error:
            problems += error.problems
            continue
        for each in ours:
            if each.name in found:
                fix = "Rename one of them, or give it once."
                problems.append(
                    Problem(f"{path}: name", "unlike that of the plans before", repr(each.name), fix)
                )
            found[each.name] = each
    if problems:
        raise InputError(problems)
    return list(found.values())


def _is_study(path: Path) -> bool:
    """Whether a file declares a study; one that cannot be read is taken for a plan, and told as such."""
    from sim.files.toml import read_toml

    try:
        document = read_toml(path)
    except InputError:
        return False
    return "component" not in document and {"scenario", "plans"} <= document.keys()


def _of_plan(path: Path) -> list[Linted]:
    from sim.plan.lint import lint as faults_of
    from sim.plan.plan import load_plan
    from sim.questions.lint.summary import fault_of

    plan = load_plan(path)
    return [Linted(plan.name, plan.title, tuple(map(fault_of, faults_of(plan))))]


def _of_study(path: Path) -> list[Linted]:
    from sim.questions.lint.reach import lint_study
    from sim.study.load import load

    study = load(path)
    return [Linted(each.name, each.title, faults) for each, faults in lint_study(study)]
