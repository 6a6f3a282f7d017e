"""The renewals of one book in one world, each with what became of it and what a plan credits for it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.plan.component import Crediting
from sim.plan.crediting import CreditTerms
from sim.records import EARLY, LATE, NEVER, ON_TIME, Renewals
from sim.rows import only


class Part(NamedTuple):
    """What a deal, or the part of it within an early cap, adds to one period.

    period     : of the horizon from 0; negative before it. [period]
    amount     : counted, before the multiplier. [usd]
    multiplier : credit per usd. [usd/usd]
    credit     : their product. [usd]
    """

    period: int
    amount: float
    multiplier: float
    credit: float


class Deal(NamedTuple):
    """One renewal, what became of it, and what the plan credits for it.

    booked_date : None where it is lost.
    side        : ``EARLY``, ``ON_TIME`` or ``LATE``; None where it is lost.
    days        : booked minus due; negative where booked ahead. None where it is lost. [day]
    arr         : up for renewal. [usd/yr]
    booked_arr  : of the new contract; 0 where it is lost. [usd/yr]
    parts       : empty where nothing is counted.
    outcome     : all this in a few words.
    """

    account: str
    number: int
    due_date: date
    booked_date: date | None
    side: int | None
    days: int | None
    arr: float
    booked_arr: float
    parts: tuple[Part, ...]
    outcome: str


class CreditRule(NamedTuple):
    """What the credit of a single deal depends on.

    rule    : how the plan credits renewals, as its file says it.
    granted : the same for the frame.
    date    : the credit date whose amounts are read.
    shares  : of early amounts granted. [due period]
    """

    frame: Frame
    rule: Crediting
    granted: CreditTerms
    date: str
    shares: tuple[float, ...]


def deals_of(
    renewals: Renewals, accounts: tuple[str, ...], calendar: Calendar, credit: CreditRule | None
) -> Iterator[Deal]:
    """The renewals of world 0 that are due, booked or credited within the horizon. credit : None where none is."""
    for row in range(len(renewals.account)):
        due_day, booked_day = int(renewals.due_day[row, 0]), int(renewals.booked_day[row, 0])
        if due_day == NEVER:
            continue
        alone = only(renewals, np.arange(row, row + 1))
        side, parts = (None, ()) if credit is None else _credit(alone, credit)
        due = _period(calendar, due_day)
        booked = [_period(calendar, booked_day)] if credit is None and booked_day != NEVER else []
        touched = (due, *booked, *(part.period for part in parts))
        if not any(0 <= period < calendar.periods for period in touched):
            continue
        days = None if booked_day == NEVER else booked_day - due_day
        if side is None and days is not None:
            side = LATE if days > 0 else EARLY if _period(calendar, booked_day) < due else ON_TIME
        yield Deal(
            account=accounts[int(renewals.account[row])],
            number=int(renewals.number[row]),
            due_date=calendar.date(due_day),
            booked_date=None if days is None else calendar.date(booked_day),
            side=side,
            days=days,
            arr=float(renewals.arr[row, 0]),
            booked_arr=float(renewals.booked_arr[row, 0]),
            parts=parts,
            outcome=_outcome(side, days, parts, alone, credit),
        )


def _credit(alone: Renewals, credit: CreditRule) -> tuple[int | None, tuple[Part, ...]]:
    """The side and the parts of a deal, read from the Ledger of a book that holds nothing else."""
    calendar, crediting, name = credit.frame.calendar, credit.granted, credit.rule.amounts
    amount = fill_ledger(alone, credit.frame, (name,)).amount[name][:, :, 0]
    counted = np.argwhere(amount > 0.0)
    if not counted.size:
        return None, ()
    due, cell = (int(index) for index in counted[0])
    whole, side = float(amount[due, cell]), int(credit.frame.cells.side[cell])
    parts = []
    for line in crediting.lines:
        if line.cell == cell:
            period, share = due + line.offset, 1.0
            if line.ahead and crediting.cap is not None:
                # Ahead of the edges no quota is known and no cap holds; after the horizon nothing is granted.
                inside = 0 <= period < len(credit.shares)
                share = credit.shares[period] if inside else float(period < 0)
            parts += [(period, share * whole, line.multiplier), (due, (1.0 - share) * whole, 1.0)]
    return side, tuple(
        Part(period - calendar.lead, part, multiplier, multiplier * part)
        for period, part, multiplier in parts
        if part > 0.0
    )


def _period(calendar: Calendar, day: int) -> int:
    """Period of the horizon, negative before it."""
    first, table = calendar.table
    return int(table[min(max(day - first, 0), len(table) - 1)]) - calendar.lead


def _outcome(
    side: int | None, days: int | None, parts: tuple[Part, ...], alone: Renewals, credit: CreditRule | None
) -> str:
    if side is None or days is None:
        return "lost"
    how = {EARLY: f"early {-days} d", LATE: f"late {days} d", ON_TIME: "on time"}[side]
    if credit is None:
        return how
    periods = range(credit.frame.calendar.periods)
    if side == LATE and days > credit.rule.late_window_days:
        return f"{how}: new logo"
    if int(alone.credit_day[credit.date][0, 0]) == NEVER:
        return f"{how}: no {credit.date} date"
    if not any(part.period in periods for part in parts):
        return f"{how}: not credited in the horizon"
    if len(parts) > 1:
        return f"{how}: part waits"
    if not any(part.multiplier for part in parts):
        return f"{how}: past the last band"
    return how
