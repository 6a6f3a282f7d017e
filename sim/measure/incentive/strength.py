"""Incentive strength of one plan: sums and values of switch contrasts over books, and what they say."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import ratio_of
from sim.measure.incentive.switch import ARMS, CONTRASTS, KEPT, LOST

Floats = NDArray[np.float64]

DEAD: Final = 0.05
"""A save that pays less than this share of the linear rate pays next to nothing. [share]"""
JACKPOT: Final = 3.0
"""A save that pays more than this many times the linear rate. [multiple]"""
ZONES: Final = (0.8, 0.9, 1.0, 1.15)
"""Edges between the zones of attainment that contrasts are shown by. [share]"""
SLACK: Final = 1e-9
"""Pay within this share of twice the linear rate counts as twice: an accelerator of 2 is on it. [share]"""
LEVELS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


class Facts(NamedTuple):
    """What is known of the renewals whose switches are summed. All [renewal, world].

    counted   : due and kept inside the horizon.
    early, late : the early (late) booking falls inside the horizon too.
    at_risk   : information weight p (1 - p). [share]
    size      : booked ARR when kept. [usd/yr]
    linear    : pay per usd at 100 % attainment, target bonus over base quota of the due period; NaN where the plan has
                none. [usd/usd]
    attainment : of the due period. [share]
    segment   : index of the account's segment. [renewal]
    """

    counted: NDArray[np.bool_]
    early: NDArray[np.bool_]
    late: NDArray[np.bool_]
    at_risk: Floats
    size: Floats
    linear: Floats
    attainment: Floats
    segment: NDArray[np.int64]


class Strength(NamedTuple):
    """Sums over the renewals of some books under one plan.

    paid, dollars : of each of ``CONTRASTS``. [contrast, world] [usd]
    by_zone       : paid, dollars, counted, dead, jackpot of saves by zone of attainment. [5, zone, world]
    by_segment    : likewise. [5, segment, world]
    values        : pay per usd of every switch. [contrast][value] [usd/usd]
    """

    paid: Floats
    dollars: Floats
    by_zone: Floats
    by_segment: Floats
    values: tuple[NDArray[np.float32], ...]


def strength_of(pay: Floats, facts: Facts, expansion: float, segments: int) -> Strength:
    """Sum the contrasts of one book under one plan.

    pay : [arm, renewal, world] [usd]
    """
    assert pay.shape[0] == len(ARMS)
    masks = {"early": facts.early, "late": facts.late, "on_time": facts.late}
    paid, dollars, values = [], [], []
    for name, (more, less) in CONTRASTS.items():
        counted = facts.counted & masks.get(name, True)
        size = np.full_like(facts.size, expansion) if name == "expand" else facts.size
        contrast = np.where(counted, pay[more] - pay[less], 0.0)
        weight = facts.at_risk if name == "save" else 1.0
        paid.append((weight * contrast).sum(axis=0))
        dollars.append((weight * np.where(counted, size, 0.0)).sum(axis=0))
        values.append((contrast[counted] / size[counted]).astype(np.float32))
    marks = _marks(pay[KEPT] - pay[LOST], facts)
    zone = np.searchsorted(ZONES, facts.attainment, side="right")
    by_zone = [np.where(zone == each, marks, 0.0).sum(axis=1) for each in range(len(ZONES) + 1)]
    by_segment = [marks[:, facts.segment == each].sum(axis=1) for each in range(segments)]
    return Strength(
        np.stack(paid),
        np.stack(dollars),
        np.stack(by_zone, axis=1),
        np.stack(by_segment, axis=1),
        tuple(values),
    )


def merge_strength(one: Strength, other: Strength) -> Strength:
    """Two sets of books in the same worlds, together."""
    return _merged(one, other, np.add)


def join_worlds(one: Strength, other: Strength) -> Strength:
    """The same books in two sets of worlds, together."""
    return _merged(one, other, lambda a, b: np.concatenate([a, b], axis=-1))


def strength_entry(strength: Strength, days_late: int, segments: list[str]) -> dict[str, Any]:
    """What is reported: usd of pay per usd, each with its Monte Carlo error over worlds.

    Source: METHOD.md, switch contrasts; saves are weighted by p (1 - p), as an account at 50 % tells most.
    """
    entry: dict[str, Any] = {}
    spread: dict[str, dict[str, float]] = {}
    for position, name in enumerate(CONTRASTS):
        ratio = ratio_of(strength.paid[position], strength.dollars[position])
        if ratio is None or not len(strength.values[position]):
            continue
        entry |= {name: ratio.mean, f"{name}_se": ratio.se}
        spread[name] = _spread(strength.values[position].astype(np.float64))
    if "on_time" in entry:
        entry["on_time_per_day"] = entry["on_time"] / days_late
    if "save" in spread and spread["save"]["p50"] > 0.0:
        entry["evenness"] = spread["save"]["p10"] / spread["save"]["p50"]
    entry["spread"] = spread
    entry |= _shares(strength.by_segment.sum(axis=1))
    labels = zone_labels()
    entry["by_zone"] = _groups(strength.by_zone, labels)
    entry["by_segment"] = _groups(strength.by_segment, segments)
    return entry


def zone_labels() -> list[str]:
    """Names of the zones of attainment."""
    edges = [f"{100 * edge:.0f}" for edge in ZONES]
    between = [f"{low}-{high} %" for low, high in pairwise(edges)]
    return [f"<{edges[0]} %", *between, f">={edges[-1]} %"]


def next_save_entry(paid: Floats, size: Floats, linear: Floats) -> Mapping[str, float]:
    """How often one more average account in a period pays next to nothing, and at least twice the linear rate.

    paid, size, linear : [period, world] (or more axes) [usd], [usd/yr], [usd/usd]
    """
    known = np.isfinite(linear) & (linear > 0.0) & (size > 0.0)
    if not known.any():
        return {}
    relative = paid[known] / (size[known] * linear[known])
    return {
        "mean": float(paid[known].sum() / size[known].sum()),
        "dead_share": float((relative < DEAD).mean()),
        "double_share": float((relative >= 2.0 * (1.0 - SLACK)).mean()),
    }


def _spread(values: Floats) -> dict[str, float]:
    """Mean, spread and percentiles over renewals and worlds. values : [value] [usd/usd]"""
    quantiles = np.quantile(values, list(LEVELS.values()))
    moments = {"mean": float(np.mean(values)), "sd": float(np.std(values))}
    return moments | {level: float(q) for level, q in zip(LEVELS, quantiles, strict=True)}


def _merged(one: Strength, other: Strength, together: Callable[[Floats, Floats], Floats]) -> Strength:
    return Strength(
        together(one.paid, other.paid),
        together(one.dollars, other.dollars),
        together(one.by_zone, other.by_zone),
        together(one.by_segment, other.by_segment),
        tuple(np.concatenate(pair) for pair in zip(one.values, other.values, strict=True)),
    )


def _marks(saved: Floats, facts: Facts) -> Floats:
    """Paid, dollars, counted, dead and jackpot of each save. [5, renewal, world]"""
    known = facts.counted & np.isfinite(facts.linear) & (facts.linear > 0.0)
    at_linear = np.where(known, facts.linear, 0.0) * facts.size
    return np.stack(
        [
            np.where(facts.counted, facts.at_risk * saved, 0.0),
            np.where(facts.counted, facts.at_risk * facts.size, 0.0),
            known.astype(np.float64),
            (known & (saved < DEAD * at_linear)).astype(np.float64),
            (known & (saved > JACKPOT * at_linear)).astype(np.float64),
        ]
    )


def _groups(sums: Floats, names: list[str]) -> dict[str, dict[str, float]]:
    """Save incentive and shares by group; a group without renewals is left out."""
    groups = {}
    every = float(sums[2].sum())
    for position, name in enumerate(names):
        paid, dollars, counted = sums[0, position], sums[1, position], sums[2, position]
        ratio = ratio_of(paid, dollars)
        if ratio is None:
            continue
        of_all = {} if every == 0.0 else {"share_of_renewals": float(counted.sum()) / every}
        groups[name] = {"save": ratio.mean, "save_se": ratio.se} | _shares(sums[:, position]) | of_all
    return groups


def _shares(sums: Floats) -> dict[str, float]:
    """Dead-zone and jackpot shares of [5, world]; empty without a linear rate to compare with."""
    entry: dict[str, float] = {}
    for name, row in (("dead_zone_share", 3), ("jackpot_share", 4)):
        share = ratio_of(sums[row], sums[2])
        if share is not None:
            entry |= {name: share.mean, f"{name}_se": share.se}
    return entry
