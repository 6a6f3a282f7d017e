"""Calls from Python: studies without files, what the command line can, values that show themselves, draw and go to Arrow."""

import json
import subprocess
import sys

import matplotlib.image
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import sim
from sim.cli import command
from tests.rig.repository import CONFIGS

DEALS = CONFIGS / "deals" / "founding-early.csv"
PLANS = [CONFIGS / "plans" / "founding" / f"early-{number}.toml" for number in (1, 4)]
RATE = "component.renewals.quota.rate"


@pytest.fixture(scope="module")
def study():
    return sim.load(CONFIGS / "studies" / "quickstart.toml")


@pytest.fixture(scope="module")
def worlds(study):
    return sim.simulate(
        sim.Study(study.scenario, [study.plans[each] for each in ("base", "tiers")], worlds=64)
    )


def printed(capsys, *arguments):
    assert command([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.jit
def test_a_study_of_values_is_the_study_of_files(study, tmp_path):
    """The same scenario and plans as an object, a path and tables; its result can be run again, to the same hash."""
    names = ("base", "tiers", "late-bands")
    tables = study.plans["late-bands"].model_dump(exclude_unset=True)
    plans = [study.plans["base"], CONFIGS / "plans" / "tiers.toml", tables]
    asked = {"limits": {"payee_cut": {"by": 0.1, "share": 0.5}}, "worlds": 64, "seed": study.seed}
    made = sim.Study(study.scenario, plans, name="made", budget=study.budget, **asked)
    assert (made.baseline, [each.name for each in made.sets]) == ("base", list(names))
    of_files = sim.run(study, worlds=64).document["plans"]
    result = sim.run(made)
    for name in names:
        assert result.document["plans"][name]["cost"] == of_files[name]["cost"]
    again = sim.load(result.write(tmp_path / "made") / "study.toml")
    assert again.hash == made.hash
    by_path = sim.Study(str(study.scenario.source), plans, name="made", budget=study.budget, **asked)
    assert by_path.hash == made.hash


def test_a_study_of_a_book_and_of_role_sets_needs_no_file_either(tmp_path):
    crm = sim.load(CONFIGS / "studies" / "quickstart.toml").plans["base"]
    made = sim.Study(CONFIGS / "scenarios" / "crm-export.toml", [crm], worlds=64)
    assert made.files.book is not None
    owned = sim.load(CONFIGS / "studies" / "ownership.toml")
    sets = [each.path for each in owned.sets if not each.plain][:2]
    roles = sim.Study(owned.scenario.source, sets, worlds=64)
    assert [len(each.roles) for each in roles.sets] == [
        len(each.roles) for each in owned.sets if not each.plain
    ][:2]
    assert roles.files.roles


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (({"name": "x"}, [PLANS[0]]), "the scenario: segment must be present"),
        ((3, [4]), "plans must be a plan, its tables as a dict, or its path, received 4"),
        ((CONFIGS / "scenarios" / "company.toml", []), "plans must be plans, one at least"),
        ((CONFIGS / "scenarios" / "companie.toml", [PLANS[0]]), "companie.toml must be an existing file"),
    ],
)
def test_what_is_wrong_with_a_study_of_values_is_a_sentence(arguments, said):
    with pytest.raises(sim.InputError) as refused:
        sim.Study(*arguments)
    assert said in str(refused.value)


def test_a_mistyped_table_names_the_near_one(study):
    with pytest.raises(sim.InputError, match="Did you mean 'gaming'"):
        sim.Study(study.scenario, [study.plans["base"]], gamin={})
    with pytest.raises(sim.InputError, match="at least 2"):
        sim.Study(study.scenario, [study.plans["base"]], worlds=1)


def test_replay_and_lint_say_what_the_commands_print(capsys):
    replayed = sim.replay(DEALS, PLANS, start="2026-01-01", periods=2)
    options = [part for plan in PLANS for part in ("--plan", plan)]
    assert replayed.document == printed(
        capsys, "replay", DEALS, *options, "--start", "2026-01-01", "--periods", 2
    )
    assert replayed.frame("statements")["bonus"].sum() == pytest.approx(40_000 + 43_333.33, abs=0.01)
    linted = sim.lint(*PLANS)
    assert linted.document == printed(capsys, "lint", *PLANS)
    with pytest.raises(sim.InputError, match="--start must be"):
        sim.replay(DEALS, PLANS[0], start="spring", periods=2)
    with pytest.raises(sim.InputError, match="unlike that of the plans before"):
        sim.lint(PLANS[0], PLANS[0])


@pytest.mark.jit
def test_explain_and_compare_say_what_the_commands_print(study, worlds, tmp_path, capsys):
    path = CONFIGS / "studies" / "quickstart.toml"
    explained = sim.explain(study, "tiers", world=3, csm=1)
    options = ("--plan", "tiers", "--world", 3, "--csm", 1)
    assert explained.document == printed(capsys, "explain", path, *options)
    made = [sim.run(worlds.study, seed=seed).write(tmp_path / str(seed)) for seed in (1, 2)]
    assert json.loads(json.dumps(sim.compare(*made).document)) == printed(capsys, "compare", *made)


def test_values_show_themselves_shortly_and_without_names():
    replayed = sim.replay(DEALS, PLANS, start="2026-01-01", periods=2)
    assert repr(replayed) == "Replay(1 CSM, 2 plans, 2 periods)"
    assert "casey" not in repr(replayed) + repr(replayed.value)
    assert "casey" in replayed._repr_html_()
    assert repr(sim.lint(PLANS[1])).startswith("Lint(1 plan: ")
    with pytest.raises(KeyError, match="there are statements"):
        replayed.frame("statement")


@pytest.mark.jit
def test_tables_go_to_polars_and_arrow_as_they_are(worlds):
    replayed = sim.replay(DEALS, PLANS, start="2026-01-01", periods=2)
    assert pl.DataFrame(replayed)["bonus"].to_list() == replayed.frame()["bonus"].tolist()
    assert pa.table(replayed).column_names == list(replayed.frame().columns)
    settled = worlds.settle()
    assert pl.DataFrame(settled)["cost_mean"].to_list() == settled.summary["cost_mean"].tolist()
    swept = sim.sweep(worlds, "base", {RATE: [0.8, 0.9]}, measures=("cost.p90",))
    assert pa.table(swept)["cost.p90"].to_pylist() == swept["cost.p90"].tolist()
    solved = sim.solve(worlds, "base", vary=RATE, until="cost.p90 = 1B", between=(0.8, 1.1))
    assert pa.table(solved).num_rows == 9


@pytest.mark.jit
def test_pictures_hold_the_numbers(worlds):
    swept = sim.sweep(worlds, "base", {RATE: np.linspace(0.8, 1.0, 5)}, measures=("cost.mean", "cost.p90"))
    (line,) = swept.plot("cost.mean").axes[0].lines
    assert line.get_xdata().tolist() == pytest.approx(swept[RATE].tolist())
    assert (1e6 * line.get_ydata()).tolist() == pytest.approx(swept["cost.mean"].tolist())
    with pytest.raises(sim.InputError, match=r"Did you mean 'cost\.p90'"):
        swept.plot("cost.p9O")
    target = 0.5 * (swept["cost.p90"].iloc[0] + swept["cost.p90"].iloc[-1])
    solved = sim.solve(worlds, "base", vary=RATE, until=f"cost.p90 = {target}", between=(0.8, 1.0))
    upright = [each for each in solved.plot().axes[0].lines if len({*each.get_xdata()}) == 1]
    assert upright[0].get_xdata()[0] == solved.value
    compared = worlds.compare(["tiers"], baseline="base")
    marks = [each for each in compared.plot().axes[0].lines if each.get_marker() == "|"]
    assert 1e3 * marks[0].get_xdata()[0] == pytest.approx(compared["vs_baseline_p50"]["tiers"])
    drawn = worlds.settle().plot().axes[0]
    assert [each.get_text() for each in drawn.get_yticklabels()] == ["base", "tiers"]


@pytest.mark.jit
def test_a_sweep_of_two_clauses_is_no_curve(worlds):
    cap = "component.renewals.crediting.early_cap"
    swept = sim.sweep(worlds, "base", {RATE: [0.8], cap: [0.5]}, measures=("cost.p90",))
    with pytest.raises(sim.InputError, match="of a sweep of one clause"):
        swept.plot()


def test_without_matplotlib_a_sentence_says_what_to_install():
    code = (
        "import sys; sys.modules['matplotlib'] = None\nimport importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'matplotlib' else found(name, *rest)\n"
        "import sim.report.plot as p; p.find_spec = u.find_spec\n"
        "try: p.new_axes()\nexcept p.InputError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'csm-compensation-simulator[plot]'" in done.stdout


@pytest.mark.jit
def test_the_commands_draw_their_curve(tmp_path, capsys):
    study = CONFIGS / "studies" / "quickstart.toml"
    asked = ("--plan", "base", "--worlds", "64")
    picture, again = tmp_path / "curve.png", tmp_path / "again.svg"
    sweep = ("sweep", study, *asked, "--vary", f"{RATE}=0.8..1.0/3", "--measure", "cost.p90")
    assert command([*map(str, sweep), "--plot", str(picture)]) == 0
    assert matplotlib.image.imread(picture).std() > 0.05
    solve = ("solve", study, *asked, "--vary", f"{RATE}=0.8..1.1", "--until", "cost.p90 = 15M")
    assert command([*map(str, solve), "--plot", str(again)]) == 0
    assert "cost.p90" in again.read_text()
    assert command([*map(str, solve), "--plot", str(again)]) == 2
    assert "Nothing is replaced" in capsys.readouterr().err
    assert command([*map(str, sweep), "--plot", str(tmp_path / "curve.bmp")]) == 2
    assert "ends in .svg or .png or .pdf" in capsys.readouterr().err


def test_importing_a_package_leaves_the_call_of_its_name():
    code = "import sim, sim.replay.replay, sim.explain.explain; print(sim.replay.__name__, callable(sim.explain))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["replay", "True"]
