"""``csmsim init``: a commented study to start from."""

import json
from pathlib import Path
from typing import Annotated

import typer


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
    example: Annotated[
        str | None,
        typer.Option(
            "--example",
            metavar="NAME",
            help="A shipped study, such as quickstart; or all: every shipped file, as configs/ has them.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths written as JSON.")] = False,
) -> None:
    """Lay down a small commented study, ready to run and to change; or a shipped one."""
    from sim.files.place import laid_down
    from sim.study.laid_down import EVERYTHING, starter
    from sim.study.laid_down import example as shipped

    fill = starter if example is None else shipped(example)
    with laid_down(directory) as place:
        place.publish(lambda folder: fill(folder, place.target.name))
    if as_json:
        paths = sorted(str(each) for each in directory.rglob("*") if each.is_file())
        typer.echo(json.dumps({"written": paths}, indent=2))
        return
    study = directory / ("studies/quickstart.toml" if example == EVERYTHING else "study.toml")
    typer.echo(f"{study} is ready: csmsim run {study}")
