"""Amounts asked period by period: those of the plan by season, or those that are agreed with a person."""

from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.plan.base_quota import Quota
from sim.records import Agreed, FloatP, FloatPW, Ledger, OwnQuota

ANY: str = ""
"""Under which a person's quota stands that is of no component in particular."""


class Amounts(NamedTuple):
    """What is asked in each due period and those of a year after them, before quota moves and ramps. [reach]

    usd    : of the plan, the same for everybody. [usd/period] or [events/period]
    person : the component for which a person's own quota is asked instead; None where the plan's is.
    season : the part of a year's quota of a person that is asked in each period. [share]
    """

    usd: tuple[float, ...]
    person: str | None
    season: tuple[float, ...]


def amounts_of(quota: Quota, component: str, calendar: Calendar) -> Amounts | None:
    """The amounts of a quota; None of one that asks for a share of something."""
    if quota.kind not in ("fixed", "person"):
        return None
    year = calendar.periods_of_year
    place = [(period - calendar.lead + calendar.before) % year for period in range(calendar.reach)]
    if quota.kind == "fixed":
        a_year = quota.a_year(year)
        return Amounts(tuple(a_year[each] for each in place), None, ())
    season = quota.season(year)
    return Amounts((), component, tuple(season[each] for each in place))


def asked_of(amounts: Amounts, ledger: Ledger) -> FloatP:
    """What is asked of whoever holds a book. Where nothing is agreed, as happens outside the horizon alone, it counts as in
    the nearest period of which it is (assumption). [reach] [usd/period] or [events/period]

    Raises: ValueError where it is agreed with a person and the Ledger does not say so; callers check it before.
    """
    if amounts.person is None:
        return np.array(amounts.usd)
    own = None if ledger.agreed is None else own_quota(amounts.person, ledger.agreed)
    if own is None:
        raise ValueError(f"the Ledger has no quota of a person for {amounts.person!r}")
    asked: FloatP = own.usd + own.of_year * np.array(amounts.season)
    known = np.flatnonzero(~np.isnan(asked))
    if len(known) == len(asked) or not len(known):
        return asked
    return np.interp(np.arange(len(asked)), known, asked[known])


def own_quota(component: str, agreed: Agreed) -> OwnQuota | None:
    """What is agreed for a component, or for any; None where nothing is."""
    return agreed.quota.get(component, agreed.quota.get(ANY))


def in_worlds(asked: FloatP, worlds: int) -> FloatPW:
    """The same in every world, to be read only. [period, world]"""
    return np.broadcast_to(asked[:, np.newaxis], (len(asked), worlds))
