"""A section of the page: a question, the sentence that answers it, its figures and the tables behind them."""

from dataclasses import dataclass
from typing import Any

from sim.shapes.slide import Slide
from sim.shapes.table import Table


@dataclass(frozen=True)
class Figure:
    """One figure.

    kind  : what the template draws it with.
    shape : its geometry.
    note  : how to read it.
    label : what it shows, where a section has several.
    """

    kind: str
    shape: Any
    note: str
    label: str = ""


@dataclass(frozen=True)
class Section:
    """One question.

    open  : whether its tables are unfolded.
    rests : what its result rests on, said at the end of a terminal's report and of a deck.
    slide : what it puts into a deck.
    """

    key: str
    title: str
    finding: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    open: bool = False
    rests: tuple[str, ...] = ()
    slide: Slide | None = None
