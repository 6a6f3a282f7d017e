"""``csmsim explain``: one book in one world, deal by deal, and the statement it adds up to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.explain.explain import Explanation


def explain(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="The study the world belongs to.")],
    plan: Annotated[str, typer.Option(metavar="NAME", help="Name of one of the study's plans.")],
    world: Annotated[int, typer.Option(metavar="W", help="Number of the world, from 0.")],
    csm: Annotated[str, typer.Option(metavar="C", help="Name of a CSM, or their number from 0.")],
    gamed: Annotated[
        bool, typer.Option("--gamed", help="Show the dates that would have paid the CSM most.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print deals and statements as JSON.")] = False,
) -> None:
    """Recompute one book in one world, and show deal by deal what a plan pays for it."""
    from sim.explain.explain import explain as tell
    from sim.explain.report import document
    from sim.study.load import load

    explanation = tell(load(study), plan, world, csm, gamed)
    if as_json:
        typer.echo(json.dumps(document(explanation), indent=2, allow_nan=False))
    else:
        show(explanation)


def show(explanation: "Explanation") -> None:
    """Print the deals, then the founding table with credit and attainment below it."""
    from sim.cli.run import terminal
    from sim.explain.report import deals_table, gamed_sentence, heading
    from sim.report.terminal.statement import statement
    from sim.report.terminal.worded import Worded
    from sim.shapes.statement import attainment_rows, exhausted_note, founding_rows

    console = terminal()
    calendar, settled = explanation.study.scenario.calendar, explanation.statement
    console.print(heading(explanation), style="bold", markup=False, highlight=False)
    console.print()
    if (deals := deals_table(explanation)) is not None:
        console.print(Worded(deals))
        console.print()
    rows = founding_rows(settled) + attainment_rows(settled, explanation.neutral)
    note = exhausted_note(settled, calendar, explanation.plan.has_quota, explanation.plan.lead.nothing_due)
    console.print(statement(rows, calendar, note, console.width))
    if sentence := gamed_sentence(explanation):
        console.print(f"\n{sentence}", highlight=False)
