"""What is legal and odd: each with the number that a reader can work out."""

import pytest

from sim.calendar import Calendar
from sim.files.toml import check
from sim.plan.lint import lint
from sim.plan.lint.table import QUARTERS
from sim.plan.plan import Plan

MONTHS = Calendar(QUARTERS.start, 12, months_per_period=1)


def told(name, calendar=QUARTERS, pay=None, **tables):
    document = {"name": "odd", "pay": pay or {"target_bonus": 9_000.0}} | tables
    document.setdefault("component", ({"quota": {"kind": "fixed", "amount": 250_000.0}},))
    return [fault for fault in lint(check(Plan, document, "plan.toml"), calendar) if fault.name == name]


@pytest.mark.parametrize(
    ("pay", "calendar", "clause", "amount"),
    [
        ({"target_bonus": 20.0}, QUARTERS, "pay.target_bonus", 80.0),  # written in thousands
        ({"target_bonus": 20.0}, MONTHS, "pay.target_bonus", 240.0),
        ({"ote": 1.0, "pay_mix": 0.5}, QUARTERS, "pay.ote", 1.0),
        ({"ote": 90_000_000.0, "pay_mix": 0.1}, QUARTERS, "pay.ote", 90_000_000.0),
        ({"ote": 120_000.0, "pay_mix": 0.005}, QUARTERS, "pay.pay_mix", 600.0),
    ],
)
def test_pay_that_nobody_works_for(pay, calendar, clause, amount):
    (fault,) = told("pay scale", calendar, pay)
    assert (fault.clause, fault.unit, fault.severity) == (clause, "usd/yr", "minor")
    assert fault.number == pytest.approx(amount)


@pytest.mark.parametrize("pay", [{"target_bonus": 300.0}, {"ote": 76_000.0, "pay_mix": 0.05}])
def test_pay_that_somebody_works_for(pay):
    assert told("pay scale", pay=pay) == []


def share(measure, target, measurement="period", **more):
    quota = {"kind": "target", "target": target}
    return {"component": ({"measure": measure, "quota": quota, "measurement": measurement} | more,)}


@pytest.mark.parametrize(
    ("asked", "calendar", "yearly"),
    [
        (share("grr", 0.88), QUARTERS, 0.88**4),  # a year's target, held against a quarter
        (share("grr", 0.96), MONTHS, 0.96**12),
        (share("logo_retention", 0.85), QUARTERS, 0.85**4),
        (share("nrr", 1.12), QUARTERS, 1.12**4),
        (share("nrr", 1.25, "trailing_half_year"), QUARTERS, 1.25**2),
        (share("grr", 0.985, "year_to_date"), QUARTERS, 0.985),  # a quarter's target, held against a year
        (share("team_attainment", 0.9, team_measure="grr"), QUARTERS, 0.9**4),
    ],
)
def test_a_target_for_another_window(asked, calendar, yearly):
    (fault,) = told("other window", calendar, **asked)
    assert fault.number == pytest.approx(yearly)
    assert fault.clause == "component[0].quota.target"


@pytest.mark.parametrize(
    ("asked", "calendar"),
    [
        (share("grr", 0.88, "trailing_year"), QUARTERS),
        (share("grr", 0.97), QUARTERS),
        (share("nrr", 1.10), QUARTERS),
        (share("nrr", 1.30, "year_to_date"), QUARTERS),
        (share("logo_retention", 1.0), QUARTERS),
        (share("nps", 40.0), QUARTERS),
        (share("company_arr_growth", 0.4), QUARTERS),
    ],
)
def test_a_target_for_its_own_window(asked, calendar):
    assert told("other window", calendar, **asked) == []


def test_a_ramp_that_asks_almost_nothing():
    """A twentieth asked: at 2,000 % a linear bonus of 9,000 pays 180,000; a fifth asked is a ramp."""
    (fault,) = told("small ramp", ramp={"quota": (0.05, 0.2, 0.6)})
    assert (fault.clause, fault.number) == ("ramp.quota[0]", pytest.approx(20.0))
    assert "stands at 2,000 % attainment and pays $180,000" in fault.sentence
    assert told("small ramp", ramp={"quota": (0.2, 0.6)}) == []
    assert told("small ramp", ramp={"quota": (0.05,)}, **share("nps", 40.0)) == []  # targets are not ramped


def commission(**rates):
    measure = {"name": "sold", "pay_kind": "commission", "measure": "expansion_bookings"}
    return {"component": (measure | {"commission": rates},)}


def test_a_commission_that_takes_a_third():
    (fault,) = told("high rate", **commission(rate=0.36))
    assert (fault.clause, fault.number) == ("component[0].commission.rate", pytest.approx(36_000.0))
    tiers = ({"start": 0.0, "rate": 0.1}, {"start": 50_000.0, "rate": 0.5})
    (fault,) = told("high rate", **commission(tier=tiers, tiers_by="dollars"))
    assert (fault.clause, fault.number) == ("component[0].commission.tier[1].rate", pytest.approx(50_000.0))
    assert told("high rate", **commission(rate=0.15)) == []


@pytest.mark.parametrize(
    ("measure", "kind", "rate", "calendar", "number"),
    [
        ("renewal_bookings", "retention", 0.4, QUARTERS, 2.5),
        ("renewal_bookings", "retention", 1.6, QUARTERS, 0.625),
        ("expansion_bookings", "opening", 0.3, QUARTERS, 1.2),
        ("expansion_bookings", "opening", 0.1, MONTHS, 1.2),
    ],
)
def test_a_quota_far_from_what_is_due(measure, kind, rate, calendar, number):
    (fault,) = told(
        "high rate", calendar, component=({"measure": measure, "quota": {"kind": kind, "rate": rate}},)
    )
    assert (fault.clause, fault.number) == ("component[0].quota.rate", pytest.approx(number))


@pytest.mark.parametrize("name", ["pay scale", "other window", "small ramp", "high rate"])
def test_a_usual_plan_is_not_odd(name):
    assert told(name, component=({"quota": {"kind": "retention", "rate": 0.9}},)) == []
