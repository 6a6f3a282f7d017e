"""Studies laid down for somebody to change: the starter, a shipped one, or everything that is shipped."""

import tomllib
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeAlias

from sim import examples
from sim.files.toml_text import Keys, naming_schema, replaced
from sim.study.directory import write_study
from sim.study.load import load

EVERYTHING: Final = "all"
LONGEST_NAME: Final = 40
STUDY: Final = "study.toml"
STARTER: Final = (STUDY, "scenario.toml", "plans/today.toml", "plans/candidate.toml")
SCHEMAS: Final = "schemas"
Fill: TypeAlias = Callable[[Path, str], None]
"""Writes a study's files into a folder that is to have this name."""


def starter(folder: Path, name: str) -> None:
    """The starter's files; the study takes the folder's name, so that two studies have two places for results."""
    kept = files("sim.study") / "starter"
    for path in STARTER:
        text = (kept / path).read_text(encoding="utf-8")
        if path == STUDY:
            text = replaced(text, {("name",): _name(name)})
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    _lay_schemas(folder)


def example(asked: str) -> Fill:
    """A shipped study with all that it names, its comments kept; or every shipped file in its place.

    Raises: InputError when there is none of that name.
    """
    if asked == EVERYTHING:
        return lambda folder, _: _copy(examples.folder(), folder)
    path = examples.path(asked)
    study = load(path)

    def fill(folder: Path, name: str) -> None:
        write_study(study, folder)
        # As it was run it would have no comments: the shipped text, with the names that its files have now.
        moved = {("name",): _name(name)} | _moved(path, folder / STUDY)
        (folder / STUDY).write_text(replaced(path.read_text(encoding="utf-8"), moved), encoding="utf-8")
        for each in sorted(folder.rglob("*.toml")):
            below = len(each.relative_to(folder).parts) - 1
            text = each.read_text(encoding="utf-8")
            each.write_text(
                naming_schema(text, f"{'../' * below}{SCHEMAS}/{_kind(each, folder)}.schema.json"),
                encoding="utf-8",
            )
        _lay_schemas(folder)

    return fill


def _kind(path: Path, folder: Path) -> str:
    """What a file of a laid-down study is."""
    place = path.relative_to(folder).parts
    if len(place) == 1:
        return path.stem
    if place[0] == "stresses":
        return "stress"
    return "roles" if "role" in tomllib.loads(path.read_text(encoding="utf-8")) else "plan"


def _lay_schemas(folder: Path) -> None:
    _copy(examples.folder() / SCHEMAS, folder / SCHEMAS)


def _copy(shipped: Path, folder: Path) -> None:
    for each in sorted(shipped.rglob("*")):
        if each.is_file():
            target = folder / each.relative_to(shipped)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(each.read_bytes())


def _moved(path: Path, written: Path) -> dict[Keys, str]:
    """The paths that a study names, where they differ between its own text and the one written beside its files."""
    before, after = (
        dict(_strings(tomllib.loads(each.read_text(encoding="utf-8")))) for each in (path, written)
    )
    return {keys: after[keys] for keys, text in before.items() if keys in after and after[keys] != text}


def _strings(value: object, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Every text of a document, by where it stands."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*keys, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _strings(inner, (*keys, place))


def _name(folder: str) -> str:
    """A name for the study that every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_. " else "-" for letter in folder)
    return kept.strip(". ")[:LONGEST_NAME] or "my-study"
