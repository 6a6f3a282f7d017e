"""A study whose inputs are not known: the same worlds for every plan, thread, block and question."""

import json

import numpy as np
import pytest

import sim
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
