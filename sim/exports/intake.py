"""Take an export in: read it under its map, or propose one; write the history folder whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.errors import InputError, Problem, shown
from sim.exports.folder import write_history
from sim.exports.header import read_sheet
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
            place.publish(lambda folder: write_history(history, text, folder))
        return taken


def _intake(export: Path, map_file: Path | None, out: Path | None) -> tuple[Intake, str]:
    if map_file is not None and map_file.exists():
        return _under(export, map_file)
    place = map_file or (None if out is None else out.with_name(out.name + PROPOSED))
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


def intake(export: str | Path, map: str | Path | None = None, out: str | Path | None = None) -> History:
    """Take an export of a CRM or billing system in.

    export : .csv, .tsv or .xlsx.
    map    : the map of its columns and words; without one, what is known by itself is read so.
    out    : the history folder to write; None to write nothing.

    Returns: the tables of the history, the rows set aside with their reasons, and notes.

    Raises: InputError with everything that the map does not say and that cannot be read. A proposed map lies beside ``out``
    then, or where ``map`` says.
    """
    taken = taken_in(Path(export), None if map is None else Path(map), None if out is None else Path(out))
    if taken.history is None:
        raise InputError(taken.asked)
    return taken.history
