"""``csmsim explain``: one book in one world, deal by deal, and the statement it adds up to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.study.explain import Explanation


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
    from sim.study.explain import explain as tell
    from sim.study.load import load

    explanation = tell(load(study), plan, world, csm, gamed)
    if as_json:
        _print_json(explanation)
    else:
        show(explanation)


def show(explanation: "Explanation") -> None:
    """Print the deals, then the founding table with credit and attainment below it."""
    from sim.cli.run import terminal
    from sim.report.terminal.deals import deals_table
    from sim.report.terminal.statement import attainment_rows, exhausted_note, founding_rows, statement_tables
    from sim.shapes.amounts import amount

    console = terminal()
    calendar, statement = explanation.study.scenario.calendar, explanation.statement
    plan = explanation.plan.title or explanation.plan.name
    moved = "" if explanation.honest is None else " · dates moved"
    title = f"{plan} · {explanation.csm} · world {explanation.world}{moved}"
    console.print(title, style="bold", markup=False, highlight=False)
    console.print(
        f"Due or credited from {calendar.start} on, {calendar.periods} periods; amounts in $K.\n",
        highlight=False,
    )
    console.print(deals_table(explanation.deals, explanation.csm, calendar))
    console.print()
    rows = founding_rows(statement) + attainment_rows(statement, explanation.neutral)
    for table in statement_tables(rows, calendar, console.width):
        console.print(table)
    if note := exhausted_note(statement, calendar, explanation.plan.has_quota):
        console.print(note)
    if explanation.honest is not None:
        paid = float(statement.bonus.sum())
        console.print(
            f"\nWith these dates the CSM is paid {amount(paid)}, {amount(paid - explanation.honest)} more than with honest "
            "dates, for the same renewals. Run without --gamed to see those.",
            highlight=False,
        )


def _print_json(explanation: "Explanation") -> None:
    from sim.report.terminal.deals import deal_entries
    from sim.shapes.entries import neutral_entries, statement_entries

    plan, csm, statement = explanation.plan.name, explanation.csm, explanation.statement
    content = {
        "study": explanation.study.name,
        "seed": explanation.study.seed,
        "plan": plan,
        "world": explanation.world,
        "csm": csm,
        **({} if explanation.honest is None else {"gamed": True, "honest_bonus": explanation.honest}),
        "deals": deal_entries(explanation.deals),
        "statements": [
            entry | neutral
            for entry, neutral in zip(
                statement_entries(plan, csm, statement), neutral_entries(explanation.neutral), strict=True
            )
        ],
    }
    typer.echo(json.dumps(content, indent=2, allow_nan=False))
