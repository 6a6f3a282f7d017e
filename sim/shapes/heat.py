"""A table of short cells that are coloured by strength: plans by what happens to them."""

from typing import NamedTuple


class Cell(NamedTuple):
    """One cell. heat : strength of the colour, from 0 to 1; spoken : what the mark says."""

    tone: str
    heat: float
    text: str
    mark: str
    spoken: str


class HeatRow(NamedTuple):
    """One plan."""

    name: str
    cells: tuple[Cell, ...]


class Heat(NamedTuple):
    """columns : name and title of each. full : what has the full colour, in words; empty without colours."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...]
    full: str = ""
