"""Take an export in: read it under its map, or propose one; write the history folder whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from sim.errors import InputError, Problem, shown
from sim.exports.folder import MAP_FILE, write_history
from sim.exports.header import read_sheet
from sim.exports.joined import joined
from sim.exports.map import Map
from sim.exports.map_text import map_text
from sim.exports.proposal import Proposal, proposed, questions
from sim.exports.reading import History, read
from sim.exports.sheet import Sheet
from sim.exports.synonyms import known
from sim.files.new_file import check_new_file, write_new_file
from sim.files.place import reserved
from sim.files.text import read_text
from sim.files.toml import check, parse_toml
from sim.shapes.words import counted

PROPOSED: Final = ".map.toml"


@dataclass(frozen=True)
class Intake:
    """An export taken in, or what is asked before it can be.

    sheet    : the export.
    proposal : the map that was proposed; None where the user gave one.
    history  : what it holds; None where something is asked.
    asked    : the questions and problems.
    map_file : where the proposed map lies; None where none was written.
    """

    sheet: Sheet
    proposal: Proposal | None
    history: History | None
    asked: tuple[Problem, ...] = ()
    map_file: Path | None = None


def taken_in(export: Path, map_file: Path | None, out: Path | None, *, force: bool = False) -> Intake:
    """Read an export under its map, and write the history folder; without a map propose one, and write that.

    export   : .csv, .tsv, .txt or a workbook.
    map_file : the map; a file that is not there yet gets the proposal. None for ``OUT.map.toml``.
    out      : the history folder; None to write nothing.

    Raises: InputError when the export or the map cannot be read at all, or the folder must not be written. What the map does
    not say, and cells that cannot be read, are in ``asked``.
    """
    if out is None:
        return _intake(export, map_file, None)[0]
    with reserved(out, "intake", force=force) as place:
        taken, text = _intake(export, map_file, out)
        if taken.history is not None:
            history = taken.history
            place.publish(lambda folder: write_history(history, {MAP_FILE: text}, folder))
        return taken


def all_taken_in(
    exports: Sequence[Path], maps: Sequence[Path], out: Path | None, *, force: bool = False
) -> list[Intake]:
    """Read several exports, each under its map, and write one history folder of what they hold together.

    maps : one for each export, in their order; where there are none, each gets a proposal ``OUT.EXPORT.map.toml``.

    Raises: InputError as ``taken_in``, and where maps are given for some exports only.
    """
    if len(exports) == 1 and len(maps) <= 1:
        return [taken_in(exports[0], maps[0] if maps else None, out, force=force)]
    if maps and len(maps) != len(exports):
        fix = "Give one for each export, in the same order."
        raise InputError([Problem("--map", counted(len(exports), "map"), str(len(maps)), fix)])
    none: list[Path | None] = [None] * len(exports)
    given = dict(zip(exports, maps or none, strict=True))
    if len(given) < len(exports):
        raise InputError([Problem("EXPORT", "exports of different names", "one of them twice")])
    if out is None:
        return [_intake(export, map_file, None)[0] for export, map_file in given.items()]
    with reserved(out, "intake", force=force) as place:
        found = {
            export: _intake(export, map_file, out, f".{export.stem}{PROPOSED}")
            for export, map_file in given.items()
        }
        histories = {
            export: taken.history for export, (taken, _) in found.items() if taken.history is not None
        }
        if len(histories) == len(found):
            texts = {f"{export.stem}.map.toml": text for export, (_, text) in found.items()}
            place.publish(lambda folder: write_history(joined(histories), texts, folder))
        return [taken for taken, _ in found.values()]


def _intake(
    export: Path, map_file: Path | None, out: Path | None, suffix: str = PROPOSED
) -> tuple[Intake, str]:
    if map_file is not None and map_file.exists():
        return _under(export, map_file)
    place = map_file or (None if out is None else out.with_name(out.name + suffix))
    if place is not None:
        _check_place(place, map_file is None)
    sheet = read_sheet(export, known)
    made = proposed(sheet)
    text = map_text(made, export.name)
    source = "the map" if place is None else str(place)
    asked = questions(made, source)
    history = None
    try:
        history = read(sheet, check(Map, parse_toml(text, source), source), source)
    except InputError as error:
        asked += error.problems
    if place is not None:
        write_new_file("--map", place, text.encode())
    return Intake(sheet, made, None if asked else history, tuple(asked), place), text


def _under(export: Path, map_file: Path) -> tuple[Intake, str]:
    text, source = read_text(map_file), str(map_file)
    told = check(Map, parse_toml(text, source), source)
    sheet = read_sheet(
        export,
        known,
        encoding=told.file.encoding,
        separator=told.file.separator,
        sheet=told.file.sheet,
        header_row=told.file.header_row,
    )
    try:
        return Intake(sheet, None, read(sheet, told, source)), text
    except InputError as error:
        return Intake(sheet, None, None, error.problems), text


def _check_place(place: Path, implied: bool) -> None:
    """Raises: InputError when the proposal would fall on something that lies there."""
    if implied and place.exists():
        fix = f"Give it as --map {place} to use it, or remove it for a new proposal."
        raise InputError(
            [Problem("--map", "given", "nothing", f"{shown(str(place))} is there from before. {fix}")]
        )
    check_new_file("--map", place, ".toml")


Files: TypeAlias = str | Path | Sequence[str | Path]


def intake(export: Files, map: Files | None = None, out: str | Path | None = None) -> History:
    """Take an export of a CRM or billing system in, or several that make one history.

    export : .csv, .tsv or .xlsx.
    map    : the map of its columns and words, one for each of several exports; without one, what is known by itself is
             read so.
    out    : the history folder to write; None to write nothing.

    Returns: the tables of the history, the rows set aside with their reasons, and notes.

    Raises: InputError with everything that the map does not say and that cannot be read. A proposed map lies beside ``out``
    then, or where ``map`` says.
    """
    exports, maps = _paths(export), [] if map is None else _paths(map)
    found = all_taken_in(exports, maps, None if out is None else Path(out))
    if asked := [each for taken in found for each in taken.asked]:
        raise InputError(asked)
    histories = [taken.history for taken in found if taken.history is not None]
    return histories[0] if len(found) == 1 else joined(dict(zip(exports, histories, strict=True)))


def _paths(files: Files) -> list[Path]:
    return [Path(files)] if isinstance(files, str | Path) else [Path(each) for each in files]
