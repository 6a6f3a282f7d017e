"""Who gains and who loses: changes add up to the plan's, and shares are those of worlds settled one by one."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.setting import prepare
from sim.engine.simulate import open_books
from sim.plan.settle import settle
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def study():
    """A company of three CSMs whose one drawn book is held in all worlds, under three plans."""
    loaded = sim.load(CONFIGS / "studies" / "quickstart.toml")
    segment = loaded.scenario.segment[0].model_copy(update={"csms": 3})
    book = loaded.scenario.book.model_copy(update={"redraw": False})
    names = ("base", "tiers", "late-bands")
    return replace(
        loaded,
        scenario=loaded.scenario.with_(segment=(segment,), book=book),
        sets=tuple(each for each in loaded.sets if each.name in names),
        worlds=320,
    )


@pytest.fixture(scope="module")
def result(study):
    return sim.run(study)


def test_changes_add_up_to_the_plans_difference(result):
    """To the cent, over all worlds, on-cost apart."""
    plans = result.document["plans"]
    for name in ("tiers", "late-bands"):
        rows = plans[name]["payees"]["rows"]
        gap = plans[name]["cost_parts"]["variable"] - plans["base"]["cost_parts"]["variable"]
        assert sum(row["change"] for row in rows) == pytest.approx(gap, abs=0.005)
        assert [row["change"] for row in rows] == sorted(row["change"] for row in rows)
        by_csm = result.books[result.books["plan"] == name].set_index("csm")["variable_mean"]
        for row in rows:
            assert row["pay"] == pytest.approx(by_csm[row["csm"]])
            assert row["change"] == pytest.approx(row["pay"] - row["baseline"])
    assert "payees" not in plans["base"]


def test_spreads_are_those_of_worlds_settled_one_by_one(study, result):
    setting, worlds = prepare(study), 256
    pay = {}
    for csm, ledger in open_books(setting, setting.world, range(3), 0, worlds):
        for each, plan in zip(study.sets, setting.plans, strict=True):
            pay[each.name, csm] = settle(plan, ledger).bonus.sum(axis=0)
    salary = study.plans["base"].pay.base_salary * 2.0
    found = result.document["plans"]["tiers"]["payees"]
    losses = np.zeros(worlds)
    felt = []
    for csm in range(3):
        change = pay["tiers", csm] - pay["base", csm]
        felt.append(change / (pay["base", csm] + salary))
        losses += np.maximum(-change, 0.0)
        row = next(row for row in found["rows"] if row["csm"] == setting.world.book.csms[csm])
        assert (row["p10"], row["p90"]) == pytest.approx(tuple(np.quantile(change, [0.1, 0.9])))
        assert row["lose"] == np.mean(felt[-1] < -0.05)
    assert found["worlds"] == worlds
    assert found["lose"] == pytest.approx(np.mean(np.array(felt) < -0.05))
    assert found["share_losing_10pct"] == pytest.approx(np.mean(np.array(felt) < -0.10))
    assert found["make_whole"] == pytest.approx(np.mean(losses) / 2.0)


def test_threads_change_nothing(study, result):
    assert sim.run(study, threads=1, block=64).to_json() == result.to_json()


def test_where_books_are_drawn_anew_nobody_is_named(study):
    anew = replace(study, scenario=sim.load(CONFIGS / "studies" / "quickstart.toml").scenario, worlds=64)
    found = sim.run(anew).document["plans"]["tiers"]["payees"]
    assert "rows" not in found
    assert sum(segment["csms"] for segment in found["segments"]) == 42
    assert sum(s["csms"] * s["change"] for s in found["segments"]) < 0.0


def test_a_report_shows_winners_first_in_short_and_all_by_name(result):
    from sim.report.reported import reported
    from sim.report.written import report_text

    tables = {table.name: table for table in reported(result.document).tables}
    assert len(tables["payees"].rows) == 6
    shown = report_text(result.document)
    assert "Who gains and who loses against base" in shown
    worst = result.document["plans"]["tiers"]["payees"]["rows"][0]["csm"]
    assert f"{worst} −$" in shown


def test_role_sets_are_left_out():
    study = sim.load(CONFIGS / "studies" / "ownership.toml")
    plain = replace(study, tables=())
    assert not any("payees" in plan for plan in sim.run(plain, worlds=64).document["plans"].values())
