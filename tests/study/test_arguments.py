"""What Python calls ask: sentences on what cannot be, all at once; objects that show no customer."""

import pytest

import sim
from sim.errors import InputError
from tests.rig.repository import CONFIGS

STUDY = CONFIGS / "studies" / "quickstart.toml"


@pytest.fixture(scope="module")
def study():
    return sim.load(STUDY)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"worlds": 1e3}, "--worlds must be a whole number between 2 and 10,000,000, received 1000.0."),
        ({"worlds": True}, "--worlds must be a whole number"),
        ({"seed": -1}, "--seed must be between 0 and 18,446,744,073,709,551,615, received -1."),
        ({"threads": -3}, "--threads must be between 1 and 1,024, received -3."),
        ({"threads": 0}, "--threads must be between 1 and 1,024, received 0."),
        ({"block": 100}, "--block must be a positive multiple of 64, received 100."),
        ({"block": "64"}, "--block must be a positive multiple of 64, received '64'."),
    ],
)
def test_an_argument_that_cannot_be_is_a_sentence(study, settings, said):
    with pytest.raises(InputError) as caught:
        sim.run(study, **settings)
    assert said in str(caught.value)


def test_all_of_them_are_told_at_once(study):
    with pytest.raises(InputError) as caught:
        sim.run(study, worlds=-1, seed=-1, threads=0, block=3)
    assert [problem.where for problem in caught.value.problems] == [
        "--worlds",
        "--seed",
        "--threads",
        "--block",
    ]


def test_a_path_is_no_study():
    with pytest.raises(
        InputError, match=r"study must be a study, received 'study.toml'. Read it first: sim.load"
    ):
        sim.run("study.toml")
    with pytest.raises(InputError, match="study must be a study, received None"):
        sim.stress(None)


def test_stresses_are_named_by_text(study):
    with pytest.raises(InputError, match="--only must be names of stresses"):
        sim.stress(study, only="recession")


def test_a_study_shows_itself_shortly_and_without_its_files(study):
    assert repr(study) == f"Study('quickstart': 11 plans, {study.worlds:,} worlds, seed {study.seed})"
