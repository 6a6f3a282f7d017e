"""Faults of payout curves: cliffs, dead zones, and credit beyond a cap."""

import pytest

TIERS = (
    ("[0, 0.9)", 0.0, 0.0),
    ("[0.9, 1)", 0.5, 0.0),
    ("[1, 1.15]", 1.0, 0.0),
    ("(1.15, inf)", 1.5, 0.0),
)
THRESHOLD = (("[0, 0.9)", 0.0, 0.0), ("[0.9, inf)", 0.9, 1.0))
CAPPED = (("[0, 1.2)", 0.0, 1.0), ("[1.2, inf)", 1.2, 0.0))


def test_each_tier_is_a_cliff(faults):
    cliffs = faults(curve=TIERS).cliff
    assert [fault.number for fault in cliffs] == pytest.approx([10_000.0] * 3)
    assert [fault.short for fault in cliffs] == ["$10,000 at 90 %", "$10,000 at 100 %", "$10,000 at 115 %"]
    assert [fault.clause for fault in cliffs] == [f"component[0].curve[{piece}]" for piece in (1, 2, 3)]
    assert cliffs[0].sentence == (
        "The dollar that reaches 90 % attainment pays $10,000: the bonus of the quarter jumps from $0 to $10,000."
    )
    assert cliffs[2].sentence.startswith("The dollar that passes 115 % attainment")


def test_a_threshold_is_a_cliff_and_a_dead_zone_below(faults):
    found = faults(curve=THRESHOLD)
    assert [fault.number for fault in found.cliff] == pytest.approx([18_000.0])
    assert [fault.short for fault in found.dead_zone] == ["0 % to 90 % pays $0"]
    assert "From 0 % to 90 % attainment, $540,000 of a quota of $600,000" in found.dead_zone[0].sentence


def test_a_curve_that_falls_costs(faults):
    (fault,) = faults(curve=(("[0, 1)", 0.0, 1.0), ("[1, inf)", 0.75, 1.0))).cliff
    assert fault.number == pytest.approx(-5_000.0, abs=0.01)
    assert (
        "reaches 100 % attainment costs $5,000: the bonus of the quarter falls from $20,000" in fault.sentence
    )


def test_each_tier_is_a_dead_zone(faults):
    zones = faults(curve=TIERS).dead_zone
    assert [fault.number for fault in zones] == pytest.approx([0.0, 10_000.0, 20_000.0, 30_000.0])
    assert zones[-1].short == "above 115 % pays $30,000"


def test_neighbours_that_pay_the_same_are_one_zone(faults):
    curve = (("[0, 0.5)", 0.0, 0.0), ("[0.5, 0.8)", 0.0, 0.0), ("[0.8, inf)", 0.0, 1.0))
    assert [fault.short for fault in faults(curve=curve).dead_zone] == ["0 % to 80 % pays $0"]


def test_a_plan_that_pays_nothing_is_one_dead_zone(names):
    assert names(curve=(("[0, inf)", 0.0, 0.0),)) == ["dead zone"]


@pytest.mark.parametrize("slope", [0.5, 1.0, 3.0])
def test_kinks_without_jumps_are_no_cliffs(names, slope):
    assert names(curve=(("[0, 1)", 0.0, 1.0), ("[1, inf)", 1.0, slope))) == []


def test_what_is_beyond_the_cap_is_held_back(faults):
    """100 of 600 beyond the cap, a quarter later: 20 x 100 / 600, in $K; a late penalty takes its part."""
    (fault,) = faults(curve=CAPPED).beyond_cap
    assert fault.number == pytest.approx(20_000 / 6)
    assert "above 120 % attainment is paid $3,333 more for holding $100,000" in fault.sentence
    (penalised,) = faults(curve=CAPPED, crediting={"late_multiplier": 0.6}).beyond_cap
    assert penalised.number == pytest.approx(0.6 * 20_000 / 6)


@pytest.mark.parametrize("crediting", [{"late_multiplier": 0.0}, {"date": "due"}])
def test_nothing_is_held_back_where_that_earns_nothing(names, crediting):
    assert names(curve=CAPPED, crediting=crediting) == ["dead zone"]


def test_the_bonus_follows_the_length_of_the_period(faults):
    from datetime import date

    from sim.calendar import Calendar

    pay = {"ote": 150_000.0, "pay_mix": 0.2}
    monthly = faults(Calendar(date(2026, 1, 1), 6, months_per_period=1), curve=THRESHOLD, pay=pay)
    quarterly = faults(curve=THRESHOLD, pay=pay)
    assert monthly.cliff[0].number == pytest.approx(0.9 * 2_500)
    assert quarterly.cliff[0].number == pytest.approx(0.9 * 7_500)
