"""``csmsim compare``: what changed from one result to another, in inputs and in outputs."""

import json
from pathlib import Path
from typing import Annotated

import typer


def compare(
    before: Annotated[Path, typer.Argument(metavar="RESULT_A", help="A result directory.")],
    after: Annotated[Path, typer.Argument(metavar="RESULT_B", help="Another one.")],
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Mask the names of people: CSM 01, CSM 02, ...")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Show which inputs differ between two results, and which costs differ by more than chance."""
    from sim.comparison.compare import compare as compared

    found = compared(before, after)
    found = found.anonymous(before) if anonymous else found
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from sim.cli.run import terminal
    from sim.comparison.report import comparison_sections
    from sim.report.terminal.report import answers

    terminal().print(answers(comparison_sections(found)))
