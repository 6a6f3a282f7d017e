"""What holds for every plan in ``configs/plans``, whatever its components and rules. A new plan is tested here by being
there.
"""

from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.files.toml import check
from sim.ledger import fill_ledger
from sim.plan.plan import Plan, load_plan
from sim.plan.rule.earnings import TOP_UPS
from sim.plan.settle import compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from tests.rig.inputs.activity import KPIS, NUMBERS, activity_of, beside
from tests.rig.inputs.deals import (
    PLANS,
    Deal,
    eight_quarters,
    frame_for,
    in_quarter,
    random_book,
    renewals,
    settlement,
    shipped_plans,
)

FILES = shipped_plans()
every_plan = pytest.mark.parametrize("path", FILES, ids=[str(each.relative_to(PLANS)) for each in FILES])
CALENDAR = eight_quarters()
WORLDS = 5


def random_activity(seed, tenure=None):
    """A book of about a million that grows and shrinks; a third of the time with somebody new in the seat."""
    draw = np.random.default_rng(seed)

    def usd(most):
        return draw.uniform(0, most, 8) * (draw.random(8) < 0.6)

    flows = {
        name: usd(40_000) for name in ("new", "expansion", "uplift", "contraction", "lapsed", "won_back")
    }
    flows["churn"] = usd(150_000)
    held = np.arange(8) + float(draw.integers(0, 3)) if draw.random() < 0.33 else np.full(8, 100.0)
    return activity_of(
        draw.uniform(800_000, 1_200_000, 8).tolist(),
        kpi={name: draw.uniform(0, 60 if name == "nps" else 1, 8) for name in KPIS},
        seat=np.where(draw.random(8) < 0.2, draw.random(8), 1.0),
        tenure=held + 0.5,
        multi_year=usd(80_000),
        number={
            name: draw.integers(30 if name == "accounts" else 0, 40 if name == "accounts" else 3, 8)
            for name in NUMBERS
        },
        **flows,
    )


def settled(plan, seed=0, worlds=WORLDS):
    return settlement(
        plan,
        CALENDAR,
        *(random_book(seed + k) for k in range(worlds)),
        activity=beside(*(random_activity(seed + k) for k in range(worlds))),
        company=beside(*(random_activity(100 + seed + k) for k in range(worlds))),
    )


def altered(plan, each=None, **tables):
    """The plan with other tables, and other keys for each component; ``None`` takes a table away."""
    document = plan.model_dump(exclude_none=True) | tables
    document = {key: value for key, value in document.items() if value is not None}
    document["component"] = tuple({**component, **(each or {})} for component in document["component"])
    return check(Plan, document, "plan.toml")


@every_plan
def test_it_loads_names_its_file_and_says_where_it_comes_from(path):
    plan = load_plan(path)
    assert plan.name == path.stem
    assert plan.about.source
    if path.parent.name in ("plans", "founding", "library"):  # the others are settings of studies and tests
        assert plan.about.not_modelled


@every_plan
def test_weights_sum_to_one_over_what_is_a_bonus(path):
    bonus = [each for each in load_plan(path).component if each.pay_kind == "bonus"]
    assert not bonus or sum(each.weight for each in bonus) == pytest.approx(1.0, abs=1e-9)


@every_plan
def test_components_sum_to_what_is_earned_and_nobody_pays_back(path):
    found = settled(load_plan(path))
    parts = np.sum([each.pay for each in found.component.values()], axis=0)
    np.testing.assert_allclose(found.earned, parts, rtol=1e-12, atol=1e-9)
    for amount in (found.paid, found.held, found.recoverable):
        assert (amount >= -1e-9).all()
    for amount in found[2:]:
        assert np.isfinite(amount).all()


@every_plan
def test_accruals_sum_to_payments(path):
    """At the end of every period but for balances; at the end of the horizon but for what was paid and never earned."""
    found = settled(load_plan(path), seed=20)
    balance = found.owed + found.held - found.recoverable
    np.testing.assert_allclose(np.cumsum(found.accrued - found.paid, axis=0), balance, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(
        found.accrued.sum(axis=0), found.paid.sum(axis=0) - found.recoverable[-1], atol=1e-6
    )


@every_plan
def test_no_cap_is_exceeded(path):
    plan = load_plan(path)
    found = settled(plan, seed=40)
    weight = {each.name: each.weight for each in plan.component}
    for cap in plan.cap:
        names = (
            [cap.component] if cap.component else [name for name in found.component if name not in TOP_UPS]
        )
        periods = 4 if cap.over == "year" else 1
        target = plan.target_bonus(CALENDAR) * (weight[cap.component] if cap.component else 1.0) * periods
        limit = cap.usd if cap.usd is not None else cap.multiple * target
        earned = np.sum([found.component[name].pay for name in names], axis=0)
        stretches = earned.reshape(8 // periods, periods, WORLDS).sum(axis=1)
        assert (stretches <= limit * (1 + 1e-12)).all()


@every_plan
def test_no_clawback_takes_more_than_was_paid(path):
    plan = load_plan(path)
    with_it = settled(plan, seed=60)
    without = settled(altered(plan, clawback=()), seed=60)
    for name, each in with_it.component.items():
        if name not in TOP_UPS:
            taken = np.cumsum(without.component[name].pay - each.pay, axis=0)
            assert (taken >= -1e-9).all()
            assert (taken <= np.cumsum(np.maximum(without.component[name].pay, 0.0), axis=0) + 1e-9).all()


def constant_year(plan, calendar, scale):
    """A plan settled on a book in which every period of ``calendar`` is like the next; ``scale`` quarters in each."""
    periods = calendar.periods
    deals = [
        Deal(in_quarter(calendar, t), in_quarter(calendar, t), scale * 500_000.0, scale * 430_000.0)
        for t in range(periods)
    ]
    flows = {"expansion": 30_000, "uplift": 10_000, "contraction": 4_000, "churn": 15_000, "new": 25_000}
    activity = activity_of(
        [1_000_000.0] * periods,
        kpi={name: 45.0 if name == "nps" else 0.55 for name in KPIS},
        multi_year=scale * 12_000,
        number={"accounts": 100} | {name: scale * 2 for name in NUMBERS if name != "accounts"},
        **{event: scale * amount for event, amount in flows.items()},
    )
    return settlement(plan, calendar, deals, activity=activity, company=activity)


def by_the_year(document):
    """The plan with its amounts by the quarter as amounts by the year."""
    pay = document["pay"]
    if "target_bonus" in pay:
        pay = pay | {"target_bonus": 4 * pay["target_bonus"]}
    components = []
    for each in document["component"]:
        quota = dict(each["quota"])
        if quota.get("over") == "year":
            quota["over"] = "period"  # which is the year
        elif quota["kind"] == "fixed":
            quota["amount"] = 4 * quota["amount"]
        elif quota["kind"] == "opening":
            quota["rate"] = 4 * quota["rate"]
        components.append({**each, "quota": quota, "measurement": "period"})
    return document | {"pay": pay, "component": tuple(components)}


@every_plan
def test_the_true_up_of_a_constant_year_equals_the_annual_plan(path):
    """Measured year to date, the quarters of a year earn what one period of a year earns: for all measures and curves.
    A quota that ratchets asks again within the year, and is held still.
    """
    rules = dict.fromkeys(("ramp", "guarantee", "draw", "holdback"), None) | {"cap": (), "clawback": ()}
    plan = altered(load_plan(path), {"measurement": "year_to_date"}, **rules)
    still = [each.quota.model_copy(update={"ratchet": 0.0, "ratchet_down": None}) for each in plan.component]
    components = zip(plan.component, still, strict=True)
    held = tuple(each.model_copy(update={"quota": quota}) for each, quota in components)
    plan = plan.model_copy(update={"component": held})
    year = check(Plan, by_the_year(plan.model_dump(exclude_none=True)), "plan.toml")
    by_quarter = constant_year(plan, Calendar(date(2026, 1, 1), periods=4), 1)
    whole = constant_year(year, Calendar(date(2026, 1, 1), periods=1, months_per_period=12), 4)
    for name, each in whole.component.items():
        np.testing.assert_allclose(
            by_quarter.component[name].pay.sum(), each.pay.sum(), rtol=1e-9, atol=1e-6, err_msg=name
        )
    np.testing.assert_allclose(by_quarter.accrued.sum(), whole.accrued.sum(), rtol=1e-9, atol=1e-6)


def test_settling_beside_other_plans_changes_nothing():
    """In one frame, bit for bit, whatever the plans share."""
    plans = [load_plan(each) for each in FILES]
    frame = frame_for(CALENDAR, *plans)
    ledger = fill_ledger(
        renewals([random_book(30), random_book(31)]), frame, {name for plan in plans for name in plan.amounts}
    )
    ledger = ledger._replace(
        activity=beside(random_activity(1), random_activity(2)),
        company=beside(random_activity(3), random_activity(4)),
    )
    rules = [compile_plan(plan, frame) for plan in plans]
    sheet = Worksheet(ledger)
    for together, alone in zip([settle_on(sheet, each) for each in rules], rules, strict=True):
        apart = settle_on(Worksheet(ledger), alone)
        for name in ("earned", "accrued", "paid", "owed", "held", "recoverable"):
            np.testing.assert_array_equal(getattr(together, name), getattr(apart, name))
        for one, other in zip(together.statement, apart.statement, strict=True):
            np.testing.assert_array_equal(one, other)


@every_plan
def test_blocks_of_worlds_concatenate(path):
    plan = load_plan(path)
    whole, parts = settled(plan, seed=80), [settled(plan, seed=80 + k, worlds=1) for k in range(WORLDS)]
    for name in ("earned", "accrued", "paid", "recoverable"):
        joined = np.hstack([getattr(each, name) for each in parts])
        np.testing.assert_array_equal(getattr(whole, name), joined)
