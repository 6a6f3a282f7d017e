"""The pump and its provisions: closed forms, an obvious twin in exact fractions, and what is no pump."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.plan.lint.book import pay, settle_book, settled_attainment, steady_book
from tests.rig.examples import examples

RELIEF = {"early_out_of_due": 1.0}
CAPPED = (("[0, 1)", 0.0, 1.0), ("[1, inf)", 1.0, 0.0))


def test_the_pump_of_early_case_4(faults):
    (pump,) = faults(moves=RELIEF).pump
    assert pump.number == pytest.approx(2.0)
    assert (pump.severity, pump.unit) == ("major", "attainment [share]")
    assert pump.clause == "component[0].quota_moves.early_out_of_due"
    assert pump.sentence == (
        "A book at quota with half of every quarter's renewals booked a quarter early settles at 200 % attainment "
        "(a sixth: 120 %, a third: 150 %) and pays $290,000 over 8 quarters instead of $160,000."
    )


@pytest.mark.parametrize(
    ("base", "reached", "paid"), [("original", 2.0, "$290,000"), ("adjusted", 1.5, "$230,000")]
)
def test_the_provision_of_early_case_4_leaves_it_running(faults, base, reached, paid):
    found = faults(moves=RELIEF, crediting={"early_cap": 0.5, "early_cap_base": base})
    assert not hasattr(found, "pump")
    assert found.provision[0].number == pytest.approx(reached)
    assert found.provision[0].clause == "component[0].crediting.early_cap"
    assert f"pays {paid} over 8 quarters instead of $160,000" in found.provision[0].sentence


@pytest.mark.parametrize("cap", [0.1, 0.25, 0.4])
@pytest.mark.parametrize(
    ("base", "closed_form"), [("adjusted", lambda k: 1 + k), ("original", lambda k: 1 / (1 - k))]
)
def test_the_closed_forms_of_a_capped_pump(faults, cap, base, closed_form):
    crediting = {"early_cap": cap, "early_cap_base": base}
    assert faults(moves=RELIEF, crediting=crediting).provision[0].number == pytest.approx(closed_form(cap))


@pytest.mark.parametrize("out_of_due", [0.25, 0.9, 1.0, 1.5])
def test_the_closed_form_of_an_open_pump(faults, out_of_due):
    (pump,) = faults(moves={"early_out_of_due": out_of_due}).pump
    assert pump.number == pytest.approx(1 / (1 - out_of_due / 2))


def test_a_floor_is_a_provision(faults):
    (fault,) = faults(moves=RELIEF | {"floor": 0.8}).provision
    assert fault.clause == "component[0].quota_moves.floor"
    assert fault.number == pytest.approx(1.25)
    assert fault.sentence.startswith("The quota floor of 80 % leaves the pump running")


def test_a_late_pump(faults):
    (pump,) = faults(moves={"late_out_of_due": 1.0}).pump
    assert pump.number == pytest.approx(2.0)
    assert "booked a quarter late settles at 200 %" in pump.sentence


def test_the_pump_is_found_below_a_late_penalty(faults):
    """Half of 600 at 0.75 against a quota of 300: 300 + 225 over 300."""
    (pump,) = faults(moves={"late_out_of_due": 1.0}, crediting={"late_multiplier": 0.75}).pump
    assert pump.number == pytest.approx(1.75)


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"moves": RELIEF, "crediting": {"date": "due"}},
        {"moves": RELIEF, "crediting": {"date": "service_start"}},
        {"moves": RELIEF, "crediting": {"early_cap": 0.0}},
        {"moves": RELIEF | {"floor": 1.0}},
        {"moves": RELIEF | {"early_into_booked": 1.0}},
        {"moves": {"late_out_of_due": 1.0, "late_into_booked": 1.0}},
        {"moves": {"late_into_booked": 1.0}},
        {"moves": RELIEF, "curve": CAPPED},
        {"crediting": {"early_multiplier": 1.25}},
    ],
)
def test_what_is_no_pump(names, rules):
    assert not {"pump", "provision"} & set(names(**rules))


def test_months_are_called_months(faults):
    calendar = Calendar(date(2026, 1, 1), 6, months_per_period=1)
    (pump,) = faults(calendar, moves=RELIEF).pump
    assert pump.number == pytest.approx(2.0)
    assert "booked a month early" in pump.sentence
    assert "over 24 months" in pump.sentence


def rolled_by_hand(early, periods, *, cap, adjusted, out_of_due, floor):
    """Attainment of each period: 1 due in every period, ``early`` of it booked a period early, linear."""
    granted = [Fraction(0)] * (periods + 1)
    for due in range(1, periods):
        limit = 1 - out_of_due * granted[due - 1] if adjusted else Fraction(1)
        granted[due] = early if cap is None else min(early, cap * max(limit, Fraction(0)))
    quota = [max(1 - out_of_due * each, floor) for each in granted[:periods]]
    credit = [1 - granted[t] + granted[t + 1] for t in range(periods)]
    return [float(c / q) for c, q in zip(credit, quota, strict=True)]


SHARES = st.integers(0, 9).map(lambda tenths: Fraction(tenths, 10))


@examples(40)
@given(SHARES, st.none() | SHARES, st.booleans(), SHARES, SHARES, st.integers(2, 9))
def test_a_rolling_pull_equals_one_by_hand(subject, early, cap, adjusted, out_of_due, floor, periods):
    crediting = {"early_cap_base": "adjusted" if adjusted else "original"}
    crediting |= {} if cap is None else {"early_cap": float(cap)}
    looked_at = subject(
        crediting=crediting, moves={"early_out_of_due": float(out_of_due), "floor": float(floor)}
    )
    statement = settle_book(looked_at, steady_book(periods, np.array([float(early)]), -1))
    by_hand = rolled_by_hand(early, periods, cap=cap, adjusted=adjusted, out_of_due=out_of_due, floor=floor)
    assert statement.attainment[:, 0] == pytest.approx(by_hand)
    assert pay(statement)[0] == pytest.approx(20_000 * sum(by_hand))


def test_the_steady_state_is_that_of_a_long_run(subject):
    """Under an adjusted base granted amounts swing from period to period; the mean over whole swings is read."""
    looked_at = subject(moves=RELIEF, crediting={"early_cap": 0.9, "early_cap_base": "adjusted"})
    reached = settled_attainment(looked_at, np.array([0.8]), -1)
    rules = {"cap": Fraction(9, 10), "adjusted": True, "out_of_due": Fraction(1), "floor": Fraction(0)}
    long = rolled_by_hand(Fraction(8, 10), 400, **rules)
    assert reached[0] == pytest.approx(np.mean(long[200:-1]), rel=0.02)
