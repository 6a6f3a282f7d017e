"""What is believed before any data: the inputs of a scenario on scales without bounds, worth a stated number of renewals."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.model import Believed, Flags, Floats, Layout
from sim.world.scenario import Scenario
from sim.world.segment import LagBand, Segment, WinBack

WORTH: Final = 30.0
"""How many renewals a shipped assumption is worth. [renewal] Assumption."""
ACROSS: Final = 0.5
"""Correlation of the prior of one input between two segments: what a segment says of the company, it says of the others
(partial pooling). Assumption."""
ACROSS_TERMS: Final = 0.8
"""The same between the churn of two terms of a segment. Assumption."""
PROBABILITY, CORRELATION, RATE, PERSISTENCE = "probability", "correlation", "rate", "persistence"
MOST_EXPANSION: Final = 2.0
EVEN: Final = 0.5


class Input(NamedTuple):
    """One input on its scale.

    kind  : which inputs of other segments it is pooled with.
    scale : how a value becomes a number without bounds: a probability its normal score, a rate its logarithm, ...
    value : that the prior scenario has. For a stick, in what those before it leave.
    free  : whether it is estimated; a value of nothing at all stays nothing where the history has nothing of it.
    """

    segment: int
    kind: str
    term: str
    scale: str
    value: float
    free: bool


class Prior(NamedTuple):
    """inputs : in their order. believed : their law. layout : where they stand. groups : segment and term of each churn
    probability. bands, tiers : of each segment as inputs have them, latest first and earliest first.
    """

    inputs: tuple[Input, ...]
    believed: Believed
    layout: Layout
    groups: tuple[tuple[int, str], ...]
    sd: Floats


def make_prior(scenario: Scenario, seen: "Seen", worth: float = WORTH) -> Prior:
    """The prior of a scenario. seen : what the history has, which a value of nothing gives way to."""
    inputs = list(_company(scenario))
    segments, groups = len(scenario.segment), []
    most_bands = max(len(each.lag) for each in scenario.segment)
    most_tiers = max(len(each.win_back) for each in scenario.segment)
    places: dict[str, list[int]] = {name: [] for name in ("dispersion", "smaller", "larger", "rate", "mean")}
    stick = np.full((segments, most_bands), -1, dtype=np.int64)
    back = np.full((segments, most_tiers), -1, dtype=np.int64)
    for s, segment in enumerate(scenario.segment):
        for term in ("", *segment.churn.by_term):
            value = segment.churn.by_term.get(term, segment.churn.probability)
            places["mean"].append(len(inputs))
            groups.append((s, term))
            inputs.append(_input(s, "churn", value, PROBABILITY, seen.churn[s], term))
        spread = segment.churn.dispersion
        places["dispersion"].append(len(inputs))
        inputs.append(_input(s, "dispersion", spread, PROBABILITY, False))
        for kind, value, there in _changes(segment, seen, s):
            places[kind].append(len(inputs))
            inputs.append(_input(s, kind, value, RATE if kind == "rate" else PROBABILITY, there))
        for band, value in enumerate(_sticks([each.share for each in bands_of(segment)])[:-1]):
            stick[s, band] = len(inputs)
            inputs.append(_input(s, f"lag{band}", value, PROBABILITY, False))
        for tier, value in enumerate(_sticks([each.probability for each in tiers_of(segment)])):
            back[s, tier] = len(inputs)
            inputs.append(_input(s, f"back{tier}", value, PROBABILITY, seen.back[s]))
    free = np.array([each.free for each in inputs])
    layout = Layout(
        mean=np.array(places["mean"]),
        owner=np.array([s for s, _ in groups]),
        dispersion=np.array(places["dispersion"]),
        smaller=np.array(places["smaller"]),
        larger=np.array(places["larger"]),
        rate=np.array(places["rate"]),
        stick=stick,
        bands=np.array([len(each.lag) for each in scenario.segment]),
        back=back,
        per_period=12.0 / scenario.period_months,
        free=free,
    )
    mean, sd = _laws(inputs, worth)
    return Prior(tuple(inputs), Believed(mean, _precision(inputs, sd, free)), layout, tuple(groups), sd)


class Seen(NamedTuple):
    """Whether a history has any churn, smaller and larger contracts, growth and returns. [segment]"""

    churn: Flags
    smaller: Flags
    larger: Flags
    rate: Flags
    back: Flags


def bands_of(segment: Segment) -> list[LagBand]:
    """The bands of a segment, latest first."""
    return sorted(segment.lag, key=lambda band: band.days, reverse=True)


def tiers_of(segment: Segment) -> list[WinBack]:
    """The tiers of win-back of a segment, earliest first."""
    return sorted(segment.win_back, key=lambda tier: tier.days)


def _company(scenario: Scenario) -> Iterator[Input]:
    d = scenario.dependence
    market, health, skill = _sticks([d.market, d.health, d.skill, 1.0 - d.market - d.health - d.skill])[:3]
    yield _input(-1, "market", market, PROBABILITY, False)
    yield _input(-1, "health", health, PROBABILITY, False)
    yield _input(-1, "skill", skill, PROBABILITY, False)
    yield Input(-1, "health_persistence", "", CORRELATION, d.health_persistence, True)
    yield Input(-1, "timing", "", CORRELATION, d.timing, True)
    yield Input(-1, "amount", "", CORRELATION, d.amount, True)
    yield Input(-1, "expansion", "", RATE, d.expansion, d.expansion > 0.0)
    yield Input(-1, "persistence", "", PERSISTENCE, scenario.market.persistence, True)


def _changes(segment: Segment, seen: Seen, s: int) -> Iterator[tuple[str, float, bool]]:
    smaller = segment.contraction.probability
    left = 1.0 - smaller
    yield "smaller", smaller, bool(seen.smaller[s])
    yield "larger", min(segment.uplift.probability / left, 1.0) if left > 0.0 else 0.0, bool(seen.larger[s])
    yield "rate", segment.expansion.events_per_year, bool(seen.rate[s])


def _input(s: int, kind: str, value: float, scale: str, there: bool, term: str = "") -> Input:
    """An input. Nothing, or all, gives way only to a history that has something else."""
    least = EVEN / WORTH
    if scale == RATE:
        return Input(s, kind, term, scale, value or (least if there else 0.0), value > 0.0 or there)
    if 0.0 < value < 1.0:
        return Input(s, kind, term, scale, value, True)
    moved = min(max(value, least), 1.0 - least) if there else value
    return Input(s, kind, term, scale, moved, there)


def _sticks(shares: list[float]) -> list[float]:
    """Each share in what those before it leave."""
    left, found = 1.0, []
    for share in shares:
        found.append(min(share / left, 1.0) if left > 1e-12 else 0.0)
        left -= share
    return found


def _laws(inputs: list[Input], worth: float) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each input on its scale, such that the mean of the value is the scenario's.

    A probability p worth n renewals has the standard deviation sqrt(p (1 - p) / (n + 1)), as a Beta would; a rate that of n
    renewals' years of Poisson counts. Source: delta method; E Phi(X) = Phi(m / sqrt(1 + s^2)).
    """
    from scipy.special import ndtri
    from scipy.stats import norm

    mean, sd = np.zeros(len(inputs)), np.ones(len(inputs))
    for i, each in enumerate(inputs):
        if each.scale == RATE:
            sd[i] = 1.0 / math.sqrt(max(worth * each.value, 1.0)) if each.kind == "rate" else 0.5
            mean[i] = math.log(each.value) - sd[i] ** 2 / 2.0 if each.value > 0.0 else -np.inf
            continue
        share = share_of(each)
        score = float(ndtri(share))
        if np.isfinite(score):
            sd[i] = min(math.sqrt(share * (1.0 - share) / (worth + 1.0)) / float(norm.pdf(score)), 1.0)
        mean[i] = score * math.sqrt(1.0 + sd[i] ** 2)
    return mean, sd


def share_of(each: Input) -> float:
    """The value of an input that is no rate as a share."""
    if each.scale == CORRELATION:
        return min(max((each.value / 0.99 + 1.0) / 2.0, 0.001), 0.999)
    if each.scale == PERSISTENCE:
        return min(max(each.value / 0.999, 0.001), 0.999)
    return each.value


def _precision(inputs: list[Input], sd: Floats, free: Flags) -> Floats:
    """The inverse of the prior covariance; nothing for what is not estimated."""
    covariance = np.zeros((len(inputs), len(inputs)))
    for i, one in enumerate(inputs):
        for j, other in enumerate(inputs):
            if i == j:
                covariance[i, j] = sd[i] ** 2
            elif one.segment >= 0 and one.kind == other.kind:
                across = ACROSS if one.segment != other.segment else 1.0
                across *= ACROSS_TERMS if one.term != other.term else 1.0
                covariance[i, j] = across * sd[i] * sd[j]
    out = np.zeros_like(covariance)
    asked = np.flatnonzero(free)
    out[np.ix_(asked, asked)] = np.linalg.inv(covariance[np.ix_(asked, asked)])
    return out


def draw_prior(prior: Prior, draws: int, seed: int) -> Floats:
    """Draws of all inputs from the prior. [draw, input]"""
    rng = np.random.default_rng(seed)
    free = np.flatnonzero(prior.layout.free)
    covariance = np.linalg.inv(prior.believed.precision[np.ix_(free, free)])
    x = np.repeat(prior.believed.mean[None, :], draws, axis=0)
    x[:, free] = rng.multivariate_normal(prior.believed.mean[free], covariance, draws, method="cholesky")
    return x
