"""What a section puts on a slide: a sentence, and a chart that an office program draws from its numbers."""

from typing import Final, Literal, NamedTuple

MOST_PLANS: Final = 12
"""Plans on a slide."""


MILLION: Final = 1e6
"""Unit of most charts. [usd]"""
Series = tuple[str, tuple[float, ...]]
"""A name and its numbers."""


class SlideChart(NamedTuple):
    """A chart.

    kind   : ``"bars"`` from zero, ``"ranges"`` from the first series to the last with the middle one marked, or ``"lines"``.
    title  : with the unit of the numbers.
    names  : what each number of a series is of.
    """

    kind: Literal["bars", "ranges", "lines"]
    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]


class Slide(NamedTuple):
    """A slide."""

    title: str
    sentence: str
    chart: SlideChart


def first_plans(baseline: str, plans: tuple[str, ...]) -> tuple[str, ...]:
    """The baseline and the plans after it, as many as a slide holds."""
    return (baseline, *(name for name in plans if name != baseline))[:MOST_PLANS]
