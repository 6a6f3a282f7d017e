"""Quotas by season, and quotas and targets agreed with a person, by hand. The plan's target bonus is 100 a quarter."""

from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.errors import InputError
from sim.fiscal_year import FiscalYear
from sim.ledger import fill_ledger
from sim.plan.lint import lint
from sim.plan.settle import compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Agreed, OwnPay, OwnQuota
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import frame_for, renewals

CALENDAR = Calendar(date(2026, 1, 1), 8)
GROWTH = """
[[component]]
name = "growth"
measure = "expansion_bookings"
quota = { kind = "fixed", amounts = [50, 80, 100, 170] }
"""
PERSON = GROWTH.replace('kind = "fixed", amounts = [50, 80, 100, 170]', 'kind = "person"')
TO_DATE = (
    PERSON.replace('kind = "person"', 'kind = "person", over = "year"') + 'measurement = "year_to_date"\n'
)


def agreed(calendar=CALENDAR, target=None, usd=0.0, of_year=0.0, present=None, component=""):
    """Each a number, or a list by quarter of the horizon; what lies outside is as the nearest quarter inside."""

    def over(values):
        inside = np.broadcast_to(np.asarray(values, dtype=float), (calendar.periods,))
        after = calendar.reach - calendar.lead - calendar.periods
        return np.concatenate([np.full(calendar.lead, inside[0]), inside, np.full(after, inside[-1])])

    own, nothing = over(np.nan if target is None else target), np.zeros(calendar.reach)
    plans = np.isnan(own).astype(float)
    share = 1.0 if present is None else over(present)
    quota = {component: OwnQuota(share * over(usd), share * over(of_year))}
    pay = OwnPay(np.nan_to_num(own), plans)
    return Agreed(pay, OwnPay(nothing, nothing + 1.0), quota, None if present is None else share)


def settled(text, own=None, calendar=CALENDAR, **activity):
    plan = plan_from(text)
    frame = frame_for(calendar, plan)
    book = activity_of([1000.0] * calendar.periods, **activity)
    ledger = fill_ledger(renewals([[]]), frame, plan.amounts)._replace(activity=book, agreed=own)
    return settle_on(Worksheet(ledger), compile_plan(plan, frame))


def asked(found):
    return found.component["growth"].measured.target[:, 0].tolist()


def test_every_quarter_of_a_year_has_its_amount():
    found = settled(GROWTH, expansion=[50, 40, 100, 340, 100, 80, 0, 17])
    assert asked(found) == [50, 80, 100, 170] * 2
    assert found.paid[:, 0] == pytest.approx([100, 50, 100, 200, 200, 100, 0, 10])


def test_seasons_are_those_of_the_companys_year():
    from_july = Calendar(date(2026, 7, 1), 3, fiscal_year=FiscalYear(first_month=1))
    assert asked(settled(GROWTH, calendar=from_july)) == [100, 170, 50]


@pytest.mark.parametrize(
    ("months", "quotas"),
    [(1, [50 / 3] * 3 + [80 / 3] * 3 + [100 / 3]), (6, [130, 270, 130]), (12, [400, 400])],
)
def test_quarters_in_periods_of_another_length(months, quotas):
    calendar = Calendar(date(2026, 1, 1), len(quotas), months_per_period=months)
    assert asked(settled(GROWTH, calendar=calendar)) == pytest.approx(quotas)


def test_seasons_of_a_quota_of_the_year_add_up_to_it():
    """400 in the year; 40, 100, 200 and 400 to date are 10, 25, 50 and 100 % of it, of a target of 400."""
    text = GROWTH.replace("170]", '170], over = "year"') + 'measurement = "year_to_date"\n'
    growth = settled(text, expansion=[40, 60, 100, 200] * 2).component["growth"]
    assert growth.measured.target[:, 0].tolist() == [400] * 8
    assert growth.measured.attainment[:4, 0] == pytest.approx([0.1, 0.25, 0.5, 1.0])
    assert growth.pay[:4, 0] == pytest.approx([40, 60, 100, 200])


def test_a_person_has_a_quota_and_a_target_of_their_own():
    own = agreed(usd=[40, 40, 60, 60, 60, 60, 60, 60], target=[90, 90, 120, 120, 120, 120, 120, 120])
    found = settled(PERSON, own, expansion=[20, 40, 60, 90, 0, 0, 0, 0])
    assert found.paid[:, 0] == pytest.approx([45, 90, 120, 180, 0, 0, 0, 0])
    plans_own = settled('pay = { target_bonus = 100, targets = "plan" }' + PERSON, own, expansion=[20] * 8)
    assert plans_own.paid[:3, 0] == pytest.approx([50, 50, 100 / 3])


def test_who_has_a_target_alone_is_asked_what_the_plan_asks():
    found = settled(
        GROWTH, agreed(usd=np.nan, target=[200, np.nan, 200, 200] * 2), expansion=[50, 80, 50, 170] * 2
    )
    assert found.paid[:4, 0] == pytest.approx([200, 100, 100, 200])


def test_a_persons_quota_of_the_year_by_season():
    own = agreed(of_year=400, target=100)
    assert asked(settled(PERSON, own)) == [100] * 8
    seasonal = PERSON.replace('kind = "person"', 'kind = "person", seasonality = [0.1, 0.2, 0.3, 0.4]')
    assert asked(settled(seasonal, own)) == pytest.approx([40, 80, 120, 160] * 2)
    # What is agreed for a quarter stands as it is agreed.
    assert asked(settled(seasonal, agreed(of_year=400, usd=7))) == pytest.approx([47, 87, 127, 167] * 2)


def test_a_quota_for_one_component_alone():
    growth = agreed(usd=40, component="growth")
    both = growth._replace(quota={**agreed(usd=360).quota, **growth.quota})
    assert asked(settled(PERSON, both))[0] == 40
    with pytest.raises(ValueError, match="no quota of a person for 'growth'"):
        settled(PERSON, agreed(usd=40, component="renewals"))


def test_days_in_the_seat_of_a_year():
    """In the seat from the middle of the second quarter: 0, 50, 100 and 100 asked, 250 of a year's 400, and of a year's
    target of 400 as much. 125 by the third quarter is half of it; all of it by the end.
    """
    calendar = Calendar(date(2026, 1, 1), 4)
    own = agreed(calendar, usd=100, target=100, present=[0.0, 0.5, 1.0, 1.0])
    flow = [0, 25, 100, 125]
    found = settled(TO_DATE, own, calendar, expansion=flow, seat=[0.0, 0.5, 1.0, 1.0])
    assert asked(found) == [250] * 4
    assert found.paid[:, 0] == pytest.approx([0, 25, 100, 125])
    by_quarter = settled(PERSON, own, calendar, expansion=flow, seat=[0.0, 0.5, 1.0, 1.0])
    assert asked(by_quarter) == [0, 50, 100, 100]
    assert by_quarter.paid[:, 0] == pytest.approx([0, 0.5 * 50, 100, 125])


def test_nothing_is_paid_once_the_seat_is_left():
    calendar = Calendar(date(2026, 1, 1), 4)
    own = agreed(calendar, usd=100, target=100, present=[1.0, 0.5, 0.0, 0.0])
    found = settled(TO_DATE, own, calendar, expansion=[75, 75, 300, 0], seat=[1.0, 0.5, 0.0, 0.0])
    assert asked(found) == [150] * 4
    assert found.paid[:, 0] == pytest.approx([75, 75, 0, 0])


def test_caps_draws_and_guarantees_follow_a_persons_target():
    own = agreed(usd=100, target=[50, 50, 80, 80, 80, 80, 80, 80])
    cap = PERSON + '[[cap]]\nmultiple = 1.0\nover = "year"\n'
    capped = settled(cap, own, expansion=[200] * 8)  # 260 in the first year, 320 in the second
    assert capped.paid[:, 0] == pytest.approx([100, 100, 60, 0, 160, 160, 0, 0])
    draw = settled(PERSON + "[draw]\nshare = 0.5\nrecoverable = false\n", own, expansion=[0] * 8)
    assert draw.paid[:, 0].tolist() == [25, 25, 40, 40, 40, 40, 40, 40]
    guarantee = settled(PERSON + "[guarantee]\nperiods = 3\n", own, tenure=[1, 2, 3, 4, 5, 6, 7, 8])
    assert guarantee.paid[:, 0].tolist() == [50, 50, 80, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("quota", "sentence"),
    [
        ('kind = "fixed", amount = [1, 2]', "amount must be one number, received [1, 2]. Give the parts of a year as"),
        ('kind = "fixed", amounts = [1, 2, 3]', "amounts must be 2, 4 or 12 numbers: of half-years, quarters or months"),
        ('kind = "fixed", amounts = [0, 0]', "amounts must be above 0 in some part of the year"),
        ('kind = "fixed", amounts = [1, 2], amount = 3', "quota.amount must be absent, received 3"),
        ('kind = "person", amount = 3', "absent, received 3.0. A quota of kind 'person' stands in the people file."),
        ('kind = "person", seasonality = [0.5, 0.4]', "seasonality must be shares that sum to 1"),
        ('kind = "fixed", amount = 3, seasonality = [0.5, 0.5]', "seasonality must be absent"),
    ],
)  # fmt: skip
def test_what_is_no_such_quota_is_refused(quota, sentence):
    with pytest.raises(InputError) as error:
        plan_from(GROWTH.replace('kind = "fixed", amounts = [50, 80, 100, 170]', quota))
    assert sentence in str(error.value)


def test_lint_looks_at_a_level_quota():
    """The faults of a plan do not depend on who is asked what in which season."""
    renewals_alone = "[[component]]\nquota = { %s }\nquota_moves = { early_out_of_due = 1.0 }\n"
    level = lint(plan_from(renewals_alone % 'kind = "fixed", amount = 600_000'))
    season = lint(plan_from(renewals_alone % 'kind = "fixed", amounts = [0, 600_000, 600_000, 1_200_000]'))
    person = lint(plan_from(renewals_alone % 'kind = "person"'))
    assert level == season == person
    assert level
