"""What a run leaves behind: the summary's contract, tables that agree with it, and a directory that runs again."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import InputError
from tests.rig.inputs.small_study import read_from

COST = {
    "mean",
    "se",
    "sd",
    "p5",
    "p10",
    "p25",
    "p50",
    "p75",
    "p90",
    "p95",
    "p99",
    "cvar95",
    "prob_over_budget",
}


@pytest.fixture(scope="module")
def document(result):
    return json.loads(result.to_json())


@pytest.fixture(scope="module")
def directory(result, tmp_path_factory):
    return result.write(tmp_path_factory.mktemp("out") / "small")


def test_the_contract_of_the_summary(document):
    assert {"name", "seed", "worlds", "csms", "periods", "hash", "version", "draw_plan"} <= document[
        "study"
    ].keys()
    assert list(document["plans"]) == ["today", "multiplier", "capped"]
    for plan in document["plans"].values():
        assert plan["cost"].keys() >= COST
        assert {"mean", "se", "ci95"} <= plan["vs_baseline"].keys()
        assert {"grr", "nrr"} <= plan["retention"].keys()
        assert [entry["period"] for entry in plan["cost_by_period"]] == [0, 1, 2, 3]


def test_the_summary_equals_the_worlds(document, result):
    """Every published cost figure, recomputed by pandas and numpy from the per-world table."""
    totals = result.worlds.pivot_table(
        index="world", columns="plan", values="cost", aggfunc="sum", observed=True
    )
    for name, plan in document["plans"].items():
        cost = totals[name].to_numpy()
        found = plan["cost"]
        assert found["mean"] == pytest.approx(cost.mean())
        assert found["sd"] == pytest.approx(cost.std(ddof=1))
        assert found["se"] == pytest.approx(cost.std(ddof=1) / np.sqrt(500))
        for level in (5, 10, 25, 50, 75, 90, 95, 99):
            assert found[f"p{level}"] == pytest.approx(np.percentile(cost, level))
        assert found["prob_over_budget"] == np.mean(cost > 600_000)
        difference = cost - totals["today"].to_numpy()
        assert plan["vs_baseline"]["mean"] == pytest.approx(difference.mean())
        assert plan["vs_baseline"]["share_dearer"] == np.mean(difference > 1e-3)


def test_cost_is_variable_pay_salaries_and_on_cost(document, result):
    worlds = result.worlds
    np.testing.assert_allclose(worlds["cost"], (worlds["variable"] + worlds["base"]) * 1.1)
    assert worlds["base"].unique().tolist() == [3 * 80_000 / 4]
    for plan in document["plans"].values():
        parts = plan["cost_parts"]
        assert parts["base"] == 3 * 80_000
        assert plan["cost"]["mean"] == pytest.approx(parts["variable"] + parts["base"] + parts["on_cost"])
        timings = ("early", "late", "on_time", "uncredited")
        assert sum(parts[timing] for timing in timings) == pytest.approx(parts["variable"])


def test_what_was_not_computed_is_absent(document):
    assert "share_at_cap" not in document["plans"]["today"]["pay"]
    assert "share_at_cap" in document["plans"]["capped"]["pay"]
    text = json.dumps(document)
    assert "NaN" not in text
    assert "null" not in text


def test_a_capped_plan_pays_no_more_than_its_cap(document):
    pay = document["plans"]["capped"]["pay"]
    assert pay["per_period"]["p95"] == pay["cap"] == 10_000.0
    assert pay["share_at_cap"] == pay["share_at_target"]


def test_linear_plans_have_no_convexity_and_capped_ones_save(document):
    assert document["plans"]["today"]["convexity"]["mean"] == pytest.approx(0.0, abs=1e-6)
    assert document["plans"]["capped"]["convexity"]["mean"] < 0.0


def test_a_plan_equals_itself(document):
    assert document["plans"]["today"]["vs_baseline"]["ci95"] == [0.0, 0.0]


def test_the_summary_table_has_units(result):
    summary = result.summary
    assert summary.index.tolist() == ["today", "multiplier", "capped"]
    assert summary.attrs["units"].keys() >= set(summary.columns)
    assert summary.loc["multiplier", "vs_baseline_mean"] > 0


def test_the_book_table_agrees_with_the_worlds(result):
    books = result.books
    per_plan = books.groupby("plan", observed=True)["variable_mean"].sum()
    worlds = result.worlds.groupby("plan", observed=True)["variable"].sum() / 500
    pd.testing.assert_series_equal(per_plan, worlds, check_names=False)
    assert books["csm"].tolist()[:3] == ["smb-001", "smb-002", "enterprise-001"]
    assert books["segment"].tolist()[:3] == ["smb", "smb", "enterprise"]
    assert books["accounts"].tolist()[:3] == [12, 12, 5]


def test_parquet_holds_the_tables_and_where_they_come_from(result, directory):
    for name, frame in (("worlds", result.worlds), ("books", result.books)):
        table = pq.read_table(directory / f"{name}.parquet")
        assert table.schema.metadata[b"seed"] == b"11"
        assert table.schema.metadata[b"hash"].decode() == result.study.hash
        assert all(b"unit" in field.metadata for field in table.schema)
        assert table.column_names == list(frame.columns)
        for column in frame.columns:
            assert table[column].to_pylist() == frame[column].tolist()


def test_fewer_worlds_are_a_prefix_of_the_file(result, directory, tmp_path):
    fewer = pq.read_table(sim.run(result.study, worlds=50).write(tmp_path / "fewer") / "worlds.parquet")
    more = pq.read_table(directory / "worlds.parquet").slice(0, fewer.num_rows)
    for column in more.column_names:
        assert more[column].to_pylist() == fewer[column].to_pylist()


def test_rows_are_written_in_groups(result, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.study.directory.ROWS_IN_GROUP", 700)
    file = pq.ParquetFile(result.write(tmp_path / "groups") / "worlds.parquet")
    assert file.metadata.num_row_groups == 9
    assert file.read()["cost"].to_pylist() == result.worlds["cost"].tolist()


def test_the_directory_runs_again(result, directory):
    again = sim.load(directory / "study.toml")
    assert again.hash == result.study.hash
    assert sim.run(again).to_json() == result.to_json()


def test_a_study_with_a_book_runs_again_from_its_results(path, tmp_path):
    (path.parent / "books").mkdir()
    rows = "Ann,a,smb,12000,2026-03-31,12\nBo,b,smb,36000,2026-05-15,24\n"
    (path.parent / "books/crm.csv").write_text("csm,account,segment,arr,due_date,term_months\n" + rows)
    scenario = path.parent / "scenario.toml"
    scenario.write_text(read_from(scenario.read_text(), "books/crm.csv"))
    first = sim.run(sim.load(path), worlds=10)
    again = sim.load(first.write(tmp_path / "out") / "study.toml")
    assert again.hash == first.study.hash
    assert sim.run(again).to_json() == first.to_json()


def test_plan_files_of_one_name_stay_apart(path, tmp_path):
    (path.parent / "other").mkdir()
    (path.parent / "plans/capped.toml").rename(path.parent / "other/today.toml")
    path.write_text(path.read_text().replace("plans/capped.toml", "other/today.toml"))
    study = sim.load(path)
    again = sim.load(sim.run(study, worlds=2).write(tmp_path / "out") / "study.toml")
    assert [plan.name for plan in again.plans] == [plan.name for plan in study.plans]


def test_foreign_directories_are_left_alone(result, tmp_path):
    (tmp_path / "letter.txt").write_text("dear all")
    with pytest.raises(InputError):
        result.write(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_the_notebook_table_escapes_names(result):
    html = result._repr_html_()
    assert html.count("<tr>") == 3 + 4, "the difference of two plans, the cost of three, each with a head"
    assert "multiplier" in html
