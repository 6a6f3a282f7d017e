"""Figures of a backtest: the forecast as a fan with the actual in it, percentiles, and CSMs' ranges of pay."""

from collections.abc import Iterable
from typing import NamedTuple

from sim.questions.backtest.findings import CALLED, ordinal
from sim.questions.backtest.summary import WHATS, WHOLE, Backtest, CutEntry, Row, What
from sim.questions.backtest.tables import TITLES, capital, kind_of
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, Tick, money_axis, share_axis
from sim.shapes.ranges import RangeRow, Ranges, between
from sim.shapes.section import Figure

Points = tuple[tuple[float, float], ...]
BINS = 10
MOST_ROWS = 45
"""CSMs drawn, those farthest out; the table holds all."""
BIN_HEIGHT = 92.0
"""Height of the tallest bin. [% of the plot]"""


class Fan(NamedTuple):
    """band : P5 to P95 as a closed outline; median, dashes : P50 and the actual by period. [% of the plot]"""

    name: str
    band: Points
    median: Points
    spoken: str
    dashes: Points


class Fans(NamedTuple):
    """As ``sim.questions.cost.panels.Fans`` without a budget."""

    x: tuple[Tick, ...]
    y: Axis
    budget: None
    budget_label: str
    panels: tuple[Fan, ...]


class Column(NamedTuple):
    """A bin. [% of the plot]"""

    start: float
    width: float
    height: float


class Histogram(NamedTuple):
    """curve : the height that every bin has where percentiles are uniform."""

    name: str
    curve: Points
    bins: tuple[Column, ...]
    spoken: str


class Histograms(NamedTuple):
    """x, y : the common axes."""

    x: Axis
    y: Axis
    panels: tuple[Histogram, ...]


def fans(found: Backtest, what: What) -> Figure | None:
    """Forecast and actual along the periods; of several cuts, along them (one period each), or a panel for each."""
    lines = _lines(found, what)
    ends = [end for _, rows in lines for row in rows for end in (row.p5, row.p95, row.actual)]
    if not ends or len(lines[0][1]) < 2:
        return None
    y = money_axis([0.0, *ends], most=4) if kind_of(what) == "usd" else share_axis(ends, most=4)
    labels = _labels(found)
    count = len(labels)
    ticks = tuple(Tick(_across(at, count), label) for at, label in enumerate(labels))
    panels = tuple(_fan(name, rows, y, what) for name, rows in lines)
    note = "Band: nine worlds in ten; line: the median; dashed: what happened."
    return Figure("fans", Fans(ticks, y, None, "", panels), note, TITLES[what])


def _one_period(found: Backtest) -> bool:
    return len(found.cuts) > 1 and all(cut.periods == 1 for cut in found.cuts)


def _labels(found: Backtest) -> list[str]:
    if _one_period(found):
        return [cut.cut[:7] for cut in found.cuts]
    return (
        list(found.cuts[0].labels)
        if len(found.cuts) == 1
        else [str(1 + at) for at in range(found.cuts[0].periods)]
    )


def _lines(found: Backtest, what: What) -> list[tuple[str, list[Row]]]:
    if _one_period(found):
        rows = [row for cut in found.cuts if (row := cut.row(what, None, 0)) is not None]
        return [(TITLES[what], rows)]
    return [
        (f"from {cut.cut}" if len(found.cuts) > 1 else TITLES[what], _periods(cut, what))
        for cut in found.cuts
    ]


def _periods(cut: CutEntry, what: What) -> list[Row]:
    rows = (cut.row(what, None, period) for period in range(cut.periods))
    return [row for row in rows if row is not None]


def _fan(name: str, rows: list[Row], y: Axis, what: What) -> Fan:
    count = len(rows)

    def line(values: Iterable[float]) -> Points:
        return tuple((_across(at, count), round(100.0 - y.at(value), 3)) for at, value in enumerate(values))

    inside = sum(row.inside for row in rows)
    spoken = f"{name}: actual {CALLED[what]} inside the 90 % range in {inside} of {count} periods"
    band = line(row.p95 for row in rows) + line(row.p5 for row in rows)[::-1]
    return Fan(name, band, line(row.p50 for row in rows), spoken, line(row.actual for row in rows))


def _across(position: int, count: int) -> float:
    """The middle of one of ``count`` equal columns. [%]"""
    return round(100.0 * (position + 0.5) / count, 3)


def percentiles(found: Backtest) -> Figure | None:
    """How the actuals of CSMs' periods lie in their forecasts: even bins where the forecasts are right."""
    counts: dict[What, list[int]] = {}
    for what in WHATS:
        pits = [row.pit for cut in found.cuts for row in cut.rows if _of_period(row, what)]
        if len(pits) >= 2 * BINS:
            counts[what] = [0] * BINS
            for pit in pits:
                counts[what][min(int(pit * BINS), BINS - 1)] += 1
    if not counts:
        return None
    parts = {what: [each / sum(bins) for each in bins] for what, bins in counts.items()}
    highest = max(max(bins) for bins in parts.values())
    y = share_axis([0.0, highest], most=4)
    x = share_axis([0.0, 1.0])
    panels = tuple(_histogram(what, bins, y) for what, bins in parts.items())
    note = (
        "Where each CSM's actual of a period lies in its forecast, by tenths of the worlds. A forecast that is right has "
        "even bars, at the line but for luck; high bars at the left: it was less than forecast; high at both ends: ranges "
        "too narrow."
    )
    return Figure("performances", Histograms(x, y, panels), note, "Percentiles of the actual")


def _of_period(row: Row, what: What) -> bool:
    return row.csm is not None and row.what == what and not row.whole


def _histogram(what: What, bins: list[float], y: Axis) -> Histogram:
    width = 100.0 / BINS
    columns = tuple(Column(round(at * width, 3), round(width, 3), y.at(part)) for at, part in enumerate(bins))
    level = round(100.0 - y.at(1.0 / BINS), 3)
    spoken = f"{TITLES[what]}: {share(bins[0])} of the actuals in the lowest tenth, {share(bins[-1])} in the highest"
    return Histogram(capital(CALLED[what]), ((0.0, level), (100.0, level)), columns, spoken)


def pay_ranges(cut: CutEntry) -> Figure | None:
    """Variable pay of CSMs over the horizon: forecast and actual, farthest out first."""
    rows = [row for row in cut.rows if row.csm is not None and row.what == "cost" and row.period == WHOLE]
    if not rows:
        return None
    rows.sort(key=lambda row: -abs(row.pit - 0.5))
    shown = rows[:MOST_ROWS]
    axis = money_axis([0.0, *(end for row in shown for end in (row.p95, row.actual))])
    left = len(rows) - len(shown)
    more = f" The {len(shown)} farthest out of {len(rows)}." if left else ""
    note = f"Bar: nine worlds in ten; stroke: the median; dot: what was paid. Coloured: outside.{more}"
    return Figure(
        "ranges", Ranges(axis, tuple(_range(row, axis) for row in shown), None, ""), note, "Pay of CSMs"
    )


def _range(row: Row, axis: Axis) -> RangeRow:
    tone = "plain" if row.inside else "dearer" if row.actual > row.p95 else "cheaper"
    forecast = f"{amount(row.p5)} to {amount(row.p95)}"
    spoken = f"{amount(row.actual)}, at the {ordinal(row.pit)} percentile of the forecast, {forecast}"
    return RangeRow(
        row.csm or "", tone, between(axis, row.p5, row.p95), None, axis.at(row.p50), axis.at(row.actual), None, spoken
    )  # fmt: skip
