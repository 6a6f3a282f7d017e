"""Customers who have renewed before leave more rarely: segments told apart by how often their accounts have."""

from functools import lru_cache
from typing import Any, Final

import numpy as np

from sim.world.scenario import Scenario
from sim.world.segment import NewAccounts, Segment

MOST_TOLD: Final = 4
"""Accounts that have renewed more often are taken together with those that have so often."""
PATHS: Final = 1 << 18
"""Accounts that are followed: the standard error of a share of 0.15 is 0.0007. [account]"""
SEED: Final = 20_260_101


def after(name: str, renewals: int) -> str:
    """The name of the part of a segment whose accounts have renewed so often."""
    return f"{name} renewed {renewals}x" if renewals else name


def apart(scenario: Scenario, counts: dict[str, set[int]]) -> Scenario:
    """The scenario with a segment for every number of renewals that its accounts have behind them.

    Of accounts that have renewed n times the churn probability is the segment's times P(lost | renewed n times) / P(lost),
    and they differ less: a Beta of mean m and strength s = 1 / d - 1 has, after n renewals, strength s + n. Both follow from
    the scenario: accounts differ in their odds, and health goes on from one renewal to the next. What people's skill and the
    market add is left out, as losses tell of them as much as renewals do (assumption).

    counts : numbers of renewals that occur, by segment.

    Source: Beta-geometric model, Fader and Hardie, "How to project customer retention" (2007); the ratio with health by
    simulation of the scenario's own copula.
    """
    shares = {
        segment.name: _shares(
            segment.churn.probability, segment.churn.dispersion,
            scenario.dependence.health, scenario.dependence.health_persistence,
        )
        for segment in scenario.segment
    }  # fmt: skip

    def changed(each: Scenario) -> Scenario:
        parts = [
            _part(segment, shares[segment.name], number)
            for segment in each.segment
            for number in sorted({0, *counts.get(segment.name, ())})
        ]
        return each.with_(segment=tuple(parts))

    return scenario.in_each(changed)


def _part(segment: Segment, shares: tuple[float, ...], renewals: int) -> Segment:
    """Works on numbers and arrays of draws alike."""
    if renewals == 0:
        return segment
    ratio, churn = shares[renewals] / shares[0] if shares[0] > 0.0 else 1.0, segment.churn
    dispersion: Any = churn.dispersion
    different = dispersion / (1.0 + renewals * dispersion)
    update = {
        "probability": churn.probability * ratio,
        "by_term": {term: share * ratio for term, share in churn.by_term.items()},
        "dispersion": different,
    }
    return segment.model_copy(
        update={
            "name": after(segment.name, renewals),
            "churn": churn.model_copy(update=update),
            "new_accounts": NewAccounts(),
        }
    )


@lru_cache(maxsize=256)
def _shares(mean: float, dispersion: float, health: float, persistence: float) -> tuple[float, ...]:
    """P(lost | renewed n times) for n from 0 to ``MOST_TOLD``, by simulation of one account in many worlds."""
    from scipy.special import ndtr

    draws = np.random.default_rng(SEED)
    p = np.full(PATHS, mean)
    if dispersion > 0.0 and 0.0 < mean < 1.0:
        strength = 1.0 / dispersion - 1.0
        p = draws.beta(mean * strength, (1.0 - mean) * strength, PATHS)
    state, found = draws.standard_normal(PATHS), list[float]()
    for _ in range(MOST_TOLD + 1):
        latent = np.sqrt(health) * state + np.sqrt(1.0 - health) * draws.standard_normal(len(p))
        lost = ndtr(latent) < p
        found.append(float(lost.mean()) if len(p) else found[-1])
        p, state = p[~lost], state[~lost]
        state = persistence * state + np.sqrt(1.0 - persistence**2) * draws.standard_normal(len(p))
    return tuple(found)
