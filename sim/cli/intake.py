"""``csmsim intake``: from an export as it comes to a history folder."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.errors import InputError


def intake(
    export: Annotated[
        Path, typer.Argument(metavar="EXPORT", help="A .csv, .tsv or .xlsx file as the system wrote it.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The history folder to write.")],
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="MAP.toml",
            help="What its columns and words mean; a file that is not there yet gets a proposal. Without it the proposal is "
            "DIR.map.toml.",
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
    from sim.exports.intake import taken_in
    from sim.exports.report import document, tables

    taken = taken_in(export, map_file, out, force=force)
    if as_json:
        written = None if taken.map_file is None else str(taken.map_file)
        shown = document(taken.sheet, taken.proposal, taken.history)
        asked = [str(each) for each in taken.asked]
        typer.echo(json.dumps({**shown, "asked": asked, "map": written}, indent=2, allow_nan=False))
    else:
        from sim.cli.run import terminal
        from sim.report.terminal.printed import printed
        from sim.report.terminal.worded import Worded

        console = terminal()
        for each in tables(taken.sheet, taken.proposal, taken.history):
            words = sum(column.kind == "text" for column in each.columns) > 1
            console.print(Worded(each) if words else printed(each))
            console.print()
        for note in () if taken.history is None else taken.history.notes:
            typer.echo(f"Note: {note}")
        if taken.history is not None:
            typer.echo(f"The history is in {out}.")
        if taken.map_file is not None:
            typer.echo(f"The map is {taken.map_file}: read it, edit it, keep it.")
    if taken.asked:
        again = f" Then: csmsim intake {export} --map {taken.map_file} --out {out}" if taken.map_file else ""
        typer.echo(again.strip(), err=True)
        raise InputError(taken.asked)
