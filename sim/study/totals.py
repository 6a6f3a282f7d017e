"""What a run keeps: totals of every world, and sums over worlds for everything finer. Merged block by block,
in order.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.histogram import BINS
from sim.measure.moments import Moments, merge, no_moments, tiles_of
from sim.measure.pay import Tally, inequality
from sim.measure.retention import Retention, RetentionTally, retention_of
from sim.records import IntP

FEATURES: Final = (
    "early",
    "late",
    "on_time",
    "uncredited",
    "share_zero_pay",
    "share_at_target",
    "share_at_cap",
    "share_quota_exhausted",
    "volatility",
    "gini",
    "top_fifth_share",
)
"""What is known of a world and a plan besides its totals; kept as moments over worlds."""


class Block(NamedTuple):
    """Everything that one block of worlds adds to the totals.

    first       : its first world.
    variable    : variable pay of the company. [plan, period, world] [usd]
    attainment  : mean over CSM-periods. [plan, world] [share]
    retention   : of the company. [world]
    features    : of the ``FEATURES``. [tile, plan, feature]
    pay, reached : of each CSM's pay over the horizon and of its mean attainment. [tile, plan, csm] [usd],
                   [share]
    marks       : as in ``Tally``. [plan, csm, 4] [count]
    bins        : histograms of attainment and of pay over target. [plan, 2, bin] [count]
    """

    first: int
    variable: NDArray[np.float64]
    attainment: NDArray[np.float64]
    retention: Retention
    features: Moments
    pay: Moments
    reached: Moments
    marks: IntP
    bins: IntP


def block_of(first: int, tallies: Sequence[Tally], retention: RetentionTally) -> Block:
    """Close a block: from sums over books to what the totals keep."""
    csms = len(tallies[0].pay)
    csm_periods = csms * len(tallies[0].variable)
    features = [tiles_of(_features(tally, csm_periods)) for tally in tallies]
    return Block(
        first=first,
        variable=np.stack([tally.variable for tally in tallies]),
        attainment=np.stack([tally.attainment / csm_periods for tally in tallies]),
        retention=retention_of(retention),
        features=_stack(features),
        pay=_stack([tiles_of(tally.pay) for tally in tallies]),
        reached=_stack([tally.reached for tally in tallies]),
        marks=np.stack([tally.marks for tally in tallies]),
        bins=np.stack([np.stack([tally.attainment_bins, tally.pay_bins]) for tally in tallies]),
    )


class Totals:
    """Totals of all worlds; ``add`` takes the blocks in order of their worlds.

    Fields are as in ``Block``, without the tile axis and over all worlds.
    """

    def __init__(self, plans: int, periods: int, csms: int, worlds: int) -> None:
        self.variable = np.zeros((plans, periods, worlds))
        self.attainment = np.zeros((plans, worlds))
        self.retention = Retention(*(np.zeros(worlds) for _ in Retention._fields))
        self.features = no_moments((plans, len(FEATURES)))
        self.pay = no_moments((plans, csms))
        self.reached = no_moments((plans, csms))
        self.marks = np.zeros((plans, csms, 4), dtype=np.int64)
        self.bins = np.zeros((plans, 2, BINS), dtype=np.int64)

    def add(self, block: Block) -> None:
        """Add the next block."""
        worlds = slice(block.first, block.first + block.variable.shape[2])
        self.variable[:, :, worlds] = block.variable
        self.attainment[:, worlds] = block.attainment
        for whole, part in zip(self.retention, block.retention, strict=True):
            whole[worlds] = part
        self.features = _fold(self.features, block.features)
        self.pay = _fold(self.pay, block.pay)
        self.reached = _fold(self.reached, block.reached)
        self.marks += block.marks
        self.bins += block.bins


def _features(tally: Tally, csm_periods: int) -> NDArray[np.float64]:
    """The ``FEATURES`` of every world; NaN where one is undefined. [feature, world]"""
    marks = [mark / csm_periods for mark in (tally.zero, tally.at_target, tally.at_cap, tally.exhausted)]
    uneven = np.full_like(tally.paid, np.nan)
    several = len(tally.variable) > 1  # one period does not vary
    np.divide(tally.unevenness, tally.paid, out=uneven, where=(tally.paid > 0.0) & several)
    parts = (tally.early, tally.late, tally.on_time, tally.uncredited)
    return np.stack([*parts, *marks, uneven, *inequality(tally.pay)])


def _stack(moments: Sequence[Moments]) -> Moments:
    return Moments(*(np.stack(parts, axis=1) for parts in zip(*moments, strict=True)))


def _fold(total: Moments, tiles: Moments) -> Moments:
    for tile in _tiles(tiles):
        total = merge(total, tile)
    return total


def _tiles(moments: Moments) -> Iterator[Moments]:
    return (Moments(*tile) for tile in zip(*moments, strict=True))
