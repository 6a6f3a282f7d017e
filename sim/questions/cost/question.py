"""The question of cost: what a plan costs the company and pays its people, the others against the baseline."""

from typing import Any, Final

from sim.engine.company_cost import costs_of
from sim.engine.heavy_tail import tail_of_cost, tail_of_difference
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.cost.entry import plan_entry
from sim.questions.cost.means import without_difference, without_means
from sim.questions.cost.order import ordered
from sim.questions.cost.report import cost_sections, cost_short
from sim.questions.cost.summary import CostOfPlan, CostOfStudy
from sim.questions.question import Answer, Question


def _read(study: Study, totals: Totals) -> Answer:
    costs = costs_of(study, totals)
    tails = [tail_of_cost(study, totals, index) for index in range(len(study.sets))]
    baseline, of_baseline = costs[study.baseline_index], tails[study.baseline_index]
    plans = {}
    for index, each in enumerate(study.sets):
        entry = plan_entry(study, totals, index, baseline)
        tail = tails[index]
        apart = tail_of_difference(costs[index], baseline, tail, of_baseline)
        cost = entry.cost.model_copy(update={"tail": tail and tail.entry()})
        difference = entry.vs_baseline.model_copy(update={"tail": apart and apart.entry()})
        plans[each.name] = entry.model_copy(update={"cost": cost, "vs_baseline": difference})
    found = ordered(plans, costs, study.baseline)
    whole = CostOfStudy(order=found.order)
    return Answer({name: _told(plan) for name, plan in found.plans.items()}, whole.document())


def _told(plan: CostOfPlan) -> dict[str, Any]:
    """The entry without the means that do not exist; ``tail`` in the place of each says why."""
    entry = plan.document()
    if plan.cost.tail is not None:
        entry = without_means(entry)
    return entry if plan.vs_baseline.tail is None else without_difference(entry)


def _combine(document: dict[str, Any]) -> None:
    """Take the means of pay that does not have one out of what other questions say of it."""
    plans = document["plans"]
    for name, entry in plans.items():
        if "tail" in entry["cost"]:
            plans[name] = without_means(entry)


COST: Final = Question(
    "cost",
    read=_read,
    combine=_combine,
    of_plan=CostOfPlan,
    of_whole=CostOfStudy,
    short=cost_short,
    sections=cost_sections,
)
