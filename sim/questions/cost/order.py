"""Which plans of a study are dearest and cheapest: by the means, or where one is not to be relied on by the medians, of
differences world by world.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.measure.estimate import Floats
from sim.measure.order import order_of
from sim.questions.cost.summary import CostOfPlan, Order

Plans = dict[str, CostOfPlan]


class Ordered(NamedTuple):
    """Plans with what their order says of each; the order itself, None where there is one plan."""

    plans: Plans
    order: Order | None


def ordered(plans: Plans, costs: Floats, baseline: str) -> Ordered:
    """The order of plans by ``costs`` [plan, world], told by means where all have one to be relied on.

    Into each plan but the baseline go ``vs_baseline.p``, adjusted for all plans together, and ``told_apart``.
    """
    if len(plans) < 2:
        return Ordered(plans, None)
    names = list(plans)
    differences = [plan.vs_baseline for plan in plans.values()]
    sound = all(each.tail is None and not each.fragile for each in differences)
    found = order_of(costs, names.index(baseline), "mean" if sound else "median")
    fragile = _fragile(plans, baseline)
    marked = {}
    for index, (name, plan) in enumerate(plans.items()):
        difference, cost = plan.vs_baseline, plan.cost
        if name != baseline:
            told = {"p": found.p[index], "told_apart": found.told_apart(index)}
            difference = difference.model_copy(update=told)
        if name in fragile:
            cost = cost.model_copy(update={"fragile": True})
        marked[name] = plan.model_copy(update={"cost": cost, "vs_baseline": difference})
    which = {key: tuple(names[at] for at in getattr(found, key)) for key in ("dearest", "cheapest", "same")}
    return Ordered(marked, Order.of(statistic=found.statistic, **which))


def _fragile(plans: Mapping[str, CostOfPlan], baseline: str) -> set[str]:
    """Each plan whose difference to the baseline rests on a few worlds; where that holds of all of several others, the
    baseline too.
    """
    others = {name: plan.vs_baseline for name, plan in plans.items() if name != baseline}
    fragile = {name for name, other in others.items() if other.fragile and other.tail is None}
    return fragile | ({baseline} if 1 < len(fragile) == len(others) else set())
