"""Several things of each plan on axes side by side, a line a plan: the geometry of a figure, in percent of the plot."""

from typing import NamedTuple

from sim.shapes.lines import Points


class Upright(NamedTuple):
    """One axis. at : place from the left [% of the plot]; bottom, top : at its ends; wanted : the wanted end, if any."""

    title: str
    at: float
    bottom: str
    top: str
    wanted: str


class Thread(NamedTuple):
    """One plan's line. tone : ``"knee"``, ``"plan"`` or ``"today"``; spoken : in words."""

    name: str
    tone: str
    points: Points
    spoken: str


class Coordinates(NamedTuple):
    """beside : lines of plans that are not named."""

    axes: tuple[Upright, ...]
    beside: tuple[Points, ...]
    threads: tuple[Thread, ...]
