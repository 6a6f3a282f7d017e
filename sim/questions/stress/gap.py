"""How far a plan is from breaking: the budget, or a limit of the study; above 0 it is broken."""

from typing import NamedTuple

from sim.engine.company_cost import costs_of
from sim.engine.heavy_tail import heavy_by_plan
from sim.measure.clustered import centre_on
from sim.measure.estimate import ENDS_APART
from sim.questions.stress.entry import Outcome, judged_of
from sim.questions.stress.limits import Limits

BUDGET = "budget"
"""Broken when mean company cost over the horizon exceeds the budget; the median where there is no mean."""


class Gap(NamedTuple):
    """Value less what is allowed, and its standard error; in usd for the budget, in the limit's own unit else."""

    gap: float
    se: float


def gaps_of(now: Outcome, before: Outcome, breaks: str, limits: Limits) -> list[Gap | None]:
    """The gap of every plan; None where the limit has no value."""
    if breaks == BUDGET:
        budget = now.study.budget
        assert budget is not None, "asked only where there is one"
        costs, heavy = costs_of(now.study, now.totals), heavy_by_plan(before.study, before.totals)
        centres = [
            centre_on(cost, by_median, now.study.clusters)
            for cost, by_median in zip(costs, heavy, strict=True)
        ]
        return [Gap(centre.value - budget, centre.se) for centre in centres]
    if breaks == "cost_rise" and now is before:
        return [Gap(-limits.most[breaks], 0.0) for _ in now.study.sets]
    found: list[Gap | None] = []
    for index in range(len(now.study.sets)):
        judged = judged_of(now, before, index, limits).get(breaks)
        if judged is None or judged.low is None or judged.high is None:
            found.append(None)
        else:
            found.append(Gap(judged.value - judged.most, (judged.high - judged.low) / ENDS_APART))
    return found
