"""What a component comes to where nothing is asked of it, by hand. Target bonus 100 a quarter."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.plan.lint.table import lint
from sim.shapes.statement import unasked_notes
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settlement

CALENDAR = eight_quarters()
RENEWALS = """
[[component]]
weight = {weight}
quota = {{ kind = "retention", rate = 0.8 }}
nothing_due = "{rule}"
"""
GROWTH = """
[[component]]
name = "growth"
weight = 0.25
measure = "expansion_bookings"
quota = { kind = "fixed", amount = 50 }
"""
ONE_DEAL = [Deal(in_quarter(CALENDAR, 1), in_quarter(CALENDAR, 1), 80.0)]
"""Due and renewed in the second quarter: 80 of 64 asked."""


def paid(rule, more="", weight=1.0, **activity):
    book = activity_of([1000.0] * 8, **activity)
    plan = plan_from(RENEWALS.format(rule=rule, weight=weight) + more)
    return settlement(plan, CALENDAR, ONE_DEAL, activity=book)


@pytest.mark.parametrize(("rule", "idle"), [("target", 100.0), ("zero", 0.0), ("skip", 0.0)])
def test_a_quarter_with_nothing_due(rule, idle):
    assert paid(rule).paid[:3, 0] == pytest.approx([idle, 125.0, idle])


def test_a_book_of_one_contract_that_leaves_is_not_paid_at_target_for_ever():
    """3 years, one contract, lost in its first quarter: 11 quarters at target by default, nothing by "zero"."""
    gone = [Deal(in_quarter(CALENDAR, 0), None, 640.0)]
    for rule, total in (("target", 700.0), ("zero", 0.0)):
        found = settlement(plan_from(RENEWALS.format(rule=rule, weight=1.0)), CALENDAR, gone)
        assert found.paid.sum() == pytest.approx(total)


def test_the_weight_of_what_is_skipped_goes_to_the_others():
    """Growth stands at 80 %: a quarter of the target while renewals are due, all of it while they are not."""
    found = paid("skip", GROWTH, 0.75, expansion=40)
    assert found.component["growth"].pay[:3, 0] == pytest.approx([80.0, 20.0, 80.0])
    assert found.component["renewals"].pay[:3, 0] == pytest.approx([0.0, 0.75 * 125.0, 0.0])
    assert paid("zero", GROWTH, 0.75, expansion=40).paid[0, 0] == pytest.approx(20.0)


@pytest.mark.parametrize(("rule", "idle"), [("target", 80.0), ("zero", 0.0), ("skip", 80.0)])
def test_no_gate_closes_on_what_is_skipped(rule, idle):
    gate = '[[gate]]\ncomponent = "growth"\nrequires = "renewals"\nattainment = 0.9\n'
    free = GROWTH.replace("weight = 0.25", 'pay_kind = "commission"\ncommission = { rate = 1.0 }')
    found = paid(rule, free + gate, expansion=80)
    assert found.component["growth"].pay[0, 0] == pytest.approx(idle)


@pytest.mark.parametrize(("rule", "by"), [("target", 1.0), ("zero", 0.5), ("skip", 1.0)])
def test_a_modifier_leaves_what_is_skipped_alone(rule, by):
    curve = "curve = [{ attainment = '[0, inf)', pays = 0.5, slope = 0.5 }]"
    modifier = f'[[modifier]]\ncomponent = "growth"\nby = "renewals"\n{curve}\n'
    free = GROWTH.replace("weight = 0.25", 'pay_kind = "commission"\ncommission = { rate = 0.5 }')
    found = paid(rule, free + modifier, expansion=80)
    assert found.component["growth"].pay[0, 0] == pytest.approx(40.0 * by)


@pytest.mark.parametrize(("rule", "attainment"), [("target", 2.0), ("zero", 0.0), ("skip", 0.0)])
def test_a_share_of_nobody(rule, attainment):
    asked = 'quota = { kind = "target", floor = 0.8, target = 0.9 }'
    text = f'[[component]]\nmeasure = "grr"\nnothing_due = "{rule}"\n{asked}'
    found = settlement(plan_from(text), CALENDAR, [], activity=activity_of([0.0] + [1000.0] * 7))
    (earned,) = found.component.values()
    assert earned.measured.attainment[:2, 0] == pytest.approx([attainment, 2.0])


def test_a_window_is_skipped_only_while_all_of_it_is_empty():
    text = RENEWALS.format(rule="skip", weight=1.0) + 'measurement = "year_to_date"\n'
    found = settlement(plan_from(text), CALENDAR, ONE_DEAL)
    (earned,) = found.component.values()
    assert earned.measured.skipped[:, 0].tolist() == [True] + [False] * 3 + [True] * 4
    # to date 250 of 200 at the second quarter, 375 at the third, 500 at the fourth
    assert earned.pay[:, 0] == pytest.approx([0, 250, 125, 125, 0, 0, 0, 0])


def test_it_is_told():
    plan = plan_from(RENEWALS.format(rule="skip", weight=1.0))
    found = settlement(plan, CALENDAR, ONE_DEAL)
    assert np.isfinite(found.statement.attainment).all()
    other = plan_from(GROWTH.replace("0.25", "1.0").replace('"fixed", amount = 50', '"opening", rate = 0.1'))
    empty = settlement(other, CALENDAR, [], activity=activity_of([0.0] + [1000.0] * 7))
    assert unasked_notes(empty, other, CALENDAR) == "Nothing was asked of growth in Q1: attainment is 1."


def test_what_is_odd_is_told():
    plan = plan_from(
        RENEWALS.format(rule="zero", weight=1.0) + 'curve = [{ attainment = "[0, inf)", pays = 0.4 }]'
    )
    (fault,) = [each for each in lint(plan) if each.name == "nothing due"]
    assert "is due counts as 0 % attainment, and the curve pays $40" in fault.sentence
    assert not [
        each
        for each in lint(plan_from(RENEWALS.format(rule="zero", weight=1.0)))
        if each.name == "nothing due"
    ]


@pytest.mark.parametrize(
    ("component", "why"),
    [
        ('measure = "nps"\nquota = { kind = "target", target = 50 }', "A reading is always there."),
        ('pay_kind = "commission"\ncommission = { rate = 0.1 }', "Without a quota nothing ever is."),
    ],
)
def test_where_nothing_can_be_due_it_is_refused(component, why):
    with pytest.raises(InputError) as error:
        plan_from(f'[[component]]\nnothing_due = "zero"\n{component}')
    assert f"nothing_due must be absent, received 'zero'. {why}" in str(error.value)
