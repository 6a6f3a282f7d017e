"""``csmsim report``: a result directory as a page, a workbook, a deck, and every table as CSV and Parquet."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.errors import InputError, Problem, near_match, shown


def _formats(incomplete: str) -> list[str]:
    """What a shell completes ``--only`` with."""
    from sim.report.written import FORMATS

    return [each for each in FORMATS if each.startswith(incomplete)]


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT_DIR", help="What csmsim run wrote.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where reports go. [default: RESULT_DIR]")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT",
            help="html, xlsx, pptx, csv or parquet; again for more.",
            autocompletion=_formats,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths written as JSON.")] = False,
) -> None:
    """Write report.html, workbook.xlsx, deck.pptx and every table as CSV and Parquet from a result."""
    from sim.report.written import FORMATS, read_document, write_reports

    wrong = [each for each in only or () if each not in FORMATS]
    if wrong:
        allowed = f"one of {', '.join(FORMATS)}"
        raise InputError(
            [Problem("--only", allowed, shown(each), near_match(each, FORMATS)) for each in wrong]
        )
    written = write_reports(read_document(result), out or result, tuple(dict.fromkeys(only or FORMATS)))
    if as_json:
        typer.echo(json.dumps({"written": [str(path) for path in written]}, indent=2))
        return
    for path in written:
        typer.echo(path)
