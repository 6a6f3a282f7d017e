"""The chart of a table, as a spreadsheet draws it from the table's own cells."""

from typing import Literal, NamedTuple


class Bars(NamedTuple):
    """A bar for each row in each of the columns. columns : their keys; upright where the bars stand."""

    columns: tuple[str, ...]
    stacked: bool = False
    upright: bool = False


class Lines(NamedTuple):
    """A line for the rows of each plan (or role). along, over : keys of the columns along the chart, and over it."""

    along: str
    over: str


class FootedRow(NamedTuple):
    """One plan. parts : None where it has no mean; total : as simulated. [usd]"""

    name: str
    parts: tuple[float, ...] | None
    total: float | None
    fragile: bool


class Foots(NamedTuple):
    """Parts that add up to what was simulated: a sheet shows each total as a formula, and whether it foots.

    title   : what adds up.
    columns : titles of the parts.
    chart   : parts as stacked bars, or as points of a line.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[FootedRow, ...]
    chart: Literal["stack", "lines"]
