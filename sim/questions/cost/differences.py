"""What a comparison of costs says, in a few plain sentences made of the rows of the table of differences."""

from collections.abc import Iterator

from sim.questions.cost.rows import DifferenceRow, cost_rows, difference_rows
from sim.questions.cost.summary import CostOfStudy, Order
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import MARK
from sim.shapes.words import listed
from sim.summary.summary import Summary


def verdict(summary: Summary) -> str:
    """Which plans are dearest and cheapest, as far as these worlds tell, and which are not told from the baseline."""
    rows = difference_rows(summary)
    if not rows:
        (only,) = cost_rows(summary)
        what = f"costs {amount(only.p50)} over the horizon in the median world"
        return f"{only.plan} {what}; there is no plan to compare it with."
    return " ".join(_sentences(summary, rows))


def _sentences(summary: Summary, rows: list[DifferenceRow]) -> Iterator[str]:
    baseline = summary.study.baseline
    order = summary.of(CostOfStudy).order
    statistic = "mean" if order is None else order.statistic
    same = [row.plan for row in rows if row.same]
    if len(same) < len(rows):
        if len(rows) == 1:
            yield from _pair(rows[0], baseline, statistic)
        elif order is not None:
            yield from _extremes(order, {row.plan: row for row in rows}, baseline)
    unclear = [row.plan for row in rows if not row.told_apart and not row.same]
    if unclear and len(rows) > 1:
        yield f"Not told apart from {baseline} by these worlds, by the {statistic}: {', '.join(unclear)}."
    if same:
        yield f"The same cost as {baseline} in every world: {', '.join(same)}."
    fragile = [row.plan for row in cost_rows(summary) if row.fragile and row.mean is not None]
    if fragile:
        largest = {row.plan: row.largest for row in rows}
        named = [
            f"{name} (one world carries {share(largest[name])} of its difference)"
            if name in largest
            else name
            for name in fragile
        ]
        yield f"Means marked {MARK} rest on a few worlds and are not to be used: {listed(named)}."


def _pair(row: DifferenceRow, baseline: str, statistic: str) -> Iterator[str]:
    """Of two plans neither is the dearest of anything."""
    if not row.told_apart:
        yield f"{row.plan} is not told apart from {baseline} by these worlds: {_size(row, baseline, statistic)}."
        return
    yield f"{row.plan} costs {_size(row, baseline, statistic)}, and is dearer in {_dearer(row)} of the worlds."


def _extremes(order: Order, rows: dict[str, DifferenceRow], baseline: str) -> Iterator[str]:
    """The dearest and the cheapest plan, where one plan is told apart from all others."""
    for word, (first, *near) in (("dearest", order.dearest), ("cheapest", order.cheapest)):
        if len(near) == len(rows):
            yield f"By the {order.statistic}, no plan is told apart from {first}, the {word} in the table."
            continue
        if near:
            yield (
                f"Which plan is the {word} cannot be told: by the {order.statistic}, {listed([first, *near])} are not "
                "told apart."
            )
            continue
        if first == baseline:
            other = "less" if word == "dearest" else "more"
            yield f"{baseline} is the {word} by the {order.statistic}: every other plan costs {other}."
            continue
        row = rows[first]
        yield (
            f"{first} is the {word} by the {order.statistic}: {_size(row, baseline, order.statistic)}, and dearer in "
            f"{_dearer(row)} of the worlds."
        )


def _size(row: DifferenceRow, baseline: str, statistic: str) -> str:
    """How much more or less, by the statistic."""
    value = row.value(statistic)
    size, than = amount(abs(value)), f"{'more' if value > 0.0 else 'less'} than {baseline}"
    if statistic == "median" or row.se is None:
        return f"{size} {than} in the median world"
    relative = "" if row.relative is None else f" ({share(abs(row.relative), 1)})"
    return f"{size}{relative} {than} (simulation error ± {amount(row.se)})"


def _dearer(row: DifferenceRow) -> str:
    return share(row.dearer) if row.dearer else "none"
