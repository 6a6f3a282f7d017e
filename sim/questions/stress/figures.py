"""Figures of a stress suite: the heat tables, and what moves the cost of each plan."""

from typing import Final

from sim.questions.stress.case import BASE
from sim.questions.stress.limits import FAIL, PASS, UNDECIDED, Verdict
from sim.questions.stress.rows import MARKS, StressRow, stress_rows
from sim.questions.stress.summary import BarEntry, StressSuite, TornadoEntry
from sim.questions.stress.words import TITLES, range_of, short
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, money_axis
from sim.shapes.fragile import NO_MEAN
from sim.shapes.heat import Cell, Heat, HeatRow
from sim.shapes.ranges import between
from sim.shapes.swings import MOST_PANELS, MOST_SWINGS, Swing, SwingPanel, Swings
from sim.shapes.words import counted

SPOKEN: Final = {
    PASS: "keeps limits and budget",
    FAIL: "breaks a limit or the budget",
    UNDECIDED: "undecided",
}
"""What the mark of a verdict says."""
FULL: Final = 0.10
"""A change of cost of this size, or more, has the full colour. [share]"""
UNKNOWN: Final = Cell("", 0.0, "–", "", "not measured")


def heat(suite: StressSuite) -> Heat:
    """Change of mean cost and verdict of every plan under every stress."""
    rows = {(row.stress, row.plan): row for row in stress_rows(suite)}

    def cell(stress: str, plan: str) -> Cell:
        return _change(rows[stress, plan]) if (stress, plan) in rows else UNKNOWN

    return Heat(
        tuple((name, stress.title) for name, stress in suite.stresses.items()),
        tuple(HeatRow(plan, tuple(cell(name, plan) for name in suite.stresses)) for plan in suite.plans),
        full=f"a change of {share(FULL)}",
    )


def _change(row: StressRow) -> Cell:
    mark, spoken = ("", "") if row.verdict is None else (MARKS[row.verdict], SPOKEN[row.verdict])
    if row.stress == BASE:
        return Cell("", 0.0, amount(row.p50 if row.mean is None else row.mean), mark, spoken)
    if row.change is None:
        return Cell("", 0.0, NO_MEAN, mark, spoken)
    tone = "dearer" if row.change > 0.0 else "cheaper" if row.change < 0.0 else ""
    strength = round(min(abs(row.change) / FULL, 1.0), 3)
    return Cell(tone, strength, share(row.change, 1, sign=True), mark, spoken)


def broken_limits(suite: StressSuite) -> Heat:
    """In how many stresses each plan breaks each limit."""
    names = tuple(suite.limits.most)

    def cell(plan: str, limit: str) -> Cell:
        return _counts(
            [
                each.limits[limit].verdict
                for _, name, each in suite.measured()
                if name == plan and limit in each.limits
            ]
        )

    return Heat(
        tuple((TITLES[name], TITLES[name]) for name in names),
        tuple(HeatRow(plan, tuple(cell(plan, name) for name in names)) for plan in suite.plans),
        full="a limit broken in every stress",
    )


def _counts(verdicts: list[Verdict]) -> Cell:
    """How many of the verdicts are not that the limit is kept."""
    if not verdicts:
        return UNKNOWN
    failed, unclear = verdicts.count(FAIL), verdicts.count(UNDECIDED)
    if not failed and not unclear:
        return Cell("", 0.0, "", MARKS[PASS], "kept in all")
    parts = [f"{count} {MARKS[each]}" for each, count in ((FAIL, failed), (UNDECIDED, unclear)) if count]
    strength = round(failed / len(verdicts), 3)
    *first, last = " ".join(parts).split()
    spoken = f"broken in {counted(failed, 'case')}, undecided in {unclear}"
    return Cell("dearer" if failed else "", strength, " ".join(first), last, spoken)


def cost_swings(suite: StressSuite, tornado: TornadoEntry) -> Swings | None:
    """The tornado: mean cost of each plan at both ends of each input, widest first."""
    bars = tornado.inputs
    if not bars:
        return None
    baseline = suite.study.baseline
    shown = [baseline, *(name for name in suite.plans if name != baseline)][:MOST_PANELS]
    ends = [
        end for bar in bars.values() for name in shown for end in (bar.plans[name].low, bar.plans[name].high)
    ]
    axis = money_axis([0.0, *ends], sign=True, most=4)
    panels = tuple(SwingPanel(name, axis.at(0.0), _widest(bars, name, axis)) for name in shown)
    return Swings(axis, axis.at(0.0), panels)


def _widest(bars: dict[str, BarEntry], plan: str, axis: Axis) -> tuple[Swing, ...]:
    paths = sorted(bars, key=lambda path: bars[path].plans[plan].swing, reverse=True)
    return tuple(_swing(path, bars[path], plan, axis) for path in paths[:MOST_SWINGS])


def _swing(path: str, bar: BarEntry, plan: str, axis: Axis) -> Swing:
    low, high = bar.plans[plan].low, bar.plans[plan].high
    spoken = f"{short(path)} {range_of(bar)}: cost {amount(low, sign=True)} to {amount(high, sign=True)}"
    ends = between(axis, min(low, high, 0.0), max(low, high, 0.0))
    return Swing(path, short(path), ends, axis.at(low), spoken)
