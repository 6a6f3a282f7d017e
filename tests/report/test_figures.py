"""Figures as geometry: every mark stands where the number of the summary says."""

import pytest

from sim.questions.gaming.figures import exposure_ranges, friction_lines, movable_lines, split_stack
from sim.questions.gaming.findings import bracket, exposure_finding, friction_finding
from sim.questions.gaming.summary import FrictionPoint, exposures
from sim.questions.incentive.figures import CONTRASTS, contrast_dots
from sim.questions.incentive.findings import reward_finding
from sim.questions.incentive.summary import rewards
from sim.questions.registry import typed
from sim.questions.response.figures import beats, tradeoffs, value_ranges, value_swings
from sim.questions.response.findings import response_finding, rests_finding
from sim.questions.response.summary import responses
from sim.shapes.axis import cent_axis, factor_axis, money_axis
from tests.rig.readers.figures import value_at

pytestmark = pytest.mark.jit  # reports are the same with or without compiled kernels


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (factor_axis([0.0, 1.0]), ["x 0.00", "x 0.25", "x 0.50", "x 0.75", "x 1.00"]),
        (cent_axis([0.0, 0.2], most=4), ["0¢", "5¢", "10¢", "15¢", "20¢"]),
        (cent_axis([0.0, 0.01], most=4), ["0.00¢", "0.25¢", "0.50¢", "0.75¢", "1.00¢"]),
        (money_axis([-5e3, 2e4], sign=True, most=3), ["−$10K", "$0", "+$10K", "+$20K"]),
    ],
)
def test_ticks_are_told_apart(axis, labels):
    assert [tick.label for tick in axis.ticks] == labels


def test_parts_of_the_split_end_where_gamed_pay_does(asked):
    shape = split_stack(typed(asked))
    for row in shape.rows:
        split = asked["plans"][row.name]["split"]
        last = row.segments[-1].bar
        assert value_at(shape.axis, last.start + last.width) == pytest.approx(split["gamed"], rel=1e-3)
        assert value_at(shape.axis, row.mark) == pytest.approx(split["value"], rel=1e-3)
        places = [each.bar.start for each in row.segments]
        assert places == sorted(places)


def test_dates_that_cost_pay_leave_a_stretch_short_of_its_mark(asked):
    capped = {"capped": asked["plans"]["capped"]}
    assert capped["capped"]["split"]["natural_timing"] < 0.0
    (row,) = split_stack(typed(asked | {"plans": capped})).rows
    value = next(each for each in row.segments if each.part == "value")
    assert value.bar.start + value.bar.width < row.mark


def test_brackets_reach_from_lower_to_upper_and_stay_open_without_a_bound(asked):
    found = exposures(typed(asked))
    shape = exposure_ranges(found)
    for row in shape.rows:
        entry = asked["plans"][row.name]["exposure"]
        assert not row.open
        assert value_at(shape.axis, row.mean) == pytest.approx(entry["lower"], rel=1e-3)
        assert value_at(shape.axis, row.median) == pytest.approx(entry["upper"], rel=1e-3)
    (row,) = exposure_ranges({"today": found["today"].model_copy(update={"upper": None})}).rows
    assert row.open
    assert row.median is None
    assert row.wide.start + row.wide.width == pytest.approx(100.0)


def test_curves_start_at_the_whole_and_follow_the_entries(asked):
    found = exposures(typed(asked))
    for shape, key, along in (
        (friction_lines(found), "friction", "cost"),
        (movable_lines(found), "movable", "factor"),
    ):
        for panel in shape.panels:
            points = asked["plans"][panel.name]["exposure"][key]
            whole = points[0]["gain"] if key == "friction" else points[-1]["gain"]
            for (left, top), point in zip(panel.line, points, strict=True):
                assert value_at(shape.x, left) == pytest.approx(point[along], abs=1e-4)
                assert value_at(shape.y, 100.0 - top) == pytest.approx(point["gain"] / whole, abs=1e-4)


def test_every_contrast_has_its_dot(asked):
    shape = contrast_dots(rewards(typed(asked)))
    for row in shape.rows:
        for dot in row.dots:
            assert value_at(shape.axis, dot.at) == pytest.approx(
                asked["plans"][row.name]["incentive"][dot.part], abs=1e-4
            )
        assert [dot.part for dot in row.dots] == [key for key, _ in CONTRASTS]


def test_values_and_what_they_rest_on_stand_at_their_places(asked):
    found = responses(typed(asked))
    shape, swings = value_ranges(found), value_swings(found)
    for row in shape.rows:
        assert value_at(shape.axis, row.mean) == pytest.approx(
            asked["plans"][row.name]["response"]["net_value"], abs=1.0
        )
    for panel in swings.panels:
        rows = asked["plans"][panel.name]["response"]["tornado"]
        widths = [each.bar.width for each in panel.rows]
        assert widths == sorted(widths, reverse=True)
        for row in panel.rows:
            low, high = rows[row.key]["net_value"]
            assert value_at(swings.axis, row.bar.start) == pytest.approx(min(low, high), abs=5.0)
            assert value_at(swings.axis, row.low) == pytest.approx(low, abs=5.0)


def test_plans_that_none_beats_are_marked(asked):
    for shape, (section, key) in zip(
        tradeoffs(typed(asked)), (("exposure", "lower"), ("risk", "premium")), strict=True
    ):
        pairs = {
            name: (plan["card"][section][key], plan["response"]["net_value"])
            for name, plan in asked["plans"].items()
        }
        best = {name for name, own in pairs.items() if not any(beats(each, own) for each in pairs.values())}
        assert {each.name for each in shape.places if each.best} == best
        assert 1 <= len(best) < len(pairs)


def test_numbers_of_places_that_meet_stand_on_different_sides(asked):
    plan = asked["plans"]["today"]
    twins = typed(asked | {"plans": {"a": plan, "b": plan, "c": plan}})
    assert all(len({each.side for each in shape.places}) == 3 for shape in tradeoffs(twins))


def test_findings_name_the_plans_that_the_numbers_do(asked):
    plans = asked["plans"]
    most = max(plans, key=lambda name: plans[name]["exposure"]["lower"])
    worth = max(plans, key=lambda name: plans[name]["response"]["net_value"])
    save = max(plans, key=lambda name: plans[name]["incentive"]["save"])
    assert f"more a year under {most}" in exposure_finding(typed(asked))
    assert f"{worth} adds most" in response_finding(responses(typed(asked)))
    assert f"The value of {worth} rests most on" in rests_finding(responses(typed(asked)))
    assert f"under {save}" in reward_finding(rewards(typed(asked)))


def test_an_exposure_without_a_bound_is_the_one_that_is_named(asked):
    today = asked["plans"]["today"]
    ends = {"open": {"lower": 1e5, "upper": None}, "closed": {"lower": 2e4, "upper": 3e4}}
    plans = {name: today | {"exposure": today["exposure"] | each} for name, each in ends.items()}
    assert exposure_finding(typed(asked | {"plans": plans})) == (
        "By choosing dates alone a CSM can get at least $100K more a year under open, for the same renewals, and $20.0K to "
        "$30.0K under closed. No upper end is known for open."
    )


def test_deterrence_names_plans_that_no_cost_deters(asked):
    today = exposures(typed(asked))["today"]
    friction = tuple(FrictionPoint(cost=each, gain=1.0 - each, moved_arr=1.0) for each in (0.0, 0.2))
    numbers = {"low": (9e3, 0.041), "high": (9e3, 0.10), "none": (9e3, None), "linear": (0.0, None)}
    found = {
        name: today.model_copy(update={"lower": lower, "deterrence_price": price, "friction": friction})
        for name, (lower, price) in numbers.items()
    }
    assert friction_finding(found) == (
        "Nine tenths of it go when moving a dollar costs the CSM 4.1¢ under low and 10¢ under high; under none no cost up "
        "to 20¢ does that."
    )


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (2e4, 3e4, "$20.0K to $30.0K"),
        (2e4, 2.0001e4, "$20.0K"),
        (0.0, 1e-9, "nothing"),
        (2e4, None, "at least $20.0K"),
    ],
)
def test_brackets_in_words(lower, upper, said):
    assert bracket(lower, upper) == said
