"""Accounts that several people share: the share of each, day by day, as the deals say it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from sim.calendar import Calendar
from sim.files.cells import Floats
from sim.files.deals import Deals


class Shared(NamedTuple):
    """Who shares a contract until a deal of it is due. arr : of the whole contract. of : by CSM. [usd/yr], [share]"""

    due: np.datetime64
    arr: float
    of: Mapping[str, float]


Contracts: TypeAlias = Mapping[str, tuple[Shared, ...]]
"""By contract, what its deals say, in order of due dates."""


def shared_accounts(deals: Deals) -> dict[str, Contracts]:
    """The accounts of which some deal is shared."""
    if deals.share is None:
        return {}
    accounts = {deals.account[entry] for entry in np.flatnonzero(deals.share < 1.0).tolist()}
    contract = deals.contract or ("",) * len(deals.account)
    found: dict[str, dict[str, dict[np.datetime64, tuple[float, dict[str, float]]]]] = {}
    for entry, account in enumerate(deals.account):
        if account in accounts:
            by_due = found.setdefault(account, {}).setdefault(contract[entry], {})
            arr, of = by_due.get(deals.due_date[entry], (0.0, {}))
            share = of | {deals.csm[entry]: of.get(deals.csm[entry], 0.0) + float(deals.share[entry])}
            by_due[deals.due_date[entry]] = (arr + float(deals.arr[entry]), share)
    return {
        account: {
            name: tuple(_whole(due, *deal) for due, deal in sorted(each.items()))
            for name, each in own.items()
        }
        for account, own in found.items()
    }


def _whole(due: np.datetime64, arr: float, of: Mapping[str, float]) -> Shared:
    """Shares of one; contracts without ids that are due on one day are taken together."""
    total = sum(of.values())
    return Shared(due, arr, {csm: share / total for csm, share in of.items()})


def shares_of(contracts: Contracts, csm: str, calendar: Calendar) -> tuple[float, ...]:
    """Somebody's share of an account: its mean over the days of each period of the horizon. [period] [share]

    A deal says who shares its contract until it is due; after the last one it stays so. Of several contracts each counts
    by its ARR.
    """
    inside = calendar.bounds[calendar.lead :][: calendar.periods + 1]
    days = np.arange(inside[0], inside[-1])
    share, arr = np.zeros(len(days)), np.zeros(len(days))
    for deals in contracts.values():
        place = np.minimum(np.searchsorted(_days(deals, calendar), days), len(deals) - 1)
        size = np.array([deal.arr for deal in deals])[place]
        share += size * np.array([deal.of.get(csm, 0.0) for deal in deals])[place]
        arr += size
    mean = np.divide(share, arr, out=np.zeros_like(share), where=arr > 0.0)
    return tuple((np.add.reduceat(mean, inside[:-1] - inside[0]) / np.diff(inside)).tolist())


def over_windows(shares: Sequence[float], first: Sequence[int], calendar: Calendar) -> Floats:
    """The mean over the days of each window, of the means of its periods. [period] [share]"""
    days = np.diff(calendar.bounds[calendar.lead :][: calendar.periods + 1])
    until = np.concatenate([[0.0], np.cumsum(days * np.array(shares))])
    length = np.concatenate([[0], np.cumsum(days)])
    starts, ends = np.array(first), np.arange(1, len(days) + 1)
    mean: Floats = (until[ends] - until[starts]) / (length[ends] - length[starts])
    return mean


def _days(deals: Sequence[Shared], calendar: Calendar) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The due days. [deal] [day]"""
    dues = np.array([deal.due for deal in deals], dtype="datetime64[D]")
    days: np.ndarray[tuple[int], np.dtype[np.int64]] = (dues - np.datetime64(calendar.start, "D")).astype(
        np.int64
    )
    return days
