"""The rows of a sweep, and the curve of a solution, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.questions.search.words import kind_of
from sim.questions.sweep.summary import SweepSuite, SweptMeasure
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import Column, Kind, Table, table

Document = Mapping[str, Any]

COMPONENT: Final = "component."
"""What most paths begin with: of no use at the head of a column."""
ERROR: Final = "_se"
MEAN_IS: Final = "mean_is"
"""Key of what is to be said of a row's means, as in tables that are files."""
ERRORS: Final[dict[Kind, Kind]] = {"usd": "error"}
"""What standard errors of a kind are, where that is another one."""
RESTS: Final = "fragile: its means rest on a few worlds and are not to be used; medians hold."


def swept_table(plan: str, rows: Sequence[Document], measures: Sequence[SweptMeasure], worlds: int) -> Table:
    """The rows of a sweep: values by path, each measure with its error, and what is to be said of means."""
    told = [each.path for each in measures]
    own = {*told, *(f"{measure}{ERROR}" for measure in told), MEAN_IS}
    paths = [key for key in rows[0] if key not in own]
    columns = [Column(path, path.removeprefix(COMPONENT)) for path in paths]
    for measure in measures:
        kind = kind_of_measure(measure)
        columns.append(Column(measure.path, measure.path, kind, none=NO_MEAN, always=True))
        columns.append(Column(f"{measure.path}{ERROR}", SIM_ERROR, ERRORS.get(kind, kind), note=SE_NOTE))
    columns.append(Column(MEAN_IS, "Mean is", note=RESTS))
    shown_rows = [{**row, **{path: written(row[path]) for path in paths}} for row in rows]
    keys = [column.key for column in columns if not column.key.endswith(ERROR)]
    title = f"{plan}, by what is varied"
    note = f"Every row on the same {worlds:,} worlds."
    if any(row[measure] is None for row in rows for measure in told):
        note += f" Where it says {NO_MEAN}, pay has none; cost.p50 and vs_baseline.p50 hold."
    found = table("sweep", title, columns, shown_rows, note, brief=keys, short=f"{title} [{{unit}}]")
    assert found is not None, "a sweep has rows"
    return found


def solved_table(
    path: str, measure: SweptMeasure, curve: Sequence[tuple[float, float]], value: float | None
) -> Table:
    """The trade-off curve, the value that was found among it."""
    rows = [
        {"value": f"{along:.6g}", "measure": over, "found": "found" if along == value else None}
        for along, over in curve
    ]
    columns = (
        Column("value", path.removeprefix(COMPONENT)),
        Column("measure", measure.path, kind_of_measure(measure)),
        Column("found", ""),
    )
    title = f"{measure.path} by {path}"
    keys = [column.key for column in columns]
    found = table("solve", title, columns, rows, brief=keys, short=f"{title} [{{unit}}]")
    assert found is not None, "a curve has points"
    return found


def suite_table(suite: SweepSuite) -> Table:
    """The rows of a suite."""
    if suite.solution is not None:
        curve = [(float(str(row.values[0])), row.measures[0]) for row in suite.swept]
        known = [(along, over) for along, over in curve if over is not None]
        return solved_table(suite.vary[0], suite.told[0], known, suite.solution.value)
    return swept_table(suite.plan, rows_of(suite), suite.told, suite.worlds)


def rows_of(suite: SweepSuite) -> list[dict[str, Any]]:
    """The rows as plain values, by path."""
    found = []
    for row in suite.swept:
        told: dict[str, Any] = dict(zip(suite.vary, row.values, strict=True))
        for each, value, error in zip(suite.told, row.measures, row.errors, strict=True):
            told[each.path] = value
            if error is not None:
                told[f"{each.path}{ERROR}"] = error
        found.append(told | ({} if row.mean_is is None else {MEAN_IS: row.mean_is}))
    return found


def kind_of_measure(measure: SweptMeasure) -> Kind:
    """What a measure's numbers are: money of any kind in the table's unit."""
    kind = kind_of(measure.unit)
    return "usd" if kind == "dollar" else kind


def written(value: object) -> str:
    """A value of a clause as a cell has it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
