"""Whether the fitted world looks like the history: statistics of the history among those of the model, input by input."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator

from sim.calibration.evidence import Evidence
from sim.calibration.facts import Facts
from sim.calibration.model import KEPT, LOST, Floats, Places
from sim.calibration.prior import bands_of
from sim.calibration.quarters import rates
from sim.calibration.summary import Check
from sim.world.scenario import Scenario
from sim.world.segment import LognormalSize

REPLICAS: Final = 400
FEWEST: Final = 20
"""Observations without which nothing is checked."""
UNLIKELY: Final = 0.001
"""Below this chance a check is told as a misfit; of a hundred sound checks one in ten times. Assumption."""


class Fitted(NamedTuple):
    """The joint draws of all values, by path. groups : segment and term of each churn probability."""

    values: Mapping[str, Floats]
    scenario: Scenario
    groups: tuple[tuple[int, str], ...]


def checks_of(evidence: Evidence, facts: Facts, fitted: Fitted, seed: int) -> tuple[Check, ...]:
    """Every check that there are observations for.

    Source: posterior predictive checks; Gelman, Meng and Stern (1996).
    """
    rng = np.random.default_rng((seed, 11))
    return tuple(_all(evidence, facts, fitted, rng))


def _all(evidence: Evidence, facts: Facts, fitted: Fitted, rng: Generator) -> Iterator[Check]:
    for s, segment in enumerate(fitted.scenario.segment):
        at = f"segment.{segment.name}"
        yield from _lags(evidence, fitted, s, at, rng)
        yield from _churn_by_size(evidence, s, at, rng)
        uplift = isinstance(segment.uplift.size, LognormalSize)
        shapes = (
            ("arr", facts.arr[s], True),
            ("uplift.size", facts.larger[s], uplift),
            ("contraction.size", facts.smaller[s], False),
            ("expansion.size", facts.grown[s], True),
        )
        for key, values, lognormal in shapes:
            yield from _shape(f"{at}.{key}", values, lognormal, rng)
        yield from _months(f"{at}.due.last_month_share", facts.due_month[s], rng)
        yield from _counts(evidence, fitted, f"{at}.expansion.events_per_year", s, rng)
        yield from _growth_by_period(evidence, fitted, f"{at}.expansion.events_per_year", s, rng)
    for each in rates(evidence, fitted.scenario, fitted.groups, dict(fitted.values), rng):
        yield _check(each.input, each.what, each.observed, each.drawn, each.renewals, square=each.square)


def _check(
    name: str, what: str, observed: float, replicas: Floats, count: int, square: bool = False
) -> Check:
    """Where an observed statistic lies among replicas; a chance too small for their number is that of a normal, or of a
    lognormal, where the statistic is a square.
    """
    from scipy.stats import norm

    low, high = np.quantile(replicas, (0.005, 0.995))
    above, below = float((replicas >= observed).mean()), float((replicas <= observed).mean())
    p = min(2.0 * min(above, below), 1.0)
    if p < 10.0 / len(replicas):
        one, others = (
            (np.log(max(observed, 1e-9)), np.log(np.maximum(replicas, 1e-9)))
            if square
            else (observed, replicas)
        )
        spread = float(others.std())
        far = abs(one - float(others.mean())) / spread if spread > 0.0 else np.inf
        p = max(p, 0.0) if not np.isfinite(far) else float(2.0 * norm.sf(far))
    return Check(
        input=name,
        what=what,
        observed=float(observed),
        low=float(low),
        high=float(high),
        p=float(p),
        count=count,
    )


def _lags(evidence: Evidence, fitted: Fitted, s: int, at: str, rng: Generator) -> Iterator[Check]:
    """Whether days inside a band are uniform: their mean place."""
    rows = evidence.rows
    bands = bands_of(fitted.scenario.segment[s])
    own = (rows.segment == s) & (rows.kind == KEPT) & ~evidence.outside
    for band, each in enumerate(bands):
        days = evidence.lag[own & (rows.low == band)]
        first, last = each.days
        if len(days) < FEWEST or last == first:
            continue
        width = last - first + 1
        replicas = rng.integers(0, width, (REPLICAS, len(days))).mean(axis=1) / (width - 1)
        place = fitted.scenario.segment[s].lag.index(each)
        what = f"mean place of bookings in the band {first} to {last} days"
        yield _check(
            f"{at}.lag[{place}].share", what, float((days - first).mean()) / (width - 1), replicas, len(days)
        )


def _churn_by_size(evidence: Evidence, s: int, at: str, rng: Generator) -> Iterator[Check]:
    """Churn by size: whether the larger half of the renewals is lost as often as the smaller."""
    rows = evidence.rows
    known = (rows.segment == s) & ((rows.kind == LOST) | (rows.kind == KEPT))
    arr = evidence.arr[known]
    lost = (rows.kind[known] == LOST).astype(np.float64)
    if len(arr) < 2 * FEWEST or lost.sum() < 5:
        return
    larger = arr > np.median(arr)
    if larger.all() or not larger.any():
        return
    observed = float(lost[larger].mean() - lost[~larger].mean())
    replicas = np.empty(REPLICAS)
    for k in range(REPLICAS):
        mixed = rng.permutation(lost)
        replicas[k] = mixed[larger].mean() - mixed[~larger].mean()
    what = "share lost, the larger half of renewals less the smaller"
    yield _check(f"{at}.churn.probability", what, observed, replicas, len(arr))


def _shape(name: str, values: Floats, lognormal: bool, rng: Generator) -> Iterator[Check]:
    """Whether sizes have the shape of their law: skewness of logarithms, or the mean place between the ends."""
    values = values[values > 0.0]
    if len(values) < FEWEST:
        return
    if lognormal:
        logs = np.log(values)
        if logs.std() < 1e-9:
            return
        replicas = _skewness(rng.standard_normal((REPLICAS, len(logs))))
        yield _check(name, "skewness of logarithms", float(_skewness(logs[None])[0]), replicas, len(logs))
        return
    low, high = float(values.min()), float(values.max())
    if high > low:
        inner = (np.sort(values)[1:-1] - low) / (high - low)
        replicas = rng.random((REPLICAS, len(inner))).mean(axis=1)
        yield _check(
            name,
            "mean place between the smallest and the largest",
            float(inner.mean()),
            replicas,
            len(values),
        )


def _skewness(rows: Floats) -> Floats:
    centred = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray((centred**3).mean(axis=1) / (centred**2).mean(axis=1) ** 1.5)


def _months(name: str, month: Places, rng: Generator) -> Iterator[Check]:
    """Whether the first two months of quarters have as many due dates."""
    first, second = int((month % 3 == 0).sum()), int((month % 3 == 1).sum())
    if first + second >= FEWEST:
        count = first + second
        replicas = rng.binomial(count, 0.5, REPLICAS) / count
        yield _check(
            name, "share of the first month in the first two of a quarter", first / count, replicas, count
        )


def _counts(evidence: Evidence, fitted: Fitted, name: str, s: int, rng: Generator) -> Iterator[Check]:
    """Whether expansions are as even over contracts as Poisson counts with the fitted spread of rates."""
    cells, contracts = evidence.cells, len(evidence.rows.kind)
    own = evidence.rows.segment[cells.contract] == s
    total = float(cells.events[own].sum())
    if total < FEWEST:
        return
    exposure = np.bincount(cells.contract[own], cells.exposure[own], contracts)
    there = exposure > 0.0
    count = np.bincount(cells.contract[own], cells.events[own], contracts)[there]
    mean = exposure[there] * total / exposure.sum()
    b = (
        float(fitted.values["dependence.expansion"].mean())
        if "dependence.expansion" in fitted.values
        else 0.0
    )
    pace = np.exp(b * rng.standard_normal((REPLICAS, len(mean))) - b * b / 2.0)
    replicas = ((rng.poisson(mean * pace) - mean) ** 2 / mean).mean(axis=1)
    observed = float(((count - mean) ** 2 / mean).mean())
    yield _check(name, "variance over mean of expansions by contract", observed, replicas, int(total))


def _growth_by_period(
    evidence: Evidence, fitted: Fitted, name: str, s: int, rng: Generator
) -> Iterator[Check]:
    """Whether expansions are as even over periods as the market makes them."""
    cells, rows = evidence.cells, evidence.rows
    own = rows.segment[cells.contract] == s
    total, exposure = float(cells.events[own].sum()), np.bincount(cells.period[own], cells.exposure[own])
    there = exposure > 0.0
    if total < FEWEST or there.sum() < 2:
        return
    count = np.bincount(cells.period[own], cells.events[own])[there]
    mean = exposure[there] * total / exposure.sum()
    values, d = fitted.values, fitted.scenario.dependence
    keys = ("expansion", "market", "health", "skill")
    b, *shares = (
        float(values[f"dependence.{key}"].mean()) if f"dependence.{key}" in values else getattr(d, key)
        for key in keys
    )
    load = b * float(np.sqrt(shares[0] / sum(shares))) if sum(shares) > 0.0 else 0.0
    phi = float(values["market.persistence"].mean())
    periods = np.flatnonzero(there)
    root = np.linalg.cholesky(phi ** np.abs(np.subtract.outer(periods, periods)) + 1e-9 * np.eye(len(mean)))
    pace = np.exp(load * (rng.standard_normal((REPLICAS, len(mean))) @ root.T) - load * load / 2.0)
    drawn = rng.poisson(mean * pace).astype(np.float64)
    drawn *= total / np.maximum(drawn.sum(axis=1, keepdims=True), 1.0)
    replicas = ((drawn - mean) ** 2 / mean).mean(axis=1)
    observed = float(((count - mean) ** 2 / mean).mean())
    yield _check(
        name, "unevenness of expansions from period to period", observed, replicas, int(total), square=True
    )


def misfits_of(checks: tuple[Check, ...], outside: int, renewals: int) -> tuple[str, ...]:
    """A sentence for everything that does not fit."""
    found = [
        f"{each.input}: {each.what} is {each.observed:.3g} over {each.count:,}, and 99 % of what the fitted model "
        f"shows lies from {each.low:.3g} to {each.high:.3g}."
        for each in checks
        if each.p < UNLIKELY
    ]
    if outside:
        found.append(
            f"segment.*.lag: {outside:,} of {renewals:,} bookings lie on a day that no band and no tier of win-back has; "
            "each is counted with the nearest, or as lost."
        )
    return tuple(found)
