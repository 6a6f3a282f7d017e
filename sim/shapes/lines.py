"""Small panels of lines on common axes: the geometry of figures, in percent of the plot."""

from typing import NamedTuple

from sim.shapes.axis import Axis

Points = tuple[tuple[float, float], ...]
"""Places from the left and from the top. [% of the plot]"""


class Line(NamedTuple):
    """One plan's curve, what its 100 % is, and a second curve in dashes where there is one."""

    name: str
    unit: str
    line: Points
    spoken: str
    dashes: Points = ()


class Lines(NamedTuple):
    """x, y : the common axes."""

    x: Axis
    y: Axis
    panels: tuple[Line, ...]
