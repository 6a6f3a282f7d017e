"""The Ledger: every renewal of a book, counted into cells that all plans of a study can tell apart.

A plan sees a book only as amounts by due period and cell (how many periods and days a booking was moved).
Cells follow the union of the band edges of all plans, so one Ledger serves them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel, stage
from sim.records import EARLY, LATE, NEVER, ON_TIME, UP_TO, Cells, Days, FloatPW, FloatRW, Ledger, Renewals

DayRow: TypeAlias = NDArray[np.int32]
"""Days, periods or rows of one renewal. [world]"""
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


def credit_date_of(amounts: str) -> str:
    """The credit date in the name of amounts, such as ``"booking"`` or ``"booking up to 250000.0"``."""
    return amounts.partition(UP_TO)[0]


class Counts(NamedTuple):
    """A Ledger in the making, for books of the same worlds or for one book piece by piece.

    One row of the due axis before and one after the edges take what is not counted: cheaper than a branch.

    due    : ARR due, booked by the end of its due period and not. [due period + 2, 2, world] [usd]
    amount : by name of amounts, booked ARR. [due period + 2, cell, world] [usd]
    """

    due: NDArray[np.float64]
    amount: Mapping[str, NDArray[np.float64]]

    @property
    def ledger(self) -> Ledger:
        """What has been counted."""
        amount = {name: counted[1:-1] for name, counted in self.amount.items()}
        return Ledger(self.due[1:-1, 0] + self.due[1:-1, 1], self.due[1:-1, 1].copy(), amount)


def no_counts(frame: Frame, amounts: Iterable[str], worlds: int) -> Counts:
    """A Ledger of nothing yet, for amounts by these names (``"due"`` is read from ``"booking"``).

    A name such as ``"booking up to 250000.0"`` counts no booking for more than that; ``Crediting.amounts`` gives it.
    """
    rows, cells = frame.calendar.span + 2, len(frame.cells.offset)
    names = sorted({"booking" if name == "due" else name for name in amounts}) or ["booking"]
    return Counts(np.zeros((rows, 2, worlds)), {name: np.zeros((rows, cells, worlds)) for name in names})


def count_renewals(renewals: Renewals, frame: Frame, first: int, out: Counts) -> None:
    """Count renewals into ``out``, from column ``first`` of its worlds on.

    Source: Compensating Customer Success Managers (founding document): early is booked in an earlier quarter
    than due; late is "a contract with a lapse in recognized revenue", so booked after the due day.
    """
    worlds, with_due = out.due.shape[-1], True
    for name, counted in out.amount.items():
        days = (renewals.due_day, renewals.booked_day, renewals.credit_day[credit_date_of(name)])
        cap = name.partition(UP_TO)[2]
        booked_arr = np.minimum(renewals.booked_arr, float(cap)) if cap else renewals.booked_arr
        rows = (out.due.reshape(-1, worlds), counted.reshape(-1, worlds))
        add_renewals(
            days, (renewals.arr, booked_arr), frame.table, frame.calendar.span, with_due, first, *rows
        )
        with_due = False


def fill_ledger(renewals: Renewals, frame: Frame, amounts: Iterable[str]) -> Ledger:
    """The Ledger of one book: its renewals counted into cells, for amounts by these names, as in ``no_counts``."""
    counts = no_counts(frame, amounts, renewals.due_day.shape[1])
    count_renewals(renewals, frame, 0, counts)
    return counts.ledger


@kernel
def add_renewals(
    days: tuple[Days, Days, Days],
    arr: tuple[FloatRW, FloatRW],
    table: CellTable,
    span: int,
    with_due: bool,
    first: int,
    due_out: FloatPW,
    out: FloatPW,
) -> None:
    """Add each booked amount to row ``(due period + 1) x cells + cell``, from column ``first`` on. ``days``: due, booked and
    credit day; ``arr``: due and booked. [usd]

    due_out : ``with_due``, ARR due by ``2 (due period + 1)``, or the row after it where it was not booked in its period.
    """
    due_day, booked_day, credit_day = days
    arr_due, arr_booked = arr
    worlds, cells = due_day.shape[1], out.shape[0] // (span + 2)
    due, booked, credited = np.empty(worlds, np.int32), np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    moved, row = np.empty(worlds, np.int32), np.empty(worlds, np.int32)
    for r in range(due_day.shape[0]):
        for w in range(worlds):
            due[w] = booked[w] = credited[w] = -1
            moved[w] = booked_day[r, w] - due_day[r, w]
        add_steps(due_day[r], table.period, due)
        add_steps(booked_day[r], table.period, booked)
        if with_due:
            for w in range(worlds):
                row[w] = 2 * (due[w] + 1) + (1 if booked[w] > due[w] else 0)
            scatter(row, arr_due[r], first, due_out)
        if same_days(booked_day[r], credit_day[r]):
            for w in range(worlds):  # assigning a slice would compile the sentence of its error
                credited[w] = booked[w]
        else:
            add_steps(credit_day[r], table.period, credited)
        row[:] = 0
        add_steps(moved, table.shift, row)
        place(due, booked, credited, credit_day[r], moved, table, span, cells, row)
        scatter(row, arr_booked[r], first, out)


@stage
def same_days(one: DayRow, other: DayRow) -> bool:
    """Whether two dates agree in all worlds, as with credit on booking: cheaper than to look them up twice."""
    differences = 0
    for w in range(one.size):
        differences += 1 if one[w] != other[w] else 0
    return differences == 0


@kernel
def add_steps(day: DayRow, function: Steps, out: DayRow) -> None:
    """Add a step function of the day. Comparing with every edge vectorises, looking the day up does not."""
    edges, steps = function
    for k in range(0, edges.size, LANES):
        edge_0, edge_1, edge_2, edge_3 = edges[k], edges[k + 1], edges[k + 2], edges[k + 3]
        step_0, step_1, step_2, step_3 = steps[k], steps[k + 1], steps[k + 2], steps[k + 3]
        for w in range(day.size):
            x = day[w]
            low = (step_0 if x >= edge_0 else 0) + (step_1 if x >= edge_1 else 0)
            high = (step_2 if x >= edge_2 else 0) + (step_3 if x >= edge_3 else 0)
            out[w] += low + high


@kernel
def place(
    due: DayRow,
    booked: DayRow,
    credited: DayRow,
    credit_day: DayRow,
    moved: DayRow,
    table: CellTable,
    span: int,
    cells: int,
    row: DayRow,
) -> None:
    """Turn shifts into rows of the flat Ledger, row 0 for what is not counted. All are [world]."""
    for w in range(row.size):
        due_w, moved_w, shift, offset = due[w], moved[w], row[w], credited[w] - due[w]
        on_time = (moved_w <= 0) & (booked[w] >= due_w)
        in_window = (moved_w >= table.first_moved) & (moved_w <= table.last_moved)
        in_frame = (offset >= table.first_offset) & (offset <= table.last_offset) & (credit_day[w] != NEVER)
        counted = (on_time | in_window) & in_frame & (due_w >= 0) & (due_w < span)
        cell = (table.on_time if on_time else shift) + offset
        row[w] = (due_w + 1) * cells + cell if counted else 0


@stage
def scatter(row: DayRow, amount: NDArray[np.float64], first: int, out: FloatPW) -> None:
    """Add the amount of each world to its row, from column ``first`` on."""
    start = np.uint64(first)
    for w in range(row.size):
        # An unsigned index is not checked for being counted from the end.
        out[np.uint64(row[w]), start + np.uint64(w)] += amount[w]


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
    starts = np.cumsum([0] + [len(each) for each in offsets])[:-1]
    shift = {band: int(start) - each[0] for band, each, start in zip(bands, offsets, starts, strict=True)}
    moved = sorted((band for band in bands if band.side != ON_TIME), key=lambda band: band.moved)
    shifts = [shift[band] for band in moved]
    edges = [-NEVER, *(band.moved[0] for band in moved[1:])]
    return CellTable(
        period=_steps(calendar.bounds.tolist(), [1] * (calendar.span + 1)),
        shift=_steps(edges, [after - before for before, after in pairwise([0, *shifts])]),
        on_time=next(shift[band] for band in bands if band.side == ON_TIME),
        first_moved=moved[0].moved[0],
        last_moved=moved[-1].moved[1],
        first_offset=min(each[0] for each in offsets),
        last_offset=max(each[-1] for each in offsets),
    )


def _steps(edges: list[int], steps: list[int]) -> Steps:
    padding = -len(edges) % LANES
    return Steps(
        np.array(edges + [NEVER] * padding, dtype=np.int32), np.array(steps + [0] * padding, dtype=np.int32)
    )
