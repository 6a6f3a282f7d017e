"""The bracket on a cohort book against figures computed by another program, on another grid and with other draws.

There all amounts were divisible units of 5,000 usd; pay over eight quarters in thousands: mean gain over honest dates of
the best schedule with one direction at each boundary, and of the best rule that does not know the future.
"""

from pathlib import Path

import numpy as np
import pytest

from sim.measure.gaming.boundary import honest_flows
from sim.measure.gaming.gamed import (
    after_moves,
    block_of,
    bound,
    bounded_plan,
    clairvoyant,
    followed,
    learn_policy,
)
from sim.measure.gaming.moves import effects_of
from sim.measure.gaming.policy import follow_policy, train_policy
from sim.measure.gaming.timing import best_timing
from sim.plan.plan import load_plan
from sim.plan.settle import settle
from sim.questions.gaming.measured import gaming_frame
from sim.world.movable import draw_movable
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.repository import CONFIGS

WORLDS, TRAINING, FEW, CELLS = 400, 200, 40, 128
FAR = 4.0
"""Standard errors that a figure may be off: one false alarm in 16,000, for each of 26 figures."""
PUBLISHED = {
    "linear": (159.96, 0.0, 0.0),
    "linear-early-125": (159.96, 20.14, 20.14),
    "relief": (159.96, 180.63, 180.54),
    "relief-cap": (159.96, 68.96, 68.95),
    "relief-90": (159.96, 141.66, 141.59),
    "relief-90-cap": (159.96, 61.34, 61.33),
    "both-quotas-90": (159.96, 1.68, 1.21),
    "threshold-90": (144.67, 15.18, 14.13),
    "threshold-90-cap-120": (144.67, 15.18, 14.06),
    "tiers": (114.57, 66.84, 66.11),
    "tiers-late-100": (114.57, 68.82, 68.15),
    "accelerator": (149.88, 24.68, 22.56),
    "accelerator-relief-cap": (149.88, 134.92, 134.09),
}
"""Honest pay, gain knowing the future, gain not knowing it. [thousand usd]"""
CENT = 0.01
PATHS = 2_000
"""Paths behind the published clairvoyant figures."""

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def played():
    """The cohort book in fresh worlds, in worlds to learn on, and in a few of the fresh ones."""
    plans = [load_plan(path) for path in sorted(Path(CONFIGS / "plans" / "gaming").glob("*.toml"))]
    world = World(load_scenario(CONFIGS / "scenarios" / "gaming-cohort.toml"), 5)
    frame = gaming_frame(world.scenario, plans)

    def block(first, worlds):
        renewals, _ = world.simulate(0, first, worlds)
        return block_of(frame, renewals, *draw_movable(world, 0, renewals, first))

    bounded = {plan.name: bounded_plan(plan, frame) for plan in plans}
    return bounded, block(0, WORLDS), block(1 << 31, TRAINING), block(0, FEW)


def within(values, published, cells=0.01):
    """Inside the errors of both figures, and one percent for the different grid."""
    error = values.std(ddof=1) * np.sqrt(1 / WORLDS + 1 / PATHS)
    return abs(values.mean() - published) <= FAR * error + cells * abs(published) + CENT


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_bracket_comes_out(played, name):
    bounded, block, training = (played[0][name], *played[1:3])
    honest_pay, knowing, unknowing = (1e3 * each for each in PUBLISHED[name])
    honest = settle(bounded.terms, block.ledger).bonus.sum(axis=0)
    assert within(honest, honest_pay)
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    flows = honest_flows(bounded.terms, block.ledger)
    best = best_timing(bounded.boundary, flows, block.moves, effects, CELLS, pairs=0, search=False)
    assert within(after_moves(bounded, block, best.chosen).pay - honest, knowing)
    learnt = train_policy(
        bounded.boundary,
        honest_flows(bounded.terms, training.ledger),
        training.moves,
        effects_of(training.moves, bounded.boundary, training.frame),
        both=False,
    )
    chosen = follow_policy(bounded.boundary, flows, block.moves, effects, learnt, CELLS)
    assert within(after_moves(bounded, block, chosen).pay - honest, unknowing, 0.02)


@pytest.mark.parametrize("name", PUBLISHED)
def test_honest_below_policy_below_best_below_bound(played, name):
    """On every path for what knows the future, in the mean for the policy that does not."""
    bounded, training, block = (played[0][name], *played[2:])
    honest = settle(bounded.terms, block.ledger).bonus
    best = clairvoyant(bounded, block, honest, CELLS).pay
    policy = followed(bounded, block, learn_policy(bounded, training, CELLS), CELLS).pay
    upper = bound(bounded, block, CELLS)
    pay = honest.sum(axis=0)
    assert (pay <= best * (1 + 1e-12)).all()
    assert (np.maximum(best, policy) <= upper * (1 + 1e-9)).all()
    assert pay.mean() <= policy.mean() * (1 + 1e-12)
    if name == "linear":
        assert upper == pytest.approx(pay, rel=1e-9)
