"""Net change of ARR in dollars, by hand. A book of 1,000; target bonus 100 a quarter."""

import pytest

from sim.errors import InputError
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import eight_quarters, settlement

CALENDAR = eight_quarters()
BONUS = '[[component]]\nmeasure = "net_growth"\nquota = { kind = "fixed", amount = 80 }\n'
COMMISSION = """
pay = { base_salary = 1 }
[[component]]
pay_kind = "commission"
measure = "net_growth"
commission = { rate = 0.1 }
"""


def settled(text, **activity):
    return settlement(plan_from(text), CALENDAR, [], activity=activity_of([1000.0] * 8, **activity))


def measured(text, **activity):
    (earned,) = settled(text, **activity).component.values()
    return earned.measured


def test_what_is_added_less_what_is_lost():
    """60 + 30 added, 20 + 25 lost, 15 lapsed, 10 come back: 40 of 80. New customers are none of it."""
    flows = {"expansion": 60, "uplift": 30, "contraction": 20, "churn": 25, "lapsed": 15, "won_back": 10}
    found = measured(BONUS, new=500, **flows)
    assert (found.value[0, 0], found.target[0, 0]) == (40.0, 80.0)
    assert settled(BONUS, new=500, **flows).paid[0, 0] == pytest.approx(50.0)


def test_a_shrinking_book_has_negative_attainment_and_no_bonus():
    found = measured(BONUS, expansion=20, churn=60)
    assert found.value[0, 0] == -40.0
    assert found.attainment[0, 0] == pytest.approx(-0.5)
    assert settled(BONUS, expansion=20, churn=60).paid[0, 0] == 0.0


def test_losses_by_notice():
    text = BONUS + 'dates = { churn = "notice" }\n'
    assert measured(text, churn_notice=30, churn_due=0).value[0, 0] == -30.0


FLOWS = {"expansion": [90, 0, 70, 0, 0, 0, 0, 0], "churn": [0, 50, 0, 0, 0, 0, 0, 0]}


def test_a_negative_quarter_is_forgiven_or_netted_as_the_plan_says():
    """9, -5, 7: carried forward unless a plan forgives it; or netted within the year to date."""
    forgiven = settled(COMMISSION + "[carry]\nnegative = false\n", **FLOWS)
    assert forgiven.paid[:4, 0] == pytest.approx([9, 0, 7, 0])
    carried = settled(COMMISSION, **FLOWS)
    assert carried.paid[:4, 0] == pytest.approx([9, 0, 2, 0])
    assert carried.recoverable[:4, 0] == pytest.approx([0, 5, 0, 0])
    to_date = COMMISSION + 'measurement = "year_to_date"\n'
    assert settled(to_date, **FLOWS).paid[:4, 0] == pytest.approx([9, 0, 2, 0])


def test_tiers_cap_and_gate_act_on_it():
    tiers = '{ tier = [{ start = 0, rate = 0.1 }, { start = 50, rate = 0.2 }], tiers_by = "dollars" }'
    text = COMMISSION.replace("{ rate = 0.1 }", tiers)
    assert settled(text, **FLOWS).paid[0, 0] == pytest.approx(5 + 8)
    assert settled(text, **FLOWS).earned[1, 0] == pytest.approx(-5)  # what is lost, at the first rate
    assert settled(text + "[[cap]]\nusd = 6\n", **FLOWS).paid[0, 0] == pytest.approx(6)
    watched = BONUS + COMMISSION.partition("\n[[")[2].join(["[[", 'name = "c"\n'])
    gate = '[[gate]]\ncomponent = "c"\nrequires = "renewals"\nattainment = 1.0\n'
    found = settled(watched + gate, **FLOWS)
    assert found.component["c"].pay[:3, 0] == pytest.approx([9, 0, 0])


def test_it_has_no_levels_and_no_crediting():
    with pytest.raises(InputError) as error:
        plan_from('[[component]]\nmeasure = "net_growth"\nquota = { kind = "target", target = 0.1 }')
    assert (
        "quota.kind must be 'fixed' or 'person' or 'opening', received 'target'. So is net_growth asked."
        in str(error.value)
    )
