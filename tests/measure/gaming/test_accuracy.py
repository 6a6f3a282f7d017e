"""How close both ends come to the best timing there is, by the number of cells: every set of moves of every boundary tried.

Published for the same four plans, with thirty books of up to eleven movable renewals at a boundary, in percent of the
exposure: see ``PUBLISHED``. Here sixteen books with up to ten, none movable both ways: every set can be tried in a test.
"""

from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.measure.gaming.bound import timing_bound
from sim.measure.gaming.boundary import boundary_terms, honest_flows
from sim.measure.gaming.moves import effects_of, possible_moves
from sim.measure.gaming.timing import best_timing
from sim.plan.settle import compile_plan, settle
from tests.rig.inputs.small_books import Book, frame_for, random_book, shipped
from tests.rig.twins.sums import exact_best

pytestmark = pytest.mark.jit
BOOKS, PERIODS, ACCOUNTS, MOVABLE = 16, 8, 20, 10
PUBLISHED = {
    "threshold-90": {64: (-0.33, 3.64), 128: (-0.31, 1.75), 256: (-0.00, 1.01)},
    "threshold-90-cap-120": {64: (-0.03, 3.86), 128: (-0.00, 1.56), 256: (-0.00, 0.73)},
    "tiers": {64: (-0.00, 1.50), 128: (-0.00, 0.50), 256: (0.0, 0.0)},
    "accelerator": {64: (-0.61, 2.76), 128: (-0.20, 1.18), 256: (-0.06, 0.52)},
}
"""Errors of the lower and the upper end by cells. [percent of the exposure]"""
LEEWAY, TIERS = 0.2, 2.0
"""Added to the published errors for other books; a tier that is reached or missed in one of them is 0.9. [points]"""


@pytest.fixture(scope="module")
def books():
    """Books of twenty renewals a quarter, each movable one in one direction, and the exact best pay of each plan."""
    calendar = Calendar(date(2026, 1, 1), PERIODS)
    plans = [plan for plan in shipped("gaming") if plan.name in PUBLISHED]
    frame = frame_for(plans, calendar)
    played = []
    for seed in range(BOOKS):
        book = random_book(seed, ACCOUNTS, calendar)
        rng = np.random.default_rng(seed)
        ready, holdable = (np.zeros((ACCOUNTS * PERIODS, 1), dtype=bool) for _ in range(2))
        for period in range(PERIODS):
            few = rng.choice(ACCOUNTS, MOVABLE, replace=False) + period * ACCOUNTS
            ready[few[: MOVABLE // 2]] = True
            holdable[few[MOVABLE // 2 :]] = True
        alone = Book(book.renewals, ready, holdable)
        ledger = fill_ledger(alone.renewals, frame, ("booking",))
        played.append((ledger, possible_moves(*alone, frame)))
    return plans, frame, played


@pytest.mark.parametrize("name", PUBLISHED)
def test_more_cells_come_closer(books, name):
    plans, frame, played = books
    plan = next(plan for plan in plans if plan.name == name)
    rules = compile_plan(plan, frame)
    bounded = boundary_terms(plan, rules, frame)
    honest, exact = [], []
    ends = {cells: ([], []) for cells in PUBLISHED[name]}
    for ledger, moves in played:
        flows, effects = honest_flows(rules, ledger), effects_of(moves, bounded, frame)
        honest.append(settle(rules, ledger).bonus.sum())
        exact.append(exact_best(bounded, flows, moves, effects, 0))
        for cells, (lower, upper) in ends.items():
            lower.append(best_timing(bounded, flows, moves, effects, cells).value[0])
            upper.append(timing_bound(bounded, flows, moves, effects, cells)[0])
    leeway = TIERS if name == "tiers" else LEEWAY
    exposure = np.mean(np.array(exact) - honest)
    assert exposure > 10_000
    for cells, (lower, upper) in ends.items():
        assert (np.array(lower) <= np.array(exact) + 1e-6).all()
        assert (np.array(upper) >= np.array(exact) - 1e-6).all()
        missed, beyond = (100 * np.mean(np.array(each) - exact) / exposure for each in (lower, upper))
        assert missed >= PUBLISHED[name][cells][0] - leeway
        assert beyond <= PUBLISHED[name][cells][1] + leeway
