"""A study whose inputs are not known: the same worlds for every plan, thread, block and question."""

import json

import numpy as np
import pytest

import sim
from sim.comparison.inputs import changes
from sim.errors import InputError
from tests.rig.inputs.uncertain_study import OWN, wide, write_uncertain

WORLDS = 130


@pytest.fixture(scope="module")
def uncertain(tmp_path_factory):
    return sim.load(write_uncertain(tmp_path_factory.mktemp("uncertain") / "small", wide(40)))


def told(result):
    """What a result says, but for the hash of what was run and what only draws have."""
    document = json.loads(result.to_json())
    document["study"].pop("hash")
    return document


def test_one_draw_of_the_scenarios_own_values_gives_the_bytes_of_the_run_without_it(tmp_path, study):
    one = sim.load(write_uncertain(tmp_path / "one", {name: [value] for name, value in OWN.items()}))
    without = sim.run(study, worlds=WORLDS)
    assert told(sim.run(one, worlds=WORLDS)) == told(without)


def test_worlds_are_those_of_each_draw(tmp_path):
    columns = wide(2)
    both = sim.run(sim.load(write_uncertain(tmp_path / "both", columns)), worlds=WORLDS).worlds
    for draw in (0, 1):
        own = {name: values[draw : draw + 1] for name, values in columns.items()}
        alone = sim.run(sim.load(write_uncertain(tmp_path / f"{draw}", own)), worlds=WORLDS).worlds
        mine = both["world"] % 2 == draw
        assert both[mine].equals(alone[mine])


def test_no_result_depends_on_threads_or_blocks(uncertain):
    one = sim.run(uncertain, worlds=WORLDS, threads=1)
    two = sim.run(uncertain, worlds=WORLDS, threads=2, block=64)
    assert one.to_json() == two.to_json()
    assert one.worlds.equals(two.worlds)


def test_kept_worlds_settle_as_a_run_does(uncertain, tmp_path):
    ran = sim.run(uncertain, worlds=WORLDS)
    kept = sim.simulate(uncertain, worlds=WORLDS)
    assert kept.settle().worlds.equals(ran.worlds)
    kept.save(tmp_path / "kept")
    assert sim.open_worlds(tmp_path / "kept").settle().worlds.equals(ran.worlds)


def test_the_draws_are_part_of_the_study_and_travel_with_its_result(uncertain, tmp_path):
    result = sim.run(uncertain, worlds=WORLDS)
    result.write(tmp_path / "told")
    again = sim.load(tmp_path / "told" / "study.toml")
    assert again.scenario.draws.content == uncertain.scenario.draws.content
    assert again.hash == uncertain.altered(worlds=WORLDS).hash
    assert sim.run(again).to_json() == result.to_json()
    other = sim.load(write_uncertain(tmp_path / "other", wide(40, seed=2)))
    assert other.hash != uncertain.hash


def test_a_study_of_values_takes_its_draws_along(uncertain, tmp_path):
    made = sim.Study(uncertain.scenario, [uncertain.plans["today"]], worlds=20)
    sim.run(made).write(tmp_path / "made")
    assert sim.load(tmp_path / "made" / "study.toml").hash == made.hash


def test_what_draws_move_moves_cost(uncertain):
    """Draws of more churn cost less: a plan on renewals pays for what is kept."""
    worlds = sim.run(uncertain, worlds=400).worlds
    cost = worlds[worlds["plan"] == "today"].groupby("world", observed=True)["cost"].sum().to_numpy()
    churn = uncertain.scenario.draws.values[np.arange(400) % 40, 0]
    assert np.corrcoef(cost, churn)[0, 1] < -0.1


def test_a_bad_file_is_a_sentence_of_the_study(tmp_path):
    path = write_uncertain(tmp_path / "bad", {"segment.smb.churn.probability": [0.1, 2.0]})
    with pytest.raises(
        InputError, match=r"posterior.parquet: column 'segment.smb.churn.probability', row 2 must be"
    ):
        sim.load(path)


@pytest.fixture(scope="module")
def told_of_draws(tmp_path_factory):
    path = write_uncertain(tmp_path_factory.mktemp("wide") / "small", wide(40, spread=1.5))
    return sim.run(sim.load(path), worlds=800)


def entry(result, plan, *keys):
    found = json.loads(result.to_json())["plans"][plan]
    for key in keys:
        found = found[key]
    return found


def test_the_spread_is_what_the_worlds_of_each_draw_say(told_of_draws):
    """Against the worlds themselves: means of the 20 worlds of each draw, and what is left around them."""
    worlds = told_of_draws.worlds
    cost = worlds[worlds["plan"] == "today"].groupby("world", observed=True)["cost"].sum().to_numpy()
    by_draw = cost.reshape(20, 40)
    luck = by_draw.var(axis=0, ddof=1).mean()
    unknown = by_draw.mean(axis=0).var(ddof=1) - luck / 20
    found = entry(told_of_draws, "today", "uncertainty", "cost")
    assert found["sd_luck"] == pytest.approx(np.sqrt(luck))
    assert found["sd_unknown"] == pytest.approx(np.sqrt(unknown))
    assert found["share_unknown"] == pytest.approx(unknown / (unknown + luck))
    assert found["share_unknown"] > 2 * found["share_unknown_se"]
    mean = entry(told_of_draws, "today", "cost")
    assert mean["se"] == pytest.approx(by_draw.mean(axis=0).std(ddof=1) / np.sqrt(40))
    assert "uncertainty" in entry(told_of_draws, "capped")
    assert "difference" not in entry(told_of_draws, "today", "uncertainty")


def test_the_input_that_matters_comes_first(told_of_draws):
    inputs = entry(told_of_draws, "today", "uncertainty", "inputs")
    widest = max(inputs, key=lambda path: abs(inputs[path]["change"]))
    assert widest == "segment.smb.churn.probability"
    assert inputs[widest]["told"]
    assert inputs[widest]["change"] < 0.0
    document = json.loads(told_of_draws.to_json())["uncertainty"]
    assert (document["draws"], document["used"]) == (40, 40)
    assert set(document["inputs"]) == set(wide(40))


def test_every_medium_says_it(told_of_draws, tmp_path):
    told_of_draws.write(tmp_path / "told")
    report = (tmp_path / "told" / "report.txt").read_text()
    share = entry(told_of_draws, "today", "uncertainty", "cost", "share_unknown")
    sentence = " ".join(report.split())
    assert f"by what is not known of the inputs ({100 * share:.0f} % ±" in sentence
    assert "Most is moved by segment.smb.churn.probability: from" in sentence
    assert "Worlds share 40 draws" in sentence
    page = (tmp_path / "told" / "report.html").read_text()
    assert 'id="uncertainty"' in page


def test_a_study_without_draws_says_nothing_of_it(study):
    result = sim.run(study, worlds=64)
    assert "uncertainty" not in json.loads(result.to_json())
    assert "not known of the inputs" not in str(result)


def test_too_few_draws_are_told(tmp_path):
    few = sim.run(sim.load(write_uncertain(tmp_path / "few", wide(3))), worlds=60)
    assert "uncertainty" not in json.loads(few.to_json())["plans"]["today"]
    few.write(tmp_path / "told")
    assert "on 3 draws of 4 inputs: too few to tell luck" in (tmp_path / "told" / "report.html").read_text()


def test_a_comparison_says_that_the_draws_differ(tmp_path):
    for name, seed in (("one", 1), ("other", 2)):
        study = sim.load(write_uncertain(tmp_path / name, wide(20, seed=seed)))
        sim.run(study, worlds=40).write(tmp_path / f"{name}-result")
    found = list(changes(tmp_path / "one-result", tmp_path / "other-result"))
    assert [each.where for each in found] == ["posterior.parquet"]
