"""A table as Parquet: typed columns, their units in the schema, nothing where there is no value."""

import io
from typing import TYPE_CHECKING

import numpy as np

from sim.shapes.table import Column, Table, Value, with_marks

if TYPE_CHECKING:
    import pyarrow as pa


def parquet_of(table: Table) -> bytes:
    """The content of ``tables/NAME.parquet``."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(arrow_of(table), out, compression="zstd")
    return out.getvalue()


def arrow_of(table: Table) -> "pa.Table":
    """A table for Arrow: text as strings, all else as doubles; title and note in the schema."""
    import pyarrow as pa

    table = with_marks(table)
    values = list(zip(*table.rows, strict=True))
    arrays = [_array(column, value) for column, value in zip(table.columns, values, strict=True)]
    fields = [
        pa.field(column.key, array.type, metadata={"unit": column.unit, "title": column.title})
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    schema = pa.schema(fields, metadata={"title": table.title, "note": table.note})
    return pa.Table.from_arrays(arrays, schema=schema)


# Arrays are made from buffers: pa.array imports pandas, which takes half a second.
def _array(column: Column, values: tuple[Value, ...]) -> "pa.Array":
    import pyarrow as pa

    known = np.array([value is not None for value in values])
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    if column.kind == "text":
        encoded = [b"" if value is None else str(value).encode("utf-8", "replace") for value in values]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
        texts = [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
        return pa.Array.from_buffers(pa.string(), len(values), texts)
    numbers = np.array([np.nan if value is None else float(value) for value in values])
    return pa.Array.from_buffers(pa.float64(), len(values), [valid, pa.py_buffer(numbers)])
