"""The result directory: tables as Parquet, and the study written so that the directory can be run again."""

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.engine.study_files import BOOK_FILE, DRAWS_FILE, PEOPLE_FILE
from sim.engine.territories import Territories
from sim.engine.totals import Totals
from sim.files.masks import Masks
from sim.study.tables import (
    BOOK_UNITS,
    PAYEE_UNITS,
    RETENTION_UNITS,
    WORLD_UNITS,
    Columns,
    books_columns,
    masked,
    names_of,
    payees_columns,
    retention_columns,
    worlds_columns,
)
from sim.version import __version__
from sim.world.book import Book
from sim.world.streams import DRAW_PLAN

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_IN_GROUP: Final = 1 << 17
"""Rows of worlds.parquet that are written at a time, so that memory does not grow with worlds. [row]"""


def write_tables(
    study: Study,
    book: Book,
    territories: tuple[Territories, ...],
    totals: Totals,
    directory: Path,
    masks: Masks | None = None,
) -> None:
    """Write ``worlds.parquet``, ``retention.parquet``, ``books.parquet`` and ``payees.parquet``; seed, hash and versions
    stand in their schema.
    """
    import pyarrow.parquet as pq

    names = names_of(study, book, territories)
    facts = {"study": study.name, "seed": str(study.seed), "worlds": str(study.worlds), **_provenance(study)}
    step = max(1, ROWS_IN_GROUP // (len(study.sets) * study.scenario.periods))
    parts = (
        worlds_columns(study, totals, first, min(first + step, study.worlds))
        for first in range(0, study.worlds, step)
    )
    tables = (_table(part, names, WORLD_UNITS, facts) for part in parts)
    first = next(tables)
    with pq.ParquetWriter(directory / "worlds.parquet", first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)
    kept = _table(retention_columns(study, totals), names, RETENTION_UNITS, facts)
    pq.write_table(kept, directory / "retention.parquet", compression="zstd")
    of_people = (
        ("books.parquet", books_columns(study, book, territories, totals), BOOK_UNITS),
        ("payees.parquet", payees_columns(study, territories, totals), PAYEE_UNITS),
    )
    for name, columns, units in of_people:
        rows, known = (columns, names) if masks is None else masked(columns, names, masks)
        pq.write_table(_table(rows, known, units, facts), directory / name, compression="zstd")


def write_study(study: Study, directory: Path, with_book: bool = True) -> None:
    """Write ``study.toml`` and, beside it, the files that it names. with_book : also those that name people."""
    files = study.files
    names = [name for name, _ in files.plans]
    if len(set(names)) < len(names):
        names = [f"{number:03d}-{name}" for number, name in enumerate(names, start=1)]
    (directory / "plans").mkdir()
    if files.roles:
        (directory / "plans" / "roles").mkdir()
    (directory / "scenario.toml").write_text(files.scenario, encoding="utf-8")
    for name, (_, text) in zip(names, files.plans, strict=True):
        (directory / "plans" / name).write_text(text, encoding="utf-8")
    for name, text in files.roles:
        (directory / "plans" / name).write_text(text, encoding="utf-8")
    for name, text in files.stresses:
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    if files.book is not None and with_book:
        (directory / BOOK_FILE).write_text(files.book, encoding="utf-8")
    if files.people is not None and with_book:
        (directory / PEOPLE_FILE).write_text(files.people, encoding="utf-8")
    if files.draws is not None:
        (directory / DRAWS_FILE).write_bytes(files.draws)
    (directory / "study.toml").write_text(_study_toml(study, names), encoding="utf-8")


def _study_toml(study: Study, plan_files: list[str]) -> str:
    import tomlkit

    written = tomlkit.document()
    written.add(tomlkit.comment("The study as it was run. Run this file again for the same numbers."))
    written["name"] = study.name
    if study.title:
        written["title"] = study.title
    written |= {"seed": study.seed, "worlds": study.worlds, "scenario": "scenario.toml"}
    written["plans"] = tomlkit.item([f"plans/{name}" for name in plan_files]).multiline(True)
    written["baseline"] = study.baseline
    if study.budget is not None:
        written["budget"] = tomlkit.item(float(study.budget)).comment("usd over the horizon")
    if study.normalised is not None:
        written["normalise"] = study.normalised.by
    written |= study.asks
    written["record"] = tomlkit.item(_provenance(study)).comment("written by the run; not read")
    return tomlkit.dumps(written)


def _provenance(study: Study) -> dict[str, str]:
    """What a result must carry to be told apart from another and to be made again."""
    return {
        "hash": study.hash,
        "version": __version__,
        "draw_plan": str(DRAW_PLAN),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "numba": version("numba"),
        **({"extensions": ", ".join(study.extensions)} if study.extensions else {}),
    }


def _table(
    columns: Columns, names: dict[str, list[str]], units: dict[str, str], facts: dict[str, str]
) -> "pa.Table":
    import pyarrow as pa

    arrays = {name: _array(values) for name, values in columns.items()}
    for name in names.keys() & columns.keys():
        arrays[name] = pa.DictionaryArray.from_arrays(arrays[name], _strings(names[name]))
    fields = [pa.field(name, array.type, metadata={"unit": units[name]}) for name, array in arrays.items()]
    return pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(fields, metadata=facts))


# Arrow arrays are made from buffers, here and below: pa.array imports pandas, which takes half a second.
def _array(values: NDArray[Any]) -> "pa.Array":
    import pyarrow as pa

    buffer, valid = pa.py_buffer(np.ascontiguousarray(values)), None
    if values.dtype.kind == "f" and (none := np.isnan(values)).any():
        valid = pa.py_buffer(np.packbits(~none, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [valid, buffer])


def _strings(names: list[str]) -> "pa.StringArray":
    import pyarrow as pa

    encoded = [name.encode() for name in names]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(names), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))
