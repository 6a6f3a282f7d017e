"""Solve for the value of a clause at which a measure of the plan comes to a target, on kept worlds."""

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, shown
from sim.plan.plan import Plan
from sim.questions.sweep.tables import MEAN_IS, solved_table
from sim.report.plot import TradeOff
from sim.shapes.table import Table
from sim.study.measured import kind_of, measure_told
from sim.study.sweep import entries, told
from sim.study.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

UNTIL: Final = re.compile(
    r"\s*([a-z_0-9.]+)\s*=\s*([-+]?[0-9_,]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*([KMB%]?)\s*"
)
SCALE: Final = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "%": 0.01}
POINTS: Final = 9
"""Of the curve between the ends, on which the first crossing of the target is looked for."""
SLOPE: Final = 0.03
"""How far to each side of the value the slope of the curve is read. [share of the range]"""
CLOSE: Final = 1e-5
"""How closely the value is found. [share of the range]"""


class Target(NamedTuple):
    """A measure of the summary and what it is to come to. [unit of the measure]"""

    measure: str
    value: float


@dataclass(frozen=True, repr=False)
class Solved:
    """What was found.

    path    : of the clause that was varied.
    value   : at which the measure comes to the target; None where none between the ends does.
    se      : standard error of the value, from that of the measure over the slope of the curve (delta method); None where
              the measure has none.
    reached : the measure there.
    curve   : values and the measure at them, in order: the trade-off.
    plan    : with the value.
    fragile : whether the measure is a mean that rests on a few worlds there.
    why     : the sentence why no value fits; empty where one does.
    """

    path: str
    target: Target
    value: float | None
    se: float | None
    reached: float | None
    curve: tuple[tuple[float, float], ...]
    plan: Plan | None
    why: str
    fragile: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is not known is absent."""
        found = {
            "vary": self.path,
            "until": self.target._asdict(),
            "value": self.value,
            "se": self.se,
            "reached": self.reached,
            "why": self.why or None,
            "mean_is": "fragile" if self.fragile else None,
            "curve": [list(point) for point in self.curve],
        }
        return {key: value for key, value in found.items() if value is not None}

    def table(self) -> Table:
        """The trade-off curve, the value that was found among it."""
        return solved_table(self.path, measure_told(self.target.measure), self.curve, self.value)

    @property
    def sentence(self) -> str:
        """What was found, to be read alone."""
        if self.value is None or self.reached is None:
            return self.why
        error = "" if self.se is None else f" (simulation error ± {self.se:.2g})"
        said = (
            f"{self.path} = {self.value:.6g}{error} brings {self.target.measure} to {_written(self.reached)}."
        )
        return f"{said} That mean rests on a few worlds: ask for a median." if self.fragile else said

    def __repr__(self) -> str:
        """The sentence."""
        return f"Solved({self.sentence})"

    def plot(self, axes: "Axes | None" = None) -> "Figure":
        """The trade-off curve, the target and the value that reaches it.

        Raises: InputError when matplotlib is not installed.
        """
        from sim.report.plot import trade_off

        return trade_off(self.picture(), axes)

    def picture(self) -> TradeOff:
        """What is drawn."""
        along, values = zip(*self.curve, strict=True)
        money = kind_of(self.target.measure) == "usd"
        shown, target = np.array(values), self.target.value
        return TradeOff(self.path, self.target.measure, money, along, shown, None, target, self.value)

    def _repr_html_(self) -> str:
        from sim.report.html import tables_html

        return tables_html("Solved", [self.sentence], [self.table()])

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The trade-off curve as an Arrow stream (PyCapsule interface)."""
        from sim.report.parquet import arrow_of

        return arrow_of(self.table()).__arrow_c_stream__(requested_schema)

    def frame(self) -> "pd.DataFrame":
        """The trade-off curve as a table."""
        import pandas as pd

        return pd.DataFrame(self.curve, columns=[self.path, self.target.measure])


def target_of(text: str) -> Target:
    """The target written as ``cost.p90 = 1.55M``; K, M and B are thousands, millions and billions, % hundredths.

    >>> target_of("cost.p90 = 1_550_000")
    Target(measure='cost.p90', value=1550000.0)

    Raises: InputError when it is not one.
    """
    found = UNTIL.fullmatch(text)
    if found is not None:
        value = float(found[2].replace("_", "").replace(",", "")) * SCALE[found[3]]
        if isfinite(value):
            return Target(found[1], value)
    raise InputError([Problem("until", "a measure and a number, such as 'cost.p90 = 1.55M'", shown(text))])


def solve(
    worlds: Worlds, plan: Plan | str, *, vary: str, until: str | Target, between: tuple[float, float]
) -> Solved:
    """The value of a clause between two ends at which a measure comes to a target, every value on the same worlds.

    vary    : path of the clause in the plan file, such as ``component.renewals.quota.rate``.
    until   : the target, such as ``cost.p90 = 1.55M``.
    between : ends of the values that are tried.

    On the same draws the measure is a fixed function of the value; where it crosses the target several times, the
    crossing nearest to the lower end is found. Source: root of a sample average (sample average approximation; Shapiro,
    Dentcheva and Ruszczynski 2009, "Lectures on Stochastic Programming", chapter 5), bracketed (Chandrupatla 1997).

    Raises: InputError as ``sim.sweep``.
    """
    base = worlds.plan_of(plan)
    target = target_of(until) if isinstance(until, str) else until
    low, high = between
    if not (low < high and isfinite(high - low)):
        raise InputError([Problem("between", "two ends, the lower one first", shown(list(between)))])
    values = np.linspace(low, high, POINTS)
    measured = _measure(worlds, base, vary, target.measure, values)
    gaps = measured - target.value
    curve = tuple(zip(values.tolist(), measured.tolist(), strict=True))
    crossing = np.flatnonzero(np.signbit(gaps[:-1]) != np.signbit(gaps[1:]))
    if not np.isfinite(gaps).all() or not crossing.size:
        why = _why(vary, target, curve)
        return Solved(vary, target, None, None, None, curve, None, why)
    ends = values[crossing[0]], values[crossing[0] + 1]
    value = _root(worlds, base, vary, target, ends, CLOSE * (high - low))
    chosen = base.altered({vary: value})
    (entry,) = entries(worlds, base, [{vary: value}], (target.measure,))
    row = told(entry, (target.measure,))
    beside = np.clip([value - SLOPE * (high - low), value + SLOPE * (high - low)], low, high)
    slope = float(np.ptp(_measure(worlds, base, vary, target.measure, beside)) / np.ptp(beside))
    error = _error(entry, target.measure, row)
    se = None if error is None or slope == 0.0 else abs(error / slope)
    reached = float(row[target.measure])
    curve = tuple(sorted((*curve, (value, reached))))
    return Solved(vary, target, value, se, reached, curve, chosen, "", row.get(MEAN_IS) is not None)


def _measure(worlds: Worlds, plan: Plan, path: str, measure: str, values: Floats) -> Floats:
    """The measure at each value; NaN where the plan has no such mean."""
    found = entries(worlds, plan, [{path: float(value)} for value in values], (measure,))
    rows = [told(entry, (measure,))[measure] for entry in found]
    return np.array([np.nan if row is None else row for row in rows])


def _root(
    worlds: Worlds, plan: Plan, path: str, target: Target, ends: tuple[float, float], close: float
) -> float:
    from scipy.optimize.elementwise import find_root

    def gap(value: Floats) -> Floats:
        flat = np.atleast_1d(value).ravel()
        return np.reshape(_measure(worlds, plan, path, target.measure, flat) - target.value, np.shape(value))

    found = find_root(gap, ends, tolerances={"xatol": close, "fatol": 0.0}, maxiter=40)
    return float(found.x)


def _error(entry: dict[str, Any], measure: str, row: dict[str, Any]) -> float | None:
    """Standard error of the measure: its own, or of a quantile from its interval between order statistics."""
    if (own := row.get(f"{measure}_se")) is not None:
        return float(own)
    section, _, key = measure.partition(".")
    interval = entry[section].get("quantile_ci95", {}).get(key)
    return None if interval is None else float(interval[1] - interval[0]) / (2.0 * 1.96)


def _why(path: str, target: Target, curve: tuple[tuple[float, float], ...]) -> str:
    reached = [value for _, value in curve if np.isfinite(value)]
    if len(reached) < len(curve):
        return f"{target.measure} has no value for every {path} between the ends: pay has no mean there; ask for cost.p50."
    low, high = min(reached), max(reached)
    return (
        f"None of {len(curve)} values of {path} from {curve[0][0]:g} to {curve[-1][0]:g} brings {target.measure} to "
        f"{_written(target.value)}: there it lies between {_written(low)} and {_written(high)}."
    )


def _written(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000.0 else f"{value:,.4g}"
