"""What an ownership study says: for each role set what it costs, what ARR it keeps, and the margin on it less the cost."""

from typing import Any

import numpy as np

from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.measure.estimate import MISS, Floats, mean_of, median_of, ratio_of, sign_test
from sim.measure.retention import annual
from sim.questions.cost.role_cost import cost_by_world
from sim.questions.cost.tail import tail_of_cost
from sim.questions.ownership.deciding import deciding, net_of, ownership_of, served_of, tooling_of
from sim.questions.ownership.setting import Company, Ownership, company_study
from sim.questions.ownership.survey import survey_rows

Document = dict[str, Any]


def ownership_entry(study: Study, totals: Totals, threads: int) -> Document | None:
    """The factors and assumptions, and the comparison on the study's own company and on each further one; None where the
    study does not ask.
    """
    ownership = study.asked(Ownership)
    if ownership is None:
        return None
    own = {
        "name": study.scenario.name,
        "csms": totals.shape.books,
        "complexity": ownership.complexity,
        "scale": ownership.scale(totals.shape.books),
        **_compared(study, totals, deciding(study, threads)),
    }
    return {
        "outcomes": ownership.outcomes,
        "gross_margin": ownership.gross_margin,
        "tooling": ownership.tooling,
        "sales_process": dict(ownership.sales_process),
        "effects": [effect.model_dump() for effect in ownership.effect],
        "companies": [own, *(_further(study, ownership, company, threads) for company in ownership.company)],
        "survey": [dict(row) for row in survey_rows()],
    }


def _further(study: Study, ownership: Ownership, company: Company, threads: int) -> Document:
    """The comparison on one further company."""
    of_company = company_study(study, company)
    totals = totals_of(prepare(of_company), of_company.worlds, threads)
    return {**_facts(ownership, company), **_compared(of_company, totals, deciding(of_company, threads))}


def _facts(ownership: Ownership, company: Company) -> Document:
    sales_process = ownership.sales_process.get(company.segment)
    facts = company.model_dump() | {"scale": ownership.scale(company.csms)}
    return facts | ({} if sales_process is None else {"sales_process": sales_process})


def _compared(study: Study, totals: Totals, decides: Document | None) -> Document:
    """Every role set on the same worlds, which of them leaves the company most, and what decides that."""
    names = [each.name for each in study.sets]
    served = [served_of(study, totals, index) for index in range(len(names))]
    costs = [cost_by_world(study, totals, index).sum(axis=0) for index in range(len(names))]
    margin = ownership_of(study).gross_margin
    net = [net_of(study, totals, index) for index in range(len(names))]
    tools = [tooling_of(study, totals, index) for index in range(len(names))]
    base = study.baseline_index
    _, variant_of = variants_of(study)
    plans: Document = {}
    for index, name in enumerate(names):
        retention = totals.retentions[variant_of[index]]
        plans[name] = {
            **mean_of(costs[index]).with_se("cost"),
            **mean_of(served[index]).with_se("served"),
            **mean_of(retention.closing).with_se("closing_arr"),
            **mean_of(annual(retention.gross, study.scenario.calendar.years)).with_se("grr"),
            **mean_of(net[index]).with_se("net"),
            "net_vs_baseline": mean_of(net[index] - net[base]).entry(),
            **_share(
                "gain_needed",
                (costs[index] + tools[index]) - (costs[base] + tools[base]),
                margin * served[base],
            ),
            **_share("gain_found", served[index] - served[base], served[base]),
        }
    heavy = [tail_of_cost(study, totals, index) is not None for index in range(len(names))]
    for index, name in enumerate(names):
        if heavy[index] or heavy[base]:
            plans[name] = _by_median(plans[name], costs[index], net[index], net[index] - net[base])
    found = {"worlds": study.worlds, "years": study.scenario.calendar.years, "plans": plans}
    if any(heavy):
        return found | _best_by_median(names, net) | ({} if decides is None else {"deciding": decides})
    return found | _best(names, net) | ({} if decides is None else {"deciding": decides})


def _by_median(entry: Document, cost: Floats, net: Floats, gap: Floats) -> Document:
    """The entry of a role set whose cost, or the baseline's, has no mean: medians in the place of what rests on it."""
    found = {key: value for key, value in entry.items() if not key.startswith("gain_needed")}
    found["net_vs_baseline"] = median_of(gap).entry()
    for key, values in (("cost", cost), ("net", net)):
        found |= median_of(values).with_se(key)
    return found | {"statistic": "median"}


def _best_by_median(names: list[str], net: list[Floats]) -> Document:
    """As ``_best``, by medians of paired differences and the sign test."""
    order = np.argsort([-float(np.median(each)) for each in net], kind="stable")
    best = int(order[0])
    if len(names) == 1:
        return {"best": names[best], "clear": True}
    gap = net[best] - net[int(order[1])]
    ahead = median_of(gap)
    return {
        "best": names[best],
        "next": names[int(order[1])],
        "ahead": ahead.with_se(),
        "clear": ahead.median > 0.0 and sign_test(gap) < MISS,
    }


def _best(names: list[str], net: list[Floats]) -> Document:
    """The role set with the highest mean, and whether the next one's is clearly lower."""
    order = np.argsort([-float(np.mean(each)) for each in net], kind="stable")
    best = int(order[0])
    if len(names) == 1:
        return {"best": names[best], "clear": True}
    ahead = mean_of(net[best] - net[int(order[1])])
    return {
        "best": names[best],
        "next": names[int(order[1])],
        "ahead": ahead.entry(),
        "clear": ahead.ci95[0] > 0.0,
    }


def _share(name: str, amount: Floats, base: Floats) -> Document:
    found = ratio_of(amount, base)
    return {} if found is None else found.with_se(name)
