"""What a study's ``[incentive]`` and ``[response]`` get wrong is said when it is loaded, before anything is simulated."""

import pytest

import sim
from sim.errors import InputError
from tests.rig.inputs.small_study import write_study


@pytest.fixture
def path(tmp_path):
    return write_study(tmp_path / "small")


def said(path, more):
    """The problems of the study with ``more`` at its end."""
    path.write_text(path.read_text() + more)
    with pytest.raises(InputError) as raised:
        sim.load(path)
    return [str(problem) for problem in raised.value.problems]


def test_a_reference_that_is_not_there_is_named(path):
    (problem,) = said(path, '[response]\nreference = "growth"\n')
    assert "response.reference must be a plan of the study" in problem


def test_points_that_cannot_be_lost(path):
    """At 95 % churn everywhere no more than 5 points of retention are there."""
    scenario = path.parent / "scenario.toml"
    text = scenario.read_text()
    scenario.write_text(
        text.replace("probability = 0.15", "probability = 0.95").replace(
            "probability = 0.05", "probability = 0.95"
        )
    )
    (problem,) = said(path, "[response]\npoints = [2.0, 6.0]\n")
    assert "response.points must be below 5, received 6" in problem
