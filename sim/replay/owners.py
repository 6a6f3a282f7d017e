"""Cells of the files that name several people where one is meant: they would be settled as one person."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sim.errors import Problem, shown
from sim.files.names import Names, folded, of_rows, people_in
from sim.replay.note import Note
from sim.shapes.words import counted

SHARE: Final = "give each a row with the whole deal, and their part of it in a column share"
MOST_NAMED: Final = 3


class _Cell(NamedTuple):
    """A name that reads as several people, and the rows of its first file."""

    name: str
    people: tuple[str, ...]
    where: str
    rows: list[int]


def owner_problems(columns: Sequence[Names]) -> Iterator[Problem]:
    """Cells with several people of whom one is in the files by themselves: they are several."""
    alone = _known(columns)
    for each in _cells(columns):
        own = next((person for person in each.people if folded(person) in alone), None)
        if own is not None:
            fix = f"{shown(own)} is in these files by themselves: {SHARE}."
            where = f"{each.where}, {of_rows(each.rows)}, column csm"
            yield Problem(where, "one person", shown(each.name), fix)


def owner_notes(columns: Sequence[Names]) -> Iterator[Note]:
    """Names that may be several people, and may be one."""
    found = list(_cells(columns))
    if found:
        named = ", ".join(f"{shown(each.name)}, {of_rows(each.rows)}" for each in found[:MOST_NAMED])
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        text = (
            f"{counted(len(found), 'CSM')} whose name reads as several people ({named}{more}): settled as one. If they are "
            f"several, {SHARE}."
        )
        yield Note("several_owners", len(found), text)


def _known(columns: Sequence[Names]) -> set[str]:
    return {folded(name) for each in columns if each.column == "csm" for name in each.name}


def _cells(columns: Sequence[Names]) -> Iterator[_Cell]:
    """Every such name, once, where it is met first."""
    met: set[str] = set()
    for each in columns:
        if each.column != "csm":
            continue
        rows: dict[str, list[int]] = {}
        for row, name in zip(each.row, each.name, strict=True):
            rows.setdefault(name, []).append(row)
        for name, where in rows.items():
            people = people_in(name)
            if people and name not in met:
                met.add(name)
                yield _Cell(name, people, str(each.path), where)
