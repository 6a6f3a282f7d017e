"""``csmsim init``: a commented study to start from."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from sim.errors import InputError, Problem

STARTER: Final = ("study.toml", "scenario.toml", "plans/today.toml", "plans/candidate.toml")


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths written as JSON.")] = False,
) -> None:
    """Lay down a small commented study: one scenario, two plans, ready to run and to change."""
    from importlib.resources import files

    if directory.is_file() or (directory.is_dir() and any(directory.iterdir())):
        fix = "Nothing was written."
        raise InputError([Problem(str(directory), "a new or empty directory", "one that exists", fix)])
    starter = files("sim.study") / "starter"
    paths = {name: directory / name for name in STARTER}
    try:
        for name, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((starter / name).read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(directory), "a writable place", repr(error.strerror))]) from None
    if as_json:
        typer.echo(json.dumps({"written": [str(path) for path in paths.values()]}, indent=2))
        return
    typer.echo(f"{directory / 'study.toml'} is ready: csmsim run {directory / 'study.toml'}")
