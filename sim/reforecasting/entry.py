"""What is told of a plan on a day: its cost at the end, what of it is accrued, what is to come, and what has changed."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.heavy_tail import HeavyTail
from sim.engine.study import Study
from sim.measure.clustered import INDEPENDENT, Clusters, mean_on
from sim.measure.cost import cost_of
from sim.measure.estimate import LEVELS, Floats, quantile
from sim.questions.reforecast.summary import PeriodNow, PlanNow, Step, YearEnd
from sim.records import FloatPW
from sim.reforecasting.checked import Span


def plan_now(
    study: Study,
    title: str | None,
    span: Span,
    steps: Sequence[str],
    costs: Sequence[FloatPW],
    heavy: HeavyTail | None,
) -> PlanNow:
    """The entry of a plan.

    costs : company cost as it was forecast last, then with one thing more that is known each. [period, world] [usd]
    heavy : why there is no mean; None where there is.
    """
    now, budget = costs[-1], study.budget
    total, elapsed = now.sum(axis=0), elapsed_of(study, span)
    passed = (now * elapsed[:, None]).sum(axis=0)
    clusters = study.clusters
    accrued, to_come = mean_on(passed, clusters), mean_on(total - passed, clusters)
    totals = [each.sum(axis=0) for each in costs]
    found = PlanNow(
        title=title,
        cost=year_end(total, budget, clusters),
        last=year_end(totals[0], budget, clusters) if steps else None,
        accrued=accrued.mean,
        accrued_se=accrued.se,
        to_come=to_come.mean,
        to_come_se=to_come.se,
        accrued_p50=quantile(np.sort(passed), LEVELS["p50"]),
        budget_left=None if budget is None else budget - accrued.mean,
        headroom=None if budget is None else budget - float(total.mean()),
        periods=tuple(_periods(study, now, elapsed)),
        bridge=tuple(
            _step(step, after - before, clusters)
            for step, before, after in zip(steps, totals[:-1], totals[1:], strict=True)
        ),
    )
    if heavy is None:
        return found
    return found.without_means().model_copy(update={"no_mean": heavy.entry()})


def elapsed_of(study: Study, span: Span) -> Floats:
    """Days of each period that have passed at the start of the day. [period] [share]

    Source: pay that is earned by service over a period is accrued evenly over it, at the best estimate of the day
    (ASC 710-10-25; IAS 19.19).
    """
    calendar = study.scenario.calendar
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1].astype(np.float64)
    passed = (calendar.day(span.as_of) - bounds[:-1]) / np.diff(bounds)
    return np.asarray(np.clip(passed, 0.0, 1.0))


def year_end(cost: Floats, budget: float | None, clusters: Clusters = INDEPENDENT) -> YearEnd:
    """The spread of company cost over the horizon. cost : [world] [usd]"""
    found = cost_of(cost, budget, clusters)
    over: dict[str, Any] = {} if found.over_budget is None else found.over_budget.entry("prob_over_budget")
    return YearEnd.of(**found.mean.entry(), sd=found.mean.sd, **found.quantiles.entry(), **over)


def _periods(study: Study, cost: FloatPW, elapsed: Floats) -> list[PeriodNow]:
    entries = []
    for period, (amounts, passed) in enumerate(zip(cost, elapsed.tolist(), strict=True)):
        mean, ordered = mean_on(amounts, study.clusters), np.sort(amounts)
        entries.append(
            PeriodNow.of(
                period=period,
                label=study.scenario.calendar.label(period),
                state="ended" if passed == 1.0 else "running" if passed > 0.0 else "ahead",
                elapsed=passed,
                mean=mean.mean,
                mean_se=mean.se,
                **{name: quantile(ordered, LEVELS[name]) for name in ("p5", "p50", "p95")},
                accrued=passed * mean.mean,
            )
        )
    return entries


def _step(step: str, change: Floats, clusters: Clusters) -> Step:
    mean = mean_on(change, clusters)
    return Step(step=step, mean=mean.mean, mean_se=mean.se, p50=quantile(np.sort(change), LEVELS["p50"]))
