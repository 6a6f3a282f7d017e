"""The certified upper end: on a game solved exactly, on the published duals, and never below the policy it is held to."""

import numpy as np
import pytest

from sim.measure.gaming.boundary_terms import CREDIT
from sim.measure.gaming.certify import NODES, unit_of
from sim.measure.gaming.dual import timing_dual
from sim.measure.gaming.futures import futures_of
from sim.measure.gaming.gamed import after_moves, bounded_plan
from sim.measure.gaming.policy import follow_policy, train_policy
from sim.plan.curve import pay_curve
from tests.rig.inputs.cohort import TRAINING_FIRST, Cohort, cohort_plans, seen_by

pytestmark = pytest.mark.jit
FAR = 4.0
"""Standard errors: one false alarm in 16,000, for each figure."""
CELLS, UNIT = 128, 5_000
PATHS, SAMPLES, TRAINING = 14, 40, 200
PUBLISHED = {
    "linear": (159.95, 0.04, -0.01),
    "linear-early-125": (180.09, 0.05, -0.01),
    "relief": (340.54, 0.18, 0.04),
    "relief-cap": (228.91, 0.04, 0.0),
    "relief-90": (301.57, 0.13, 0.02),
    "relief-90-cap": (221.30, 0.04, 0.01),
    "both-quotas-90": (161.26, 0.03, 0.09),
    "threshold-90": (159.13, 0.06, 0.33),
    "threshold-90-cap-120": (159.06, 0.06, 0.33),
    "tiers": (181.00, 0.08, 0.32),
    "tiers-late-100": (183.04, 0.07, 0.32),
    "accelerator": (172.85, 0.07, 0.41),
    "accelerator-relief-cap": (284.16, 0.11, 0.19),
}
"""Dual, its standard error and its distance from the policy with one direction at each boundary, by another program on a
grid of exact units with 120 paths of 200 draws. [thousand usd]"""
CAP_WIDTH = 0.008
"""A cell's width of pay under a cap that moves with what was pulled, where amounts are not units. [share]"""


@pytest.fixture(scope="module")
def cohort():
    return Cohort(cohort_plans())


@pytest.fixture(scope="module")
def played(cohort):
    return cohort.play(PATHS, SAMPLES), cohort.block(TRAINING_FIRST, TRAINING)


def one_direction(bounded, play, training):
    """Dual and policy, less penalties, with one direction considered at each boundary where quotas move."""
    terms, flows, moves, effects = seen_by(bounded, training)
    policy = train_policy(terms, flows, moves, effects, False, NODES)
    terms, flows, moves, effects = seen_by(bounded, play.block)
    chosen = follow_policy(terms, flows, moves, effects, policy, CELLS)
    pay = after_moves(bounded, play.block, chosen).pay
    dual = timing_dual(terms, flows, moves, effects, futures_of(bounded, play), policy, chosen, CELLS)
    return dual.best, pay - dual.charge, pay


@pytest.mark.parametrize("plan", cohort_plans(), ids=lambda plan: plan.name)
def test_the_published_dual_comes_out(cohort, played, plan):
    """Its level within both errors; its distance from the policy no more than the published one within errors."""
    published, published_se, distance = (1e3 * each for each in PUBLISHED[plan.name])
    best, policy, pay = one_direction(bounded_plan(plan, cohort.frame), *played)
    gap, n = best - policy, np.sqrt(PATHS)
    width = CAP_WIDTH * published if plan.name.endswith("cap") else 0.002 * published
    error = FAR * np.hypot(best.std(ddof=1) / n, published_se)
    assert abs(best.mean() - published) <= error + width
    assert (gap >= -1e-6 * pay).all()
    assert gap.mean() <= max(distance, 0.0) + FAR * gap.std(ddof=1) / n + width
    assert policy.std() < pay.std()


def test_two_quarters_are_certified_exactly():
    """One decision, and nothing to decide after it: the dual is then the best rule's pay, but for the mean over draws.

    The best rule by hand: every amount of the ready renewals that can be pulled, against the exact distribution of what
    the others of the second quarter will bring.
    """
    plan = next(plan for plan in cohort_plans() if plan.name == "threshold-90")
    cohort = Cohort([plan], periods=2)
    bounded = bounded_plan(plan, cohort.frame)
    play, training = cohort.play(40, 800), cohort.block(TRAINING_FIRST, 50)
    terms, flows, moves, effects = seen_by(bounded, training)
    policy = train_policy(terms, flows, moves, effects)
    terms, flows, moves, effects = seen_by(bounded, play.block)
    nobody = np.zeros(len(moves.row), dtype=bool)
    others = chances(cohort.world.facts(0, 0, 1).arr[30:40, 0])
    futures = futures_of(bounded, play)
    dual = timing_dual(terms, flows, moves, effects, futures, policy, nobody, 256)
    come, drawn = paid(terms, flows, flows.credit[1]), paid(terms, flows, futures[1, :, CREDIT, 1:].T)
    first_quarter = dual.charge - (come - drawn.mean(axis=0))
    best = np.array([best_rule(terms, flows, moves, others, world) for world in range(40)])
    off = dual.best + first_quarter - best
    assert abs(off.mean()) <= FAR * off.std(ddof=1) / np.sqrt(40) + 1e-3 * best.mean()
    assert off.std() < 0.1 * best.std()
    assert dual.best.std() < 0.2 * best.std()


def paid(terms, flows, credit):
    """Pay of one quarter for some credit. [usd]"""
    attainment = np.atleast_2d(credit / flows.quota[0, 0])
    multiple = np.empty_like(attainment)
    pay_curve(terms.curve.pieces, attainment, multiple)
    return (terms.bonus[0] * multiple).reshape(np.shape(credit))


def chances(arr):
    """The exact distribution of what is kept of some renewals: amount and probability."""
    found = {0.0: 1.0}
    for amount in arr:
        after = {}
        for kept, chance in found.items():
            after[kept + amount] = after.get(kept + amount, 0.0) + 0.9 * chance
            after[kept] = after.get(kept, 0.0) + 0.1 * chance
        found = after
    return np.array(list(found)), np.array(list(found.values()))


def best_rule(terms, flows, moves, others, world):
    """Most expected pay of two quarters for a CSM who knows the first and what of the second is ready. [usd]"""
    start = moves.start[world]
    pulls, holds = (moves.amount[start[side] : start[side + 1]] for side in range(2))
    amounts, chance = others
    best = 0.0
    for pulled in sums(pulls):
        held = np.array(sorted(sums(holds)))
        now = paid(terms, flows, flows.credit[0, world] + pulled - held)
        left = pulls.sum() - pulled + 0.75 * held
        then = paid(terms, flows, amounts[:, np.newaxis] + left)
        best = max(best, float((now + chance @ then).max()))
    return best


def sums(amounts):
    found = {0.0}
    for amount in amounts:
        found |= {each + amount for each in found}
    return found


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [([30_000.0, 45_000.0, 5_000.0], 5_000.0), ([12.0, 18.0], 6.0), ([10.5, 21.0], 0.0), ([], 0.0)],
)
def test_the_unit_of_amounts(amounts, unit):
    assert unit_of(np.array(amounts)) == unit
