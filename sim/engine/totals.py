"""What a run keeps: totals of every world, and sums over worlds for everything finer. Merged block by block,
in order.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import Changes, Watch, changes_of, no_changes
from sim.engine.packed import packed, unpacked
from sim.engine.salaries import Salaries
from sim.measure.histogram import BINS
from sim.measure.inequality import inequality
from sim.measure.moments import Moments, merge, no_moments, tiles_of
from sim.measure.pay import Tally
from sim.measure.retention import Retention, RetentionTally, retention_of
from sim.measure.seats import SEAT_FEATURES, SeatTally, seat_features
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
    "share_not_low",
    "volatility",
    "gini",
    "top_fifth_share",
)
"""What is known of a world and a plan besides its totals; kept as moments over worlds."""


class Shape(NamedTuple):
    """What the totals of a run have to hold.

    books        : of the company. [count]
    payees       : of each role. [role]
    variants     : number of worlds that differ in outcomes.
    seats_change : whether CSMs come and go.
    salaries     : of the payees of each role, where not everybody's is the plan's; else None.
    watch        : what is kept of changes of pay.
    pieces       : plans that are settled in the first worlds alone. [count]
    """

    books: int
    payees: tuple[int, ...]
    periods: int
    variants: int
    seats_change: bool
    salaries: tuple[Salaries | None, ...]
    watch: Watch
    pieces: int


class Block(NamedTuple):
    """Everything that one block of worlds adds to the totals. Roles are those of all role sets, in order; a plan file is
    one role, whose payees are the CSMs.

    first       : its first world.
    variable    : variable pay of all payees. [role, period, world] [usd]
    attainment  : mean over payee-periods. [role, world] [share]
    retention   : of the company, by variant of the worlds. [world]
    features    : of the ``FEATURES``. [tile, role, feature]
    pay, reached : of each payee's pay over the horizon and of its mean attainment; roles with fewer payees than the
                   largest have rows of no worlds. [tile, role, payee] [usd], [share]
    marks       : as in ``Tally``. [role, payee, 4] [count]
    bins        : histograms of attainment and of pay over target. [role, 2, bin] [count]
    filled      : seats held; None where nobody leaves. [role, period, world] [count]
    salaries    : of those who hold them, as in ``SeatTally``; None likewise. [role, period, world] [usd]
    seats       : of the ``SEAT_FEATURES``, likewise. [tile, role, feature]
    changes     : of pay against the baseline, with a tile axis; None where nothing is held against it.
    first_pay   : of the first worlds, as far as the block has them. [role, payee, world] [usd over the horizon]
    pieces      : the same of further plans. [piece, payee, world]
    """

    first: int
    variable: NDArray[np.float64]
    attainment: NDArray[np.float64]
    retention: tuple[Retention, ...]
    features: Moments
    pay: Moments
    reached: Moments
    marks: IntP
    bins: IntP
    filled: NDArray[np.float64] | None
    salaries: NDArray[np.float64] | None
    seats: Moments | None
    changes: Changes | None
    first_pay: NDArray[np.float64]
    pieces: NDArray[np.float64]

    def __reduce__(self) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
        """It travels packed: histograms, which are mostly empty, take more than all else together."""
        return unpacked, (packed(self),)


def block_of(
    first: int,
    shape: Shape,
    tallies: Sequence[Tally],
    seats: Sequence[SeatTally] | None,
    retention: Sequence[RetentionTally],
    starts: Sequence[NDArray[np.float64]],
    pieces: NDArray[np.float64],
) -> Block:
    """Close a block: from sums over books to what the totals keep.

    starts : of each role, pay of ``Watch.starts``. [start, payee, world] [usd]
    pieces : pay of further plans; no worlds in a block beyond the first. [piece, payee, world] [usd]
    """
    payee_periods = [payees * shape.periods for payees in shape.payees]
    pairs = list(zip(tallies, payee_periods, strict=True))
    filled, salaries, seat_moments = None, None, None
    if seats is not None:
        filled, salaries = (
            np.stack(each) for each in zip(*((one.filled, one.salaries) for one in seats), strict=True)
        )
        each = zip(seats, shape.payees, strict=True)
        seat_moments = _stack([tiles_of(seat_features(tally, payees)) for tally, payees in each])
    most, pay, few = max(shape.payees), [tally.pay for tally in tallies], max(0, shape.watch.worlds - first)
    return Block(
        first=first,
        variable=np.stack([tally.variable for tally in tallies]),
        attainment=np.stack([tally.attainment / count for tally, count in pairs]),
        retention=tuple(retention_of(tally) for tally in retention),
        features=_stack([tiles_of(_features(tally, count)) for tally, count in pairs]),
        pay=_stack([_padded(tiles_of(tally.pay), most) for tally in tallies]),
        reached=_stack([_padded(tally.reached, most) for tally in tallies]),
        marks=np.stack([np.pad(tally.marks, ((0, most - len(tally.marks)), (0, 0))) for tally in tallies]),
        bins=np.stack([np.stack([tally.attainment_bins, tally.pay_bins]) for tally in tallies]),
        filled=filled,
        salaries=salaries,
        seats=seat_moments,
        changes=changes_of(shape.watch, pay, starts, most) if shape.watch.compares else None,
        first_pay=np.stack([np.pad(each[:, :few], ((0, most - len(each)), (0, 0))) for each in pay]),
        pieces=pieces,
    )


class Totals:
    """Totals of all worlds; ``add`` takes the blocks in order of their worlds.

    Fields are as in ``Block``, without the tile axis and over all worlds. first : number of the first world.
    """

    def __init__(self, shape: Shape, worlds: int, first: int = 0) -> None:
        self.first = first
        roles, most = len(shape.payees), max(shape.payees)
        self.shape = shape
        self.variable = np.zeros((roles, shape.periods, worlds))
        self.attainment = np.zeros((roles, worlds))
        self.retentions = tuple(
            Retention(*(np.zeros(worlds) for _ in Retention._fields)) for _ in range(shape.variants)
        )
        self.features = no_moments((roles, len(FEATURES)))
        self.pay = no_moments((roles, most))
        self.reached = no_moments((roles, most))
        self.marks = np.zeros((roles, most, 5), dtype=np.int64)
        self.bins = np.zeros((roles, 2, BINS), dtype=np.int64)
        self.filled = np.zeros((roles, shape.periods, worlds)) if shape.seats_change else None
        self.salaries = np.zeros((roles, shape.periods, worlds)) if shape.seats_change else None
        self.seats = no_moments((roles, len(SEAT_FEATURES))) if shape.seats_change else None
        self.changes = no_changes(shape.watch, most) if shape.watch.compares else None
        few = min(shape.watch.worlds, worlds)
        self.first_pay = np.zeros((roles, most, few))
        self.pieces = np.zeros((shape.pieces, most, few))

    @property
    def retention(self) -> Retention:
        """Retention in the worlds of the first role set."""
        return self.retentions[0]

    def within(self, first: int, last: int) -> "Totals":
        """The totals of worlds ``first`` up to ``last``, as views; what is summed over worlds stays that of all."""
        some, part = slice(first, last), copy(self)
        part.first = self.first + first
        part.variable, part.attainment = self.variable[:, :, some], self.attainment[:, some]
        part.retentions = tuple(Retention(*(each[some] for each in whole)) for whole in self.retentions)
        part.filled = None if self.filled is None else self.filled[:, :, some]
        part.salaries = None if self.salaries is None else self.salaries[:, :, some]
        return part

    def add(self, block: Block) -> None:
        """Add the next block."""
        worlds = slice(block.first, block.first + block.variable.shape[2])
        self.variable[:, :, worlds] = block.variable
        self.attainment[:, worlds] = block.attainment
        for whole_of, part_of in zip(self.retentions, block.retention, strict=True):
            for whole, part in zip(whole_of, part_of, strict=True):
                whole[worlds] = part
        self.features = _fold(self.features, block.features)
        self.pay = _fold(self.pay, block.pay)
        self.reached = _fold(self.reached, block.reached)
        self.marks += block.marks
        self.bins += block.bins
        if self.filled is not None and block.filled is not None:
            self.filled[:, :, worlds] = block.filled
        if self.salaries is not None and block.salaries is not None:
            self.salaries[:, :, worlds] = block.salaries
        if self.seats is not None and block.seats is not None:
            self.seats = _fold(self.seats, block.seats)
        if self.changes is not None and block.changes is not None:
            features, change, losing = self.changes
            self.changes = Changes(
                _fold(features, block.changes.features),
                _fold(change, block.changes.change),
                losing + block.changes.losing,
            )
        self.first_pay[:, :, worlds] = block.first_pay
        if block.pieces.size:
            self.pieces[:, :, worlds] = block.pieces


def _padded(moments: Moments, most: int) -> Moments:
    """Rows of no worlds up to ``most``. [tile, row]"""
    missing = most - moments.worlds.shape[1]
    return Moments(*(np.pad(part, ((0, 0), (0, missing))) for part in moments))


def _features(tally: Tally, csm_periods: int) -> NDArray[np.float64]:
    """The ``FEATURES`` of every world; NaN where one is undefined. [feature, world]"""
    counts = (tally.zero, tally.at_target, tally.at_cap, tally.exhausted, tally.not_low)
    marks = [count / csm_periods for count in counts]
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
