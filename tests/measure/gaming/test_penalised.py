"""The penalised chain against the relaxation said slowly, and its charges against their definition."""

import numpy as np
import pytest

from sim.measure.gaming.boundary_terms import BOTH, CREDIT, NEXT_HOLD, NEXT_PULL, fill_column
from sim.measure.gaming.chain import backward
from sim.measure.gaming.choices import CREDIT_NOW, CREDIT_THEN, HELD, PULLED, one_state
from sim.measure.gaming.cover import cover_free, cover_memory
from sim.measure.gaming.dual import innovate, with_memory
from sim.measure.gaming.futures import futures_of
from sim.measure.gaming.gamed import bounded_plan
from sim.measure.gaming.policy import train_policy
from sim.measure.gaming.timing import working_memory
from sim.measure.gaming.worth import worth_at
from tests.rig.inputs.cohort import TRAINING_FIRST, Cohort, cohort_plans, seen_by
from tests.rig.twins.relaxation import innovation, penalised_best
from tests.rig.twins.sums import naive_curve

PERIODS, CELLS, WORLDS, SAMPLES = 3, 12, 3, 5
pytestmark = pytest.mark.jit


@pytest.mark.parametrize("name", ["threshold-90", "accelerator", "linear-early-125"])
def test_the_chain_is_the_relaxation(name):
    plan = next(plan for plan in cohort_plans() if plan.name == name)
    cohort = Cohort([plan], PERIODS)
    bounded = bounded_plan(plan, cohort.frame)
    policy = train_policy(*seen_by(bounded, cohort.block(TRAINING_FIRST, 12)), nodes=4)
    play = cohort.play(WORLDS, SAMPLES)
    terms, flows, moves, effects = seen_by(bounded, play.block)
    futures = futures_of(bounded, play)
    states, chain, column = working_memory(flows, CELLS + 1)
    learnt = with_memory(policy, flows, states)
    one_state(0, states)
    one_state(PERIODS, states)
    for world in range(WORLDS):
        for boundary in range(PERIODS - 1):
            start = moves.start[world, 2 * boundary : 2 * boundary + 3]
            cover_free(effects, start, boundary + 1, cover_memory(CELLS), states)
        penalties = []
        for period in range(PERIODS):
            n = states.size[period]
            innovate(terms, futures, period, world, learnt)
            worths = [
                following(terms, flows, states, policy, learnt.nodes, futures[period, world, :, m], period)
                for m in range(1 + SAMPLES)
            ]
            penalties.append(innovation(worths[0], np.array(worths[1:])))
            assert learnt.found[:n] == pytest.approx(penalties[-1], abs=1e-6)
            chain.penalty[period, :n] = learnt.found[:n]
        fill_column(flows, moves.both, world, column)
        backward(terms, column, states, 0.0, chain)
        rewards = [reward(terms, flows, moves, states, world, period) for period in range(PERIODS)]
        assert chain.value[0, 0] == pytest.approx(penalised_best(rewards, penalties)[0], rel=1e-12)


def pay(terms, credit, quota):
    return terms.bonus[0] * naive_curve(terms.curve.pieces, np.asarray(credit) / quota)


def reward(terms, flows, moves, states, world, period):
    """Pay of a period by the states of the boundaries before and after it; what was pulled cannot be held."""
    before, after = (states.row[k, :, : states.size[k]] for k in (period, period + 1))
    credit = flows.credit[period, world] + before[CREDIT_THEN][:, np.newaxis] + after[CREDIT_NOW]
    left = moves.both[world, period] * (1 + 1e-9) - before[PULLED][:, np.newaxis]
    possible = (after[HELD] <= left) | (after[HELD] == 0.0)
    return np.where(possible, pay(terms, credit, flows.quota[period, world]), -np.inf)


def following(terms, flows, states, policy, nodes, future, period):
    """By state of the boundary before: pay of the period, and worth later, of the best node that can follow."""
    ready = (future[NEXT_PULL], future[NEXT_HOLD])
    best = []
    for state in range(states.size[period]):
        came = future[CREDIT] + states.row[period, CREDIT_THEN, state]
        left = future[BOTH] * (1 + 1e-9) - states.row[period, PULLED, state]
        found = []
        for node in range(nodes.size[period + 1]):
            pulled, held = (nodes.row[period + 1, row, node] for row in (PULLED, HELD))
            if pulled > ready[0] * (1 + 1e-9) or held > ready[1] * (1 + 1e-9) or (held > left and held > 0.0):
                continue
            later = worth_at(policy, period + 1, pulled, held, ready[0]) if period < PERIODS - 1 else 0.0
            now = came + nodes.row[period + 1, CREDIT_NOW, node]
            found.append(float(pay(terms, now, flows.quota[period, 0])) + later)
        best.append(max(found))
    return np.array(best)
