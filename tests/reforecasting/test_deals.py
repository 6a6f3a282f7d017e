"""A forecast in mid-year of plans that pay by class of deal: deals before the day as the files have them, then draws."""

from datetime import date

import pytest

import sim
from tests.rig.inputs.mid_year import END, START, write_lived, write_mid_year

COMMISSION = '[[component]]\nname = "{name}"\npay_kind = "commission"\n'
CLASSES = """\
measure = "deal_bookings"
[[component.deals]]
types = ["renewal", "uplift", "won_back", "expansion"]
term_months = "[0, 12)"
rate = 0.02
[[component.deals]]
types = ["renewal", "uplift"]
term_months = "[12, inf)"
size = "[0, 25_000)"
rate = 0.03
[[component.deals]]
types = ["renewal", "uplift"]
term_months = "[12, inf)"
size = "[25_000, inf)"
rate = 0.04
[[component.deals]]
types = ["expansion"]
term_months = "[12, inf)"
size = "[3_000, inf)"
rate = 0.05
[[component.deals]]
types = ["contraction", "churn"]
rate = 0.01
"""
EVERY = """\
measure = "deal_bookings"
[[component.deals]]
types = ["{types}"]
rate = 0.03
"""


COUNTED = """\
measure = "deal_count"
[[component.deals]]
types = ["renewal", "expansion"]
per_event = 50.0
"""


def of(name, rest):
    return COMMISSION.format(name=name) + rest


PLANS = {
    "by-class": of("deals", CLASSES),
    "on-cash": of("deals", 'dates = { renewal = "cash" }\n' + CLASSES),
    "counted": of("deals", COUNTED),
    "all-renewals": of("deals", 'dates = { renewal = "booking" }\n' + EVERY.format(types='renewal", "uplift')),
    "renewals": of("renewals", 'measure = "renewal_bookings"\ncommission = { rate = 0.03 }\n'),
    "all-growth": of("deals", EVERY.format(types="expansion")),
    "growth": of("growth", 'measure = "expansion_bookings"\ncommission = { rate = 0.03 }\n'),
}  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_mid_year(tmp_path_factory.mktemp("study"), PLANS)


@pytest.fixture(scope="module")
def lived(study, tmp_path_factory):
    return write_lived(study, tmp_path_factory.mktemp("lived") / "history")


def cost(found):
    return {name: plan["cost"] for name, plan in found.document["plans"].items()}


def test_on_the_first_day_it_is_the_run(study, lived):
    ran = sim.run(study).document["plans"]
    now = cost(sim.reforecast(study, lived, as_of=START))
    for name in PLANS:
        assert {key: now[name][key] for key in ("p5", "p50", "p95")} == {
            key: ran[name]["cost"][key] for key in ("p5", "p50", "p95")
        }


def test_at_the_end_it_is_the_replay(study, lived, tmp_path):
    known = write_lived(study, tmp_path / "known", before=END)
    statements = sim.replay(known, list(study.plans), start=START, periods=4).document["statements"]
    found = cost(sim.reforecast(study, lived, as_of=END))
    for name in PLANS:
        pay = sum(each["bonus"] for each in statements if each["plan"] == name)
        assert found[name]["p5"] == found[name]["p95"]
        assert found[name]["p50"] == pytest.approx((pay + 3 * 60_000.0) * 1.1, abs=0.01)


@pytest.mark.parametrize("as_of", [date(2026, 4, 1), date(2026, 8, 14)])
def test_all_classes_together_are_the_plain_measure_in_every_world(study, lived, as_of):
    """Renewals with their uplifts, and growth: at one rate they cost what a plain commission costs, known and drawn."""
    found = cost(sim.reforecast(study, lived, as_of=as_of))
    for by_class, plain in (("all-renewals", "renewals"), ("all-growth", "growth")):
        for key in ("mean", "p5", "p50", "p95"):
            assert found[by_class][key] == pytest.approx(found[plain][key], rel=1e-9)
    assert found["by-class"]["p5"] < found["by-class"]["p95"]
