"""Simulation-based calibration: histories drawn from the prior by our own engine, and ranks of what they were drawn from.

If the posterior is right, the true value of every input is as likely to have one rank among the posterior's draws as any
other. Source: Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian inference algorithms with
simulation-based calibration" (2018).
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import chi2

from sim.calibration.calibrate import calibrate
from sim.calibration.counted import counted_values
from sim.calibration.evidence import make_evidence
from sim.calibration.facts import make_facts
from sim.calibration.prior import Seen, draw_prior, make_prior
from sim.calibration.reading import read_known
from sim.calibration.scenario import calibrated, check
from sim.calibration.values import values_of
from sim.replay.simulated import write_simulated
from sim.world.world import World
from tests.rig.inputs.small_company import company

AS_OF = date(2027, 8, 14)
BINS = 10
KEPT = 399
"""Draws that a rank is taken among: 400 ranks, 40 to a bin."""


def truths(prior, histories, seed):
    """Values of every input, drawn from the prior. [path] [history]"""
    nothing = np.zeros(len(prior.segment), dtype=bool)
    believed = make_prior(prior, Seen(*[nothing] * 5))
    found = values_of(draw_prior(believed, histories, seed), believed, prior)
    with tempfile.TemporaryDirectory() as folder:
        write_simulated(World(prior, seed), 0, Path(folder), as_of=AS_OF)
        evidence = make_evidence(read_known(Path(folder), prior, AS_OF), prior, believed.groups)
    counted = counted_values(evidence, make_facts(evidence, prior), prior, histories, seed)
    return found | {path: each.prior for path, each in counted.items()}


def one(task):
    """Rank and coverage of every input in one history. [path] (rank, whether the 90 % interval holds it)"""
    number, drawn, sweeps = task
    prior = company()
    book = {each.name: (each.csms, each.accounts) for each in prior.segment}
    scenario = check(calibrated(prior, drawn, {}, book), Path("drawn.toml"))
    with tempfile.TemporaryDirectory() as folder:
        write_simulated(World(scenario, 1000 + number), number, Path(folder), as_of=AS_OF)
        found = calibrate(Path(folder), prior, AS_OF, draws=KEPT, seed=number, sweeps=sweeps)
    rng = np.random.default_rng(number)
    ranks = {}
    for path, draws in found.draws.items():
        below, equal = int((draws < drawn[path]).sum()), int((draws == drawn[path]).sum())
        each = found.summary.parameters[path]
        ranks[path] = (below + int(rng.integers(0, equal + 1)), each.p5 <= drawn[path] <= each.p95)
    return ranks


def ranks_of(histories, sweeps, seed=1, workers=1, progress=None):
    """Ranks and coverage: [path] [history]."""
    every = truths(company(), histories, seed)
    tasks = [(k, {path: float(each[k]) for path, each in every.items()}, sweeps) for k in range(histories)]
    found = {path: [] for path in every}
    with ProcessPoolExecutor(workers) as pool:
        for done, ranks in enumerate(map(one, tasks) if workers == 1 else pool.map(one, tasks), start=1):
            for path, each in ranks.items():
                found.setdefault(path, []).append(each)
            if progress is not None:
                progress(done)
    return found


def chance(ranks):
    """Chance of ranks as uneven as these, or more, if all are as likely: chi-square over equal bins."""
    at = np.minimum(np.array(ranks) * BINS // (KEPT + 1), BINS - 1)
    width = np.bincount(np.minimum(np.arange(KEPT + 1) * BINS // (KEPT + 1), BINS - 1), minlength=BINS)
    expected = len(ranks) * width / (KEPT + 1)
    statistic = ((np.bincount(at, minlength=BINS) - expected) ** 2 / expected).sum()
    return float(chi2.sf(statistic, BINS - 1))
