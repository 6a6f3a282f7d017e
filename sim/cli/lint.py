"""``csmsim lint``: what the clauses of plans give away, before any simulation."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.plan.plan import Plan

FOUND = 1
"""Exit code of ``--strict`` where a plan has a fault."""


def lint(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN.toml...", help="Plans to look at.")],
    strict: Annotated[bool, typer.Option("--strict", help="Leave with 1 when a plan has a fault.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON.")] = False,
) -> None:
    """Find pumps, cliffs and dead zones in plan files, each with its number; nothing is simulated."""
    loaded = read_plans(plans)
    from sim.plan.lint import lint as faults_of

    found = {plan.name: [fault._asdict() for fault in faults_of(plan)] for plan in loaded}
    if as_json:
        entries = {
            plan.name: {"title": plan.title or plan.name, "lints": found[plan.name]} for plan in loaded
        }
        typer.echo(json.dumps({"plans": entries}, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from sim.cli.run import terminal
        from sim.report.terminal.lint import fault_sentences

        console = terminal()
        for plan in loaded:
            if found[plan.name]:
                title = f"{plan.name} · {plan.title}" if plan.title else plan.name
                console.print(fault_sentences(title, found[plan.name]))
                console.print()
    if strict and any(found.values()):
        raise typer.Exit(FOUND)


def read_plans(paths: list[Path]) -> "list[Plan]":
    """Read every plan file.

    Raises: InputError with every problem of every file, or when two plans share a name.
    """
    from sim.plan.plan import load_plan

    problems: list[Problem] = []
    loaded: dict[str, Plan] = {}
    for path in paths:
        try:
            plan = load_plan(path)
        except InputError as error:
            problems += error.problems
            continue
        if plan.name in loaded:
            fix = "Rename one of them, or give it once."
            problems.append(Problem(f"{path}: name", "unlike that of the plans before", repr(plan.name), fix))
        loaded[plan.name] = plan
    if problems:
        raise InputError(problems)
    return list(loaded.values())
