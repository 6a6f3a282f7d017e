"""Who gains and who loses by a role set: every payee of every role, and sums that foot to the difference to the cent."""

import json
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.payees import payees_of
from tests.rig.inputs.roles import LEAVING, SCENARIO, write_roles
from tests.rig.readers.texts import by_name

pytestmark = pytest.mark.jit  # whole runs

PARTS = ("payees", "coming", "going", "open_seats", "on_cost", "hires")
WORLDS = 96


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Seven books that are the same in all worlds; a plan file, and two role sets."""
    loaded = sim.load(write_roles(tmp_path_factory.mktemp("roles") / "study"))
    book = loaded.scenario.book.model_copy(update={"redraw": False})
    return replace(loaded, scenario=loaded.scenario.with_(book=book), worlds=WORLDS)


@pytest.fixture(scope="module", params=["bonus", "managed", "sold"])
def result(study, request):
    """With each of them as the baseline."""
    return sim.run(replace(study, baseline=request.param))


def test_changes_of_all_payees_foot_to_the_difference_of_plans(result):
    """By name, by role and in all; with on-cost and hires, to the difference of company cost."""
    plans, baseline = result.document["plans"], result.study.baseline
    compared = 0
    for name, plan in plans.items():
        if name == baseline:
            assert "payees" not in plan
            continue
        entry, foot = plan["payees"], plan["payees"]["foot"]
        paid = foot["payees"] + foot.get("coming", 0.0) + foot.get("going", 0.0)
        assert sum(row["change"] for row in entry["rows"]) == pytest.approx(paid, abs=0.005)
        if "roles" in entry:
            assert sum(role["total"] for role in entry["roles"]) == pytest.approx(paid, abs=0.005)
        gap = plan["vs_baseline"]["mean"]
        assert sum(foot.get(part, 0.0) for part in PARTS) == pytest.approx(gap, abs=0.005)
        assert foot["cost"] == pytest.approx(gap, abs=0.005)
        assert [row["change"] for row in entry["rows"]] == sorted(row["change"] for row in entry["rows"])
        compared += 1
    assert compared == 2


def test_every_payee_is_the_one_of_the_books_file(result):
    """Name and role by role, mean pay under both; the spread is that of the worlds themselves."""
    study, totals = result.study, result.totals
    base = {each.role.name: each for each in payees_of(study, study.baseline_index)}
    for index, each in enumerate(study.sets):
        if each.name == study.baseline or each.plain:
            continue
        rows = result.document["plans"][each.name]["payees"]["rows"]
        for payees in payees_of(study, index):
            names = result.setting.territories[payees.position].names
            mine = {row["csm"]: row for row in rows if row["role"] == payees.role.name and "pay" in row}
            assert set(mine) == set(names)
            other = base.get(payees.role.name)
            salary = payees.role.plan.pay.base_salary * payees.role.salary_share
            for place, csm in enumerate(names):
                pay = totals.first_pay[payees.position, place] + salary
                row = mine[csm]
                assert row["pay"] == pytest.approx(pay.mean() - salary)
                if row.get("why") == "the role comes":
                    change = pay
                    assert "lose" not in row
                else:
                    before = totals.first_pay[other.position, place]
                    before = before + other.role.plan.pay.base_salary * other.role.salary_share
                    change = pay - before
                    assert row["lose"] == pytest.approx(np.mean(change < -0.05 * before))
                assert (row["p10"], row["p90"]) == pytest.approx(tuple(np.quantile(change, [0.1, 0.9])))
                assert row["change"] == pytest.approx(change.mean(), abs=0.005)


def test_shares_are_over_all_compared_payees_of_the_set(study):
    """Both roles of the managed set against themselves with a salary cut of a fifth: all lose."""
    managed = next(each for each in study.sets if each.name == "managed")
    cut = tuple(
        replace(role, plan=role.plan.model_copy(update={"pay": role.plan.pay.model_copy(update={
            "base_salary": 0.8 * role.plan.pay.base_salary})}))
        for role in managed.roles
    )  # fmt: skip
    poorer = replace(managed, name="poorer", roles=cut)
    found = sim.run(replace(study, sets=(managed, poorer), baseline="managed", tables=())).document
    entry = found["plans"]["poorer"]["payees"]
    assert (entry["lose"], entry["gain"]) == (1.0, 0.0)
    lost = sum(
        0.2 * role.plan.pay.base_salary * found["plans"]["managed"]["cost_by_role"][role.name]["payees"]
        for role in managed.roles
    )
    assert entry["make_whole"] == pytest.approx(lost)
    assert all("coming" not in row and row["lose"] == 1.0 for row in entry["rows"])


def test_seats_that_open_and_books_of_each_world(tmp_path):
    """Books drawn anew: nobody is named, roles are; the parts add up."""
    study = sim.load(write_roles(tmp_path / "study", scenario=SCENARIO + LEAVING))
    result = sim.run(replace(study, worlds=64))
    footed = 0
    for name, plan in result.document["plans"].items():
        if name == study.baseline:
            continue
        assert "rows" not in plan["payees"]
        if (foot := plan["payees"].get("foot")) is not None:
            parts = sum(foot.get(part, 0.0) for part in PARTS)
            assert parts == pytest.approx(plan["vs_baseline"]["mean"], abs=0.005)
            footed += 1
    assert footed


def test_tables_name_role_and_payee_and_masks_hide_them(study):
    result = sim.run(study)
    tables = by_name(result.document)
    keys = [column.key for column in tables["payees"].columns]
    assert keys[:3] == ["plan", "role", "csm"]
    assert {row[1] for row in tables["payees"].rows} >= {"csm", "manager"}
    assert tables["winners_by_role"].rows
    hidden = json.dumps(result.anonymous().document["plans"]["managed"]["payees"]["rows"])
    assert not any(csm in hidden for csm in result.book.csms)
    assert "CSM 0" in hidden
