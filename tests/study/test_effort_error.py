"""The error of the efforts solved for, as one study tells it, is that of studies of other seeds."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.pool import ALONE
from sim.measure.estimate import Centre, student
from sim.questions.response.effort_error import effort_error, value_of_effort, widened
from sim.questions.response.respond import respond
from sim.questions.response.setting import Response
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
NAMES = ("retention-linear", "retention-linear-cap-120", "retention-tiers")
ASKED = Response(points=(2.0,), worlds=48, value_worlds=4)


@pytest.fixture(scope="module")
def answers():
    """By plan the error told, and what net value moves by with the efforts, of eight seeds."""
    loaded = sim.load(CONFIGS / "studies" / "response.toml")
    sets = tuple(each for each in loaded.sets if each.name in NAMES)
    found = {name: [] for name in NAMES}
    for seed in range(8):
        answered = respond(replace(loaded, seed=seed, sets=sets).asking(ASKED), ALONE, vary=False)
        for name in NAMES:
            effort = answered.efforts.equilibrium(name, 0, answered.efforts.central).effort
            moves = float(value_of_effort(answered, name, 0) @ effort)
            found[name].append((effort_error(answered, name), moves))
    return {name: np.array(each) for name, each in found.items()}


@pytest.mark.parametrize("name", NAMES[1:])
def test_errors_are_of_the_size_of_the_spread_over_seeds(answers, name):
    """Within a factor of two either way: of eight seeds the spread is itself known to a quarter. The linearised error is no
    better than that near cliffs. Seeds are fixed: false alarms are of the choice of seeds alone.
    """
    told, moves = answers[name].T
    assert 0.5 < np.median(told) / moves.std(ddof=1) < 2.0


def test_the_reference_has_no_error_of_effort(answers):
    """Its efforts are 1 whatever the worlds: costs follow what is gained."""
    assert answers["retention-linear"][:, 0].max() < 1e-6


def test_errors_add_as_independent_ones_do():
    wide = widened(Centre(10.0, 3.0, (4.0, 16.0)), 4.0, 10)
    assert wide.se == 5.0
    reach = np.hypot(6.0, student(9) * 4.0)
    np.testing.assert_allclose(wide.ci95, (10.0 - reach, 10.0 + reach))
    assert widened(Centre(10.0, 3.0, None), 4.0, 10) == Centre(10.0, 5.0, None)
