"""Where accounts may have grown, period by period, and where they did, by the rule of the world.

A contract grows from the period in which it begins to the one before it ends: what grows in the period of a renewal grows
under the new contract (``sim.world.growth``).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar, add_months
from sim.calibration.model import Cells, Places, offsets
from sim.calibration.reading import Contract, Customer, Known
from sim.world.scenario import Scenario


class Growing(NamedTuple):
    """What growth is counted from. counts : contracts of each customer. first : period that is the first of all."""

    customers: Sequence[Customer]
    counts: Places
    calendar: Calendar
    first: int
    known: Known


def make_cells(growing: Growing, place: Places, scenario: Scenario) -> tuple[Cells, int]:
    """The cells of all contracts, and how many periods there are. place : period in which each contract ends."""
    calendar, first = growing.calendar, growing.first
    now = _period(growing.known.as_of, calendar) - first
    periods = max(int((place - first)[place < calendar.span - 1].max(initial=0)), now) + 1
    cells: list[tuple[int, int, float, int]] = []
    row, start = 0, _covered_from(growing)
    for customer, count in zip(growing.customers, growing.counts.tolist(), strict=True):
        if growing.known.events and start is not None:
            for which, period, exposure, grown in _of_customer(customer, count, growing, start):
                cells.append((row + which, period, exposure, grown))
        row += count
    columns = list(zip(*cells, strict=True)) if cells else [(), (), (), ()]
    contract = np.array(columns[0], dtype=np.int64)
    return (
        Cells(
            offsets(np.bincount(contract, minlength=row)),
            contract,
            np.array(columns[1], dtype=np.int64),
            np.array(columns[2], dtype=np.float64),
            np.array(columns[3], dtype=np.float64),
        ),
        periods,
    )


def _covered_from(growing: Growing) -> np.datetime64 | None:
    """The first day that events are told of; None without any."""
    days = [each[0] for customer in growing.customers for each in customer.growth]
    return min(days) if days else None


def _of_customer(
    customer: Customer, count: int, growing: Growing, covered: np.datetime64
) -> Iterator[tuple[int, int, float, int]]:
    """Contract, period, exposure and expansions of each cell of a customer."""
    calendar, first, as_of = growing.calendar, growing.first, growing.known.as_of
    now, edge = _period(as_of, calendar) - first, _period(covered, calendar) - first
    begins: np.datetime64 | None = _joined(customer)
    grown = [_period(when, calendar) - first for when, _ in customer.growth]
    for which in range(count):
        contract = customer.contracts[which] if which < len(customer.contracts) else None
        start = edge if begins is None else max(_period(begins, calendar) - first, edge)
        ends = contract is not None and not np.isnat(contract.due)
        end = (
            min(_period(contract.due, calendar) - first, now + 1)
            if ends and contract is not None
            else now + 1
        )
        for period in range(max(start, 0), end):
            exposure = 1.0
            if period == now:
                day = begins if begins is not None and _period(begins, calendar) - first == now else None
                exposure = _elapsed(period + first, as_of, day, calendar)
            if exposure > 0.0:
                yield which, period, exposure, grown.count(period)
        if contract is None or np.isnat(contract.booked):
            return
        begins = max(contract.due, contract.booked)


def _joined(customer: Customer) -> np.datetime64 | None:
    """When the first contract began, as far as anybody can tell."""
    if not np.isnat(customer.joined):
        return customer.joined
    held = customer.contracts[0]
    return begin_of(held) if held.term and not np.isnat(held.due) else None


def begin_of(contract: Contract) -> np.datetime64:
    """The day on which a contract began: a term before its end."""
    end: date = contract.due.astype(object)
    begin = add_months(end.replace(day=1), -contract.term)
    day = min(end.day, (add_months(begin, 1) - begin).days)
    return np.datetime64(begin.replace(day=day), "D")


def _elapsed(period: int, as_of: np.datetime64, begins: np.datetime64 | None, calendar: Calendar) -> float:
    """Share of a period, or of what is left of it after the day on which a contract begins, that is known."""
    bounds = calendar.bounds
    origin = np.datetime64(calendar.start, "D")
    first, beyond = int(bounds[period]), int(bounds[period + 1])
    if begins is not None:
        first = min(int((begins - origin).astype(int)) + 1, beyond - 1)
    known = int((as_of - origin).astype(int)) + 1
    return min(max((known - first) / (beyond - first), 0.0), 1.0)


def _period(day: np.datetime64, calendar: Calendar) -> int:
    first, table = calendar.table
    days = int((day - np.datetime64(calendar.start, "D")).astype(int))
    return int(table[min(max(days - first, 0), len(table) - 1)])
