"""The market factor, on which all accounts of a world depend."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.world.parameters import Parameters
from sim.world.scenario import Market
from sim.world.streams import FIRST_PERIOD, MARKET, Key, identity, normal_scores, uniforms

Singles = NDArray[np.float32]
COMPANY: Final = np.array([identity("company", "market")], dtype=np.uint64)


def draw_market(
    parameters: Parameters, law: Market, calendar: Calendar, key: Key, first_world: int
) -> tuple[Singles, Singles]:
    """The market factor and its effect on the rate of expansion, [due period, world].

    The path starts in the first period of the horizon and runs both ways from there, so that a wider edge moves none of it:
    a stationary Gaussian AR(1) is the same seen backwards.

    parameters : of the worlds.

    Source: stationary AR(1), M_t = phi M_{t-1} + sqrt(1 - phi^2) e_t; lognormal intensity with mean one.
    """
    worlds, phi, renewal = len(parameters.draw), parameters.persistence, parameters.renewal
    lead, span, level = calendar.lead, calendar.span, law.level
    market = np.full((span, worlds), 0.0 if level is None else level)
    if level is None:
        steps = market_steps(key, law, (lead, span - lead), first_world, worlds)
        for period in [*range(lead, span), *range(lead - 1, -1, -1)]:
            inner = market[period - 1 if period > lead else period + 1] if period != lead else 0.0
            market[period] = steps[period] if period == lead else phi * inner + renewal * steps[period]
    return boosted(market, parameters)


def market_steps(
    key: Key, law: Market, around: tuple[int, int], first_world: int, worlds: int
) -> NDArray[np.float64]:
    """The standard normals of a path, of so many periods before the first of the horizon and from it on. [period, world]"""
    ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
    ids //= np.uint64(law.shared_by)
    numbers = range(FIRST_PERIOD - around[0], FIRST_PERIOD + around[1])
    drawn = (uniforms(key, MARKET, number, COMPANY, ids)[0, 0] for number in numbers)
    return np.stack([normal_scores(each) for each in drawn])


def boosted(market: NDArray[np.float64], parameters: Parameters) -> tuple[Singles, Singles]:
    """A path and its effect on the rate of expansion. [due period, world]"""
    b = parameters.load.expand_market.astype(np.float64)
    return market.astype(np.float32), np.exp(b * market - b**2 / 2).astype(np.float32)
