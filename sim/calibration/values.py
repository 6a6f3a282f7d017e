"""From inputs on their scales to the values of a scenario, by the path at which each stands in the document."""

from typing import Any, Final

import numpy as np

from sim.calibration.model import (
    AMOUNT,
    EXPANSION,
    FARTHEST_CORRELATION,
    HEALTH,
    HEALTH_PERSISTENCE,
    LARGEST_PERSISTENCE,
    MARKET,
    MARKET_PERSISTENCE,
    SKILL,
    TIMING,
    Floats,
)
from sim.calibration.prior import MOST_EXPANSION, Prior, bands_of, tiers_of
from sim.world.scenario import Scenario

FEWEST: Final = 1e-6
"""A rate below this is none: a scenario refuses what is neither nothing nor enough. [1/yr]"""


def values_of(x: Floats, prior: Prior, scenario: Scenario) -> dict[str, Floats]:
    """Every estimated value, by its path. x : [draw, input]; each value [draw].

    Shares of bands sum to one, and shares of variance stay below it, by the sticks they are made of.
    """
    from scipy.special import ndtr

    share = ndtr(x)
    found = _company(x, share, prior)
    layout = prior.layout
    for group, (s, term) in enumerate(prior.groups):
        place = int(layout.mean[group])
        if layout.free[place]:
            key = "probability" if not term else f"by_term.{term}"
            found[f"segment.{scenario.segment[s].name}.churn.{key}"] = share[:, place]
    for s, segment in enumerate(scenario.segment):
        at = f"segment.{segment.name}"
        if layout.free[layout.dispersion[s]]:
            found[f"{at}.churn.dispersion"] = np.minimum(share[:, layout.dispersion[s]], 1.0 - FEWEST)
        smaller, larger = share[:, layout.smaller[s]], share[:, layout.larger[s]]
        if layout.free[layout.smaller[s]]:
            found[f"{at}.contraction.probability"] = smaller
        if layout.free[layout.larger[s]]:
            found[f"{at}.uplift.probability"] = (1.0 - smaller) * larger
        if layout.free[layout.rate[s]]:
            found[f"{at}.expansion.events_per_year"] = np.clip(np.exp(x[:, layout.rate[s]]), FEWEST, 50.0)
        found |= _bands(share, prior, scenario, s) | _tiers(share, prior, scenario, s)
    return found


def _company(x: Floats, share: Floats, prior: Prior) -> dict[str, Floats]:
    free, found = prior.layout.free, {}
    left = np.ones(len(x))
    for place, key in ((MARKET, "market"), (HEALTH, "health"), (SKILL, "skill")):
        value = left * share[:, place]
        left = left - value
        if free[place]:
            found[f"dependence.{key}"] = value
    for place, key in ((HEALTH_PERSISTENCE, "health_persistence"), (TIMING, "timing"), (AMOUNT, "amount")):
        found[f"dependence.{key}"] = FARTHEST_CORRELATION * (2.0 * share[:, place] - 1.0)
    if free[EXPANSION]:
        found["dependence.expansion"] = np.minimum(np.exp(x[:, EXPANSION]), MOST_EXPANSION)
    found["market.persistence"] = LARGEST_PERSISTENCE * share[:, MARKET_PERSISTENCE]
    return found


def _bands(share: Floats, prior: Prior, scenario: Scenario, s: int) -> dict[str, Floats]:
    """Shares of the bands, at their places in the document."""
    segment, sticks = scenario.segment[s], prior.layout.stick[s]
    bands = bands_of(segment)
    if not any(prior.layout.free[place] for place in sticks if place >= 0):
        return {}
    left, found = np.ones(len(share)), dict[int, Floats]()
    for band, each in enumerate(bands):
        value = left * share[:, sticks[band]] if band + 1 < len(bands) else left
        left = left - value
        found[segment.lag.index(each)] = value
    return {f"segment.{segment.name}.lag[{place}].share": found[place] for place in sorted(found)}


def _tiers(share: Floats, prior: Prior, scenario: Scenario, s: int) -> dict[str, Floats]:
    """Win-back, at its places in the document."""
    segment, places = scenario.segment[s], prior.layout.back[s]
    left, found = np.ones(len(share)), {}
    for tier, each in enumerate(tiers_of(segment)):
        value = left * share[:, places[tier]]
        left = left - value
        if prior.layout.free[places[tier]]:
            found[f"segment.{segment.name}.win_back[{segment.win_back.index(each)}].probability"] = value
    return found


def put(document: dict[str, Any], path: str, value: float) -> None:
    """Put a value into a scenario's document, segments and lists by the way that paths name them.

    Source of the form: ``segment.enterprise.lag[0].share``.
    """
    node: Any = document
    keys = split(path, [each["name"] for each in document["segment"]])
    for key in keys[:-1]:
        if isinstance(node, list) and isinstance(key, str):
            node = next(each for each in node if each["name"] == key)
        elif isinstance(node, dict):
            node = node.setdefault(str(key), {})
        else:
            node = node[key]
    node[keys[-1]] = value


def split(path: str, segments: list[str]) -> list[str | int]:
    """The keys of a path; names of segments may hold dots."""
    keys: list[str | int] = []
    rest = path
    if path.startswith("segment."):
        name = max((each for each in segments if path.startswith(f"segment.{each}.")), key=len)
        keys, rest = ["segment", name], path[len(f"segment.{name}.") :]
    for part in rest.split("."):
        name, _, place = part.partition("[")
        keys.append(name)
        if place:
            keys.append(int(place.rstrip("]")))
    return keys
