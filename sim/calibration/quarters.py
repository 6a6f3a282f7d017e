"""Whether rates go from period to period, and from CSM to CSM, as the fitted world's do: who leaves, late bookings, ARR."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator

from sim.calibration.evidence import Evidence
from sim.calibration.model import Flags, Floats, Places
from sim.calibration.replicas import Renewals, World, as_they_were, settled
from sim.world.scenario import Scenario

DRAWINGS: Final = 200
FEWEST: Final = 20


class Rate(NamedTuple):
    """A statistic of the history, and of drawings of the fitted world. square : whether it is a square."""

    input: str
    what: str
    observed: float
    drawn: Floats
    renewals: int
    square: bool = True


def rates(
    evidence: Evidence,
    scenario: Scenario,
    groups: tuple[tuple[int, str], ...],
    draws: dict[str, Floats],
    rng: Generator,
) -> Iterator[Rate]:
    """Every such statistic, of each segment and of the company. draws : of the posterior, by path."""
    which = settled(evidence, scenario)
    rows = evidence.rows
    if len(which) < FEWEST or len(np.unique(rows.period[which])) < 2:
        return
    world = World(evidence, scenario, groups)
    number = len(next(iter(draws.values())))
    chosen = np.linspace(0, number - 1, DRAWINGS).round().astype(np.int64)
    drawn = [world.draw({path: float(each[k]) for path, each in draws.items()}, which, rng) for k in chosen]
    found = as_they_were(evidence, which)
    period, csm, arr = rows.period[which], rows.csm[which], evidence.arr[which]
    for s, segment in enumerate(scenario.segment):
        own = rows.segment[which] == s
        if own.sum() < FEWEST or len(np.unique(period[own])) < 2:
            continue
        at, count = f"segment.{segment.name}", int(own.sum())
        for key, what, of in (
            ("churn.probability", "unevenness of the share lost from period to period", _lost),
            ("lag[0].share", "unevenness of the share booked late from period to period", _late),
            ("uplift.probability", "unevenness of the share that grows from period to period", _larger),
            (
                "contraction.probability",
                "unevenness of the share that shrinks from period to period",
                _smaller,
            ),
        ):
            pairs = [of(one) for one in (found, *drawn)]
            uneven = [_uneven(some[own], all_of[own], period[own]) for some, all_of in pairs]
            yield Rate(f"{at}.{key}", what, uneven[0], np.array(uneven[1:]), count)
        kept = [_kept(one, own, arr) for one in (found, *drawn)]
        what = "ARR renewed over ARR due, which pay hangs on"
        yield Rate(f"{at}.arr.mean", what, kept[0], np.array(kept[1:]), count, square=False)
    if len(np.unique(csm)) > 1:
        uneven = [_uneven(*_lost(one), csm) for one in (found, *drawn)]
        what = "unevenness of the share lost from CSM to CSM"
        yield Rate("dependence.skill", what, uneven[0], np.array(uneven[1:]), len(which))


def _lost(one: Renewals) -> tuple[Floats, Floats]:
    """Which are lost, of all."""
    return one.lost.astype(np.float64), np.ones(len(one.lost))


def _late(one: Renewals) -> tuple[Floats, Floats]:
    return one.late.astype(np.float64), (~one.lost).astype(np.float64)


def _larger(one: Renewals) -> tuple[Floats, Floats]:
    return (one.ratio > 1.0).astype(np.float64), (~one.lost).astype(np.float64)


def _smaller(one: Renewals) -> tuple[Floats, Floats]:
    return (~one.lost & (one.ratio < 1.0)).astype(np.float64), (~one.lost).astype(np.float64)


def _uneven(some: Floats, of: Floats, place: Places) -> float:
    """Mean square of rates around the overall one, over that of as many coins; 0 where there is nothing to compare."""
    number, count = np.bincount(place, some), np.bincount(place, of)
    there = count > 0.0
    rate = number.sum() / max(count.sum(), 1.0)
    if not 0.0 < rate < 1.0:
        return 0.0
    square = count[there] * (number[there] / count[there] - rate) ** 2 / (rate * (1.0 - rate))
    return float(square.mean())


def _kept(one: Renewals, own: Flags, arr: Floats) -> float:
    return float((one.ratio[own] * arr[own]).sum() / max(float(arr[own].sum()), 1e-9))
