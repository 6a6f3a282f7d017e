"""The frame: the cells into which renewals are counted, so that all plans of a study can tell them apart.

Cells follow the union of the band edges of all plans: how many periods and days a booking was moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.records import EARLY, LATE, NEVER, ON_TIME, Cells, Days

NO_BOUND: Final = 1 << 29
"""More days than any calendar has, and few enough for sums of two to stay an int32. [day]"""
LANES: Final = 4
"""Edges compared at a time."""


class Steps(NamedTuple):
    """A step function of the day, as kernels add it up: the sum of the steps whose edge the day has reached.

    edges : ascending, padded with ``NEVER`` to a multiple of ``LANES``. [day]
    steps : what reaching the edge adds; 0 in the padding.
    """

    edges: Days
    steps: Days


class CellTable(NamedTuple):
    """Where kernels find the cell of a booking: ``shift + offset``, offset being credit minus due period.

    period  : due period of a day; -1 before the edges, ``span`` after them.
    shift   : of early and late bookings, by booked minus due day.
    on_time : shift of bookings that are neither early nor late.
    first_moved, last_moved   : range of booked minus due day that is counted. [day]
    first_offset, last_offset : range of offsets that is counted. [period]
    """

    period: Steps
    shift: Steps
    on_time: int
    first_moved: int
    last_moved: int
    first_offset: int
    last_offset: int


@dataclass(frozen=True, eq=False)
class Frame:
    """What all plans of a study share: the calendar and the cells of its Ledgers."""

    calendar: Calendar
    cells: Cells
    table: CellTable


class _Band(NamedTuple):
    """A side and a range of days early or late that no plan cuts. [day]"""

    side: int
    first_day: int
    last_day: int

    @property
    def moved(self) -> tuple[int, int]:
        """Booked day minus due day, smallest and largest. [day]"""
        return (-self.last_day, -self.first_day) if self.side == EARLY else (self.first_day, self.last_day)


def make_frame(
    calendar: Calendar,
    early_edges: Iterable[Iterable[int]],
    late_edges: Iterable[Iterable[int]],
    earliest: int | None = None,
    latest: int | None = None,
    credit_dates: Iterable[str] = ("booking",),
) -> Frame:
    """The cells that every plan of a study can read. Fewer days make fewer cells, and a faster study.

    early_edges  : ``Plan.early_edges`` of each plan. [day]
    late_edges   : ``Plan.late_edges`` of each plan; a booking later than the largest is not counted. [day]
    earliest     : the most days a booking can be ahead of its due day; earlier ones would not be counted
                   (default: no bound). [day]
    latest       : the most days a credit date other than booking can be behind the due day, likewise. [day]
    credit_dates : ``Plan.credit_date`` of each plan.
    """
    earliest, latest = (NO_BOUND if days is None else days for days in (earliest, latest))
    bands = _bands(set().union(*early_edges), set().union(*late_edges), earliest)
    anywhere: set[int] = set()
    if not {"booking", "due"}.issuperset(credit_dates):
        # A credit date is free of the booked day that decides the band: any band can meet any offset.
        anywhere = _offsets(calendar, -earliest, max(latest, bands[-1].last_day))
    offsets = []
    for band in bands:
        booked = {offset for offset in _offsets(calendar, *band.moved) if _possible(band.side, offset)}
        offsets.append(range(min(booked | anywhere), max(booked | anywhere) + 1))
    return Frame(calendar, _cells(bands, offsets), _table(calendar, bands, offsets))


def _bands(early_edges: set[int], late_edges: set[int], earliest: int) -> list[_Band]:
    """The sides and ranges of days moved that no plan cuts, earliest last within its side."""
    early = sorted(
        {edge for edge in early_edges if edge < earliest} | ({earliest} if earliest > 0 else set())
    )
    bands = [_Band(EARLY, before + 1, edge) for before, edge in pairwise((0, *early))]
    bands.append(_Band(ON_TIME, 0, 0))
    return bands + [_Band(LATE, before + 1, edge) for before, edge in pairwise((0, *sorted(late_edges)))]


def _possible(side: int, offset: int) -> bool:
    """Whether a booking of this side can fall ``offset`` periods from its due period."""
    return offset < 0 if side == EARLY else offset == 0 if side == ON_TIME else offset >= 0


def _offsets(calendar: Calendar, smallest: int, largest: int) -> set[int]:
    """The period offsets that a move by ``smallest`` to ``largest`` days can make.

    Kernels see all days before the edges as period -1, all days after them as period ``span``; so does this.
    """
    bounds = calendar.bounds
    first_due, last_due = bounds[:-1, np.newaxis], bounds[1:, np.newaxis] - 1
    first, last = np.r_[-NEVER, bounds], np.r_[bounds - 1, NEVER]
    reached = (first - last_due <= largest) & (last - first_due >= smallest)
    due, period = np.nonzero(reached)
    return {int(offset) for offset in np.unique(period - 1 - due)}


def _cells(bands: list[_Band], offsets: list[range]) -> Cells:
    columns = [(offset, *band) for band, each in zip(bands, offsets, strict=True) for offset in each]
    return Cells(*np.array(columns, dtype=np.int64).T.copy())


def _table(calendar: Calendar, bands: list[_Band], offsets: list[range]) -> CellTable:
    starts = np.cumsum([0] + [len(offset) for offset in offsets])[:-1]
    shift = {band: int(start) - offset[0] for band, offset, start in zip(bands, offsets, starts, strict=True)}
    moved = sorted((band for band in bands if band.side != ON_TIME), key=lambda band: band.moved)
    shifts = [shift[band] for band in moved]
    edges = [-NEVER, *(band.moved[0] for band in moved[1:])]
    return CellTable(
        period=_steps(calendar.bounds.tolist(), [1] * (calendar.span + 1)),
        shift=_steps(edges, [after - before for before, after in pairwise([0, *shifts])]),
        on_time=next(shift[band] for band in bands if band.side == ON_TIME),
        first_moved=moved[0].moved[0],
        last_moved=moved[-1].moved[1],
        first_offset=min(offset[0] for offset in offsets),
        last_offset=max(offset[-1] for offset in offsets),
    )


def _steps(edges: list[int], steps: list[int]) -> Steps:
    padding = -len(edges) % LANES
    return Steps(
        np.array(edges + [NEVER] * padding, dtype=np.int32), np.array(steps + [0] * padding, dtype=np.int32)
    )
