"""What is not known of a study's inputs, and what that does to the cost of its plans."""

from math import sqrt

import numpy as np

from sim.engine.company_cost import costs_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.estimate import Floats
from sim.measure.unknown import Spread, effects_of, spread_of
from sim.questions.uncertainty.summary import (
    InputEffect,
    InputRange,
    PlanUncertainty,
    SpreadEntry,
    UnknownInputs,
)
from sim.records import IntP
from sim.world.draws import Draws


def unknown_inputs(draws: Draws, worlds: int) -> UnknownInputs:
    """What the draws of a study say, of which so many worlds live on some."""
    levels = np.quantile(draws.values, [0.05, 0.5, 0.95], axis=0).T.tolist()
    ranges = {
        path: InputRange(p5=low, p50=middle, p95=high)
        for path, (low, middle, high) in zip(draws.paths, levels, strict=True)
    }
    return UnknownInputs(draws=len(draws), used=min(len(draws), worlds), inputs=ranges)


def uncertainty_entries(study: Study, totals: Totals, draws: Draws) -> dict[str, PlanUncertainty]:
    """Of every plan of which its worlds tell something."""
    costs = costs_of(study, totals)
    draw = draws.of_worlds(totals.first, costs.shape[1])
    base, found = costs[study.baseline_index], {}
    for index, role_set in enumerate(study.sets):
        cost = _spread(spread_of(costs[index], draw, draws.values))
        apart = None
        if index != study.baseline_index:
            apart = _spread(spread_of(costs[index] - base, draw, draws.values))
        if cost is not None:
            inputs = _effects(costs[index], draw, draws)
            found[role_set.name] = PlanUncertainty(cost=cost, difference=apart, inputs=inputs)
    return found


def _spread(found: Spread | None) -> SpreadEntry | None:
    if found is None:
        return None
    return SpreadEntry(
        sd=sqrt(found.total),
        sd_unknown=sqrt(max(found.unknown, 0.0)),
        sd_luck=sqrt(max(found.luck, 0.0)),
        share_unknown=found.share,
        share_unknown_se=found.share_se,
        method=found.method,
    )


def _effects(cost: Floats, draw: IntP, draws: Draws) -> dict[str, InputEffect]:
    found = zip(draws.paths, effects_of(cost, draw, draws.values), strict=True)
    return {
        path: InputEffect(change=each.change, change_se=each.se, told=each.told)
        for path, each in found
        if each is not None
    }
