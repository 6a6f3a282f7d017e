"""``csmsim init``: a commented study to start from."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

LONGEST_NAME: Final = 40
EVERYTHING: Final = "all"
STARTER: Final = ("study.toml", "scenario.toml", "plans/today.toml", "plans/candidate.toml")


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

    fill = _starter if example is None else _shipped(example)
    with laid_down(directory) as place:
        place.publish(lambda folder: fill(folder, place.target.name))
    if as_json:
        paths = sorted(str(each) for each in directory.rglob("*") if each.is_file())
        typer.echo(json.dumps({"written": paths}, indent=2))
        return
    study = directory / ("studies/quickstart.toml" if example == EVERYTHING else "study.toml")
    typer.echo(f"{study} is ready: csmsim run {study}")


def _shipped(example: str) -> Callable[[Path, str], None]:
    """What lays down a shipped study, or all of them.

    Raises: InputError when there is none of that name.
    """
    from sim import examples

    if example == EVERYTHING:
        return lambda folder, _: _copy(examples.folder(), folder)
    from sim.files.toml_text import replaced
    from sim.study.directory import write_study
    from sim.study.load import load

    path = examples.path(example)
    study = load(path)

    def fill(folder: Path, name: str) -> None:
        write_study(study, folder)
        # As it was run it would have no comments: the shipped text, with the names that its files have now.
        written = folder / STARTER[0]
        moved = {("name",): _name(name)} | _moved(path, written)
        written.write_text(replaced(path.read_text(encoding="utf-8"), moved), encoding="utf-8")

    return fill


def _copy(shipped: Path, folder: Path) -> None:
    for each in sorted(shipped.rglob("*")):
        if each.is_file():
            target = folder / each.relative_to(shipped)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(each.read_bytes())


def _moved(path: Path, written: Path) -> dict[tuple[str | int, ...], str]:
    """The paths that a study names, where they differ between its own text and the one written beside its files."""
    import tomllib

    def strings(
        value: object, keys: tuple[str | int, ...] = ()
    ) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if isinstance(value, str):
            yield keys, value
        elif isinstance(value, dict):
            for key, each in value.items():
                yield from strings(each, (*keys, key))
        elif isinstance(value, list):
            for place, each in enumerate(value):
                yield from strings(each, (*keys, place))

    before, after = (
        dict(strings(tomllib.loads(each.read_text(encoding="utf-8")))) for each in (path, written)
    )
    return {keys: after[keys] for keys, text in before.items() if keys in after and after[keys] != text}


def _starter(folder: Path, name: str) -> None:
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
