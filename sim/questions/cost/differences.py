"""What a comparison of costs says, in a few plain sentences made of the numbers of the table of differences."""

from collections.abc import Iterator

from sim.questions.cost.summary import (
    CostDifference,
    CostOfStudy,
    Order,
    costs_of_plans,
    differences_of_plans,
    same_as_baseline,
)
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import MARK
from sim.shapes.words import listed
from sim.summary.summary import Summary


def verdict(summary: Summary) -> str:
    """Which plans are dearest and cheapest, as far as these worlds tell, and which are not told from the baseline."""
    differences = differences_of_plans(summary)
    if not differences:
        ((only, cost),) = costs_of_plans(summary).items()
        what = f"costs {amount(cost.p50)} over the horizon in the median world"
        return f"{only} {what}; there is no plan to compare it with."
    return " ".join(_sentences(summary, differences))


def _sentences(summary: Summary, differences: dict[str, CostDifference]) -> Iterator[str]:
    baseline = summary.study.baseline
    order = summary.of(CostOfStudy).order
    statistic = "mean" if order is None else order.statistic
    same = [name for name in differences if name in same_as_baseline(summary)]
    if len(same) < len(differences):
        if len(differences) == 1:
            ((name, difference),) = differences.items()
            yield from _pair(name, difference, baseline, statistic)
        elif order is not None:
            yield from _extremes(order, differences, baseline)
    unclear = [name for name, each in differences.items() if not each.told_apart and name not in same]
    if unclear and len(differences) > 1:
        yield f"Not told apart from {baseline} by these worlds, by the {statistic}: {', '.join(unclear)}."
    if same:
        yield f"The same cost as {baseline} in every world: {', '.join(same)}."
    fragile = [
        name for name, cost in costs_of_plans(summary).items() if cost.fragile and cost.mean is not None
    ]
    if fragile:
        named = [
            f"{name} (one world carries {share(differences[name].largest_world_share or 0.0)} of its difference)"
            if name in differences
            else name
            for name in fragile
        ]
        yield f"Means marked {MARK} rest on a few worlds and are not to be used: {listed(named)}."


def _pair(name: str, difference: CostDifference, baseline: str, statistic: str) -> Iterator[str]:
    """Of two plans neither is the dearest of anything."""
    size = _size(difference, baseline, statistic)
    if not difference.told_apart:
        yield f"{name} is not told apart from {baseline} by these worlds: {size}."
        return
    yield f"{name} costs {size}, and is dearer in {_dearer(difference)} of the worlds."


def _extremes(order: Order, differences: dict[str, CostDifference], baseline: str) -> Iterator[str]:
    """The dearest and the cheapest plan, where one plan is told apart from all others."""
    for word, (first, *near) in (("dearest", order.dearest), ("cheapest", order.cheapest)):
        if len(near) == len(differences):
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
        size = _size(differences[first], baseline, order.statistic)
        yield (
            f"{first} is the {word} by the {order.statistic}: {size}, and dearer in "
            f"{_dearer(differences[first])} of the worlds."
        )


def _size(difference: CostDifference, baseline: str, statistic: str) -> str:
    """How much more or less, by the statistic."""
    value, relative = difference.value(statistic), difference.share_of_baseline
    size, than = amount(abs(value)), f"{'more' if value > 0.0 else 'less'} than {baseline}"
    if statistic == "median" or difference.se is None:
        return f"{size} {than} in the median world"
    of_baseline = "" if relative is None else f" ({share(abs(relative), 1)})"
    return f"{size}{of_baseline} {than} (simulation error ± {amount(difference.se)})"


def _dearer(difference: CostDifference) -> str:
    return share(difference.share_dearer) if difference.share_dearer else "none"
