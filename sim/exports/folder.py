"""The history folder: canonical files as UTF-8 CSV, the rows that are in none of them, and the map."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.exports.reading import History
from sim.shapes.table import inert

if TYPE_CHECKING:
    import pandas as pd

ASIDE_FILE: Final = "intake.csv"
MAP_FILE: Final = "map.toml"
WHOLE: Final = ("term_months", "booked_term_months")


def write_history(history: History, maps: Mapping[str, str], folder: Path) -> None:
    """Write the tables, ``intake.csv`` and the text of each map, by its file name, into a new folder.

    Raises: OSError when it cannot be written.
    """
    for name, frame in history.tables.items():
        _write(frame, folder / f"{name}.csv")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("row", "reason", "content"))
    writer.writerows((each.row, inert(each.reason), inert(each.content)) for each in history.aside)
    (folder / ASIDE_FILE).write_text(out.getvalue(), encoding="utf-8")
    for name, text in maps.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write(frame: "pd.DataFrame", path: Path) -> None:
    import pyarrow as pa
    from pyarrow import csv as arrow

    arrays, names = [], []
    for name in frame.columns:
        column = frame[name]
        if column.dtype.kind == "M":
            array = pa.array(column.to_numpy().astype("datetime64[D]"), pa.date32())
        elif name in WHOLE:
            array = pa.array(column, pa.float64(), from_pandas=True).cast(pa.int64())
        elif column.dtype.kind == "f":
            array = pa.array(column, pa.float64(), from_pandas=True)
        else:
            array = pa.array(column.tolist(), pa.string())
        arrays.append(array)
        names.append(name)
    with path.open("wb") as file:
        file.write((",".join(names) + "\n").encode())
        options = arrow.WriteOptions(include_header=False, quoting_style="needed")
        arrow.write_csv(pa.Table.from_arrays(arrays, names), file, options)
