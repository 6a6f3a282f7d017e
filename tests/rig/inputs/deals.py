"""Renewals written out by hand, deal by deal, and the records made of them."""

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.files.toml import check
from sim.frame import make_frame
from sim.ledger import fill_ledger
from sim.plan.plan import Plan, load_plan
from sim.plan.settle import compile_plan, settle, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import NEVER, Renewals
from tests.rig.repository import CONFIGS

RENEWALS = 60
"""Renewals of a random book."""
PLANS = CONFIGS / "plans"
LINEAR = ({"attainment": "[0, inf)", "pays": 0.0, "slope": 1.0},)


class Deal(NamedTuple):
    """One renewal. Days count from the start of the horizon; ``credit`` holds other credit dates."""

    due: int
    booked: int | None
    arr: float
    booked_arr: float | None = None
    credit: tuple[tuple[str, int | None], ...] = ()

    @property
    def amount(self):
        if self.booked is None:
            return 0
        return self.arr if self.booked_arr is None else self.booked_arr

    def credit_day(self, name):
        """Day of credit by a credit date, None for none; every date is the booking day unless said otherwise."""
        return dict(self.credit).get(name, self.booked)


DATES = ("booking", "service_start", "invoice", "cash")


def renewals(worlds):
    """The Renewals of one book from the deals of each world; worlds are padded with renewals that never come due."""
    rows = max(len(deals) for deals in worlds)

    def column(read, missing, dtype):
        out = np.full((rows, len(worlds)), missing, dtype=dtype)
        for w, deals in enumerate(worlds):
            for r, deal in enumerate(deals):
                value = read(deal)
                out[r, w] = missing if value is None else value
        return out

    return Renewals(
        account=np.arange(rows),
        number=np.zeros(rows, dtype=np.int64),
        due_day=column(lambda deal: deal.due, NEVER, np.int32),
        booked_day=column(lambda deal: deal.booked, NEVER, np.int32),
        arr=column(lambda deal: deal.arr, 0.0, np.float64),
        booked_arr=column(lambda deal: deal.amount, 0.0, np.float64),
        credit_day={
            name: column(lambda deal, name=name: deal.credit_day(name), NEVER, np.int32) for name in DATES
        },
    )


def two_quarters():
    return Calendar(date(2026, 1, 1), periods=2)


def eight_quarters():
    return Calendar(date(2026, 1, 1), periods=8)


def in_quarter(calendar, period, day=30):
    """A day of a period of the horizon; negative periods lie before it."""
    return int(calendar.bounds[calendar.lead + period]) + day


def plan_of(**rules):
    """A plan with a quota of 600 and a bonus of 20 a period, changed by ``rules`` of its one component."""
    component = {"quota": {"kind": "fixed", "amount": 600.0}, "curve": LINEAR, **rules}
    document = {"name": "p", "title": "t", "pay": {"target_bonus": 20.0}, "component": (component,)}
    return check(Plan, document, "plan.toml")


def shipped(name):
    return load_plan(PLANS / f"{name}.toml")


def shipped_plans():
    return sorted(PLANS.rglob("*.toml"))


def frame_for(calendar, *plans):
    return make_frame(
        calendar,
        [plan.early_edges for plan in plans],
        [plan.late_edges for plan in plans],
        credit_dates=[plan.credit_date for plan in plans],
    )


def settled(plan, calendar, *worlds):
    """The plan's statement of the deals of each world."""
    frame = frame_for(calendar, plan)
    return settle(compile_plan(plan, frame), fill_ledger(renewals(worlds), frame, plan.amounts))


def settlement(plan, calendar, *worlds, activity=None, company=None):
    """Everything that settling a plan gives, of the deals and the Activity of each world."""
    frame = frame_for(calendar, plan)
    ledger = fill_ledger(renewals(worlds), frame, plan.amounts)
    if activity is not None and hasattr(activity.deals, "summed_for"):
        activity = activity._replace(deals=activity.deals.summed_for(plan))
    ledger = ledger._replace(activity=activity, company=company)
    return settle_on(Worksheet(ledger), compile_plan(plan, frame))


def random_book(seed, calendar=None, within=False):
    """Renewals due anywhere on the due axis, a third early and a third late; ``within`` keeps all in the horizon."""
    calendar = calendar or eight_quarters()
    draw = np.random.default_rng(seed)
    first, last = int(calendar.bounds[0]), int(calendar.bounds[-1])
    if within:
        first, last = 150, int(calendar.bounds[calendar.lead + calendar.periods]) - 200
    deals = []
    for _ in range(RENEWALS):
        due, kind = int(draw.integers(first, last)), draw.random()
        lag = draw.integers(-150, 0) if kind < 0.3 else draw.integers(1, 181) if kind < 0.6 else -2
        arr = float(draw.lognormal(10.5, 0.9))
        deals.append(Deal(due, due + int(lag), arr, arr * float(draw.uniform(0.6, 1.3))))
    return deals
