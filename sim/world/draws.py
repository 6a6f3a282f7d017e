"""Draws of what is not known: a Parquet file of joint draws of a scenario's inputs, one row a draw, one column an input.

World w lives on draw w mod K, K being the number of rows: keyed by the number of the world alone, so that every plan, block
and thread sees the same. What the draws hold are numbers; the calendar, days of bands and whatever else gives the company
its shape is the same in all of them.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from sim.errors import InputError, Problem, shown
from sim.files.text import read_bytes
from sim.files.toml import Table, check
from sim.world.document import document_of, put, tables_of
from sim.world.place import Place, UnknownInputError, places
from sim.world.sound import unsound
from sim.world.stack import put_in

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]

MOST_DRAWS: Final = 100_000
ROWS_TOLD: Final = 3
"""Rows that make no scenario and are told one by one; of further ones the number."""
OF_SEGMENT: Final = frozenset(
    {
        "arr",
        "term_months",
        "renewed_term_months",
        "due",
        "churn",
        "lag",
        "back_dated",
        "contraction",
        "uplift",
        "win_back",
        "expansion",
        "new_accounts",
        "notice_days",
        "movable",
    }
)
ALLOWED: Final = "the path of one number of a segment's customers, of [dependence], or market.persistence"


S = TypeVar("S", bound=BaseModel)


class Uncertainty(Table):
    """What is not known of the inputs.

    draws : Parquet file of joint draws of inputs, as ``csmsim calibrate`` writes it; path relative to the scenario file.
            One row a draw, one column an input, named by its dotted path. World w lives on draw w mod (number of draws).
    """

    draws: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, eq=False)
class Draws:
    """Joint draws of inputs.

    places : of the inputs, in order of the columns.
    values : [draw, input]
    content: of the file, for results to carry.
    stack  : the scenario with arrays [draw] in the place of the numbers that are drawn: for what works on numbers and
             arrays alike, and not checked.
    """

    places: tuple[Place, ...]
    values: Floats
    content: bytes
    stack: Any

    def __len__(self) -> int:
        return len(self.values)

    @property
    def paths(self) -> tuple[str, ...]:
        """Dotted paths of the inputs."""
        return tuple(place.path for place in self.places)

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return sha256(self.content).hexdigest()

    def of_worlds(self, first_world: int, worlds: int) -> NDArray[np.int64]:
        """The draw that each world lives on. [world]"""
        return np.arange(first_world, first_world + worlds, dtype=np.int64) % len(self.values)

    def on(self, stack: BaseModel) -> Self:
        """The same draws of a scenario that was changed in each of them."""
        return replace(self, stack=stack)


def read_draws(scenario: S, path: Path, source: str) -> Draws:
    """Read and check a file of draws: every row put into the scenario gives a scenario.

    source : the scenario's file and key, for sentences about it.

    Raises: InputError with the problems of the file by row and column.
    """
    if not os.path.lexists(path):
        raise InputError([Problem(source, "an existing file", f"nothing at {path}")])
    content = read_bytes(path)
    columns = _columns(content, path)
    found, problems = [], []
    for name in columns:
        try:
            found.append(_place(scenario, name))
        except UnknownInputError as error:
            where = f"{path}: column {shown(name)}"
            problems.append(Problem(where, error.allowed, shown(error.received), error.fix))
    if problems:
        raise InputError(problems)
    for place, values in zip(found, columns.values(), strict=True):
        problems += _outside(f"{path}: column {shown(place.path)}", place, values)
    if problems:
        raise InputError(problems)
    values = np.column_stack(list(columns.values()))
    stack = stacked(scenario, found, values)
    problems = list(_no_scenario(scenario, path, found, values, np.flatnonzero(unsound(stack, len(values)))))
    if problems:
        raise InputError(problems)
    return Draws(tuple(found), values, content, stack)


def row_of(scenario: S, found: Sequence[Place], row: Floats, source: str) -> S:
    """The scenario with one draw in it, without draws of its own. row : [input]

    Raises: InputError when that is no scenario.
    """
    document = document_of(scenario)
    document["uncertainty"] = None
    for place, value in zip(found, row, strict=True):
        put(document, place.keys, int(value) if place.whole else float(value))
    return check(type(scenario), tables_of(document), source)


def stacked(scenario: S, found: Sequence[Place], values: Floats) -> S:
    """The scenario with arrays in the place of numbers. values : [draw, input]"""
    for place, column in zip(found, values.T, strict=True):
        scenario = put_in(scenario, place.keys, np.ascontiguousarray(column))
    return scenario


def _columns(content: bytes, path: Path) -> dict[str, Floats]:
    """The columns of the file by name, as numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        received = shown(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise InputError([Problem(str(path), "a Parquet file", received)]) from None
    problems = []
    if not 1 <= table.num_rows <= MOST_DRAWS:
        problems.append(Problem(str(path), f"1 to {MOST_DRAWS:,} rows", f"{table.num_rows:,}"))
    if not table.column_names:
        problems.append(Problem(str(path), "of a column for each input", "no column"))
    for name in sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        problems.append(Problem(f"{path}: column {shown(name)}", "there once", "several times"))
    for field in table.schema:
        if not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
            problems.append(Problem(f"{path}: column {shown(field.name)}", "of numbers", str(field.type)))
    if problems:
        raise InputError(problems)
    return {name: _numbers(table.column(name)) for name in table.column_names}


def _numbers(column: "pa.ChunkedArray") -> Floats:
    import pyarrow as pa

    plain = column.cast(pa.float64(), safe=False)
    return np.asarray(plain.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _place(scenario: BaseModel, name: str) -> Place:
    """The number that a column is about.

    Raises: UnknownInputError when it is none, or none that differs between draws.
    """
    found = places(scenario, name)
    if len(found) != 1 or found[0].path != name or found[0].value is None:
        raise UnknownInputError(ALLOWED, name, "Name the segment, the item and the key.")
    keys = found[0].keys
    of_customers = len(keys) > 3 and keys[0] == "segment" and keys[2] in OF_SEGMENT
    notice = keys[0] == "segment" and keys[2:] == ("notice_days",)
    back_dated = keys[0] == "segment" and keys[2:] == ("back_dated",)
    numbers = of_customers and not found[0].whole and "onboarding" not in keys and "listed" not in keys
    if not (numbers or notice or back_dated or keys[0] == "dependence" or keys == ("market", "persistence")):
        raise UnknownInputError(ALLOWED, name, "What gives the company its shape is the same in all draws.")
    return found[0]


def _outside(where: str, place: Place, values: Floats) -> Iterator[Problem]:
    """Values of a column that are out of its bounds: the first, and how many more."""
    wrong = ~np.isfinite(values) | (values < place.least) | (values > place.most)
    wrong |= (values > 0.0) & (values < place.some)
    if place.whole:
        wrong |= values != np.round(values)
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    kind = "a whole number" if place.whole else "a number"
    allowed = f"{kind} from {place.least:g} to {place.most:g}"
    value = float(values[rows[0]])
    more = "" if len(rows) == 1 else f"Not within these bounds in {len(rows):,} rows."
    yield Problem(
        f"{where}, row {rows[0] + 1}", allowed, "nothing" if np.isnan(value) else f"{value:g}", more
    )


def _no_scenario(
    scenario: S, path: Path, found: Sequence[Place], values: Floats, rows: NDArray[np.int64]
) -> Iterator[Problem]:
    """Why rows that look wrong are no scenario, in the sentences of a scenario's own file."""
    wrong = 0
    for row in rows.tolist():
        try:
            row_of(scenario, found, values[row], f"{path}: row {row + 1}")
        except InputError as error:
            wrong += 1
            if wrong <= ROWS_TOLD:
                yield from error.problems
    if wrong > ROWS_TOLD:
        yield Problem(str(path), "of rows that are scenarios", f"{wrong - ROWS_TOLD:,} more that are none")
