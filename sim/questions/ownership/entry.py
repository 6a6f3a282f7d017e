"""What an ownership study says: for each role set what it costs, what ARR it keeps, and the margin on it less the cost."""

import numpy as np

from sim.engine.company_cost import cost_by_world
from sim.engine.heavy_tail import tail_of_cost
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.measure.estimate import MISS, Floats, Numbers, mean_of, median_of, ratio_of, sign_test
from sim.measure.retention import annual
from sim.questions.ownership.deciding import deciding, net_of, served_of, tooling_of
from sim.questions.ownership.setting import Company, Ownership, company_study
from sim.questions.ownership.summary import (
    AssumedEffect,
    ComparedCompany,
    Difference,
    OwnershipEntry,
    RoleSetOnCompany,
    SurveyFigure,
)
from sim.questions.ownership.survey import survey_rows


def ownership_entry(study: Study, ownership: Ownership, totals: Totals, workers: Workers) -> OwnershipEntry:
    """The factors and assumptions, and the comparison on the study's own company and on each further one."""
    books = totals.shape.books
    own = {
        "name": study.scenario.name,
        "csms": books,
        "complexity": ownership.complexity,
        "scale": ownership.scale(books),
    }
    return OwnershipEntry(
        outcomes=ownership.outcomes,
        gross_margin=ownership.gross_margin,
        tooling=ownership.tooling,
        sales_process=ownership.sales_process,
        effects=tuple(AssumedEffect.of(**effect.model_dump()) for effect in ownership.effect),
        companies=(
            _compared(study, ownership, totals, workers, own),
            *(_further(study, ownership, company, workers) for company in ownership.company),
        ),
        survey=tuple(SurveyFigure.of(**row) for row in survey_rows()),
    )


def _further(study: Study, ownership: Ownership, company: Company, workers: Workers) -> ComparedCompany:
    """The comparison on one further company."""
    of_company = company_study(study, company)
    totals = totals_of(prepare(of_company), of_company.worlds, workers)
    facts = company.model_dump() | {
        "scale": ownership.scale(company.csms),
        "sales_process": ownership.sales_process.get(company.segment),
    }
    return _compared(of_company, ownership, totals, workers, facts)


def _compared(
    study: Study, ownership: Ownership, totals: Totals, workers: Workers, facts: Numbers
) -> ComparedCompany:
    """Every role set on the same worlds, which of them leaves the company most, and what decides that."""
    names = [role_set.name for role_set in study.sets]
    net = [net_of(study, totals, index) for index in range(len(names))]
    heavy = [tail_of_cost(study, totals, index) is not None for index in range(len(names))]
    plans = {name: _role_set(study, ownership, totals, index, net, heavy) for index, name in enumerate(names)}
    return ComparedCompany.of(
        **facts,
        worlds=study.worlds,
        years=study.scenario.calendar.years,
        plans=plans,
        **_best(names, net, by_median=any(heavy)),
        deciding=deciding(study, workers),
    )


def _role_set(
    study: Study, ownership: Ownership, totals: Totals, index: int, net: list[Floats], heavy: list[bool]
) -> RoleSetOnCompany:
    """One role set against the baseline. net : of every role set. [world] [usd]"""
    base = study.baseline_index
    _, variant_of = variants_of(study)
    retention = totals.retentions[variant_of[index]]
    cost, cost_of_base = (cost_by_world(study, totals, at).sum(axis=0) for at in (index, base))
    served, served_of_base = (served_of(study, totals, at) for at in (index, base))
    more = (cost + tooling_of(study, totals, index)) - (cost_of_base + tooling_of(study, totals, base))
    entry = {
        **mean_of(cost).with_se("cost"),
        **mean_of(served).with_se("served"),
        **mean_of(retention.closing).with_se("closing_arr"),
        **mean_of(annual(retention.gross, study.scenario.calendar.years)).with_se("grr"),
        **mean_of(net[index]).with_se("net"),
        "net_vs_baseline": mean_of(net[index] - net[base]).entry(),
        **_ratio("gain_needed", more, ownership.gross_margin * served_of_base),
        **_ratio("gain_found", served - served_of_base, served_of_base),
    }
    if heavy[index] or heavy[base]:
        entry = _by_median(entry, cost, net[index], net[index] - net[base])
    return RoleSetOnCompany.of(**entry)


def _by_median(entry: Numbers, cost: Floats, net: Floats, gap: Floats) -> Numbers:
    """The entry of a role set whose cost, or the baseline's, has no mean: medians in the place of what rests on it."""
    kept = {key: value for key, value in entry.items() if not key.startswith("gain_needed")}
    return kept | {
        **median_of(cost).with_se("cost"),
        **median_of(net).with_se("net"),
        "net_vs_baseline": median_of(gap).entry(),
        "statistic": "median",
    }


def _best(names: list[str], net: list[Floats], by_median: bool) -> Numbers:
    """The role set that leaves most, the next one, and whether that one's is clearly lower: by its paired interval, or by
    the sign test where some cost has no mean.
    """
    middle = np.median if by_median else np.mean
    best, *others = (int(at) for at in np.argsort([-float(middle(each)) for each in net], kind="stable"))
    if not others:
        return {"best": names[best], "clear": True}
    gap = net[best] - net[others[0]]
    if by_median:
        median = median_of(gap)
        ahead, clear = Difference.of(**median.with_se()), median.median > 0.0 and sign_test(gap) < MISS
    else:
        mean = mean_of(gap)
        ahead, clear = Difference.of(**mean.entry()), mean.ci95[0] > 0.0
    return {"best": names[best], "next": names[others[0]], "ahead": ahead, "clear": clear}


def _ratio(name: str, amount: Floats, base: Floats) -> Numbers:
    found = ratio_of(amount, base)
    return {} if found is None else found.with_se(name)
