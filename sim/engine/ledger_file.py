"""Kept Ledgers as two files: every array one after another, and an index that says what each of them is.

Arrays are read through a memory map, so that opening kept worlds reads nothing and several processes share what they read.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.kept import KeptBlock
from sim.errors import InputError, Problem
from sim.measure.retention import RetentionTally
from sim.records import Activity, Agreed, Cohort, CohortTerms, DealSum, DealTerms, Ledger, OwnPay, OwnQuota
from sim.version import __version__
from sim.world.streams import DRAW_PLAN

INDEX: Final = "ledgers.json"
ARRAYS: Final = "ledgers.bin"
ALIGNED: Final = 64
"""Where an array may begin. [byte]"""
WRITER: Final[dict[str, object]] = {"csmsim": __version__, "draw plan": DRAW_PLAN}
"""Kept worlds are read by what wrote them alone."""
RECORDS: Final = {
    kind.__name__: kind
    for kind in (
        KeptBlock,
        Ledger,
        Activity,
        Agreed,
        OwnPay,
        OwnQuota,
        Cohort,
        CohortTerms,
        DealSum,
        DealTerms,
        RetentionTally,
    )
}
"""What the index may name."""
Array = NDArray[np.float64]


def write_blocks(blocks: Sequence[KeptBlock], folder: Path) -> None:
    """Write the two files into a folder. Raises: OSError when it cannot be written."""
    with (folder / ARRAYS).open("wb") as file:
        index = WRITER | {"blocks": [_index(block, file) for block in blocks]}
    (folder / INDEX).write_text(json.dumps(index) + "\n", encoding="utf-8")


def read_blocks(folder: Path) -> tuple[KeptBlock, ...]:
    """The blocks of a folder, their arrays mapped into memory; what is changed in them is not written back.

    Raises: InputError when another version of this program wrote them: it may have drawn other worlds, or keep less of
    them. OSError, ValueError, KeyError or TypeError when the files are not as ``write_blocks`` leaves them.
    """
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    writer = {key: index.get(key) for key in WRITER} if isinstance(index, dict) else {}
    if writer != WRITER:
        told = " and ".join(f"{key} {value}" for key, value in writer.items()) or "an older version"
        wanted = " and ".join(f"{key} {value}" for key, value in WRITER.items())
        fix = "Simulate the study in it again, and save."
        raise InputError([Problem(str(folder / INDEX), f"of {wanted}", f"worlds of {told}", fix)])
    with (folder / ARRAYS).open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    return tuple(_value(block, content) for block in index["blocks"])


def _index(value: Any, file: BinaryIO) -> Any:
    """What an index says of a value whose arrays are written."""
    if isinstance(value, np.ndarray):
        file.write(bytes(-file.tell() % ALIGNED))
        place = file.tell()
        file.write(np.ascontiguousarray(value).data)
        return {"array": [place, value.dtype.str, list(value.shape)]}
    if type(value).__name__ in RECORDS:
        return {"record": type(value).__name__, "of": [_index(part, file) for part in value]}
    if isinstance(value, Mapping):
        return {"map": [[_index(key, file), _index(part, file)] for key, part in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_index(part, file) for part in value]}
    return value


def _value(index: Any, content: mmap.mmap) -> Any:
    if not isinstance(index, dict):
        return index
    if "array" in index:
        place, dtype, shape = index["array"]
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(content, np.dtype(dtype), count, place).reshape(shape)
    if "record" in index:
        return RECORDS[index["record"]](*(_value(part, content) for part in index["of"]))
    if "map" in index:
        return {_value(key, content): _value(part, content) for key, part in index["map"]}
    return tuple(_value(part, content) for part in index["tuple"])
