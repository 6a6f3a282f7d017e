"""Sensitivity apart from volatility: cost as the market moves, and the spread that luck leaves at any one market."""

from dataclasses import replace
from typing import Any

import numpy as np

from sim.engine.company_cost import costs_of
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of, totals_of_each
from sim.engine.study import Study
from sim.measure.cost import PERIOD_LEVELS, quantiles_of
from sim.measure.estimate import Floats, mean_of
from sim.measure.variance import Variance, of_pairs
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import CostAtLevel, Macro, Volatility
from sim.world.scenario import Scenario


def macro_entries(study: Study, asked: Forecast, workers: Workers) -> dict[str, Macro]:
    """``levels`` and ``volatility`` of every plan, by its name.

    levels     : cost with the market at one level in every period, on the same draws; its change against level 0 (or the
                 level nearest to it). [usd]
    volatility : standard deviation of cost, and what of its variance is the market's and what is luck.

    Source: sensitivity is how cost moves with macro performance, volatility its spread at one macro level (Egloff, in
    Performio's guide to compensation cost modelling); law of total variance.
    """
    worlds = asked.luck_worlds + asked.luck_worlds % 2
    shared = replace(study, scenario=_market(study, shared_by=2))
    pairs = costs_of(study, totals_of(prepare(shared), worlds, workers))
    at_level = [replace(study, scenario=_market(study, level=level)) for level in asked.levels]
    found = totals_of_each(map(prepare, at_level), asked.level_worlds, workers)
    costs = np.stack([costs_of(study, each) for each in found])
    middle = int(np.argmin(np.abs(np.array(asked.levels))))
    return {
        role_set.name: Macro(
            levels=tuple(
                _at(level, costs[place, index], costs[middle, index])
                for place, level in enumerate(asked.levels)
            ),
            against=asked.levels[middle],
            level_worlds=asked.level_worlds,
            volatility=_volatility(of_pairs(pairs[index, 0::2], pairs[index, 1::2]), worlds),
        )
        for index, role_set in enumerate(study.sets)
    }


def _market(study: Study, **update: Any) -> Scenario:
    return study.scenario.in_each(lambda one: one.with_(market=one.market.model_copy(update=update)))


def _at(level: float, cost: Floats, middle: Floats) -> CostAtLevel:
    return CostAtLevel.of(
        level=level,
        **mean_of(cost).with_se(),
        **quantiles_of(cost, PERIOD_LEVELS).values,
        **mean_of(cost - middle).with_se("change"),
    )


def _volatility(variance: Variance, worlds: int) -> Volatility:
    told = variance.share is not None and variance.share_se is not None
    return Volatility(
        worlds=worlds,
        sd=max(variance.total, 0.0) ** 0.5,
        market_sd=max(variance.shared, 0.0) ** 0.5,
        luck_sd=max(variance.own, 0.0) ** 0.5,
        market_share=variance.share if told else None,
        market_share_se=variance.share_se if told else None,
    )
