"""What sums over switches say: the published table on the honest book, shares by hand, and groups that add up."""

import numpy as np
import pytest

import sim
from sim.engine.pool import Threads
from sim.measure.incentive.strength import (
    Facts,
    join_worlds,
    merge_strength,
    next_save_entry,
    strength_entry,
    strength_of,
)
from sim.questions.incentive.measured import rewards_of_plans
from tests.rig.repository import CONFIGS

# plan: pay per usd saved (cents) and its sd; shares: zero for the renewal; next save dead; next save at least doubled.
# Published with the setting of configs/scenarios/honest-book.toml; the first curve's 4.5 is 20 over the mean quota.
TABLE = {
    "retention-linear": (4.5, 0.6, 0.000, 0.000, 0.000),
    "retention-linear-cap-120": (4.5, 0.7, 0.003, 0.026, 0.000),
    "retention-threshold-90": (8.5, 19.8, 0.081, 0.052, 0.038),
    "retention-threshold-85": (6.9, 15.0, 0.049, 0.031, 0.024),
    "retention-tiers": (15.9, 26.7, 0.622, 0.567, 0.433),
    "retention-accelerator": (11.7, 19.3, 0.081, 0.052, 0.811),
}


@pytest.fixture(scope="module")
def entries():
    study = sim.load(CONFIGS / "studies" / "incentive.toml")
    return {name: each.incentive.document() for name, each in rewards_of_plans(study, Threads(2)).items()}


@pytest.mark.jit
@pytest.mark.parametrize("name", TABLE)
def test_the_published_table(entries, name):
    """Shares within 4 errors of a share over 8,000 book-quarters (a quarter's saves go together), pay within 8 % or a
    tenth of a cent; both sides are simulated, the seed is fixed."""
    pay, sd, dead, next_dead, next_double = TABLE[name]
    entry = entries[name]
    assert 100 * entry["spread"]["save"]["mean"] == pytest.approx(pay, rel=0.08, abs=0.1)
    assert 100 * entry["spread"]["save"]["sd"] == pytest.approx(sd, rel=0.10, abs=0.1)
    found = (entry["dead_zone_share"], entry["next_save"]["dead_share"], entry["next_save"]["double_share"])
    for share, published in zip(found, (dead, next_dead, next_double), strict=True):
        assert abs(share - published) < 4 * np.sqrt(2 * published * (1 - published) / 8_000) + 6e-4


@pytest.mark.jit
def test_late_is_on_time_where_nothing_happens_to_late_bookings(entries):
    """No late multiplier, no quota moves: a booking 30 days late inside its quarter pays the same."""
    assert entries["retention-linear"]["late"] == pytest.approx(entries["retention-linear"]["save"], rel=0.2)


@pytest.mark.jit
def test_equal_cost_leaves_the_baseline_as_it_is(entries):
    base = entries["retention-linear"]
    assert base["at_equal_cost"]["scale"] == 1.0
    assert base["at_equal_cost"]["save"] == base["save"]
    tiers = entries["retention-tiers"]
    scale = base["pay"]["per_csm_year"] / tiers["pay"]["per_csm_year"]
    assert tiers["at_equal_cost"]["risk_premium"] == pytest.approx(tiers["risk_premium"] * scale**2)
    assert base["at_equal_cost"]["save_per_1000_usd_risk"] > tiers["at_equal_cost"]["save_per_1000_usd_risk"]


def small(rng, renewals=6, worlds=10):
    """Pay in six arms of renewals that pay 4 cents a usd, but for one that pays nothing and one that pays 20."""
    size = rng.uniform(1_000, 9_000, (renewals, worlds))
    pay = np.full((6, renewals, worlds), 50_000.0)
    rate = np.full((renewals, 1), 0.04)
    rate[0], rate[1] = 0.0, 0.20
    pay[0] -= rate * size
    yes = np.ones((renewals, worlds), bool)
    facts = Facts(
        counted=yes,
        early=yes,
        late=yes,
        at_risk=np.full((renewals, worlds), 0.1),
        size=size,
        linear=np.full((renewals, worlds), 0.04),
        attainment=np.repeat([[0.5], [0.85], [0.95], [1.0], [1.15], [3.0]], worlds, axis=1),
        segment=np.array([0, 0, 1, 1, 1, 1]),
    )
    return pay, facts


def test_shares_and_groups_by_hand():
    pay, facts = small(np.random.default_rng(1))
    entry = strength_entry(strength_of(pay, facts, 1_000.0, 2), 30, ["one", "two"])
    assert entry["dead_zone_share"] == pytest.approx(1 / 6)
    assert entry["jackpot_share"] == pytest.approx(1 / 6)
    assert entry["by_segment"]["two"]["save"] == pytest.approx(0.04)
    assert entry["by_segment"]["one"]["dead_zone_share"] == pytest.approx(0.5)
    zones = entry["by_zone"]
    assert list(zones) == ["<80 %", "80-90 %", "90-100 %", "100-115 %", ">=115 %"]
    assert zones["80-90 %"]["save"] == pytest.approx(0.20)
    assert zones[">=115 %"]["share_of_renewals"] == pytest.approx(2 / 6)
    assert sum(zone["share_of_renewals"] for zone in zones.values()) == pytest.approx(1.0)
    assert entry["spread"]["save"]["p50"] == pytest.approx(0.04)
    weights = facts.size.sum()
    assert entry["save"] == pytest.approx((0.04 * facts.size[2:].sum() + 0.2 * facts.size[1].sum()) / weights)


def test_at_risk_accounts_weigh_most():
    pay, facts = small(np.random.default_rng(2))
    weight = np.zeros_like(facts.size)
    weight[1] = 0.25
    entry = strength_entry(strength_of(pay, facts._replace(at_risk=weight), 1_000.0, 2), 30, ["one", "two"])
    assert entry["save"] == pytest.approx(0.20)


def test_books_and_worlds_merge_exactly():
    pay, facts = small(np.random.default_rng(3))
    whole = strength_of(pay, facts, 1_000.0, 2)

    def some(rows, columns):
        cut = [part[rows, columns] for part in facts[:-1]]
        return strength_of(pay[:, rows, columns], Facts(*cut, facts.segment[rows]), 1_000.0, 2)

    every = slice(None)
    books = merge_strength(some(slice(0, 2), every), some(slice(2, 6), every))
    worlds = join_worlds(some(every, slice(0, 4)), some(every, slice(4, 10)))
    for other in (books, worlds):
        for one, two in zip(whole[:4], other[:4], strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-12)
        assert sorted(whole.values[0]) == sorted(other.values[0])


def test_without_a_linear_rate_there_is_no_dead_zone():
    pay, facts = small(np.random.default_rng(4))
    nothing = facts._replace(linear=np.full_like(facts.linear, np.nan))
    entry = strength_entry(strength_of(pay, nothing, 1_000.0, 2), 30, ["one", "two"])
    assert "dead_zone_share" not in entry
    assert entry["save"] > 0
    assert next_save_entry(np.ones((2, 3)), np.ones((2, 3)), np.full((2, 3), np.nan)) == {}


def test_twice_the_linear_rate_is_twice_in_spite_of_rounding():
    size = np.full((1, 4), 3.0)
    linear = np.full((1, 4), 0.1)
    paid = np.array([[0.6, 0.6 * (1 - 1e-13), 0.59, 0.0]])
    found = next_save_entry(paid, size, linear)
    assert found["double_share"] == 0.5
    assert found["dead_share"] == 0.25


@pytest.mark.jit
def test_a_save_pays_most_just_below_a_threshold_and_nothing_far_from_it(entries):
    """Below 80 % a saved dollar does not reach 90 %; from 80 to 90 % it often does. Under a cap at 120 % the last dollars
    pay less than the first. Chung, Steenburgh & Sudhir (2014); Misra & Nair (2011), the signs.
    """
    linear = entries["retention-linear"]["save"]
    zones = entries["retention-threshold-90"]["by_zone"]
    assert zones["<80 %"]["save"] < 0.5 * linear
    assert zones["80-90 %"]["save"] > 2.0 * linear
    assert zones["100-115 %"]["save"] < zones["90-100 %"]["save"]
    capped = entries["retention-linear-cap-120"]["by_zone"]
    above, below = capped[">=115 %"], capped["100-115 %"]
    assert above["save"] + 4 * (above["save_se"] + below["save_se"]) < below["save"]
    assert above["dead_zone_share"] > below["dead_zone_share"]
