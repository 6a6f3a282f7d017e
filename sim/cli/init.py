"""``csmsim init``: a commented study to start from."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer

LONGEST_NAME: Final = 40
STARTER: Final = ("study.toml", "scenario.toml", "plans/today.toml", "plans/candidate.toml")


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the paths written as JSON.")] = False,
) -> None:
    """Lay down a small commented study: one scenario, two plans, ready to run and to change."""
    from sim.files.place import laid_down

    with laid_down(directory) as place:
        place.publish(lambda folder: _lay_down(folder, place.target.name))
    if as_json:
        paths = [str(directory / name) for name in STARTER]
        typer.echo(json.dumps({"written": paths}, indent=2))
        return
    typer.echo(f"{directory / 'study.toml'} is ready: csmsim run {directory / 'study.toml'}")


def _lay_down(folder: Path, name: str) -> None:
    """Write the starter's files; the study takes the folder's name, so that two studies have two places for results."""
    from importlib.resources import files

    from sim.files.toml_text import replaced

    starter = files("sim.study") / "starter"
    for path in STARTER:
        text = (starter / path).read_text(encoding="utf-8")
        if path == STARTER[0]:
            text = replaced(text, {("name",): _name(name)})
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _name(folder: str) -> str:
    """A name for the study that every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_. " else "-" for letter in folder)
    return kept.strip(". ")[:LONGEST_NAME] or "my-study"
