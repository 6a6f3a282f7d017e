"""The card of a plan: eight numbers where all was measured, fewer where not, none where nothing was."""

import pytest
from sim.questions.response.card_terminal import card, left_out, reference_of

from sim.questions.response.card import NUMBERS, card_of

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
    "response": {"net_value": 50.0, "net_value_low": 10.0, "net_value_high": 90.0, "reference": "today"},
}


def test_eight_numbers():
    found = card_of(ENTRY)
    assert list(found) == list(NUMBERS)
    assert len(found) == 8
    assert found["cost"]["p90"] == pytest.approx(960.0 / 8)  # eight CSM-years
    assert found["save"] == {"mean": 0.05, "p10": 0.0, "p90": 0.11}
    assert found["risk"] == {"premium": 6.0, "by_variance": 7.0}


def test_without_a_mean_the_card_tells_the_median_and_p90():
    cost = {key: value for key, value in ENTRY["cost"].items() if key in ("per_csm_year_p50", "p50", "p90")}
    found = card_of(ENTRY | {"cost": cost})
    assert found["cost"] == {"p50": pytest.approx(95.0), "p90": pytest.approx(120.0)}
    plan = {"card": found, "response": ENTRY["response"]}
    row = shown(card({"study": {"baseline": "base"}, "plans": {"a": plan}}))
    assert row["Cost"] == "median 95"


def test_what_was_not_measured_is_absent():
    assert card_of({"cost": ENTRY["cost"]}) is None
    found = card_of({"cost": ENTRY["cost"], "incentive": ENTRY["incentive"]})
    assert "net_value" not in found
    assert "exposure" not in found


def shown(table):
    return dict(zip(table.columns, table.rows[0], strict=True))


def test_the_report_shows_what_is_there():
    plan = {"card": card_of(ENTRY), "response": ENTRY["response"]}
    document = {"study": {"baseline": "base"}, "plans": {"a": plan}}
    found = shown(card(document))
    assert found["For value"] == "70 %"
    assert found["Exposure"] == "$9 to $12"
    assert found["Saved"] == "5.0"
    assert found["Range"] == "+$10 to +$90"
    assert reference_of(document) == "today"
    few = {"card": card_of({"cost": ENTRY["cost"], "incentive": ENTRY["incentive"]})}
    table = card({"study": {"baseline": "base"}, "plans": {"a": few}})
    assert "Net value" not in table.columns
    assert "Net value" not in table.caption
    assert card({"study": {}, "plans": {"a": {}}}) is None


def test_plans_that_are_left_out_are_named():
    document = {"plans": {"a": {"behaviour_not_measured": "a pays on grr"}, "b": {}}}
    assert str(left_out(document)) == "Not measured: a pays on grr."
    assert left_out({"plans": {"b": {}}}) is None
