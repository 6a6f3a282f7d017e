"""The folder of statements that a replay leaves: CSV, Parquet, a workbook, a page and JSON, whole or not at all."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.files.place import Place, reserved
from sim.shapes.table import Table

if TYPE_CHECKING:
    from sim.replay.replay import Replay

NEEDED = ("html", "xlsx")


def check_libraries() -> None:
    """Raises: InputError when a library that writes statements is not there."""
    from sim.report.written import NEEDED as LIBRARIES
    from sim.report.written import installed

    fix = "pip install 'csm-compensation-simulator[report]'"
    lacking = [LIBRARIES[each] for each in NEEDED if not installed(each)]
    if lacking:
        raise InputError(
            [Problem(f"the library {name}", "installed to write statements", "none", fix) for name in lacking]
        )


def write_statements(result: "Replay", directory: str | Path, *, force: bool = False) -> Place:
    """Write the folder. force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

    It holds ``statements.csv`` and ``components.csv``, ``company.csv`` and, of several plans, ``changes.csv`` (who gains and
    who loses by name, with totals) and the tables behind it, each as Parquet too; ``statements.xlsx``, a company sheet and a
    sheet a person; ``statements.html``; and ``statements.json``, what ``--json`` prints.

    Raises: InputError when a library is missing, or the directory holds other files or cannot be written.
    """
    check_libraries()
    with reserved(directory, "replay", force=force) as place:
        place.publish(lambda folder: fill(result, folder))
    return place


def fill(result: "Replay", folder: Path) -> None:
    """Write all files into a new, empty folder."""
    for name, content in statement_files(result).items():
        (folder / name).write_bytes(content)


def statement_files(result: "Replay") -> dict[str, bytes]:
    """The files by their names."""
    from sim.replay.changes import changes_table
    from sim.replay.page import replay_report
    from sim.replay.person import person_table
    from sim.replay.report import document, sentences, winners_sections
    from sim.replay.slips import slips_of
    from sim.replay.statements import company_table, components_table, statements_table
    from sim.report.office.statements import statement_workbook
    from sim.report.page.page import page
    from sim.report.parquet import parquet_of
    from sim.report.written import csv_of

    slips = slips_of(result)
    changes = changes_table(result, slips)
    behind = [table for section in winners_sections(result) for table in section.tables]
    behind = behind if changes is None else [changes, *behind]
    tables = [statements_table(result, slips), components_table(result, slips), company_table(result, slips)]
    people: dict[str, list[Table]] = {}
    for slip in slips:
        people.setdefault(slip.settled.csm, []).append(person_table(slip, result))
    found = {
        "statements.json": f"{json.dumps(document(result), indent=2, allow_nan=False)}\n".encode(),
        "statements.html": page(replay_report(result, slips)).encode("utf-8", "replace"),
        "statements.xlsx": statement_workbook(people, tables[-1], behind, sentences(result)),
    }
    for table in (*tables, *behind):
        found[f"{table.name}.csv"] = csv_of(table).encode()
        found[f"{table.name}.parquet"] = parquet_of(table)
    return found
