"""``csmsim compare``: what changed from one result to another, in inputs and in outputs."""

import json
from pathlib import Path
from typing import Annotated

import typer


def compare(
    before: Annotated[Path, typer.Argument(metavar="RESULT_A", help="A result directory.")],
    after: Annotated[Path, typer.Argument(metavar="RESULT_B", help="Another one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Show which inputs differ between two results, and which costs differ by more than chance."""
    from sim.study.compare import compare as changes

    found = changes(before, after)
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from sim.cli.run import terminal
    from sim.report.terminal.comparison import comparison

    terminal().print(comparison(found))
