"""The payout curve against exact arithmetic, at, beside and between the ends of its intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.plan.curve import SNAP, curve_terms, pay_curve
from tests.rig.examples import examples
from tests.rig.inputs.deals import plan_of
from tests.rig.twins.settlement import exact, multiple_of

TIERS = (
    ("[0, 0.90)", 0.0, 0.0),
    ("[0.90, 1.00)", 0.5, 0.0),
    ("[1.00, 1.15]", 1.0, 0.0),
    ("(1.15, inf)", 1.5, 0.0),
)
ACCELERATOR = (
    ("[0, 0.90)", 0.0, 0.0),
    ("[0.90, 1.00)", 0.9, 1.0),
    ("[1.00, 1.50)", 1.0, 2.0),
    ("[1.50, inf)", 2.0, 0.0),
)


def pieces(rows):
    curve = tuple({"attainment": text, "pays": pays, "slope": slope} for text, pays, slope in rows)
    return plan_of(curve=curve).component[0].curve


def multiples(rows, attainment):
    multiple = np.empty((1, len(attainment)))
    pay_curve(curve_terms(pieces(rows)).pieces, np.array([attainment], dtype=np.float64), multiple)
    return multiple[0].tolist()


def test_the_tiers_of_the_guide():
    """Below 90 % nothing, 90 to 99 % half, 100 to 115 % all, above 115 % one and a half."""
    attainment = [0.0, 0.5, 0.8999, 0.90, 0.95, 0.9999, 1.00, 1.15, 1.1501, 3.0]
    assert multiples(TIERS, attainment) == [0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1.5, 1.5]


def test_an_accelerator_with_a_threshold_and_a_cap():
    found = multiples(ACCELERATOR, [0.89, 0.90, 0.95, 1.0, 1.25, 1.5, 9.0])
    assert found == pytest.approx([0, 0.9, 0.95, 1.0, 1.5, 2.0, 2.0], rel=1e-15)


@pytest.mark.parametrize("end", [0.9, 1.0, 1.15])
def test_rounding_never_decides_a_tier(end):
    at_end = multiples(TIERS, [end])[0]
    assert multiples(TIERS, [end * (1 - SNAP / 2), end * (1 + SNAP / 2)]) == [at_end, at_end]
    below, above = multiples(TIERS, [end * (1 - 1e-9), end * (1 + 1e-9)])
    assert below < above


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=30))
@examples(50)
def test_every_attainment_pays_what_its_interval_says(thousandths):
    for rows in (TIERS, ACCELERATOR, (("[0, inf)", 0.0, 1.0),)):
        expected = [multiple_of(pieces(rows), exact(each) / 1000) for each in thousandths]
        found = multiples(rows, [each / 1000 for each in thousandths])
        np.testing.assert_allclose(found, [float(each) for each in expected], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("intervals", "fault"),
    [
        (["[0.1, inf)"], "The first, [0.1, inf), must start with '[0'."),
        (["(0, inf)"], "The first, (0, inf), must start with '[0'."),
        (["[0, 1)"], "The last, [0, 1), must end with 'inf)'."),
        (["[0, 1)", "[1.1, inf)"], "There is a gap between [0, 1) and [1.1, inf)."),
        (["[0, 1)", "(1, inf)"], "Neither [0, 1) nor (1, inf) holds 1."),
        (["[0, 1]", "[1, inf)"], "[0, 1] and [1, inf) both hold 1."),
        (["[0, 2)", "[1, inf)"], "[0, 2) and [1, inf) overlap."),
        ([], "There is no interval."),
    ],
)
def test_each_fault_of_a_curve_has_its_own_sentence(intervals, fault):
    with pytest.raises(InputError) as caught:
        pieces([(text, 0.0, 1.0) for text in intervals])
    (problem,) = caught.value.problems
    assert problem.where == "plan.toml: component[0].curve"
    assert problem.fix == fault


def test_all_faults_of_a_curve_are_named_at_once():
    with pytest.raises(InputError) as caught:
        pieces([("[0, 0.5)", 0.0, 1.0), ("[0.6, 1]", 0.0, 1.0), ("[1, 2)", 0.0, 1.0)])
    assert caught.value.problems[0].fix == (
        "There is a gap between [0, 0.5) and [0.6, 1]. [0.6, 1] and [1, 2) both hold 1. "
        "The last, [1, 2), must end with 'inf)'."
    )


@pytest.mark.parametrize(
    "text",
    ["[1, 1]", "[2, 1)", "0, 1", "[0; 1)", "[-1, inf)", "[0, inf]", "[inf, inf)", "[0, 1e999)", "[nan, 1)"],
)
def test_what_is_not_an_interval(text):
    with pytest.raises(InputError, match="must be an interval such as"):
        pieces([(text, 0.0, 1.0)])
