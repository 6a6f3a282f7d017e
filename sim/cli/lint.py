"""``csmsim lint``: what the clauses of plans give away, before any simulation; of a study also what its scenario reaches."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

FOUND = 1
"""Exit code of ``--strict`` where a plan has a fault."""


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
    from sim.calls.lint import document, linted

    found = linted(plans)
    if as_json:
        typer.echo(json.dumps(document(found), indent=2, ensure_ascii=False, allow_nan=False))
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
