"""Kernels of sums of moves against their slow twins, and the linear programme behind the upper boundary of sums."""

import numpy as np
import pytest

from sim.measure.gaming.cover import (
    cover,
    cover_memory,
    falling_slopes,
    fill_whole,
    largest_ratio,
    most_score,
)
from sim.measure.gaming.moves import EFFECTS, HOLD, NOW, PULL, QUOTA_THEN, THEN, possible_moves
from sim.measure.gaming.sums import Sums, grid_of, reach, trace
from sim.records import NEVER
from tests.rig.inputs.small_books import CALENDAR, frame_for, random_book, shipped
from tests.rig.twins.sums import naive_cover, naive_grid, naive_reach, subsets

CELLS = 24
CASES = [(seed, key, score) for seed in range(4) for key, score in ((NOW, THEN), (PULL, NOW), (HOLD, THEN))]


def some_effects(seed, items=7):
    """Effects of random pulls and holds, as late and early multipliers make them."""
    rng = np.random.default_rng(seed)
    amount = np.round(rng.lognormal(10.0, 0.6, items), -2)
    pulled = rng.random(items) < 0.5
    late = rng.choice([0.0, 0.5, 0.75, 1.0], items)
    out = np.zeros((EFFECTS, items))
    out[NOW] = np.where(pulled, 1.25 * amount, -amount)
    out[THEN] = np.where(pulled, -amount, late * amount)
    out[QUOTA_THEN] = np.where(pulled, -0.9 * amount, amount)
    out[PULL], out[HOLD] = np.where(pulled, amount, 0.0), np.where(pulled, 0.0, amount)
    return out


@pytest.mark.parametrize(("seed", "key", "score"), CASES)
def test_reach_is_its_slow_twin(seed, key, score):
    effects = some_effects(seed)
    blocked = np.random.default_rng(seed + 100).random(7) < 0.2
    grid = naive_grid(effects, key, CELLS)
    assert grid_of(effects, 0, 7, key, CELLS) == pytest.approx(grid)
    sums = Sums(np.zeros(CELLS, bool), np.zeros((EFFECTS, CELLS)), np.zeros((7, CELLS), np.int16))
    reach(effects, (0, 7), (key, score), grid, blocked, False, sums)
    twin = naive_reach(effects, (key, score), grid, CELLS, blocked)
    assert set(np.flatnonzero(sums.known)) == set(twin)
    for cell, (totals, items) in twin.items():
        assert sums.total[:, cell] == pytest.approx(totals)
        chosen = np.zeros(7, bool)
        trace(sums.before, cell, (0, 7), chosen)
        assert effects[:, chosen].sum(axis=1) == pytest.approx(totals)
        assert not (chosen & blocked).any()
        assert len(items) == chosen.sum()


@pytest.mark.parametrize(("seed", "key", "score"), CASES)
def test_cover_is_its_slow_twin_and_holds_every_set(seed, key, score):
    effects = some_effects(seed)
    origin, width = grid = naive_grid(effects, key, CELLS)
    found = cover_memory(CELLS)
    cover(effects, (0, 7), (key, score), QUOTA_THEN, grid, found)
    twin = naive_cover(effects, (key, score), QUOTA_THEN, grid, CELLS)
    assert set(np.flatnonzero(found.known)) == set(twin)
    for cell, expected in twin.items():
        held = [each[cell] for each in (found.low, found.high, found.score, found.least, found.most)]
        assert held == pytest.approx(expected)
        assert held[1] - held[0] <= width * (1 + 1e-9)
    for total in subsets(effects).T:
        near = [cell for cell in twin if found.low[cell] - 1e-6 <= total[key] <= found.high[cell] + 1e-6]
        assert any(total[score] <= found.score[cell] + 1e-6 for cell in near)
        assert any(found.least[c] - 1e-6 <= total[QUOTA_THEN] <= found.most[c] + 1e-6 for c in near)
    assert origin <= 0.0


@pytest.mark.parametrize("seed", range(6))
def test_the_upper_boundary_of_sums_is_a_linear_programme(seed):
    from scipy.optimize import linprog

    effects = some_effects(seed)
    order = falling_slopes(effects, (0, 7), (NOW, THEN))
    slopes = effects[THEN] / effects[NOW]
    assert list(order) == sorted(range(7), key=lambda item: -slopes[item])
    low, high = effects[NOW][effects[NOW] < 0].sum(), effects[NOW][effects[NOW] > 0].sum()
    at = np.linspace(low, high, 9)
    out = np.empty(9)
    most_score(effects, (0, 7), (NOW, THEN), order, at, out)
    for least, found in zip(at, out, strict=True):
        solved = linprog(-effects[THEN], -effects[NOW][np.newaxis], [-least], bounds=(0, 1))
        assert found == pytest.approx(-solved.fun, abs=1e-6 * (high - low))


def test_a_cap_grants_every_amount_up_to_it():
    found = cover_memory(5)
    fill_whole((0.0, 20.0), found)
    assert found.known.all()
    assert list(found.low) == [0, 20, 40, 60, 80]
    assert list(found.high) == [20, 40, 60, 80, 100]


def test_the_dearest_move_is_found():
    effects = some_effects(1)
    pulls = np.flatnonzero(effects[PULL] > 0)
    first = pulls[0]
    assert largest_ratio(effects, (first, first + 1), NOW, PULL) == pytest.approx(1.25)
    assert largest_ratio(effects, (0, 0), NOW, PULL) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_moves_are_what_can_be_moved(seed):
    """Listed one by one, from their definition."""
    book = random_book(seed)
    frame = frame_for(shipped("founding"))
    moves = possible_moves(book.renewals, book.ready, book.holdable, frame)
    bounds = list(CALENDAR.bounds[CALENDAR.lead : CALENDAR.lead + CALENDAR.periods + 1])
    expected = []
    for row, (due, booked, amount) in enumerate(
        zip(*(each[:, 0] for each in book.renewals[2:4]), book.renewals.booked_arr[:, 0], strict=True)
    ):
        period = next(k for k in range(CALENDAR.periods) if bounds[k] <= due < bounds[k + 1])
        of_itself = booked == NEVER or booked > due or booked < bounds[period] or amount == 0.0
        if not of_itself and book.ready[row, 0] and period > 0:
            expected.append((period - 1, -1, row, bounds[period] - 1 - due, amount))
        if not of_itself and book.holdable[row, 0] and period < CALENDAR.periods - 1:
            expected.append((period, 1, row, bounds[period + 1] - due, amount))
    found = []
    for boundary in range(CALENDAR.periods - 1):
        for side, direction in enumerate((-1, 1)):
            first, last = moves.start[0, 2 * boundary + side : 2 * boundary + side + 2]
            found += [
                (boundary, direction, moves.row[item], moves.days[item], moves.amount[item])
                for item in range(first, last)
            ]
    assert sorted(found) == sorted(expected)
    movable = {(period, row) for period, row in ((b + (d < 0), r) for b, d, r, _, _ in expected)}
    for period in range(CALENDAR.periods):
        total = sum(book.renewals.booked_arr[row, 0] for at, row in movable if at == period)
        assert moves.both[0, period] == pytest.approx(total)
