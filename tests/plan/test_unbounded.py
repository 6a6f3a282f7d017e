"""Which plans let pay per dollar grow without end."""

import pytest

from sim.plan.tail import floor_key, unbounded
from tests.rig.inputs.deals import plan_of

EARLY = "component[0].quota_moves.early_out_of_due"
LINEAR = ({"attainment": "[0, inf)", "slope": 1.0},)
FLAT = ({"attainment": "[0, 2]", "slope": 1.0}, {"attainment": "(2, inf)", "pays": 2.0})


@pytest.mark.parametrize(
    ("rules", "clauses"),
    [
        ({}, ()),
        ({"quota_moves": {"early_out_of_due": 1.0}}, (EARLY,)),
        ({"quota_moves": {"early_out_of_due": 0.2}}, (EARLY,)),
        ({"quota_moves": {"late_out_of_due": 1.0}}, ("component[0].quota_moves.late_out_of_due",)),
        ({"quota_moves": {"early_into_booked": 1.0, "late_into_booked": 1.0}}, ()),
        ({"quota_moves": {"early_out_of_due": 1.0, "floor": 0.05}}, ()),
        ({"quota_moves": {"early_out_of_due": 1.0}, "curve": FLAT}, ()),
        ({"quota_moves": {"early_out_of_due": 1.0}, "crediting": {"early_cap": 0.5}}, (EARLY,)),
        ({"quota_moves": {"early_out_of_due": 1.0}, "crediting": {"date": "due"}}, ()),
    ],
)
def test_relief_without_floor_cap_or_end(rules, clauses):
    assert unbounded(plan_of(**rules)) == clauses


def with_rules(curve=LINEAR, **rules):
    plan = plan_of(quota_moves={"early_out_of_due": 1.0}, curve=curve)
    return type(plan).model_validate(plan.model_dump(exclude_unset=True) | rules)


def test_a_cap_on_pay_bounds_it():
    assert unbounded(with_rules(cap=({"multiple": 3.0},))) == ()
    assert unbounded(with_rules(cap=({"multiple": 3.0, "component": "renewals"},))) == ()


def test_a_cap_on_another_component_does_not():
    one = {"measure": "renewal_bookings", "quota": {"kind": "fixed", "amount": 600.0}, "weight": 0.5}
    moved = one | {"name": "renewals", "quota_moves": {"early_out_of_due": 1.0}}
    both = with_rules(
        component=(moved, one | {"name": "others"}), cap=({"multiple": 3.0, "component": "others"},)
    )
    assert unbounded(both) == (EARLY,)


def test_a_modifier_that_rises_without_end_opens_a_curve_that_ends():
    rising = {"by": "renewals", "curve": ({"attainment": "[0, inf)", "slope": 1.0},)}
    level = {"by": "renewals", "curve": ({"attainment": "[0, inf)", "pays": 1.0},)}
    for modifier, clauses in ((rising, (EARLY,)), (level, ())):
        assert unbounded(with_rules(curve=FLAT, modifier=(modifier,))) == clauses


def test_the_key_that_mends():
    assert floor_key(EARLY) == "component[0].quota_moves.floor"
