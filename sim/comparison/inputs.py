"""Which inputs differ between two results: keys of the study, the scenario and each plan."""

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.engine.study_files import DRAWS_FILE
from sim.errors import InputError, Problem
from sim.files.text import read_bytes, read_text

PLAN: Final = "plan "
"""Before the name of a plan where a plan is one of the files that hold inputs."""
Inputs = dict[str, Any]
"""Value by dotted key."""


class Change(NamedTuple):
    """An input that differs; None where one side does not have it."""

    where: str
    before: Any
    after: Any


def changes(before: Path, after: Path) -> Iterator[Change]:
    """Differing keys, file by file; of a plan that only one side has, its title alone.

    Raises: InputError when a file of a result cannot be read.
    """
    sides = [_files(directory) for directory in (before, after)]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        one, other = (side.get(name) for side in sides)
        if name.startswith(PLAN) and (one is None or other is None):
            yield Change(name, one and _title(one), other and _title(other))
            continue
        one, other = one or {}, other or {}
        for key in dict.fromkeys([*one, *other]):
            if one.get(key) != other.get(key):
                yield Change(f"{name}: {key}" if key else name, one.get(key), other.get(key))


def _title(plan: Inputs) -> str:
    return str(plan.get("title") or plan["name"])


def _files(directory: Path) -> dict[str, Inputs]:
    """The flattened content of every input file of a result, plans by their own name."""
    found: dict[str, Inputs] = {}
    paths = (
        directory / "study.toml",
        directory / "scenario.toml",
        *sorted(directory.glob("plans/**/*.toml")),
    )
    for path in paths:
        try:
            content = tomllib.loads(read_text(path))
        except (ValueError, RecursionError):
            fix = "Give directories that csmsim run wrote."
            raise InputError([Problem(str(path), "a TOML file of a result", "something else", fix)]) from None
        content.pop("record", None)
        content.setdefault("name", path.stem)
        name = path.stem if path.parent == directory else f"{PLAN}{content['name']}"
        found[name] = dict(_flat(content, ""))
    for table in (directory / "book.csv", directory / "people.csv"):
        if table.exists():
            text = read_text(table)
            digest = sha256(text.encode()).hexdigest()[:12]
            found[table.name] = {"": f"{len(text.splitlines()) - 1:,} rows, SHA-256 {digest}…"}
    draws = directory / DRAWS_FILE
    if draws.exists():
        held = read_bytes(draws)
        found[draws.name] = {"": f"{len(held):,} bytes, SHA-256 {sha256(held).hexdigest()[:12]}…"}
    return found


def _flat(content: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _flat(value, f"{key}.{name}" if key else name)
    elif isinstance(content, list) and any(isinstance(each, dict) for each in content):
        for place, value in enumerate(content):
            yield from _flat(value, f"{key}[{place}]")
    else:
        yield key, str(content) if not isinstance(content, str | int | float | bool | list) else content
