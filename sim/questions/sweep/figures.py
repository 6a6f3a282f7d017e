"""The figure of a sweep of one clause: a panel a measure, measures of one section and unit on common axes."""

from collections.abc import Iterator, Sequence

from sim.questions.search.words import name_of, told
from sim.questions.sweep.summary import SweepSuite, SweptMeasure
from sim.shapes.axis import Axis, Tick, axis_of, cent_axis, money_axis, share_axis
from sim.shapes.lines import Line, Lines

Along = Sequence[tuple[float, float]]


def swept_lines(suite: SweepSuite) -> Iterator[Lines]:
    """Each section and unit by itself; nothing where several clauses vary, or a measure has no two values."""
    if len(suite.vary) != 1 or len(suite.swept) < 2:
        return
    x, places = _along([row.values[0] for row in suite.swept])
    curves = {}
    for place, measure in enumerate(suite.told):
        found = zip(places, (row.measures[place] for row in suite.swept), strict=True)
        curves[measure.path] = [(at, value) for at, value in found if value is not None]
    drawn = [each for each in suite.told if len(curves[each.path]) > 1]
    for kind in dict.fromkeys(map(_kind, drawn)):
        mine, unit = [each for each in drawn if _kind(each) == kind], kind[1]
        values = [value for each in mine for _, value in curves[each.path]]
        target = None if suite.solution is None else suite.solution.target
        y = _over(unit, [*values, *([] if target is None else [target])])
        yield Lines(x, y, tuple(_panel(suite, each, curves[each.path], x, y) for each in mine))


def _kind(measure: SweptMeasure) -> tuple[str, str]:
    return measure.path.partition(".")[0], measure.unit


def _panel(suite: SweepSuite, measure: SweptMeasure, curve: Along, x: Axis, y: Axis) -> Line:
    """A measure; in dashes the target, or the budget where it lies among the costs."""
    mark = None if suite.solution is None else suite.solution.target
    if mark is None and measure.path.startswith("cost.") and measure.unit == "usd":
        mark = suite.study.budget
    dashes = (
        () if mark is None or not y.shows(mark) else ((0.0, 100.0 - y.at(mark)), (100.0, 100.0 - y.at(mark)))
    )
    line = tuple((x.at(at), round(100.0 - y.at(value), 3)) for at, value in curve)
    ends = f"{told(curve[0][1], measure.unit)} to {told(curve[-1][1], measure.unit)}"
    said = f"{name_of(measure.path)} from the first value to the last: {ends}"
    return Line(name_of(measure.path), measure.unit, line, said, dashes)


def _along(values: Sequence[object]) -> tuple[Axis, list[float]]:
    """The axis of a clause's values, and the place of each on it: numbers by size, others side by side."""
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        numbers = [float(str(each)) for each in values]
        return axis_of(numbers, lambda at, step: f"{at:.6g}" if abs(at) > 1e-9 * step else "0"), numbers
    last = len(values) - 1
    ticks = tuple(Tick(100.0 * place / last, str(value)) for place, value in enumerate(values))
    return Axis(0.0, float(last), ticks), [float(place) for place in range(len(values))]


def _over(unit: str, values: Sequence[float]) -> Axis:
    if unit == "usd/usd":
        return cent_axis(values, most=4)
    if unit.startswith("usd"):
        return money_axis(values, most=4)
    return share_axis(values, most=4) if unit == "share" else axis_of(values, lambda at, _: f"{at:.6g}", 4)
