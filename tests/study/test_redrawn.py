"""Fresh draws of the future: what is known stays, what is not is drawn as it would be given that it is not known."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.plan.plan import load_plan
from sim.questions.gaming.measured import gaming_frame
from sim.questions.gaming.redrawn import draw_play, usable_lanes
from sim.world.arr import LognormalArr
from sim.world.book_source import BookSource
from sim.world.movable import draw_movable
from sim.world.scenario import load_scenario
from sim.world.segment import Churn, Expansion, LagBand
from sim.world.world import World
from tests.rig.repository import CONFIGS

WORLDS, SAMPLES, FIRST = 6, 400, 1 << 20
FAR = 4.5
"""Standard errors: one false alarm in 150,000, for each of some hundred figures."""


def scenario(**changes):
    cohort = load_scenario(CONFIGS / "scenarios" / "gaming-cohort.toml")
    segments = tuple(each.model_copy(update=changes) for each in cohort.segment)
    return cohort.model_copy(update={"periods": 4, "segment": segments})


def played(cohort):
    plans = [load_plan(CONFIGS / "plans" / "gaming" / "relief.toml")]
    world, frame = World(cohort, 8), gaming_frame(cohort, plans)
    play = draw_play(world, 0, frame, FIRST, WORLDS, SAMPLES)
    renewals, _ = world.simulate(0, FIRST, WORLDS)
    return play, renewals, draw_movable(world, 0, renewals, FIRST), cohort.calendar


@pytest.mark.jit
def test_what_is_known_stays_and_the_rest_has_its_mean():
    """Every renewal alone, kept with probability 0.9: the ready ones of a period are known, the others are not."""
    play, renewals, movable, calendar = played(scenario())
    for period, redrawn in enumerate(play.redrawn):
        arr, kept = renewals.arr[:, 0], renewals.booked_arr > 0.0
        due = np.searchsorted(calendar.bounds, renewals.due_day[:, 0], side="right") - 1 - calendar.lead
        renewable = redrawn.ledger.renewable
        assert renewable == pytest.approx(np.repeat(play.block.ledger.renewable, SAMPLES, axis=1))
        for world in range(WORLDS):
            lanes = slice(world * SAMPLES, (world + 1) * SAMPLES)
            for at in range(calendar.periods):
                ready = movable.ready_early[:, world] & (period > 0)
                known = (due < period) | ((due == period) & ready)
                mine = due == at
                credit = booked_in(redrawn.ledger, calendar.lead + at, lanes)
                certain = arr[mine & known & kept[:, world]].sum()
                expected = certain + 0.9 * arr[mine & ~known].sum()
                error = np.sqrt(0.09 * (arr[mine & ~known] ** 2).sum() / SAMPLES)
                assert abs(credit.mean() - expected) <= FAR * error + 1e-6
                assert (np.ptp(credit) > 0.0) == bool((mine & ~known).any())


@pytest.mark.jit
def test_facts_of_a_world_are_repeated_and_its_outcomes_are_not():
    """Drawn books, accounts that differ and a CSM's skill: P(kept) is each account's own, given the skill of its world."""
    churn = Churn(probability=0.3, dispersion=0.3)
    law = LognormalArr(mean=1_000.0, sigma=0.8, accounts=60)
    cohort = scenario(churn=churn, arr=law, csms=1, term_months={"24": 1.0})
    skilled = cohort.dependence.model_copy(update={"skill": 0.2})
    cohort = cohort.model_copy(update={"dependence": skilled, "book": BookSource()})
    play, renewals, movable, calendar = played(cohort)
    world = World(cohort, 8)
    facts, skill = world.facts(0, FIRST, WORLDS), world.seat(0, FIRST, WORLDS).skill[0]
    assert len(np.unique(facts.arr)) == 60 * WORLDS
    lost = norm.cdf((facts.churn[:, 0] - np.sqrt(0.2) * skill) / np.sqrt(0.8))
    assert np.ptp(lost) > 0.4
    first = renewals.number == 0
    for period, redrawn in enumerate(play.redrawn):
        for w in range(WORLDS):
            lanes = slice(w * SAMPLES, (w + 1) * SAMPLES)
            due = (
                np.searchsorted(calendar.bounds, renewals.due_day[first, w], side="right") - 1 - calendar.lead
            )
            ready = movable.ready_early[first, w] & (period > 0)
            known = (due < period) | ((due == period) & ready)
            kept, arr = 1 - lost[:, w], facts.arr[:, w]
            for at in range(calendar.periods):
                mine = due == at
                credit = booked_in(redrawn.ledger, calendar.lead + at, lanes)
                booked = renewals.booked_arr[first, w] > 0.0
                expected = arr[mine & known & booked].sum() + (arr * kept)[mine & ~known].sum()
                error = np.sqrt((kept * (1 - kept) * arr**2)[mine & ~known].sum() / SAMPLES)
                assert abs(credit.mean() - expected) <= FAR * error + 1e-6


def booked_in(ledger, period, lanes):
    """ARR due in a period and booked at any time. [lane] [usd]"""
    return ledger.amount["booking"][period].sum(axis=0)[lanes]


@pytest.mark.jit
def test_what_was_not_booked_early_is_drawn_given_that():
    """Half of the kept book a quarter ahead: an account that has not by the start of its period is kept less often."""
    lag = (LagBand(days=(-100, -95), share=0.5), LagBand(days=(0, 0), share=0.5))
    play, renewals, _, calendar = played(scenario(lag=lag))
    start = calendar.bounds[calendar.lead + 2]
    due = (renewals.due_day >= start) & (renewals.due_day < calendar.bounds[calendar.lead + 3])
    early = due & (renewals.booked_day < start)
    assert early.any()
    booked = booked_in(play.redrawn[2].ledger, calendar.lead + 2, slice(None))
    given = 0.45 / 0.55
    fixed = np.array([name % 20 >= 10 for name in renewals.account])[:, np.newaxis]
    for world in range(WORLDS):
        ready = due[:, world] & ~fixed[:, 0]
        known = early[:, world] | ready
        arr = renewals.arr[:, world]
        unknown = due[:, world] & ~known
        expected = renewals.booked_arr[known, world].sum() + given * arr[unknown].sum()
        mean = booked[world * SAMPLES : (world + 1) * SAMPLES].mean()
        error = np.sqrt(given * (1 - given) * (arr[unknown] ** 2).sum() / SAMPLES)
        assert abs(mean - expected) <= 2 * FAR * error + 1e-6


def test_lanes_are_taken_in_turn():
    booked = np.array([[True, False, True, False, False, False, False, True]])
    assert list(usable_lanes(booked, 4)[0]) == [1, 3, 1, 3, 4, 5, 6, 4]
    assert list(usable_lanes(np.ones((1, 2), dtype=bool), 2)[0]) == [0, 0]


@pytest.mark.jit
def test_the_market_is_known_and_accounts_are_drawn_given_it():
    """P(kept) is that given the market of the world, in every fresh draw of it."""
    cohort = scenario(churn=Churn(probability=0.3))
    market = cohort.dependence.model_copy(update={"market": 0.3})
    cohort = cohort.model_copy(update={"dependence": market})
    play, renewals, _, calendar = played(cohort)
    factor = World(cohort, 8).market(FIRST, WORLDS)
    first = renewals.number == 0
    redrawn = play.redrawn[0]
    for w in range(WORLDS):
        lanes = slice(w * SAMPLES, (w + 1) * SAMPLES)
        due = np.searchsorted(calendar.bounds, renewals.due_day[first, w], side="right") - 1
        kept = norm.cdf((np.sqrt(0.3) * factor[due, w] - norm.ppf(0.3)) / np.sqrt(0.7))
        arr = renewals.arr[first, w]
        for at in range(calendar.periods):
            mine = due == calendar.lead + at
            credit = booked_in(redrawn.ledger, calendar.lead + at, lanes)
            error = np.sqrt((kept * (1 - kept) * arr**2)[mine].sum() / SAMPLES)
            assert abs(credit.mean() - (arr * kept)[mine].sum()) <= FAR * error + 1e-6
    assert np.ptp(factor) > 0.5


@pytest.mark.jit
def test_an_account_that_has_grown_is_known_and_others_have_not():
    """What is due of accounts that are drawn anew has grown since the start of the period alone, in the mean."""
    growth = Expansion.model_validate({"events_per_year": 0.5, "size": {"mean": 0.2, "sigma": 0.3}})
    cohort = scenario(expansion=growth)
    play, renewals, _, calendar = played(cohort)
    world = World(cohort, 8)
    grown = world.path(0, FIRST, WORLDS, with_grown=True).grown
    start = calendar.lead + 2
    grew = grown[:, :start].any(axis=1)
    due = np.searchsorted(calendar.bounds, renewals.due_day, side="right") - 1
    redrawn = play.redrawn[2]
    at = calendar.lead + 3
    for w in range(WORLDS):
        lanes = slice(w * SAMPLES, (w + 1) * SAMPLES)
        mine, known = due[:, w] == at, grew[renewals.account, w]
        renewable = redrawn.ledger.renewable[at, lanes]
        assert known[mine].any()
        assert not known[mine].all()
        opened = renewals.arr[mine & known, w].sum()
        flat = world.facts(0, FIRST, WORLDS).arr[renewals.account[mine & ~known], 0].sum()
        assert (renewable >= opened + flat - 1e-6).all()
        assert (np.isclose(renewable, opened + flat)).mean() > 0.0
