"""The engine's own 95 % intervals, over 1,000 reruns with other seeds, on a book whose expected cost is known exactly."""

import numpy as np
import pytest
from scipy.stats import binom

import sim
from benchmarks import coverage
from sim.engine.setting import prepare
from sim.engine.simulate import simulate
from sim.measure.estimate import mean_of
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
RERUNS, WORLDS = 1_000, 128
EXACT = 8 * 20_000 * 0.92 * (1 + 0.2 * 0.2) / 0.9
"""Linear pay of eight quarters: 20,000 x E[booked] / (0.9 x ARR due), in every quarter. [usd]"""


def test_intervals_of_mean_cost_cover(tmp_path):
    """Between 93 % and 97 % of the intervals hold the exact mean. A true 95 % leaves this range once in 270 seeds."""
    plan = '[pay]\ntarget_bonus = 20_000\n[[component]]\nquota = { kind = "retention", rate = 0.9 }\n'
    curve = '[[component.curve]]\nattainment = "[0, inf)"\nslope = 1.0\n'
    (tmp_path / "linear.toml").write_text(f'name = "linear"\n{plan}{curve}')
    scenario = CONFIGS / "scenarios" / "honest-book.toml"
    (tmp_path / "study.toml").write_text(
        f'name = "coverage"\nseed = 1\nworlds = {WORLDS}\nscenario = "{scenario}"\n'
        'plans = ["linear.toml"]\nbaseline = "linear"\n'
    )
    study = sim.load(tmp_path / "study.toml")
    covered = 0
    for seed in range(RERUNS):
        setting = prepare(study.altered(seed=1_000 + seed))
        cost = simulate(setting, 0, WORLDS, range(1)).variable[0].sum(axis=0)
        low, high = mean_of(cost).ci95
        covered += low <= EXACT <= high
    assert 930 <= covered <= 970
    assert 1 - (binom.cdf(970, RERUNS, 0.95) - binom.cdf(929, RERUNS, 0.95)) < 1 / 250
    assert np.isfinite(cost).all()


RUNS, SOME = 60, 192
FEWEST = 51
"""Of 60 runs, in which a right 95 % interval holds what it is about: fewer in 1 of 1,350 seeds."""


@pytest.mark.parametrize("study", coverage.STUDIES)
def test_intervals_hold_what_they_are_about_whatever_is_not_known(study):
    """Total cost, paired differences, P95 and a CSM's pay, over runs with seeds of their own (of a held book: over other
    worlds). Where skills, accounts or books were held in all worlds of a run, these shares were 9 to 61 %. Plans share
    worlds, so that a kind of figure is judged as if a run were one interval; five kinds in three studies: a false alarm
    in 1 of 90 seeds, and these are fixed. ``python -m benchmarks.coverage`` counts closer.
    """
    assert binom.cdf(FEWEST - 1, RUNS, 0.95) < 1 / 1_350
    for kind, (share, _, intervals) in coverage.measure(study, RUNS, SOME).items():
        assert share * RUNS >= FEWEST if kind != coverage.TWO else share >= 0.8, (kind, share, intervals)
