"""The Ledger: every renewal of a book, counted into the cells of a frame.

A plan sees a book only as amounts by due period and cell (how many periods and days a booking was moved), so one Ledger
serves all plans of a study.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import LANES, CellTable, Frame, Steps
from sim.kernel import kernel, stage
from sim.records import NEVER, UP_TO, Days, FloatPW, FloatRW, Ledger, Renewals
from sim.rows import DayRow, scatter


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
