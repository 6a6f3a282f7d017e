"""The Ledger: every renewal of a book, counted into cells that all plans of a study can tell apart.

A plan sees a book only as amounts by due period and cell (how many periods and days a booking was moved).
Cells follow the union of the band edges of all plans, so one Ledger serves them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar, PeriodTable
from sim.kernel import kernel
from sim.records import (
    EARLY,
    LATE,
    NEVER,
    ON_TIME,
    Cells,
    Days,
    FloatPCW,
    FloatPW,
    FloatRW,
    IntP,
    Ledger,
    Renewals,
)

NOWHERE = -1
"""The cell of a booking that no plan of the study counts."""


class CellTable(NamedTuple):
    """The cells as kernels look them up.

    band         : by days moved, the row of ``cell``; days beyond an end use that end. [days moved]
    first_day    : days moved of the first entry of ``band``. [day]
    on_time      : the row of ``cell`` of bookings that are neither early nor late.
    cell         : cell, or ``NOWHERE``. [band row, offset]
    first_offset : offset of the first column. [period]
    """

    band: IntP
    first_day: int
    on_time: int
    cell: IntP
    first_offset: int


@dataclass(frozen=True, eq=False)
class Frame:
    """What all plans of a study share: the calendar and the cells of its Ledgers."""

    calendar: Calendar
    cells: Cells
    table: CellTable


class _Band(NamedTuple):
    """A side and a range of days moved that no plan cuts. [day]"""

    side: int
    first_day: int
    last_day: int


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
    earliest     : the most days a booking can be ahead of its due day (default: the whole calendar). A
                   booking earlier still would not be counted. [day]
    latest       : the same for a credit date other than booking, behind the due day. [day]
    credit_dates : ``Plan.credit_date`` of each plan.
    """
    length = int(calendar.bounds[-1] - calendar.bounds[0])
    earliest, latest = (length if days is None else days for days in (earliest, latest))
    bands = _bands(set().union(*early_edges), set().union(*late_edges), earliest)
    anywhere: set[int] = set()
    if not {"booking", "due"}.issuperset(credit_dates):
        # A credit date is free of the booked day that decides the band: any band can meet any offset.
        anywhere = _offsets(calendar, -earliest, max(latest, bands[-1].last_day))
    rows: list[tuple[int, int]] = []  # (band row, offset) of each cell
    for row, band in enumerate(bands):
        booked = {offset for offset in _offsets(calendar, *_moved(band)) if _possible(band.side, offset)}
        rows += [(row, offset) for offset in sorted(booked | anywhere)]
    return Frame(calendar, _cells(bands, rows), _cell_table(bands, rows))


def fill_ledger(renewals: Renewals, frame: Frame, credit_dates: Iterable[str]) -> Ledger:
    """Count one book's renewals into cells, for each credit date (``"due"`` is read from ``"booking"``).

    Source: Compensating Customer Success Managers (founding document): early is booked in an earlier quarter
    than due; late is "a contract with a lapse in recognized revenue", so booked after the due day.
    """
    span, worlds = frame.calendar.span, renewals.due_day.shape[1]
    periods, table = frame.calendar.table, frame.table
    renewable, unbooked = np.zeros((span, worlds)), np.zeros((span, worlds))
    add_due(renewals.due_day, renewals.booked_day, renewals.arr, periods, renewable, unbooked)
    amount = {}
    for date in sorted({"booking" if date == "due" else date for date in credit_dates}):
        amount[date] = np.zeros((span, len(frame.cells.offset), worlds))
        credit_day = renewals.credit_day[date]
        days = (renewals.due_day, renewals.booked_day, credit_day)
        add_booked(days, renewals.booked_arr, periods, table, amount[date])
    return Ledger(renewable, unbooked, amount)


@kernel
def add_due(
    due_day: Days, booked_day: Days, arr: FloatRW, periods: PeriodTable, renewable: FloatPW, unbooked: FloatPW
) -> None:
    """Add ARR due to ``renewable`` and, where it was not booked by the end of its period, to ``unbooked``."""
    span, last = renewable.shape[0], periods.period.size - 1
    for r in range(due_day.shape[0]):
        for w in range(due_day.shape[1]):
            due = periods.period[min(max(due_day[r, w] - periods.first, 0), last)]
            booked = periods.period[min(max(booked_day[r, w] - periods.first, 0), last)]
            inside = 0 <= due < span
            row = due if inside else 0
            renewable[row, w] += arr[r, w] if inside else 0.0
            unbooked[row, w] += arr[r, w] if inside and booked > due else 0.0


@kernel
def add_booked(
    days: tuple[Days, Days, Days],
    booked_arr: FloatRW,
    periods: PeriodTable,
    table: CellTable,
    amount: FloatPCW,
) -> None:
    """Add each booked amount to the cell of its due period; ``days`` are its due, booked and credit day."""
    due_day, booked_day, credit_day = days
    span, last = amount.shape[0], periods.period.size - 1
    last_day, last_offset = table.band.size - 1, table.cell.shape[1] - 1
    for r in range(due_day.shape[0]):
        for w in range(due_day.shape[1]):
            due = periods.period[min(max(due_day[r, w] - periods.first, 0), last)]
            booked = periods.period[min(max(booked_day[r, w] - periods.first, 0), last)]
            credited = periods.period[min(max(credit_day[r, w] - periods.first, 0), last)]
            moved = booked_day[r, w] - due_day[r, w]
            band = table.band[min(max(moved - table.first_day, 0), last_day)]
            band = table.on_time if moved <= 0 and booked == due else band
            cell = table.cell[band, min(max(credited - due - table.first_offset, 0), last_offset)]
            counted = (
                0 <= due < span
                and cell != NOWHERE
                and booked_day[r, w] != NEVER
                and credit_day[r, w] != NEVER
            )
            # What is not counted adds nothing to cell 0: cheaper than a branch around a scattered store.
            amount[due if counted else 0, cell if counted else 0, w] += booked_arr[r, w] if counted else 0.0


def _bands(early_edges: set[int], late_edges: set[int], earliest: int) -> list[_Band]:
    """The sides and ranges of days moved that no plan cuts, earliest last within its side."""
    early = sorted(
        {edge for edge in early_edges if edge < earliest} | ({earliest} if earliest > 0 else set())
    )
    bands = [_Band(EARLY, before + 1, edge) for before, edge in pairwise((0, *early))]
    bands.append(_Band(ON_TIME, 0, 0))
    return bands + [_Band(LATE, before + 1, edge) for before, edge in pairwise((0, *sorted(late_edges)))]


def _moved(band: _Band) -> tuple[int, int]:
    """Booked day minus due day, smallest and largest. [day]"""
    return (-band.last_day, -band.first_day) if band.side == EARLY else (band.first_day, band.last_day)


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


def _cells(bands: list[_Band], rows: list[tuple[int, int]]) -> Cells:
    columns = [(offset, *bands[row]) for row, offset in rows]
    return Cells(*np.array(columns, dtype=np.int64).T.copy())


def _cell_table(bands: list[_Band], rows: list[tuple[int, int]]) -> CellTable:
    nowhere = len(bands)  # an extra row for days that no band holds
    first_offset = min(offset for _, offset in rows) - 1
    last_offset = max(offset for _, offset in rows) + 1
    cell = np.full((nowhere + 1, last_offset - first_offset + 1), NOWHERE, dtype=np.int64)
    for index, (row, offset) in enumerate(rows):
        cell[row, offset - first_offset] = index
    first_day = min(_moved(band)[0] for band in bands) - 1
    last_day = max(_moved(band)[1] for band in bands) + 1
    band = np.full(last_day - first_day + 1, nowhere, dtype=np.int64)
    for row, each in enumerate(bands):
        smallest, largest = _moved(each)
        band[smallest - first_day : largest - first_day + 1] = row
    on_time = next(row for row, each in enumerate(bands) if each.side == ON_TIME)
    return CellTable(band, first_day, on_time, cell, first_offset)
