"""What changed between two results, for a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.shapes.amounts import share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import SIM_ERROR

if TYPE_CHECKING:
    from sim.study.compare import Comparison, Difference

LONGEST: Final = 60
"""Longer values are cut. [character]"""


def comparison(found: "Comparison") -> RenderableType:
    """Inputs first, then outputs with their intervals."""
    return Group(*_parts(found))


def _parts(found: "Comparison") -> Iterator[RenderableType]:
    yield Text(f"Inputs that differ: {len(found.inputs)}", style="bold")
    if found.inputs:
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        for title in ("Input", "A", "B"):
            table.add_column(title, overflow="fold")
        for change in found.inputs:
            table.add_row(
                *(Text(each) for each in (change.where, _value(change.before), _value(change.after)))
            )
        yield table
    for title, names in (("Plans only in A", found.only_before), ("Plans only in B", found.only_after)):
        if names:
            yield Text(f"{title}: {', '.join(names)}")
    yield Text()
    costs = [each for each in found.outputs if each.measure == "cost"]
    kept = [each for each in found.outputs if each.measure != "cost"]
    if costs:
        yield _costs(costs)
        yield Text()
    if kept:
        yield Text("\n".join(_kept(kept)))
    yield Text(_verdict(list(found.outputs)), style="bold")


def _costs(costs: "list[Difference]") -> RenderableType:
    unit = unit_for([each.after for each in costs], [each.se for each in costs if each.se > 0.0])
    some_by_median = any(each.statistic == "median" for each in costs)

    def row(each: "Difference") -> Row:
        return {
            **({"By": each.statistic} if some_by_median else {}),
            "A": unit.show(each.before),
            "B": unit.show(each.after),
            "B − A": unit.show(each.gap, sign=True),
            SIM_ERROR: unit.show(each.se),
            "p": _p(each.p),
        }

    how = (
        "World by world: both runs drew the same numbers."
        if costs[0].paired
        else "The runs drew different numbers, and other books where these are drawn once: errors of both sides add up."
    )
    title = f"Company cost, B against A [{unit.name} over the horizon]"
    tail = " By median, and by the sign test: plans whose cost has no mean." if some_by_median else ""
    return Fitted(
        title,
        f"{how} {SIM_ERROR}: one standard error, which more worlds make smaller. p: Holm over all "
        f"comparisons.{tail}",
        {each.plan: row(each) for each in costs},
    )


def _kept(kept: "list[Difference]") -> Iterator[str]:
    """Retention once where it moves alike under every plan, as it does where CSMs do not react."""
    lines: dict[str, list[str]] = {}
    for each in kept:
        line = f"{each.measure.upper()} a year: {share(each.before, 1)} to {share(each.after, 1)} (p {_p(each.p)})"
        lines.setdefault(line, []).append(each.plan)
    for line, plans in lines.items():
        yield line if len(lines) == len({each.measure for each in kept}) else f"{line}: {', '.join(plans)}"


def _verdict(outputs: "list[Difference]") -> str:
    clear = list(dict.fromkeys(each.plan for each in outputs if each.significant and each.measure == "cost"))
    compared = [each for each in outputs if each.measure == "cost"]
    if not compared:
        return "No plan is in both results: there is no output to compare."
    if not clear:
        return "No plan's cost is told apart between the two results."
    return f"Cost differs by more than chance for {len(clear)} of {len(compared)} plans: {', '.join(clear)}."


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _value(value: Any) -> str:
    text = "—" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
