"""What happens in a book besides its renewals, written out by hand, period by period."""

import tomllib

import numpy as np

from sim.files.toml import check
from sim.plan.plan import Plan
from sim.records import Activity, Cohort, DealSum

EVENTS = ("new", "expansion", "uplift", "contraction", "churn", "lapsed", "won_back")
NUMBERS = ("accounts", "new", "churn", "lapsed", "won_back", "expansion", "renewal", "multi_year")
KPIS = ("health", "nps", "adoption", "onboarding")
LONG_HELD = 100.0
"""Periods in the seat of whoever is not said to be new. [period]"""


def activity_of(
    opening, *, kpi=None, seat=1.0, tenure=LONG_HELD, multi_year=0.0, number=None, deals=(), **flow
):
    """The Activity of one world: numbers, or lists by period. ``opening`` is a list [usd/yr].

    A flow is placed the same by every date, unless it is given as ``churn_notice``, ``uplift_booking`` and so on.

    deals : (type, period, term, size, ARR) of each, or a period by date.
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
    found = Activity(
        column(opening),
        flows,
        {name: column(number.get(name, 0.0)) for name in NUMBERS},
        column(multi_year),
        {name: column((kpi or {}).get(name, 0.0)) for name in (*KPIS, *(kpi or {}))},
        column(seat),
        column(tenure),
    )
    return found._replace(cohort=ByFlows(found), deals=ByHand(periods, [deals]))


class ByHand(dict):
    """The deals of several worlds, summed up by whatever terms are asked. deals : of each world, as in ``activity_of``."""

    def __init__(self, periods, deals):
        super().__init__()
        self.periods, self.deals = periods, deals

    def __contains__(self, terms):
        return True

    def __missing__(self, terms):
        arr, number = np.zeros((2, self.periods, len(self.deals)))
        for world, deals in enumerate(self.deals):
            for type_, when, months, size, amount in deals:
                period = when.get(terms.date) if isinstance(when, dict) else when
                of_term = terms.from_months <= months < terms.below_months
                of_size = terms.from_size <= size < terms.below_size
                if type_ == terms.type and of_term and of_size and period is not None:
                    arr[period, world] += amount
                    number[period, world] += 1.0
        self[terms] = DealSum(arr, number)
        return self[terms]

    def summed_for(self, plan):
        """The same with the sums of a plan worked out, as a Ledger holds them."""
        for terms in plan.deals:
            self[terms]
        return self


class ByFlows(dict):
    """The cohorts of a book of many accounts of which each has one fate: sums of flows make them, whatever the terms ask.

    What is lost is lost of the ARR at the start, and all growth is that of accounts held then; what lapses is out where
    late renewals are lost so far, and comes back up to what has lapsed inside the window.
    """

    def __init__(self, activity):
        super().__init__()
        self.activity = activity

    def __contains__(self, terms):
        return True

    def __missing__(self, terms):
        flow, number = self.activity.flow, self.activity.number
        counts = self.activity.tenure > terms.grace_periods

        def over(series, event="", out=0.0):
            """The sum over each window, without what is forgiven."""
            series = series * counts if event in terms.grace_events else series
            return np.array([series[s : t + 1].sum(axis=0) for t, s in enumerate(terms.first)]) + out

        def out(lapsed, back):
            """What has lapsed inside the window and not come back in it."""
            if not terms.late_lost:
                return 0.0
            lapsed = lapsed * counts if "lapsed" in terms.grace_events else lapsed
            found = np.zeros_like(lapsed)
            for t, s in enumerate(terms.first):
                for p in range(s, t + 1):
                    found[t] = np.maximum(found[t] + lapsed[p] - back[p], 0.0)
            return found

        opening, first = self.activity.opening, list(terms.first)
        lost = over(flow["churn"][terms.churn], "churn")
        lost = lost + over(flow["contraction"][terms.contraction], "contraction")
        lost = lost + out(flow["lapsed"]["due"], flow["won_back"]["due"])
        grown = over(flow["expansion"]["due"]) + over(flow["uplift"][terms.renewal])
        gone = over(number["churn"], "churn") + out(number["lapsed"], number["won_back"])
        start, accounts = opening[first], number["accounts"][first]
        self[terms] = Cohort(
            start, start - lost, np.where(start > 0, start - lost + grown, 0.0), accounts, accounts - gone
        )
        return self[terms]


def beside(*worlds):
    """The Activities of several worlds as those of one book."""

    def joined(*each):
        return np.concatenate(each, axis=1)

    first = worlds[0]
    found = Activity(
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
    deals = [deals for each in worlds for deals in each.deals.deals]
    return found._replace(cohort=ByFlows(found), deals=ByHand(len(first.opening), deals))


def plan_from(text):
    """The plan written in ``text``; name and pay are given where it has none."""
    document = {"name": "p", "pay": {"target_bonus": 100.0}, **_frozen(tomllib.loads(text))}
    return check(Plan, document, "plan.toml")


def _frozen(value):
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return {key: _frozen(each) for key, each in value.items()} if isinstance(value, dict) else value
