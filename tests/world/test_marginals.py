"""Simulated marginals equal the configured ones, whatever the dependence, within 4 standard errors over worlds.

About forty comparisons at 6e-5 each: a false alarm once in 400 seeds, and the seeds are fixed.
"""

import numpy as np
import pytest

from sim.records import NEVER
from sim.world.book_source import BookSource
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, LAG, make_scenario
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
DEPENDENT = {"market": 0.2, "skill": 0.1, "health": 0.3, "timing": 0.5, "amount": -0.4, "expansion": 0.5}


def within(values, expected, errors=4.0):
    """Means over worlds (or another independent unit) against an exact value."""
    values = np.asarray(values, dtype=float)
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - expected) < errors * error, (values.mean(), expected, error)


def ratio_within(part, whole, expected, errors=4.0):
    """A ratio of sums over independent worlds, by the delta method."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    ratio = part.sum() / whole.sum()
    error = np.sqrt(((part - ratio * whole) ** 2).sum()) / whole.sum()
    assert abs(ratio - expected) < errors * error, (ratio, expected, error)


@pytest.fixture(scope="module", params=[INDEPENDENT, DEPENDENT], ids=["independent", "dependent"])
def simulated(request):
    """The first renewals (redrawn books: each world is one draw of everything, so worlds are independent)."""
    scenario = make_scenario(
        dependence=request.param,
        book={"redraw": True},
        csms=1,
        arr={"mean": 50_000.0, "sigma": 0.8, "accounts": 60},
        lag=LAG,
        churn={"probability": 0.15, "dispersion": 0.1},
        contraction={"probability": 0.15, "size": {"low": 0.1, "high": 0.4}},
        uplift={"probability": 0.5, "size": {"mean": 0.06, "sigma": 0.5}},
        renewed_term_months={"12": 0.7, "24": 0.2, "36": 0.1},
        win_back=({"days": (181, 270), "probability": 0.1}, {"days": (271, 360), "probability": 0.05}),
        expansion={"events_per_year": 0.8, "size": {"mean": 0.2, "sigma": 0.5}},
    )
    renewals, bridge = World(scenario, 20).simulate(0, 0, 6_000)
    first = renewals.number == 0
    due = renewals.due_day[first] < NEVER
    kept = due & (renewals.booked_day[first] - renewals.due_day[first] <= 180)
    return scenario, renewals, bridge, first, due, kept


def test_churn(simulated):
    _, _, _, _, due, kept = simulated
    ratio_within((due & ~kept).sum(axis=0), due.sum(axis=0), 0.15)


@pytest.mark.parametrize("band", LAG, ids=lambda band: f"{band['days']}")
def test_lag_bands(simulated, band):
    _, renewals, _, first, _, kept = simulated
    lag = renewals.booked_day[first] - renewals.due_day[first]
    inside = kept & (lag >= band["days"][0]) & (lag <= band["days"][1])
    ratio_within(inside.sum(axis=0), kept.sum(axis=0), band["share"])


def test_days_are_uniform_inside_a_band(simulated):
    _, renewals, _, first, _, kept = simulated
    lag = renewals.booked_day[first] - renewals.due_day[first]
    inside = kept & (lag >= -30) & (lag <= 0)
    for day in (-30, -15, 0):
        ratio_within((inside & (lag == day)).sum(axis=0), inside.sum(axis=0), 1 / 31)


def test_contraction_and_uplift(simulated):
    _, renewals, _, first, _, kept = simulated
    with np.errstate(invalid="ignore"):
        factor = renewals.booked_arr[first] / renewals.arr[first]
    smaller, larger = kept & (factor < 1 - 1e-6), kept & (factor > 1 + 1e-6)
    ratio_within(smaller.sum(axis=0), kept.sum(axis=0), 0.15)
    ratio_within(larger.sum(axis=0), kept.sum(axis=0), 0.5)
    ratio_within(np.where(smaller, 1 - factor, 0).sum(axis=0), smaller.sum(axis=0), 0.25)
    ratio_within(np.where(larger, factor - 1, 0).sum(axis=0), larger.sum(axis=0), 0.06)


def test_win_back_tiers(simulated):
    _, renewals, _, first, due, kept = simulated
    lag = renewals.booked_day[first].astype(np.int64) - renewals.due_day[first]
    lost = due & ~kept
    ratio_within((lost & (lag >= 181) & (lag <= 270)).sum(axis=0), lost.sum(axis=0), 0.10)
    ratio_within((lost & (lag >= 271) & (lag <= 360)).sum(axis=0), lost.sum(axis=0), 0.05)


def test_terms_signed_show_in_the_next_due_day(simulated):
    _, renewals, _, first, _, kept = simulated
    second = np.flatnonzero(first) + 1
    early = kept & (renewals.due_day[first] < 0)  # due before the horizon: a year on is always inside it
    gap = renewals.due_day[second].astype(np.int64) - renewals.due_day[first]
    year = early & (gap < 365 + 200)
    ratio_within(year.sum(axis=0), early.sum(axis=0), 0.7)


def test_expansion_rate_and_size(simulated):
    """Growth of the first period after the study meets the book; later ones compound, on factors that persist."""
    scenario, *_ = simulated
    growing = make_scenario(
        dependence=scenario.dependence.model_dump(),
        book={"redraw": True},
        csms=1,
        arr={"listed": ({"arr": 100.0, "accounts": 40},)},
        term_months={"120": 1.0},
        due={
            "quarter_weights": (0.0, 1.0, 0.0, 0.0),
            "last_month_share": 1.0,
        },  # nothing is due before spring
        expansion={"events_per_year": 0.8, "size": {"mean": 0.2, "sigma": 0.5}},
    )
    path = World(growing, 21).path(0, 0, 20_000)
    within(path.expansion[0] / 4_000, 0.8 / 4 * 0.2)


def test_arr_terms_and_due_months_of_a_drawn_book():
    scenario = make_scenario(
        csms=1,
        arr={"mean": 50_000.0, "sigma": 0.8, "accounts": 20_000},
        term_months={"12": 0.7, "24": 0.3},
        due={"quarter_weights": (0.2, 0.2, 0.2, 0.4), "last_month_share": 0.5},
    )
    world = World(scenario, 4)
    facts = world.facts(0, 0, 1)
    within(facts.arr[:, 0], 50_000)
    within(np.log(facts.arr[:, 0]), np.log(50_000) - 0.8**2 / 2)
    within(facts.term[:, 0] == 0, 0.7)
    month = (facts.due_day[:, 0].astype("timedelta64[D]") + np.datetime64("2026-01-01")).astype(
        "datetime64[M]"
    )
    month = month.astype(int) % 12
    for quarter, share in enumerate((0.2, 0.2, 0.2, 0.4)):
        within(month // 3 == quarter, share)
    within(month % 3 == 2, 0.5)
    two_years = facts.due_day[facts.term == 1]
    within(two_years < 365 - 181, 0.5)


@pytest.mark.parametrize("name", ["enterprise", "mid-market", "smb"])
def test_churn_and_gross_retention_of_shipped_scenarios(name):
    """By term, on the first renewals of redrawn books: kept renewals, and kept less contracted dollars over dollars due."""
    shipped = load_scenario(CONFIGS / "scenarios" / f"{name}.toml")
    scenario = shipped.model_copy(update={"book": BookSource(redraw=True)})
    segment, world = scenario.segment[0], World(scenario, 9)
    renewals, _ = world.simulate(0, 0, 4_000)
    terms = world.facts(0, 0, 4_000).term
    first = renewals.number == 0
    due, arr = renewals.due_day[first] < NEVER, renewals.arr[first]
    kept = due & (renewals.booked_day[first] - renewals.due_day[first] <= 180)
    retained = np.minimum(renewals.booked_arr[first], arr) * kept
    size = segment.contraction.size
    shrink = segment.contraction.probability * (size.low + size.high) / 2
    for term, months in enumerate(world.book.terms):
        held = due & (terms == term)
        churn = segment.churn.by_term.get(str(months), segment.churn.probability)
        ratio_within((kept & held).sum(axis=0), held.sum(axis=0), 1 - churn)
        ratio_within((retained * held).sum(axis=0), (arr * held).sum(axis=0), (1 - churn) * (1 - shrink))


@pytest.mark.jit
def test_back_dated_renewals_are_not_late_and_nothing_else_changes():
    """On the same draws: of the late, the share asked for is booked on the due day; all others stay as they were."""
    common = {
        "csms": 1,
        "lag": LAG,
        "churn": {"probability": 0.15},
        "uplift": {"probability": 0.5, "size": {"low": 0.0, "high": 0.1}},
        "win_back": ({"days": (20, 60), "probability": 0.5},),
        "arr": {"mean": 50_000.0, "sigma": 0.8, "accounts": 40},
    }
    before, after = (World(make_scenario(back_dated=share, **common), 6) for share in (0.0, 0.35))
    (plain, _), (moved, _) = before.simulate(0, 0, 2_000), after.simulate(0, 0, 2_000)
    first = plain.number == 0
    lag, then = (r.booked_day[first].astype(np.int64) - r.due_day[first] for r in (plain, moved))
    changed = lag != then
    np.testing.assert_array_equal(plain.arr[first], moved.arr[first])
    np.testing.assert_array_equal(plain.booked_arr[first], moved.booked_arr[first])
    assert (then[changed] == 0).all()
    assert (lag[changed] > 0).all()
    sure = make_scenario(back_dated=1.0, **{**common, "churn": {"probability": 0.0}})
    everyone, bridge = World(sure, 6).simulate(0, 0, 500)
    reached = everyone.due_day < NEVER
    assert (everyone.booked_day[reached] <= everyone.due_day[reached]).all()
    assert bridge.lapsed.max() == bridge.won_back.max() == 0.0
    nobody_lost = World(make_scenario(back_dated=0.0, **{**common, "churn": {"probability": 0.0}}), 6)
    some = World(make_scenario(back_dated=0.35, **{**common, "churn": {"probability": 0.0}}), 6)
    late, still = (
        (r.booked_day[r.number == 0] > r.due_day[r.number == 0]) & (r.booked_day[r.number == 0] < NEVER)
        for r in (nobody_lost.simulate(0, 0, 2_000)[0], some.simulate(0, 0, 2_000)[0])
    )
    ratio_within((late & ~still).sum(axis=0), late.sum(axis=0), 0.35)
