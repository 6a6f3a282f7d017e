"""Kept worlds: a plan settled on them is the plan that a run settles, to the last bit, and what was not kept is refused."""

import os
import pickle
import shutil
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from scipy import stats

import sim
from sim.engine import ledger_file, simulate
from sim.engine.kept import keep, settled
from sim.engine.ledger_file import read_blocks, write_blocks
from sim.engine.pool import ALONE
from sim.engine.setting import prepare
from sim.engine.simulate import bytes_of, open_books
from sim.measure.retention import new_retention_tally
from sim.plan.altered import value_at
from sim.questions.payees.summary import PayeesOfPlan
from sim.study.solve import Target, target_of
from sim.study.summary import some_of
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
RATE = "component.renewals.quota.rate"


@pytest.fixture(scope="module")
def study():
    loaded = sim.load(CONFIGS / "studies" / "quickstart.toml")
    names = ("base", "tiers", "late-bands", "credit-at-due")
    return replace(loaded, sets=tuple(each for each in loaded.sets if each.name in names))


@pytest.fixture(scope="module")
def worlds(study):
    return sim.simulate(study, worlds=192, threads=2)


def test_kept_worlds_give_the_run_to_the_last_bit(study, worlds):
    run = sim.run(study, worlds=192, threads=1, block=64).document
    kept = worlds.settle().document
    for name, entry in kept["plans"].items():
        of_run = run["plans"][name]
        assert entry.keys() - {"lints"} == of_run.keys() - {"lints"}
        # What a scenario hardly ever reaches is looked for in a pass of its own, which kept worlds have not.
        assert all(entry[key] == of_run[key] for key in entry if key != "lints")
    assert kept["order"] == run["order"]
    assert "clauses" in run["plans"]["tiers"]["payees"]


def test_clauses_are_told_of_the_first_worlds_where_these_are_blocks(study):
    """As a run tells them, of more worlds than clauses are told of; of one large block nothing is told."""
    run = sim.run(study, worlds=320, threads=1).document["plans"]["tiers"]["payees"]
    for threads in (1, 3):
        kept = sim.simulate(study, worlds=320, threads=threads)
        assert kept.settle().document["plans"]["tiers"]["payees"] == run
    assert "clauses" not in kept.settle(clauses=False).document["plans"]["tiers"]["payees"]
    one = keep(study, 320, ALONE, block=320)
    setting, totals = settled(one, replace(study, worlds=320), ALONE, clauses=True)
    assert setting.pieces == ()
    assert some_of(study, setting, totals, {"payees"})["tiers"].of(PayeesOfPlan).payees.clauses is None
    compared = kept.compare(["tiers", "late-bands"])
    most = max(run["clauses"], key=lambda each: abs(each["change"]))
    assert compared.loc["tiers", "why"] == most["words"]
    assert compared.loc["tiers", "payees_lose"] == run["lose"]
    assert compared["why"].isna().tolist() == [True, False, False]


def test_books_that_are_held_are_those_of_two_passes(monkeypatch):
    """Of plans that read the company: every array of every book, and the retention of all, to the last bit."""
    study = sim.load(CONFIGS / "studies" / "forecast.toml")
    segment = study.scenario.segment[0].model_copy(update={"csms": 3})
    setting = prepare(replace(study, scenario=study.scenario.with_(segment=(segment,))))
    assert "company" in setting.reads

    def opened():
        retention = new_retention_tally(setting.shape.periods, 128)
        return list(open_books(setting, setting.world, range(3), 0, 128, retention)), retention

    once = opened()
    monkeypatch.setattr(simulate, "HELD_BYTES", 0)
    monkeypatch.setattr(simulate, "open_activity", counted := mock.Mock(wraps=simulate.open_activity))
    twice = opened()
    assert counted.call_count == 3
    assert pickle.dumps(arrays_of(once)) == pickle.dumps(arrays_of(twice))
    assert bytes_of(once) == bytes_of(twice) > 0


def arrays_of(value):
    """Every array in a tuple, by where it stands."""
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value).tobytes()
    if isinstance(value, dict):
        return [(str(key), arrays_of(each)) for key, each in value.items()]
    return [arrays_of(each) for each in value] if isinstance(value, tuple | list) else value


def test_role_sets_and_companies_are_kept_alike():
    study = sim.load(CONFIGS / "studies" / "team.toml")
    kept = sim.simulate(study, worlds=64).settle().document["plans"]
    run = sim.run(study, worlds=64).document["plans"]
    assert {name: plan["cost"] for name, plan in kept.items()} == {
        name: plan["cost"] for name, plan in run.items()
    }


def test_an_altered_plan_is_its_file_changed_by_hand(study, worlds, tmp_path):
    """The quota rate of 0.95 written as 0.9 into a copy of the plan file, and the study run as ever."""
    text = (CONFIGS / "plans" / "tiers.toml").read_text()
    assert text.count("rate = 0.95") == 1
    by_hand = sim.Plan.from_toml(text.replace("rate = 0.95", "rate = 0.9"))
    plan = study.plans["tiers"].altered({RATE: 0.9})
    assert plan == by_hand
    found = worlds.settle("base", plan).document["plans"]["tiers"]["cost"]
    sets = tuple(
        replace(each, roles=(replace(each.roles[0], plan=by_hand),)) if each.name == "tiers" else each
        for each in study.sets
    )
    run = sim.run(replace(study, sets=sets), worlds=192).document["plans"]["tiers"]["cost"]
    assert found == run


def test_ends_of_a_curve_move_together(study):
    plan = study.plans["tiers"].altered({"component.renewals.curve[1].attainment": 0.85}, name="low")
    assert [piece.attainment for piece in plan.component[0].curve[:2]] == ["[0, 0.85)", "[0.85, 1)"]
    assert (plan.name, value_at(plan, "component[0].curve[1].attainment")) == ("low", 0.85)
    again = study.plans["tiers"].altered({"component.renewals.curve[1].attainment": "(0.8, 1.05)"})
    assert [piece.attainment for piece in again.component[0].curve] == [
        "[0, 0.8]",
        "(0.8, 1.05)",
        "[1.05, 1.15]",
        "(1.15, inf)",
    ]


def test_every_shipped_plan_altered_by_nothing_is_itself():
    for path in sorted((CONFIGS / "plans").rglob("*.toml")):
        text = path.read_text()
        if "[[component]]" in text:
            plan = sim.Plan.from_toml(text)
            assert plan.altered({}) == plan


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("component.renewal.quota.rate", 0.9, "Did you mean 'renewals'?"),
        ("component[2].quota.rate", 0.9, "[0] to [0]"),
        ("component.renewals.quota.rat", 0.9, "Did you mean 'rate'?"),
        ("component.renewals.quota.rate", 90.0, "A share: 90 % is 0.9"),
        ("component.renewals.curve[1].attainment", [1], "or its left end"),
        (".rate", 0.9, "a path such as"),
    ],
)
def test_a_change_that_leads_nowhere_is_a_sentence(study, path, value, said):
    with pytest.raises(sim.InputError) as refused:
        study.plans["tiers"].altered({path: value})
    assert said in str(refused.value)


def test_what_was_not_kept_is_refused_and_can_be_kept(study, worlds):
    bands = {"component.renewals.crediting.early_bands": ({"through_day": 17, "multiplier": 1.1},)}
    plan = study.plans["base"].altered(bands, name="banded")
    with pytest.raises(sim.InputError, match=r"day 17 and day 18.*sim\.simulate\(study, also=\[plan\]\)"):
        worlds.settle(plan)
    wider = sim.simulate(study, worlds=64, also=[plan])
    assert wider.settle(plan).document["plans"]["banded"]["cost"]["p50"] > 0.0
    with pytest.raises(sim.InputError, match="Did you mean 'tiers'"):
        worlds.settle("tier")


def test_retention_of_the_company_that_was_not_followed_is_refused(study):
    """Worlds that follow what all accounts keep by events know nothing of it by snapshots."""
    text = (CONFIGS / "plans" / "library" / "xactly-2015-csm.toml").read_text()
    by_events = sim.Plan.from_toml(text)
    by_snapshot = by_events.altered({"component.corporate.retention.basis": "snapshot"}, name="snapshot")
    worlds = sim.simulate(study, worlds=64, also=[by_events])
    assert worlds.settle(by_events).document["plans"]["xactly-2015-csm"]["cost"]["p50"] > 0.0
    with pytest.raises(sim.InputError, match="of the retention that these worlds follow"):
        worlds.settle(by_snapshot)


BY_DEAL = """
name = "by-deal"
pay = { base_salary = 60_000 }
[[component]]
name = "longer"
pay_kind = "commission"
measure = "deal_bookings"
[[component.deals]]
types = ["renewal", "uplift", "expansion"]
term_months = "[24, inf)"
rate = 0.02
"""


def test_classes_of_deals_that_were_not_kept_are_refused_and_can_be_kept(study, tmp_path):
    """What is kept is what a run pays, saved worlds included; another edge is another class."""
    plan = sim.Plan.from_toml(BY_DEAL)
    other = plan.altered({"component.longer.deals[0].term_months": "[36, inf)"}, name="longest")
    worlds = sim.simulate(study, worlds=64, also=[plan])
    paid = worlds.settle(plan).document["plans"]["by-deal"]["cost"]["p50"]
    run = sim.run(sim.Study(scenario=study.scenario, plans=[plan], seed=study.seed, worlds=64))
    assert paid == run.document["plans"]["by-deal"]["cost"]["p50"] > 0.0
    write_blocks(worlds._kept.blocks, tmp_path)
    (kept, *_), (written, *_) = (
        blocks[0].ledgers[0] for blocks in (read_blocks(tmp_path), worlds._kept.blocks)
    )
    assert kept.activity.deals.keys() == written.activity.deals.keys() == set(plan.deals)
    for terms in plan.deals:
        np.testing.assert_array_equal(kept.activity.deals[terms], written.activity.deals[terms])
    with pytest.raises(sim.InputError) as refused:
        worlds.settle(other)
    assert str(refused.value) == (
        "plan longest must be of classes of deals that these worlds tell apart, received another class of expansion, "
        "renewal, uplift. Keep worlds that tell it apart: sim.simulate(study, also=[plan])."
    )


def test_saved_worlds_are_the_same_worlds(study, tmp_path):
    banded = study.plans["base"].altered(
        {"component.renewals.crediting.early_bands": ({"through_day": 17, "multiplier": 1.1},)}, name="banded"
    )
    with pytest.raises(sim.InputError, match="changed in Python"):
        sim.simulate(study, worlds=64).save(tmp_path / "changed")
    assert list(tmp_path.iterdir()) == []
    worlds = sim.simulate(sim.load(study.path), worlds=128, also=[banded])
    opened = sim.open_worlds(worlds.save(tmp_path / "kept"), threads=2)
    assert opened.settle().to_json() == worlds.settle().to_json()
    assert opened.settle("tiers", banded).to_json() == worlds.settle("tiers", banded).to_json()
    content = bytearray((tmp_path / "kept" / "ledgers.bin").read_bytes())
    content[1000] ^= 1
    (tmp_path / "kept" / "ledgers.bin").write_bytes(content)
    with pytest.raises(sim.InputError, match="changed since"):
        sim.open_worlds(tmp_path / "kept")
    with pytest.raises(sim.InputError, match="kept worlds"):
        sim.open_worlds(tmp_path)


def _edited(folder, name):
    (folder / name).write_text((folder / name).read_text() + "# mine\n")


def _piped(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)


@pytest.fixture(scope="module")
def saved(study, tmp_path_factory):
    also = [study.plans["base"].altered({}, name="other")]
    return sim.simulate(sim.load(study.path), worlds=64, also=also).save(
        tmp_path_factory.mktemp("saved") / "kept"
    )


@pytest.mark.parametrize(
    "name", ["scenario.toml", "study.toml", "also/001.toml", "plans/tiers.toml", "ledgers.json"]
)
@pytest.mark.parametrize("change", [_edited, _piped, lambda folder, name: (folder / name).unlink()])
def test_worlds_with_any_file_changed_are_refused(saved, tmp_path, name, change):
    folder = shutil.copytree(saved, tmp_path / "kept")
    change(folder, name)
    with pytest.raises(
        sim.InputError, match=f"{name} must be as csmsim simulate wrote it, received one changed"
    ):
        sim.open_worlds(folder)


def test_what_lies_beside_worlds_is_no_part_of_them_and_never_lost(saved, tmp_path, study):
    folder = shutil.copytree(saved, tmp_path / "kept")
    (folder / "also" / "000.toml").write_text("mine")
    (folder / "notes.md").write_text("mine")
    opened = sim.open_worlds(folder)
    assert opened.settle().to_json() == sim.open_worlds(saved).settle().to_json()
    with pytest.raises(sim.InputError, match="with files that csmsim did not write"):
        opened.save(folder)
    opened.save(folder, force=True)
    assert (tmp_path / "kept.old-1" / "notes.md").read_text() == "mine"
    (tmp_path / "pipe").symlink_to(tmp_path / "nowhere")
    with pytest.raises(sim.InputError, match="a link to nothing"):
        opened.save(tmp_path / "pipe")


def test_worlds_of_another_version_are_refused(saved, monkeypatch):
    monkeypatch.setitem(ledger_file.WRITER, "draw plan", 10_000)
    with pytest.raises(sim.InputError, match="and draw plan 10000, received worlds of csmsim"):
        sim.open_worlds(saved)


def test_worlds_of_all_that_plans_read_are_saved(tmp_path):
    """Activity, KPIs, followed accounts, seats and the whole company among them."""
    study = sim.load(CONFIGS / "studies" / "team.toml")
    worlds = sim.simulate(study, worlds=64)
    opened = sim.open_worlds(worlds.save(tmp_path / "kept"))
    assert opened.settle().to_json() == worlds.settle().to_json()


def test_a_plan_as_text_is_the_plan():
    for path in sorted((CONFIGS / "plans").rglob("*.toml")):
        if "[[component]]" in path.read_text():
            plan = sim.Plan.from_toml(path.read_text())
            assert sim.Plan.from_toml(plan.to_toml()) == plan


def test_a_sweep_is_every_value_settled_alone(study, worlds):
    """And the cost of a plan with a linear curve falls as more is asked: its rows are ordered."""
    found = sim.sweep(worlds, "base", {RATE: np.linspace(0.8, 1.0, 5)}, measures=("cost.mean", "cost.p90"))
    alone = [
        worlds.settle("base", study.plans["base"].altered({RATE: rate}, name="one")).document
        for rate in found[RATE]
    ]
    assert found["cost.p90"].tolist() == [each["plans"]["one"]["cost"]["p90"] for each in alone]
    assert found["cost.mean_se"].tolist() == [each["plans"]["one"]["cost"]["se"] for each in alone]
    assert (np.diff(found["cost.mean"]) < 0.0).all()


def test_a_solution_reaches_its_target_and_says_how_surely(worlds):
    target = 0.5 * sum(sim.sweep(worlds, "base", {RATE: [0.85, 0.95]}, measures=("cost.mean",))["cost.mean"])
    found = sim.solve(worlds, "base", vary=RATE, until=f"cost.mean = {target}", between=(0.8, 1.1))
    assert 0.85 < found.value < 0.95
    assert found.reached == pytest.approx(target, rel=1e-5)
    row = sim.sweep(worlds, "base", {RATE: [found.value]}, measures=("cost.mean",)).iloc[0]
    assert row["cost.mean"] == found.reached
    assert 0.0 < found.se < 0.05
    assert found.plan.component[0].quota.rate == found.value
    assert (found.value, found.reached) in found.curve


def test_the_error_of_a_solution_is_the_spread_between_seeds():
    """20 seeds of a company of 3 CSMs: the spread of the solved values against the mean of their squared errors. The
    false-alarm rate is 0.6 %.
    """
    study = sim.load(CONFIGS / "studies" / "quickstart.toml")
    segment = study.scenario.segment[0].model_copy(update={"csms": 3})
    small = replace(
        study,
        baseline="tiers",
        scenario=study.scenario.with_(segment=(segment,)),
        sets=tuple(each for each in study.sets if each.name == "tiers"),
    )
    target = sim.simulate(small, worlds=256).settle().document["plans"]["tiers"]["cost"]["mean"]
    asked = {"vary": RATE, "until": Target("cost.mean", target), "between": (0.6, 1.6)}
    found = [sim.solve(sim.simulate(small, worlds=64, seed=seed), "tiers", **asked) for seed in range(20)]
    spread = np.var([each.value for each in found], ddof=1)
    errors = np.mean([each.se**2 for each in found])
    low, high = stats.chi2.ppf([0.003, 0.997], 19) / 19
    assert low < spread / errors < high


def test_no_value_is_said_plainly(worlds):
    found = sim.solve(worlds, "base", vary=RATE, until="cost.mean = 1M", between=(0.8, 1.1))
    assert found.value is None
    assert found.plan is None
    assert (
        "None of 9 values of component.renewals.quota.rate from 0.8 to 1.1 brings cost.mean to 1,000,000"
        in found.why
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("cost.p90 = 1.55M", 1.55e6), ("cost.p90=1_550_000", 1.55e6), ("pay.share_at_cap = 5%", 0.05)],
)
def test_a_target_is_read_as_people_write_it(text, value):
    assert target_of(text).value == pytest.approx(value)


def test_a_measure_that_nothing_has_is_a_sentence(worlds):
    with pytest.raises(sim.InputError, match="Did you mean 'p90'"):
        sim.sweep(worlds, "base", {RATE: [0.9]}, measures=("cost.p9O",))
    with pytest.raises(sim.InputError, match=r"until must be a measure and a number"):
        target_of("cost.p90 is 5")


def test_worlds_of_a_crm_export_are_kept_swept_and_saved_alike(tmp_path):
    """Its CSMs by name, as a run has them."""
    plans = [CONFIGS / "plans" / f"{name}.toml" for name in ("base", "tiers")]
    study = sim.Study(CONFIGS / "scenarios" / "crm-export.toml", plans, worlds=128)
    kept = sim.simulate(study, threads=1)
    opened = sim.open_worlds(kept.save(tmp_path / "kept"))
    assert opened.settle().to_json() == kept.settle().to_json()
    run = sim.run(study, threads=1).document["plans"]["tiers"]
    found = opened.settle().document["plans"]["tiers"]
    assert found["cost"] == run["cost"]
    assert run["payees"]["rows"]
    assert found["payees"] == run["payees"]
    swept = sim.sweep(opened, "tiers", {RATE: [0.9, 0.95]}, measures=("cost.mean",))
    assert swept["cost.mean"].iloc[1] == run["cost"]["mean"]
