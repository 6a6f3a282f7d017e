"""Pictures for notebooks and files, drawn with matplotlib, which the extra ``plot`` installs."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.shapes.amounts import unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

ACCENT, DEARER, CHEAPER, SAME, SOFT = "#2f5d8a", "#b4541a", "#1f7a6d", "#767d85", "#c9d3dd"
"""As the page has them."""
BINS: Final = 40
TAILS: Final = (0.002, 0.975)
"""Between which worlds are spread out: a single world far out would leave no room for the others. [share]"""
FORMATS: Final = (".svg", ".png", ".pdf")


class TradeOff(NamedTuple):
    """What a measure comes to as a clause is varied. along : values; texts stand side by side in their order.

    errors : standard errors, where known.   target, found : that were solved for.
    """

    clause: str
    measure: str
    money: bool
    along: Sequence[object]
    values: Floats
    errors: Floats | None = None
    target: float | None = None
    found: float | None = None


def new_axes(height: float = 4.2) -> "Axes":
    """Axes of a figure of their own, which no window shows unasked.

    Raises: InputError when matplotlib is not installed.
    """
    check_installed()
    from matplotlib.figure import Figure

    return Figure(figsize=(7.5, height), layout="constrained").add_subplot()


def check_installed() -> None:
    """Raises: InputError when matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        fix = "pip install 'csm-compensation-simulator[plot]'"
        raise InputError([Problem("the library matplotlib", "installed to draw pictures", "none", fix)])


def trade_off(shape: TradeOff, axes: "Axes | None" = None) -> "Figure":
    """The curve with two standard errors each way; the target, and the value that reaches it."""
    drawn = new_axes() if axes is None else axes
    unit = unit_for(shape.values.tolist()) if shape.money else None
    scale = 1.0 if unit is None else unit.divisor
    numbers = all(isinstance(each, int | float) for each in shape.along)
    along = np.asarray(shape.along, dtype=np.float64) if numbers else np.arange(len(shape.along))
    values = shape.values / scale
    if shape.errors is not None:
        band = 2.0 * shape.errors / scale
        drawn.fill_between(along, values - band, values + band, color=SOFT, label="± 2 simulation errors")
    drawn.plot(along, values, color=ACCENT, marker="o", markersize=3.5, label=shape.measure)
    if shape.target is not None:
        drawn.axhline(shape.target / scale, color=SAME, linewidth=1.0, linestyle="--", label="target")
    if shape.found is not None:
        drawn.axvline(shape.found, color=DEARER, linewidth=1.0, label=f"{shape.found:.6g}")
    if not numbers:
        drawn.set_xticks(along, [str(each) for each in shape.along])
    drawn.set_xlabel(shape.clause)
    drawn.set_ylabel(f"{shape.measure} [{unit.name}]" if unit is not None else shape.measure)
    drawn.legend(frameon=False)
    return _finished(drawn)


def distributions(
    costs: Mapping[str, Floats], budget: float | None, baseline: str, axes: "Axes | None" = None
) -> "Figure":
    """Cost of every plan over worlds, one below the other on one scale, with medians and the budget."""
    drawn = new_axes(max(2.2, 0.55 * len(costs) + 1.2)) if axes is None else axes
    ends = [np.quantile(each, TAILS) for each in costs.values()]
    low, high = min(each[0] for each in ends), max(each[1] for each in ends)
    if budget is not None:
        low, high = min(low, budget), max(high, budget)
    unit = unit_for([high])
    edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    middle = 0.5 * (edges[:-1] + edges[1:]) / unit.divisor
    for place, (name, each) in enumerate(costs.items()):
        counts = np.histogram(np.clip(each, low, edges[-1]), edges)[0]
        height = 0.85 * counts / max(counts.max(), 1)
        colour = SAME if name == baseline else ACCENT
        drawn.fill_between(middle, place, place - height, step="mid", color=colour, alpha=0.55, linewidth=0)
        median = float(np.median(each)) / unit.divisor
        drawn.plot([median, median], [place, place - 0.85], color=colour, linewidth=1.6)
    if budget is not None:
        drawn.axvline(budget / unit.divisor, color=DEARER, linewidth=1.2, linestyle="--", label="budget")
        drawn.legend(frameon=False, loc="upper right")
    drawn.set_yticks(range(len(costs)), list(costs))
    drawn.set_ylim(len(costs) - 0.8, -1.1)
    drawn.set_xlabel(f"Company cost over the horizon [{unit.name}]")
    drawn.set_title("Line: median. Last column: all that lies higher.", fontsize=9, loc="left")
    return _finished(drawn)


def differences(
    rows: Mapping[str, tuple[float, float, float]], baseline: str, axes: "Axes | None" = None
) -> "Figure":
    """P5, median and P95 of each plan's cost less the baseline's, world by world."""
    drawn = new_axes(max(1.8, 0.4 * len(rows) + 1.2)) if axes is None else axes
    unit = unit_for([end for row in rows.values() for end in row])
    for place, (low, median, high) in enumerate(rows.values()):
        colour = DEARER if median > 0.0 else CHEAPER
        drawn.plot(
            [low / unit.divisor, high / unit.divisor],
            [place, place],
            color=SOFT,
            linewidth=8,
            solid_capstyle="butt",
        )
        drawn.plot(
            [median / unit.divisor], [place], color=colour, marker="|", markersize=14, markeredgewidth=2.5
        )
    drawn.axvline(0.0, color=SAME, linewidth=1.0)
    drawn.set_yticks(range(len(rows)), list(rows))
    drawn.set_ylim(len(rows) - 0.4, -0.6)
    drawn.set_xlabel(f"Cost against {baseline} [{unit.name}]: nine worlds in ten, and the median")
    return _finished(drawn)


def written(figure: "Figure", ending: str) -> bytes:
    """The figure as a file of this ending, the same bytes in every run."""
    out = BytesIO()
    options: dict[str, Any] = {"metadata": {"Date": None}} if ending == ".svg" else {}
    import matplotlib as mpl

    with mpl.rc_context({"svg.hashsalt": "csmsim", "svg.fonttype": "none"}):
        figure.savefig(out, format=ending.removeprefix("."), dpi=150, **options)
    return out.getvalue()


def _finished(axes: "Axes") -> "Figure":
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    figure = axes.get_figure(root=True)
    assert figure is not None, "axes belong to a figure"
    return figure
