"""Faults of credit and quota rules: exhaustion, multipliers, retroactive quotas, unequal quotas, late tiers."""

import pytest

RELIEF = {"early_out_of_due": 1.0}
RETENTION = {"kind": "retention", "rate": 0.9}


def test_a_quota_that_early_bookings_can_take_away(faults):
    """With 590 of 660 booked early a quota of 10 meets 70: 700 %, 140 of pay."""
    (fault,) = faults(moves=RELIEF).exhaustion
    assert (fault.number, fault.unit) == (pytest.approx(140_000), "usd")
    assert fault.sentence == (
        "Bookings a quarter ahead can take the whole quota away: where $590,000 booked early leave $10,000 of "
        "$600,000, renewing $70,000 in the quarter itself is 700 % attainment and pays $140,000."
    )


def test_two_periods_ahead_pass_a_cap_of_half(faults, names):
    (fault,) = faults(moves=RELIEF, crediting={"early_cap": 0.5}).exhaustion
    assert fault.sentence.startswith("Bookings up to two quarters ahead can take the whole quota away")
    assert "exhaustion" not in names(moves=RELIEF, crediting={"early_cap": 0.49})


def test_relief_of_the_quota_share_exhausts_a_retention_quota(names):
    """All that falls due is 1 / 0.9 of the quota: relief of 0.9 takes it all, of a fixed quota only 0.9 of it."""
    assert "exhaustion" in names(moves={"early_out_of_due": 0.9}, quota=RETENTION)
    assert "exhaustion" not in names(moves={"early_out_of_due": 0.9})


@pytest.mark.parametrize(
    "rules", [{"moves": RELIEF | {"floor": 0.01}}, {"moves": RELIEF, "crediting": {"date": "due"}}]
)
def test_quotas_that_cannot_be_exhausted(names, rules):
    assert "exhaustion" not in names(**rules)


def test_an_early_multiplier_pays_for_the_date(faults):
    (fault,) = faults(crediting={"early_multiplier": 1.25}).multiplier
    assert fault.number == pytest.approx(1.125)
    assert fault.clause == "component[0].crediting.early_multiplier"
    assert "pays $177,500 over 8 quarters, $160,000 at a multiplier of 1" in fault.sentence


def test_the_best_band_is_the_fault(faults):
    bands = (
        {"through_day": 30, "multiplier": 1.0},
        {"through_day": 90, "multiplier": 1.5},
        {"through_day": 150, "multiplier": 1.1},
    )
    (fault,) = faults(crediting={"early_bands": bands}).multiplier
    assert fault.clause == "component[0].crediting.early_bands[1].multiplier"
    assert fault.number == pytest.approx(1.25)


def test_a_late_multiplier_above_one_is_a_fault_and_below_one_is_none(faults, names):
    (fault,) = faults(crediting={"late_multiplier": 1.1}).multiplier
    assert fault.number == pytest.approx(1.05)
    assert "booked a quarter late" in fault.sentence
    assert names(crediting={"late_multiplier": 0.8}) == []


def test_a_multiplier_counts_at_the_due_date_too(faults):
    assert faults(crediting={"date": "due", "early_multiplier": 1.2}).multiplier[0].number == pytest.approx(
        1.1
    )


def test_a_quota_raised_while_it_is_worked_on(faults):
    (fault,) = faults(moves=RELIEF | {"early_into_booked": 1.0}).retroactive
    assert fault.number == pytest.approx(100_000)
    assert fault.sentence == (
        "$100,000 booked a quarter early changes the quota of the quarter under way from $600,000 to $700,000: its "
        "attainment goes from 116.7 % to 100 %, its bonus from $23,333 to $20,000."
    )


@pytest.mark.parametrize("carry", ["recovered", "shortfall"])
def test_a_quota_lowered_after_it_is_over(faults, carry):
    (fault,) = faults(moves={"late_out_of_due": 1.0, "late_into_booked": 1.0, "carry": carry}).retroactive
    assert fault.number == pytest.approx(-100_000)
    assert (
        "that is over from $600,000 to $500,000: its attainment goes from 83.3 % to 100 %" in fault.sentence
    )


def test_no_quota_moves_where_credit_waits_for_its_due_date(names):
    assert names(moves=RELIEF | {"early_into_booked": 1.0}, crediting={"date": "due"}) == []


def test_unequal_quotas_pay_different_rates(faults, names):
    """100 x (20 / 400 - 20 / 600) = 1.667, in $K."""
    (fault,) = faults(quota=RETENTION).denominator
    assert fault.number == pytest.approx(20_000 * (100 / 400 - 100 / 600))
    assert "a quarter early, out of a quarter with a quota of $600,000 into one of $400,000" in fault.sentence
    assert names(quota=RETENTION, crediting={"date": "due"}) == []


def test_unequal_quotas_pay_for_lateness_where_earliness_is_closed(faults):
    (fault,) = faults(quota=RETENTION, crediting={"early_cap": 0.0}).denominator
    assert fault.number == pytest.approx(20_000 * (100 / 400 - 100 / 600))
    assert "a quarter late, out of" in fault.sentence


def test_only_what_is_beyond_equal_quotas_counts_as_unequal(faults):
    """Relief pays 100 / 600 on equal quotas, and 100 / 400 into the smaller one: the rest is its pump."""
    (fault,) = faults(quota=RETENTION, moves=RELIEF).denominator
    assert fault.number == pytest.approx(20_000 * (100 / 400 - 100 / 600))


def test_late_days_in_no_tier(faults, names):
    bands = ({"through_day": 30, "multiplier": 0.75}, {"through_day": 90, "multiplier": 0.5})
    (fault,) = faults(crediting={"late_bands": bands}).band_gap
    assert (fault.number, fault.unit) == (90.0, "day")
    assert fault.short == "days 91 to 180 late earn nothing"
    assert names(crediting={"late_bands": bands, "late_window_days": 90}) == []


@pytest.mark.parametrize("relief", ["early_out_of_due", "late_out_of_due"])
def test_a_quota_that_nothing_holds_away_from_zero(faults, relief):
    """10 of 600 are left and 70 renewed: 70 / 10 x 20,000 = 140,000; over a floor of 150 it is 70 / 150 x 20,000."""
    (fault,) = faults(moves={relief: 1.0}).no_mean
    assert fault.clause == f"component[0].quota_moves.{relief}"
    assert fault.number == 4.0
    assert fault.short == "a floor of 25 %: $9,333 instead of $140,000 for $70,000"
    assert "component[0].quota_moves.floor = 0.25 a dollar counts at most 4 times" in fault.sentence


@pytest.mark.parametrize(
    "rules",
    [
        {"moves": {"early_out_of_due": 1.0, "floor": 0.01}},
        {"moves": {"early_out_of_due": 0.5}},
        {"moves": {"late_out_of_due": 0.9}},
        {"moves": {"early_out_of_due": 1.0}, "curve": [("[0, 2]", 0.0, 1.0), ("(2, inf)", 2.0, 0.0)]},
        {"moves": {"early_into_booked": 1.0}},
    ],
)
def test_what_holds_it_or_ends_pay(names, rules):
    assert "no mean" not in names(**rules)
