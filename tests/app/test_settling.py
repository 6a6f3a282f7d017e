"""What the page is told is what a run says on the same worlds, to the last bit; what is no plan is a sentence."""

import time
from dataclasses import replace

import pytest

import sim
from sim.app.settling import SupersededError
from sim.app.variants import Variant
from sim.engine.kept import keep, set_of
from sim.engine.pool import ALONE, Threads
from sim.study.worlds import Worlds
from tests.app.conftest import WORLDS

pytestmark = pytest.mark.jit

RATE = "component[0].quota.rate"
EARLY = "component[0].crediting.early_multiplier"


def settled(asking, *variants, **more):
    told = [{"plan": plan, "changes": changes} for plan, changes in variants]
    return asking.client.post("/api/settle", json={"variants": told, **more}).json()


def told_when_kept(asking, *variants):
    for _ in range(200):
        found = settled(asking, *variants)
        if "waiting" not in found:
            return found
        time.sleep(0.05)
    raise AssertionError("worlds are still being simulated")


def of_run(study, plans):
    base = study.sets[study.baseline_index]
    sets = (base, *(set_of(plan, study) for plan in plans))
    run = sim.run(replace(study, sets=sets), worlds=WORLDS, threads=1).document["plans"]
    passes = {"payees", "lints"}  # looked for in worlds of their own
    return {
        name: {key: each for key, each in entry.items() if key not in passes} for name, entry in run.items()
    }


@pytest.mark.parametrize("changes", [{}, {RATE: 0.8}, {RATE: 0.8, "pay.target_bonus": 12_500}])
def test_every_number_is_that_of_a_run(asking, study, changes):
    found = settled(asking, ("capped", changes))
    (name,) = found["names"]
    plan = study.plans["capped"].altered(changes, name)
    expected = of_run(study, [plan])
    for one, entry in expected.items():
        assert {key: found["plans"][one][key] for key in entry} == entry
    assert found["variants"] == [{"plan": "capped", "changes": changes}]


def test_two_variants_stand_beside_the_baseline(asking, study):
    found = settled(asking, ("capped", {RATE: 0.8}), ("capped", {}))
    assert found["names"] == ["A: capped, changed", "B: capped"]
    assert [row["name"] for row in found["cost"]["rows"]] == ["today", *found["names"]]
    alone = settled(asking, ("capped", {}))["plans"]["capped"]
    assert found["plans"]["B: capped"]["cost"] == alone["cost"]


def test_the_baseline_can_be_changed_and_is_still_held_against_itself(asking, study):
    found = settled(asking, ("today", {}))
    assert found["names"] == ["today, as it is"]
    assert found["headline"][0]["against"] == "$0"
    dearer = settled(asking, ("today", {RATE: 0.7}))
    assert dearer["plans"]["today, changed"]["vs_baseline"]["mean"] > 0.0


def test_axes_reach_what_was_asked_and_change_no_number(asking):
    plain = settled(asking, ("capped", {}))
    wide = settled(asking, ("capped", {}), cost=[0.0, 9e6], difference=[-3e6])
    assert (wide["cost"]["axis"]["low"], wide["difference"]["axis"]["low"]) == (0.0, -3e6)
    assert wide["cost"]["axis"]["high"] >= 9e6
    assert wide["plans"] == plain["plans"]


def test_the_headline_is_the_summary_in_words(asking):
    found = settled(asking, ("capped", {}))
    (card,) = found["headline"]
    entry = found["plans"]["capped"]
    assert card["cost"] == f"${entry['cost']['p50'] / 1e3:,.0f}K"
    assert card["spoken"].startswith(f"capped: median cost {card['cost']}, {card['against']} against today")
    assert card["tone"] in ("kept", "broken", "undecided")


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({RATE: 90}, RATE, "A share: 90 % is 0.9"),
        ({RATE: ""}, RATE, "must be a number, received ''"),
        ({RATE: None}, RATE, "A retention quota needs 'rate'"),
        ({"component[0].curve[1].attainment": -1}, "component[0].curve[1].attainment", "an interval such as"),
        ({"component[0].crediting.late_window_days": 90.5}, "component[0].crediting.late_window_days", "a whole number"),
        ({"component[0].quota.rat": 1}, "component[0].quota.rat", "Did you mean 'rate'"),
        ({"component[7].quota.rate": 1}, "component[7].quota.rate", "[0] to [0]"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_said_beside_its_field(asking, changes, path, said):
    found = settled(asking, ("capped", {}), ("capped", changes))
    assert "plans" not in found
    refused = next(each for each in found["refused"] if each["path"] == path)
    assert refused["variant"] == 1
    assert said in refused["sentence"]
    assert not refused["sentence"].startswith("plan capped")


def test_a_plan_that_is_not_there_is_a_sentence(asking):
    (refused,) = settled(asking, ("caped", {}))["refused"]
    assert "Did you mean 'capped'" in refused["sentence"]


def test_clauses_that_these_worlds_do_not_tell_apart_are_kept_as_they_are_asked(asking, study):
    changes = {"component[0].crediting.late_window_days": 77}
    first = settled(asking, ("capped", changes))
    assert "which tell this plan apart" in first["waiting"]
    found = told_when_kept(asking, ("capped", changes))
    plan = study.plans["capped"].altered(changes, "capped, changed")
    run = of_run(study, [plan])["capped, changed"]
    assert found["plans"]["capped, changed"]["cost"]["p90"] == pytest.approx(run["cost"]["p90"], rel=1e-12)
    assert "plans" in settled(asking, ("capped", {RATE: 0.85}))


def test_what_was_asked_again_is_not_settled(asking):
    variant = Variant(plan="capped")
    asking.settling.settle((variant,), "a page", 7)
    with pytest.raises(SupersededError):
        asking.settling.settle((variant,), "a page", 6)
    assert asking.settling.settle((variant,), "another", 1).summary is not None
    old = asking.client.post(
        "/api/settle", json={"page": "a page", "number": 6, "variants": [{"plan": "capped", "changes": {}}]}
    )
    assert old.json() == {"superseded": True}


def test_variants_are_confirmed_on_worlds_that_no_run_of_the_study_has(asking, study):
    asked = {"variants": [{"plan": "capped", "changes": {RATE: 0.8}}]}
    told = asking.client.post("/api/confirm", json=asked).json()
    for _ in range(400):
        if told["state"] != "running":
            break
        time.sleep(0.05)
        told = asking.client.get("/api/confirm").json()
    assert told["state"] == "done"
    plan = study.plans["capped"].altered({RATE: 0.8}, "capped, changed")
    beyond = keep(replace(study, worlds=192), 192, Threads(2), (), study.worlds)
    assert beyond.blocks[0].first == study.worlds
    run = Worlds(beyond, Threads(2)).settle("today", plan).document["plans"]["capped, changed"]
    assert told["plans"]["capped, changed"]["cost"] == run["cost"]
    assert "192 fresh worlds" in told["sentence"]
    agree = dict(zip(told["table"]["columns"], zip(*told["table"]["rows"], strict=True), strict=True))
    assert ("bear out" in told["sentence"]) == ("no" not in agree["Within chance"])


def test_a_confirmation_can_be_called_off(asking, study):
    from sim.app.confirming import Confirming

    confirming = Confirming(study, ALONE, worlds=400_000)
    run = confirming.start([study.plans["capped"]], asking.settling.settle((Variant(plan="capped"),)).summary)
    confirming.cancel()
    assert confirming.told()["state"] == "stopped"
    assert run.summary is None
