"""A search finds what is planted, is the same for any number of threads, and leaves whole results."""

import json
import tomllib
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.cli import command
from sim.engine.kept import keep, settled
from sim.engine.pool import ALONE
from sim.questions.search.figures import coordinates
from sim.questions.search.findings import held
from sim.questions.search.measure import measure_of, objective_of
from sim.questions.search.setting import Search, Vary
from sim.questions.search.summary import search_schema
from sim.searching.front import front_of, knees, spread
from sim.searching.generations import search_front
from sim.searching.settled import Asked, Evaluator, Tried, study_of
from sim.searching.space import Space
from sim.study.summary import some_of
from tests.rig.inputs.small_study import write_study
from tests.search.test_asked import SEARCH, study_with

WIDE = """
[search]
plan = "capped"
objectives = ["cost.mean", "max: pay.share_at_target"]
keep = ["cost.p90 <= 0.7M"]
evaluations = 60
population = 16
finalists = 5
worlds = 64
fresh_worlds = 512
[search.vary]
"component.renewals.quota.rate" = { from = 0.80, to = 1.00, step = 0.004 }
"component.renewals.curve[1].attainment" = { from = 1.0, to = 1.3 }
"pay.target_bonus" = { from = 9_000, to = 12_000, step = 200 }
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return study_with(tmp_path_factory.mktemp("search"), WIDE)


@pytest.fixture(scope="module")
def result(path):
    return sim.search(sim.load(path), threads=1)


def test_threads_change_nothing(path, result, monkeypatch):
    monkeypatch.setattr("sim.searching.settled.LONG", 1)
    assert sim.search(sim.load(path), threads=3).document == result.document


def test_finalists_are_signed_and_settled_as_a_run_settles_them(path, result):
    """The measures of a finalist on the worlds of the search are those of a run of its plan on those worlds."""
    study = sim.load(path)
    name, found = next(iter(result.suite.finalists.items()))
    for values in (each.values for each in result.suite.finalists.values()):
        rate, bonus = values["component.renewals.quota.rate"], values["pay.target_bonus"]
        assert round(rate * 100) == pytest.approx(rate * 100, abs=1e-9)
        assert bonus % 500 == 0
    assert result.suite.trials.moved > 0
    plan = result.plans[name]
    sets = tuple(replace(each, roles=(replace(each.roles[0], plan=plan),)) for each in study.sets[:1])
    run = sim.run(replace(study, sets=sets, baseline=sets[0].name), worlds=64).document["plans"][sets[0].name]
    assert found.objectives["cost.mean"].kept == run["cost"]["mean"]
    assert found.objectives["pay.share_at_target"].kept == run["pay"]["share_at_target"]


def test_fresh_worlds_are_others_and_errors_are_those_of_a_mean(path, result):
    """The sectioned error of a mean is near the usual one: 8 parts, so within a factor 2.2 in all but 1 of 100 seeds."""
    study = sim.load(path)
    asked = study.asked(Search)
    fresh = keep(study, asked.fresh_worlds, ALONE, first=study.worlds + asked.worlds)
    plan = next(iter(result.plans.values()))
    chosen = study_of(fresh.study, [plan])
    setting, totals = settled(fresh, chosen, ALONE)
    cost = some_of(chosen, setting, totals, {"cost"})[plan.name].document()["cost"]
    told = result.suite.finalists[plan.name].objectives["cost.mean"]
    assert told.value == pytest.approx(cost["mean"], rel=1e-12)
    assert cost["se"] / 2.2 < told.se < cost["se"] * 2.2
    assert told.value != told.kept


class Planted(Evaluator):
    """An evaluator of a known function of the values, with one best point among 5,000."""

    def __init__(self, space, asked):
        self.space, self.asked, self.tried = space, asked, {}

    def evaluate(self, points):
        for point in points:
            gap = sum((place - best) ** 2 for place, best in zip(self.places(point), BEST, strict=True))
            ripple = sum(place % 3 != best % 3 for place, best in zip(self.places(point), BEST, strict=True))
            beyond = 1.0 if point[0] == point[1] else 0.0
            self.tried[point] = Tried(point, {"cost.mean": gap + ripple}, (gap + ripple,), beyond, "")
        return [self.tried[point] for point in points]

    def places(self, point):
        return [values.index(value) for values, value in zip(self.space.values, point, strict=True)]


BEST = (7, 2, 9, 3)


def test_the_planted_optimum_is_found_for_19_of_20_seeds(path):
    """One best point among 5,000 with ripples around it, 400 tried."""
    study = sim.load(path)
    steps = {"from": 1, "to": 10, "step": 1}
    paths = ("quota.rate", "curve[1].attainment", "curve[1].pays")
    vary = {f"component.renewals.{path}": Vary.model_validate(steps) for path in paths}
    vary["component.renewals.crediting.date"] = Vary.model_validate({"choices": ("a", "b", "c", "d", "e")})
    space = Space(study.plans["capped"], vary)
    asked = Asked((objective_of("cost.mean"),), ())
    found = 0
    for seed in range(20):
        evaluator = Planted(space, asked)
        search_front(evaluator, 400, 32, seed)
        assert len(evaluator.tried) == 400
        found += min(each.worse[0] for each in evaluator.tried.values() if each.fits) == 0.0
    assert found >= 19


def test_few_combinations_are_all_tried(tmp_path):
    result = sim.search(sim.load(study_with(tmp_path, SEARCH)), worlds=64)
    assert result.suite.trials.complete
    assert result.suite.trials.tried == result.suite.trials.combinations == 10


def test_a_front_is_what_no_point_beats():
    rng = np.random.default_rng(3)
    worse = np.round(rng.random((300, 3)), 2)
    by_hand = [
        at
        for at in range(len(worse))
        if not any((other <= worse[at]).all() and (other < worse[at]).any() for other in worse)
    ]
    assert front_of(worse).tolist() == by_hand


def test_the_knee_of_a_bent_line_is_its_bend():
    line = np.array([[x, max(1.0 - 4.0 * x, 0.25 * (1.0 - x))] for x in np.linspace(0.0, 1.0, 21)])
    (knee,) = knees(line)
    assert line[knee, 0] == pytest.approx(0.2)
    chosen = spread(line, 5)
    assert chosen[0] == knee
    assert {0, 20} <= set(chosen)
    assert len(set(chosen)) == 5


def test_a_study_without_the_table_is_told_what_to_write(tmp_path, capsys):
    path = write_study(tmp_path / "study")
    assert command(["search", str(path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "[search]" in said
    assert "[search.vary]" in said
    assert not (tmp_path / "out").exists()


def test_bounds_that_no_plan_keeps_are_a_sentence(tmp_path):
    path = study_with(tmp_path, SEARCH.replace("0.6M", "1"))
    with pytest.raises(sim.InputError, match="none among 10 plans"):
        sim.search(sim.load(path), worlds=64)


def test_the_command_leaves_a_whole_result(path, tmp_path, capsys, result):
    out = tmp_path / "out"
    assert command(["search", str(path), "--out", str(out), "--threads", "2", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(result.document))
    assert json.loads((out / "search.json").read_text()) == printed
    for name, plan in result.plans.items():
        text = (out / "finalists" / f"{name}.toml").read_text()
        assert sim.Plan.from_toml(text) == plan
        assert tomllib.loads(text)["name"] == name
    again = sim.load(out / "study.toml")
    assert again.asked(Search) == sim.load(path).asked(Search).model_copy(
        update={"worlds": 64, "evaluations": 60}
    )
    assert command(["report", str(out), "--only", "csv", "--only", "xlsx"]) == 0
    assert (out / "workbook.xlsx").exists()


def test_the_schema_takes_what_a_search_writes_and_nothing_wrong(result):
    """Every number says its unit and its meaning, but the values of clauses, which are in whatever the plan file has."""
    jsonschema = pytest.importorskip("jsonschema")
    written, schema = json.loads(result.to_json()), search_schema()
    jsonschema.validate(written, schema)
    for key, wrong in (("worlds", "many"), ("seeds", 1), ("finalists", [])):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**written, key: wrong}, schema)
    without = [
        (name, key)
        for name, model in {"SearchSuite": schema, **schema["$defs"]}.items()
        for key, field in model["properties"].items()
        if any(each.get("type") in ("number", "integer") for each in (field, *field.get("anyOf", ())))
        and not (field.get("unit") and field.get("description"))
    ]
    assert [each for each in without if each[0] not in ("Moving", "Facts")] == [("SearchSuite", "seed")]


def test_what_is_asked_alone_is_what_a_whole_summary_says(path):
    """Sections that are worked out alone have the numbers of the whole summary, to the last bit."""
    study = sim.load(path)
    kept = keep(study, 64, ALONE)
    whole = sim.run(study, worlds=64, threads=1).document["plans"]
    chosen = replace(study, worlds=64)
    setting, totals = settled(kept, chosen, ALONE)
    for section in ("cost", "pay", "retention", "cost_parts", "forecast", "vs_baseline"):
        for name, plan in some_of(chosen, setting, totals, {section}).items():
            assert plan.document().get(section) == whole[name].get(section)


def test_the_picture_has_a_line_for_every_finalist_and_one_for_today(result):
    shape = coordinates(result.suite)
    names = [thread.name for thread in shape.threads]
    assert names == [result.suite.plan, *result.suite.finalists]
    assert [axis.title for axis in shape.axes][-2:] == ["Mean cost", "At target"]
    assert [axis.wanted for axis in shape.axes] == ["", "", "", "bottom", "top"]
    costs = [thread.points[3][1] for thread in shape.threads]
    told = [result.suite.today["cost.mean"].kept]
    told += [each.objectives["cost.mean"].kept for each in result.suite.finalists.values()]
    assert np.argsort(costs).tolist() == np.argsort([-cost for cost in told]).tolist()
    assert all(0.0 <= top <= 100.0 for thread in shape.threads for _, top in thread.points)


def test_sentences_are_those_of_the_rows(result):
    suite = result.suite
    kept = [name for name, each in suite.finalists.items() if not each.dropped]
    assert held(suite).startswith(f"{len(kept)} of {len(suite.finalists)} finalists hold on 512 fresh worlds")
    for step in suite.buys:
        cheaper = suite.today if step.over == suite.plan else suite.finalists[step.over].objectives
        dearer = suite.today if step.plan == suite.plan else suite.finalists[step.plan].objectives
        added = dearer["cost.mean"].value - cheaper["cost.mean"].value
        assert step.added == pytest.approx(added)
        assert step.added >= 0.0


def test_a_missing_library_is_a_sentence_and_needed_only_where_plans_are_many(path, monkeypatch, tmp_path):
    monkeypatch.setattr("sim.searching.generations.find_spec", lambda _name: None)
    with pytest.raises(sim.InputError, match=r"pip install 'csm-compensation-simulator\[search\]'"):
        sim.search(sim.load(path))
    assert sim.search(sim.load(study_with(tmp_path, SEARCH)), worlds=64).suite.trials.complete


def test_numbers_that_are_asked_alone_are_those_of_a_whole_summary(path):
    """Of paths in place of sections, nothing but the numbers of those paths is worked out, each to the last bit."""
    study = replace(sim.load(path), worlds=64)
    whole = sim.run(study, worlds=64, threads=1).answers.plans
    setting, totals = settled(keep(study, 64, ALONE), study, ALONE)
    paths = (
        "payees.share_losing_10pct",
        "payees.make_whole_2q",
        "payees.segments[0].lose",
        "payees.foot.cost",
    )
    paths += ("pay.share_at_target", "pay.attainment.p50", "cost.p90", "retention.grr", "vs_baseline.p50")
    for asked in map(measure_of, paths):
        for name, plan in some_of(study, setting, totals, {asked.path}).items():
            assert asked.value(plan) == asked.value(whole[name])
            assert (asked.value(plan) is None) == (asked.section == "payees" and name == study.baseline)
            others = (each for each in map(measure_of, paths) if each.section in ("pay", "payees"))
            assert all(each.value(plan) is None for each in others if each != asked)
