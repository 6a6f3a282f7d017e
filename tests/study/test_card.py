"""The card of a plan: eight numbers where all was measured, fewer where not, none where nothing was."""

import pytest

from sim.questions.response.card import card_of as card_of_plan
from sim.questions.response.summary import Card
from sim.questions.response.tables import card
from sim.shapes.fragile import NO_MEAN
from tests.rig.inputs.parts import plan_of

ENTRY = {
    "cost": {
        "mean": 800.0,
        "per_csm_year": 100.0,
        "per_csm_year_p50": 95.0,
        "per_usd_retained": 0.05,
        "p50": 760.0,
        "p90": 960.0,
        "cvar95": 1_000.0,
    },
    "split": {"value": 70.0, "natural_timing": 10.0, "exposure": 20.0, "gamed": 100.0},
    "exposure": {"lower": 9.0, "upper": 12.0, "share_of_variable": 0.1, "p95": 20.0, "moved_arr": 400.0},
    "incentive": {
        "save": 0.05,
        "spread": {"save": {"p10": 0.0, "p90": 0.11, "mean": 0.04}},
        "dead_zone_share": 0.3,
        "jackpot_share": 0.1,
        "timing_to_saving": 1.5,
        "risk_premium": 7.0,
        "risk_premium_certain": 6.0,
    },
    "response": {
        "net_value": 50.0,
        "net_value_low": 10.0,
        "net_value_high": 90.0,
        "net_value_whole": 45.0,
        "csm_gain": -5.0,
    },
}


def card_of(entry):
    return card_of_plan(plan_of("a", entry))


def test_eight_numbers():
    found = card_of(ENTRY).document()
    assert list(found) == list(Card.model_fields)
    assert len(found) == 8
    assert found["cost"]["p90"] == pytest.approx(960.0 / 8)  # eight CSM-years
    assert found["save"] == {"mean": 0.05, "p10": 0.0, "p90": 0.11}
    assert found["risk"] == {"premium": 6.0, "by_variance": 7.0}


def test_without_a_mean_the_card_tells_the_median_and_p90():
    cost = {key: value for key, value in ENTRY["cost"].items() if key in ("per_csm_year_p50", "p50", "p90")}
    found = card_of(ENTRY | {"cost": cost})
    assert found.cost.document() == {"p50": pytest.approx(95.0), "p90": pytest.approx(120.0)}
    table = card({"a": found, "b": card_of(ENTRY)}, "today", ())
    assert (shown(table)["cost_p50"], shown(table, 1)["cost"]) == ("95", "100")
    assert "cost_p50" in table.brief
    assert shown(table)["cost"] == NO_MEAN
    assert "cost_p50" not in card({"b": card_of(ENTRY)}, "today", ()).brief


def test_what_was_not_measured_is_absent():
    assert card_of({"cost": ENTRY["cost"]}) is None
    found = card_of({"cost": ENTRY["cost"], "incentive": ENTRY["incentive"]}).document()
    assert "net_value" not in found
    assert "exposure" not in found


def shown(table, row=0):
    return dict(zip((column.key for column in table.columns), table.shown()[row], strict=True))


def test_the_report_shows_what_is_there():
    found = shown(card({"a": card_of(ENTRY)}, "today", ()))
    assert found["value_share"] == "70.0 %"
    assert (found["lower"], found["upper"]) == ("9", "12")
    assert found["save"] == "5.00¢"
    assert (found["net_value_low"], found["net_value_high"]) == ("+10", "+90")
    few = card_of({"cost": ENTRY["cost"], "incentive": ENTRY["incentive"]})
    table = card({"a": few}, "base", ())
    assert "net_value" not in shown(table)
    assert "Net value" not in table.note
    assert card({}, "base", ()) is None


def test_a_net_value_without_a_mean_is_told_as_a_median():
    found = card_of(ENTRY | {"response": ENTRY["response"] | {"statistic": "median"}})
    table = card({"a": found}, "today", ())
    assert shown(table)["net_value"] == "+50"
    assert "The net value of a is a median over worlds." in table.note
