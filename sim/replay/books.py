"""Deals of a file as the Renewals of books, and the calendar and cells that hold them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from sim.calendar import Calendar
from sim.files.cells import Dates
from sim.files.deals import Deals
from sim.frame import Frame
from sim.plan.plan import Plan, frame_for
from sim.records import NEVER, Days, IntP, Renewals
from sim.replay.required import rows_of


def horizon(deals: Deals, calendar: Calendar, *others: Deals) -> Calendar:
    """The calendar with edges that hold every deal that touches the horizon by its due or any credit date.

    others : the same deals with other dates, for which it is to be wide enough too.
    """
    variants = (deals, *others)
    dates = [deals.due_date, *(when for each in variants for when in each.credit_date.values())]
    there = np.array([~np.isnat(when) for when in dates])
    period = calendar.position(np.array(dates))
    inside = (there & (period >= 0) & (period < calendar.periods)).any(axis=0)
    touching = period[there & inside]
    first = int(touching.min(initial=0))
    last = int(touching.max(initial=calendar.periods - 1))
    return replace(calendar, lead=-first, tail=last - calendar.periods + 1)


def books(deals: Deals, calendar: Calendar, also: Sequence[str] = ()) -> Iterator[tuple[str, Renewals]]:
    """Each CSM, in order of first appearance, with the Renewals of its one world; ``also``: without any deal."""
    for csm, rows in rows_of(deals.csm, also).items():
        yield csm, renewals_of(deals, rows, calendar)


def renewals_of(deals: Deals, rows: list[int], calendar: Calendar) -> Renewals:
    """Some of the deals as the Renewals of one world."""
    accounts = {name: index for index, name in enumerate(dict.fromkeys(deals.account[row] for row in rows))}
    account = np.array([accounts[deals.account[row]] for row in rows], dtype=np.int64)
    credit_day = {kind: days_of(when[rows], calendar.start) for kind, when in deals.credit_date.items()}
    return Renewals(
        account=account,
        number=_number(account, deals.due_date[rows]),
        due_day=days_of(deals.due_date[rows], calendar.start),
        booked_day=credit_day["booking"],
        arr=deals.arr[rows, np.newaxis],
        booked_arr=deals.booked_arr[rows, np.newaxis],
        credit_day=credit_day,
    )


def frame_of(variants: Sequence[Deals], calendar: Calendar, plans: Sequence[Plan]) -> Frame:
    """Cells wide enough for every deal of the file, with each of its dates."""
    kinds = {"booking", *(plan.ledger_date for plan in plans)}
    ahead = min(_moved(deals, kind).min(initial=0) for deals in variants for kind in kinds)
    behind = max(_moved(deals, plan.ledger_date).max(initial=0) for deals in variants for plan in plans)
    return frame_for(plans, calendar, -int(ahead), int(behind))


def _moved(deals: Deals, kind: str) -> IntP:
    """Days from the due date to a credit date, of the deals that have one. [day]"""
    when = deals.credit_date[kind]
    there = ~np.isnat(when)
    return (when[there] - deals.due_date[there]).astype(np.int64)


def days_of(when: Dates, start: date) -> Days:
    """Days from the start of the horizon, ``NEVER`` where there is no date. [renewal, world of one] [day]"""
    days = np.where(np.isnat(when), NEVER, (when - np.datetime64(start, "D")).astype(np.int64))
    return days.astype(np.int32)[:, np.newaxis]


def _number(account: IntP, due_date: Dates) -> IntP:
    """The place of each renewal among those of its account, by due date. [renewal]"""
    order = np.lexsort((due_date, account))
    sorted_account = account[order]
    number = np.empty_like(account)
    number[order] = np.arange(len(account)) - np.searchsorted(sorted_account, sorted_account, side="left")
    return number
