"""The question of cost: what a plan costs the company and pays its people, the others against the baseline."""

from typing import Final

from sim.engine.company_cost import costs_of
from sim.engine.heavy_tail import tail_of_cost, tail_of_difference
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.cost.entry import plan_entry
from sim.questions.cost.order import ordered
from sim.questions.cost.report import cost_sections, cost_short
from sim.questions.cost.summary import CostOfPlan, CostOfStudy
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question
from sim.summary.summary import PlanSummary, Summary


def _read(study: Study, _setting: Setting, totals: Totals, paths: Paths) -> Answer:
    """What every plan costs and pays; how plans stand to each other where all of cost or of its differences is asked."""
    costs = costs_of(study, totals)
    tails = [tail_of_cost(study, totals, index) for index in range(len(study.sets))]
    baseline, of_baseline = costs[study.baseline_index], tails[study.baseline_index]
    plans = {}
    for index, role_set in enumerate(study.sets):
        entry = plan_entry(study, totals, index, baseline, paths)
        tail = tails[index]
        apart = tail_of_difference(costs[index], baseline, tail, of_baseline)
        cost = entry.cost.model_copy(update={"tail": tail and tail.entry()})
        difference = entry.vs_baseline.model_copy(update={"tail": apart and apart.entry()})
        plans[role_set.name] = entry.model_copy(update={"cost": cost, "vs_baseline": difference})
    order = None
    if any(paths.keys(section) is None for section in ("cost", "vs_baseline")):
        plans, order = ordered(plans, costs, study.baseline)
    answer = Answer(CostOfStudy(order=order))
    for name, plan in plans.items():
        answer.add(name, plan)
    return answer


def _combine(summary: Summary) -> Summary:
    """Take the means of pay that does not have one out of what all questions say of it; ``tail`` in the place of each says
    why.
    """
    return summary.with_plans(_without_means)


def _without_means(plan: PlanSummary) -> PlanSummary:
    cost = plan.of(CostOfPlan)
    if cost.cost.tail is not None:
        return plan.with_(*(part.without_means() for part in plan.parts.values()))
    return plan.with_(cost.model_copy(update={"vs_baseline": cost.vs_baseline.without_means()}))


COST: Final = Question(
    "cost",
    read=_read,
    combine=_combine,
    of_plan=(CostOfPlan,),
    of_whole=(CostOfStudy,),
    short=cost_short,
    sections=cost_sections,
)
