"""What happens in a book besides its renewals, written out by hand, period by period."""

import tomllib

import numpy as np

from sim.files.toml import check
from sim.plan.plan import Plan
from sim.records import Activity

EVENTS = ("new", "expansion", "uplift", "contraction", "churn", "lapsed", "won_back")
NUMBERS = ("accounts", "new", "churn", "lapsed", "won_back", "expansion", "renewal", "multi_year")
KPIS = ("health", "nps", "adoption", "onboarding")
LONG_HELD = 100.0
"""Periods in the seat of whoever is not said to be new. [period]"""


def activity_of(opening, *, kpi=None, seat=1.0, tenure=LONG_HELD, multi_year=0.0, number=None, **flow):
    """The Activity of one world: numbers, or lists by period. ``opening`` is a list [usd/yr].

    A flow is placed the same by every date, unless it is given as ``churn_notice``, ``uplift_booking`` and so on.
    """
    periods = len(opening)

    def column(values):
        return np.broadcast_to(np.asarray(values, dtype=float), (periods,)).reshape(-1, 1).copy()

    flows = {}
    for event in EVENTS:
        due = flow.pop(event, 0.0)
        dates = ("due", "booking", "notice") if event in ("contraction", "churn") else ("due", "booking")
        flows[event] = {date: column(flow.pop(f"{event}_{date}", due)) for date in dates}
    assert not flow, flow
    number = number or {}
    return Activity(
        column(opening),
        flows,
        {name: column(number.get(name, 0.0)) for name in NUMBERS},
        column(multi_year),
        {name: column((kpi or {}).get(name, 0.0)) for name in KPIS},
        column(seat),
        column(tenure),
    )


def beside(*worlds):
    """The Activities of several worlds as those of one book."""

    def joined(*each):
        return np.concatenate(each, axis=1)

    first = worlds[0]
    return Activity(
        joined(*(each.opening for each in worlds)),
        {
            event: {date: joined(*(each.flow[event][date] for each in worlds)) for date in dates}
            for event, dates in first.flow.items()
        },
        {name: joined(*(each.number[name] for each in worlds)) for name in first.number},
        joined(*(each.multi_year for each in worlds)),
        {name: joined(*(each.kpi[name] for each in worlds)) for name in first.kpi},
        joined(*(each.seat for each in worlds)),
        joined(*(each.tenure for each in worlds)),
    )


def plan_from(text):
    """The plan written in ``text``; name and pay are given where it has none."""
    document = {"name": "p", "pay": {"target_bonus": 100.0}, **_frozen(tomllib.loads(text))}
    return check(Plan, document, "plan.toml")


def _frozen(value):
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return {key: _frozen(each) for key, each in value.items()} if isinstance(value, dict) else value
