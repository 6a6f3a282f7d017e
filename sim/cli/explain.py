"""``csmsim explain``: one book in one world, deal by deal, and the statement it adds up to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.explain.explained import Explanation


def explain(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="The study the world belongs to.")],
    plan: Annotated[str, typer.Option(metavar="NAME", help="Name of one of the study's plans.")],
    world: Annotated[int, typer.Option(metavar="W", help="Number of the world, from 0.")],
    csm: Annotated[
        str, typer.Option(metavar="C", help="Name of a CSM or other payee, or their number from 0.")
    ],
    gamed: Annotated[
        bool, typer.Option("--gamed", help="Show the dates that would have paid the CSM most.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print deals and statements as JSON.")] = False,
) -> None:
    """Recompute what one CSM has in one world, and show line by line what a plan pays for it: deals and accounts, what each
    component reached, the rules in their order, payment.
    """
    from sim.explain.explain import explain as tell
    from sim.explain.report import document
    from sim.study.load import load

    explanation = tell(load(study), plan, world, csm, gamed)
    if as_json:
        typer.echo(json.dumps(document(explanation), indent=2, allow_nan=False))
    else:
        show(explanation)


def show(explanation: "Explanation") -> None:
    """Print the deals and accounts, then a founding table; of a plan of more than one curve on renewals, what each component
    reached, the rules in their order, and payment.
    """
    from sim.cli.run import terminal
    from sim.explain.report import all_deals, gamed_sentence, heading
    from sim.explain.statement import blocks
    from sim.explain.tables import contributions_table, untouched
    from sim.report.terminal.printed import printed
    from sim.report.terminal.statement import statement
    from sim.report.terminal.worded import Worded

    console = terminal()
    console.print(heading(explanation), style="bold", markup=False, highlight=False)
    tables = (
        *all_deals(explanation),
        *(contributions_table(explanation, told) for told in explanation.components),
    )
    for table in tables:
        if table is not None:
            console.print()
            console.print(printed(table) if table.across else Worded(table))
    for block in blocks(explanation):
        console.print()
        if block.title:
            console.print(block.title, style="bold", markup=False, highlight=False)
        console.print(statement(block.rows, explanation.calendar, block.note, console.width))
    for sentence in filter(None, (untouched(explanation), gamed_sentence(explanation))):
        console.print(f"\n{sentence}", highlight=False, markup=False)
