"""The engine's own 95 % intervals, over 1,000 reruns with other seeds, on a book whose expected cost is known exactly."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

import sim
from sim.measure.estimate import mean_of
from sim.study.run import prepare, simulate

pytestmark = pytest.mark.jit
CONFIGS = Path(__file__).parents[2] / "configs"
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
        cost = simulate(setting, range(1), 0, WORLDS).variable[0].sum(axis=0)
        low, high = mean_of(cost).ci95
        covered += low <= EXACT <= high
    assert 930 <= covered <= 970
    assert 1 - (binom.cdf(970, RERUNS, 0.95) - binom.cdf(929, RERUNS, 0.95)) < 1 / 250
    assert np.isfinite(cost).all()
