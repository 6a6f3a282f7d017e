"""Grace: what a book loses in the first periods after it changed hands is not held against whoever inherited it."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.files.toml import Table
from sim.plan.bounds import PeriodCount
from sim.plan.worksheet import Worksheet
from sim.records import Activity, DealSum, Ledger


class Grace(Table):
    """For how long losses of an inherited book are left out of every measure and clawback of the book.

    periods : from the takeover on; a period is in grace while its end lies at most so many periods after it. [period]
    events  : which losses.

    Source: PostHog handbook, Customer success, How we work: accounts nobody managed before have a grace of 3 months.
    """

    periods: PeriodCount
    events: Annotated[tuple[Literal["churn", "contraction", "lapsed"], ...], Field(min_length=1)] = ("churn",)


def under_grace(grace: Grace | None, sheet: Worksheet) -> Worksheet:
    """The sheet as the holder of the seat is measured on it: a sheet of its own where something is forgiven.

    What is kept of accounts is followed with the grace of each plan already; see ``sim.records.CohortTerms``.
    """
    activity = sheet.ledger.activity
    if grace is None or activity is None:
        return sheet
    ledger = sheet.ledger._replace(activity=forgiven(grace, activity))
    if ledger.leaving is not None:
        ledger = ledger._replace(leaving=still_leaving(grace, ledger.leaving, activity))
    return Worksheet(ledger)


def still_leaving(
    grace: Grace, leaving: Mapping[tuple[str, ...], tuple[Ledger | None, ...]], activity: Activity
) -> dict[tuple[str, ...], tuple[Ledger | None, ...]]:
    """What is lost in each period without the losses forgiven in it. Seats are those of the one world there is."""
    new = activity.tenure[:, 0] <= grace.periods
    found = {}
    for losses, ledgers in leaving.items():
        other = held_against(grace, losses)
        found[losses] = tuple(
            ((leaving[other][period] if other else None) if new[period] else ledger)
            for period, ledger in enumerate(ledgers)
        )
    return found


def held_against(grace: Grace | None, losses: tuple[str, ...]) -> tuple[str, ...]:
    """The losses that count in grace."""
    return losses if grace is None else tuple(event for event in losses if event not in grace.events)


def forgiven(grace: Grace, activity: Activity) -> Activity:
    """The Activity without the losses of periods in grace."""
    held = np.where(activity.tenure > grace.periods, 1.0, 0.0)
    flow, number = dict(activity.flow), dict(activity.number)
    for event in grace.events:
        flow[event] = {date: amount * held for date, amount in flow[event].items()}
        if event in number:
            number[event] = number[event] * held
    deals = {
        terms: DealSum(each.arr * held, each.number * held) if terms.type in grace.events else each
        for terms, each in activity.deals.items()
    }
    return activity._replace(flow=flow, number=number, deals=deals)
