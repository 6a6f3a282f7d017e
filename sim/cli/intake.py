"""``csmsim intake``: from an export as it comes to a history folder."""

import json
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.exports.intake import Intake
    from sim.exports.reading import History


def intake(
    export: Annotated[
        list[Path],
        typer.Argument(
            metavar="EXPORT...",
            help="A .csv, .tsv or .xlsx file as the system wrote it; several make one history, such as opportunities, "
            "accounts, people and KPIs.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The history folder to write.")],
    map_file: Annotated[
        list[Path] | None,
        typer.Option(
            "--map",
            metavar="MAP.toml",
            help="What its columns and words mean; a file that is not there yet gets a proposal. Without it the proposal is "
            "DIR.map.toml. Of several exports give one for each, in their order.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write whatever lies there; it stays beside, as DIR.old-1.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Take in an export of a CRM or billing system: recognise it, say how, and write canonical files for replay.

    Separator, encoding, dates, marks of numbers, headers and totals are found; what could be read two ways is asked and
    never guessed. What the columns and words mean is proposed as a commented map, which you edit and keep: with it, the
    next export of the same kind is taken in without a question. Rows that are not used are listed in intake.csv, each with
    its reason, and totals are printed to hold against the system's own.
    """
    from sim.exports.intake import all_taken_in
    from sim.exports.joined import joined
    from sim.exports.report import document

    found = all_taken_in(export, map_file or [], out, force=force)
    asked = [each for taken in found for each in taken.asked]
    told = [
        {
            **document(taken.sheet, taken.proposal, taken.history),
            "map": None if taken.map_file is None else str(taken.map_file),
        }
        for taken in found
    ]
    whole = told[0] if len(told) == 1 else told
    if as_json and not asked:
        typer.echo(json.dumps(whole, indent=2, allow_nan=False))
    elif not as_json:
        for taken in found:
            show(taken)
        if not asked and len(found) > 1:
            histories = {taken.sheet.path: taken.history for taken in found if taken.history is not None}
            show_totals(joined(histories))
        if not asked:
            typer.echo(f"The history is in {out}.")
        for taken in found:
            if taken.map_file is not None:
                typer.echo(f"The map is {taken.map_file}: read it, edit it, keep it.")
    if asked:
        typer.echo(_again(export, map_file or [], found, out), err=True)
        raise InputError(asked, whole)


def _again(export: list[Path], given: list[Path], found: "list[Intake]", out: Path) -> str:
    """What to type once the questions are answered; nothing where no map was proposed."""
    maps = [taken.map_file or own for taken, own in zip_longest(found, given)]
    if all(taken.map_file is None for taken in found):
        return ""
    words = [*map(str, export), *(f"--map {each}" for each in maps if each is not None), f"--out {out}"]
    return f"Then: csmsim intake {' '.join(words)}"


def show(taken: "Intake") -> None:
    """How an export was read, and what it holds."""
    from sim.cli.run import terminal
    from sim.exports.report import tables
    from sim.report.terminal.printed import printed
    from sim.report.terminal.worded import Worded

    console = terminal()
    for each in tables(taken.sheet, taken.proposal, taken.history):
        words = sum(column.kind == "text" for column in each.columns) > 1
        console.print(Worded(each) if words else printed(each))
        console.print()
    for note in () if taken.history is None else taken.history.notes:
        typer.echo(f"Note: {note}")


def show_totals(history: "History") -> None:
    """What several exports hold together, to hold against the systems' own totals."""
    from sim.cli.run import terminal
    from sim.exports.report import by_owner, by_quarter
    from sim.report.terminal.printed import printed

    console = terminal()
    console.print("All exports together", style="bold")
    for each in (by_quarter(history), by_owner(history)):
        if each is not None:
            console.print(printed(each))
            console.print()
