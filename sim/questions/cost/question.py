"""The question of cost: what a plan costs the company and pays its people, the others against the baseline."""

from typing import Any, Final

from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.cost.entry import plan_entry
from sim.questions.cost.means import without_difference, without_means
from sim.questions.cost.order import ordered
from sim.questions.cost.report import cost_sections, cost_short
from sim.questions.cost.role_cost import cost_by_world
from sim.questions.cost.tail import HeavyTail, tail_of_cost, tail_of_difference
from sim.questions.question import Answer, Question

Document = dict[str, Any]


def _read(study: Study, totals: Totals) -> Answer:
    costs = [cost_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))]
    tails = [tail_of_cost(study, totals, index) for index in range(len(study.sets))]
    baseline, tail = costs[study.baseline_index], tails[study.baseline_index]
    plans = {
        each.name: _told(
            plan_entry(study, totals, index, baseline),
            tails[index],
            tail_of_difference(costs[index], baseline, tails[index], tail),
        )
        for index, each in enumerate(study.sets)
    }
    order = ordered(study, totals, plans)
    return Answer(plans, {} if order is None else {"order": order})


def _told(entry: Document, tail: HeavyTail | None, tail_of_gap: HeavyTail | None) -> Document:
    """The entry without the means that do not exist; ``tail`` in the place of each says why."""
    if tail is not None:
        entry = without_means(entry)
        entry["cost"] |= {"tail": tail.entry()}
    if tail_of_gap is not None:
        entry = without_difference(entry)
        entry["vs_baseline"] |= {"tail": tail_of_gap.entry()}
    return entry


def _combine(document: Document) -> None:
    """Take the means of pay that does not have one out of what other questions say of it."""
    plans = document["plans"]
    for name, entry in plans.items():
        if "tail" in entry["cost"]:
            plans[name] = without_means(entry)


COST: Final = Question("cost", read=_read, combine=_combine, short=cost_short, sections=cost_sections)
