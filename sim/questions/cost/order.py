"""Which plans of a study are dearest and cheapest, as ``summary.json`` says it: by the means, or where one is not to be
relied on by the medians, of differences world by world.
"""

from typing import Any

import numpy as np

from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.order import order_of
from sim.questions.cost.role_cost import cost_by_world

Document = dict[str, Any]


def ordered(study: Study, totals: Totals, plans: Document) -> Document | None:
    """The order, and what it says of each plan written into ``plans``; None where there is one plan.

    statistic         : ``"mean"`` of the paired differences; ``"median"`` where a plan has no mean to be relied on.
    dearest, cheapest : the plan of the highest (lowest) value, and those that these worlds do not tell apart from it.
    same              : plans whose cost is the baseline's in every world.

    Into each plan but the baseline go ``vs_baseline.p``, adjusted for all plans together, and ``told_apart``.
    """
    if len(plans) < 2:
        return None
    _mark_fragile(study, plans)
    entries = [plan["vs_baseline"] for plan in plans.values()]
    sound = all("mean" in each and not each.get("fragile") for each in entries)
    costs = np.stack([cost_by_world(study, totals, index).sum(axis=0) for index in range(len(plans))])
    found = order_of(costs, study.baseline_index, "mean" if sound else "median")
    names = list(plans)
    for index, each in enumerate(entries):
        if index != study.baseline_index:
            each |= {"p": found.p[index], "told_apart": found.told_apart(index)}
    return {
        "statistic": found.statistic,
        "dearest": [names[index] for index in found.dearest],
        "cheapest": [names[index] for index in found.cheapest],
        "same": [names[index] for index in found.same],
    }


def _mark_fragile(study: Study, plans: Document) -> None:
    """Mark the cost of each plan whose difference to the baseline rests on a few worlds; where that holds of all of several
    others, the baseline's too.
    """
    others = [plan for name, plan in plans.items() if name != study.baseline]
    fragile = [plan for plan in others if plan["vs_baseline"].get("fragile")]
    if 1 < len(fragile) == len(others):
        fragile.append(plans[study.baseline])
    for plan in fragile:
        plan["cost"]["fragile"] = True
