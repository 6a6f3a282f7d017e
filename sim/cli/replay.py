"""``csmsim replay``: settle real deals under one or more plans."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import InputError, Problem, shown

if TYPE_CHECKING:
    from sim.study.replay import Replay


def replay(
    deals: Annotated[
        Path, typer.Argument(metavar="DEALS.csv", help="What was due, and what was booked when.")
    ],
    plan: Annotated[list[Path], typer.Option(metavar="PLAN.toml", help="A plan; give it again for more.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="First day of the first quarter, YYYY-MM-DD.")],
    periods: Annotated[int, typer.Option(metavar="N", help="Number of quarters.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="PLAN.toml", help="Further plans.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the statements as JSON.")] = False,
) -> None:
    """Settle real deals under each plan: what every CSM is asked, credited and paid, quarter by quarter."""
    from sim.files.deals import read_deals
    from sim.plan.plan import load_plan
    from sim.study.replay import replay as settle_deals

    first = parse_start(start)
    plans = [load_plan(path) for path in (*plan, *(more or ()))]
    result = settle_deals(read_deals(deals), plans, first, periods)
    if as_json:
        typer.echo(json.dumps({"statements": statements(result)}, indent=2, allow_nan=False))
    else:
        show(result)


def parse_start(text: str) -> date:
    """The date of ``--start``.

    Raises: InputError when it is not an ISO date.
    """
    from sim.files.cells import Column, Wrong, parse_cell

    when = parse_cell(Column("--start", "date"), text.strip())
    if isinstance(when, Wrong):
        raise InputError([Problem("--start", when.allowed, shown(text), when.fix)])
    assert isinstance(when, date)
    return when


def statements(result: "Replay") -> list[dict[str, Any]]:
    """The entries of every plan and CSM."""
    from sim.report.entries import statement_entries

    return [
        entry
        for plan, csm, statement in result.settled
        for entry in statement_entries(plan.name, csm, statement)
    ]


def show(result: "Replay") -> None:
    """Print a founding table for every plan and CSM."""
    from sim.cli.run import terminal
    from sim.report.statement import exhausted_note, founding_rows, statement_tables

    console = terminal()
    for settled in result.settled:
        console.print()
        console.print(
            f"{settled.plan.title or settled.plan.name} · {settled.csm}",
            style="bold",
            markup=False,
            highlight=False,
        )
        for table in statement_tables(founding_rows(settled.statement), result.calendar, console.width):
            console.print(table)
        if note := exhausted_note(settled.statement, result.calendar):
            console.print(note)
