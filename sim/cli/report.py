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
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT_DIR", help="What csmsim run, stress, search, sweep or solve wrote."),
    ],
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
    force: Annotated[
        bool, typer.Option("--force", help="Replace reports that were changed; the old ones stay beside.")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Mask the names of people: CSM 01, CSM 02, ...")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths written as JSON.")] = False,
) -> None:
    """Write a result as a page, a workbook, a deck, and every table as CSV and Parquet."""
    from sim.files.place import extended
    from sim.files.result_file import taken, vouched
    from sim.report.linked import links_in
    from sim.report.written import FORMATS, NO_DECK, SUITES, read_result, reports_of, without_names

    _check(only or [], FORMATS)
    document = read_result(result)
    known = NO_DECK if any(key in document for key in SUITES) else FORMATS
    _check(only or [], known)
    directory = out or result
    with extended(directory, force=force) as place:
        with taken(result, vouched(result)):
            document = without_names(document, result) if anonymous and known is FORMATS else document
            links = {} if anonymous or directory != result else links_in(result)
            contents = reports_of(document, tuple(dict.fromkeys(only or known)), links)
        place.add(contents)
    written = [directory / name for name in contents]
    if as_json:
        typer.echo(json.dumps({"written": [str(path) for path in written]}, indent=2))
        return
    for path in written:
        typer.echo(path)


def _check(only: list[str], known: tuple[str, ...]) -> None:
    """Raises: InputError when a format is not known."""
    allowed = f"one of {', '.join(known)}"
    wrong = [each for each in only if each not in known]
    if wrong:
        raise InputError([Problem("--only", allowed, shown(each), near_match(each, known)) for each in wrong])
