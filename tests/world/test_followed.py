"""What is kept of the accounts of simulated books, against the slow twin, and the laws of retention."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.retention import add_book_retention, new_retention_tally, retention_of
from sim.records import NEVER, CohortTerms
from sim.world.world import World
from tests.rig.examples import examples
from tests.rig.inputs.small_scenarios import LAG, make_scenario
from tests.rig.twins import cohorts

LATE = (
    {"days": (-150, -40), "share": 0.2},
    {"days": (-30, 0), "share": 0.3},
    {"days": (1, 60), "share": 0.25},
    {"days": (61, 330), "share": 0.25},
)
SHRINK = {"probability": 0.3, "size": {"low": 0.1, "high": 0.9}}
GROW = {"probability": 0.6, "size": {"low": 0.05, "high": 0.6}}
BACK = ({"days": (20, 120), "probability": 0.3}, {"days": (150, 320), "probability": 0.4})
OFTEN = {"events_per_year": 3.0, "size": {"mean": 0.3, "sigma": 0.5}}
JOIN = {"per_year": 6.0, "arr": {"mean": 20_000.0, "sigma": 0.5}}

QUARTERS = tuple(range(8))
YEARS = (0, 0, 0, 0, 4, 4, 4, 4)
TRAILING = (0, 0, 0, 0, 1, 2, 3, 4)
TERMS = [
    CohortTerms(first, snapshot, late_lost, window, *dates)
    for first in (QUARTERS, YEARS, TRAILING)
    for snapshot, late_lost, window, dates in (
        (False, False, 180, ("due", "due", "due")),
        (False, True, 180, ("due", "due", "due")),
        (True, False, 60, ("booking", "booking", "due")),
        (True, True, 300, ("booking", "notice", "notice")),
        (False, False, 90, ("booking", "notice", "notice")),
    )
]


def world_of(seed=3, **segment):
    law = {
        "csms": 2,
        "arr": {"mean": 30_000.0, "sigma": 0.7, "accounts": 5},
        "churn": {"probability": 0.25},
        "lag": LATE,
        "contraction": SHRINK,
        "uplift": GROW,
        "win_back": BACK,
        "expansion": OFTEN,
    }
    return World(make_scenario(**law | segment), seed)


SCENARIOS = {
    "years": {},
    "long and short terms": {
        "term_months": {"6": 0.3, "12": 0.4, "24": 0.3},
        "renewed_term_months": {"3": 0.4, "24": 0.6},
    },
    "months": {"term_months": {"1": 1.0}, "renewed_term_months": {"1": 1.0}, "churn": {"probability": 0.06}},
    "newcomers": {"new_accounts": JOIN, "renewed_term_months": {"1": 0.5, "12": 0.5}},
    "as usual": {"lag": LAG, "contraction": {"probability": 0.1, "size": {"low": 0.1, "high": 0.4}}},
}


def accounts_in(world, csm, number):
    """The accounts of one book in one world as the twin wants them."""
    from sim.world.activity import notice_days

    calendar = world.calendar
    path = world.path(csm, number, 1, with_grown=True)
    held = world._held(csm, number, 1)
    longest = world.parameters(world.draws(number, 1)).notice
    notice = notice_days(held, longest, world.key, number, path)
    found = []
    for a in range(len(held.identity)):
        deals = []
        for row in range(held.slot[a], held.slot[a + 1]):
            due, booked = int(path.due_day[row, 0]), int(path.booked_day[row, 0])
            if due != NEVER:
                amounts = float(path.arr[row, 0]), float(path.booked_arr[row, 0])
                signed = None if booked == NEVER else booked
                deals.append(cohorts.Deal(due, signed, *amounts, notice=due - int(notice[row, 0])))
        ends = calendar.bounds[1:] - 1 + cohorts.GROWS_LAST
        growth = [
            (float(end), float(arr)) for end, arr in zip(ends, path.grown[a, :, 0], strict=True) if arr > 0
        ]
        joined = None
        if held.arrival[a]:
            active = int(held.active[a, 0])
            if active >= calendar.span:
                continue
            joined = float(calendar.bounds[active])
        found.append(cohorts.Account(float(held.arr[a, 0]), [deals], growth, joined))
    return found


def horizon_bounds(calendar):
    return calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1]


@pytest.mark.parametrize("name", SCENARIOS)
def test_cohorts_are_those_of_the_slow_twin(name):
    world = world_of(**SCENARIOS[name])
    for csm in (0, 1):
        _, _, activity = world.simulate_all(csm, 0, 6, cohorts=tuple(TERMS))
        for w in range(6):
            accounts = accounts_in(world, csm, w)
            for terms in TERMS:
                wanted = cohorts.cohort(accounts, terms, horizon_bounds(world.calendar))
                found = np.array(activity.cohort[terms])[:, :, w].T
                np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-2, err_msg=f"{terms} {w}")


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_the_company_keeps_is_that_of_the_slow_twin(name):
    world, worlds = world_of(**SCENARIOS[name]), 6
    tally = new_retention_tally(8, worlds)
    for csm in (0, 1):
        renewals, bridge = world.simulate(csm, 0, worlds)
        add_book_retention(renewals, bridge, world.calendar.end, tally)
    found = retention_of(tally)
    for w in range(worlds):
        accounts = [each for csm in (0, 1) for each in accounts_in(world, csm, w)]
        sums = cohorts.cohort(accounts, CohortTerms(QUARTERS), horizon_bounds(world.calendar))
        gross = np.prod([kept / opening if opening else 1.0 for opening, kept, *_ in sums])
        net = np.prod([left / opening if opening else 1.0 for opening, _, left, *_ in sums])
        assert found.gross[w] == pytest.approx(gross, rel=1e-9, abs=1e-12)
        assert found.net[w] == pytest.approx(net, rel=1e-9, abs=1e-12)


def test_a_company_and_its_books_read_quarters_alike():
    """The chain over quarters is the product of what a plan on GRR or NRR reads of all books together."""
    world, worlds = world_of(**SCENARIOS["newcomers"]), 64
    tally, sums = new_retention_tally(8, worlds), 0.0
    for csm in (0, 1):
        renewals, bridge, activity = world.simulate_all(csm, 0, worlds, cohorts=(CohortTerms(QUARTERS),))
        add_book_retention(renewals, bridge, world.calendar.end, tally)
        sums = sums + np.array(activity.cohort[CohortTerms(QUARTERS)])
    opening, gross, net, *_ = sums
    found = retention_of(tally)
    np.testing.assert_allclose(found.gross, (gross / opening).prod(axis=0), rtol=1e-9)
    np.testing.assert_allclose(found.net, (net / opening).prod(axis=0), rtol=1e-9)


@pytest.mark.jit
@given(
    seed=st.integers(0, 2**32 - 1),
    terms=st.dictionaries(st.sampled_from(["1", "3", "12", "24"]), st.just(1.0), min_size=1),
    churn=st.sampled_from([0.0, 0.2, 0.7]),
    lag=st.sampled_from([LAG, LATE]),
    grow=st.sampled_from([GROW, {"probability": 0.7, "size": {"low": 0.5, "high": 0.5}}]),
    joining=st.booleans(),
    which=st.sampled_from(TERMS),
)
@examples(25)
def test_shares_lie_between_0_and_1_in_every_world(seed, terms, churn, lag, grow, joining, which):
    mix = {term: 1.0 / len(terms) for term in terms}
    segment = {"term_months": mix, "renewed_term_months": mix, "churn": {"probability": churn}, "lag": lag}
    segment |= {"uplift": grow, "new_accounts": JOIN if joining else {}}
    world = world_of(seed, **segment)
    renewals, bridge, activity = world.simulate_all(0, 0, 32, cohorts=(which,))
    found = activity.cohort[which]
    assert (found.gross >= 0).all()
    assert (found.gross <= found.opening).all()
    assert (found.net >= found.gross * (1 - 1e-12) - 1e-6).all()
    assert (found.logos <= found.accounts).all()
    tally = new_retention_tally(8, 32)
    add_book_retention(renewals, bridge, world.calendar.end, tally)
    kept = retention_of(tally)
    assert ((kept.gross >= 0) & (kept.gross <= 1)).all()
    assert (kept.net >= 0).all()


def test_without_losses_everything_is_kept_to_the_last_bit():
    """Terms of a month, all renewals grow by half: no factor is below or above 1 (issue: 7.9)."""
    world = world_of(
        csms=1,
        churn={"probability": 0.0},
        contraction={},
        win_back=(),
        uplift={"probability": 1.0, "size": {"low": 0.5, "high": 0.5}},
        term_months={"1": 1.0},
        renewed_term_months={"1": 1.0},
        lag=LAG,
    )
    renewals, bridge, activity = world.simulate_all(
        0, 0, 64, cohorts=(CohortTerms(QUARTERS), CohortTerms(YEARS))
    )
    for found in activity.cohort.values():
        np.testing.assert_array_equal(found.gross, found.opening)
        np.testing.assert_array_equal(found.logos, found.accounts)
    tally = new_retention_tally(8, 64)
    add_book_retention(renewals, bridge, world.calendar.end, tally)
    assert (retention_of(tally).gross == 1.0).all()


def test_grace_spares_what_is_lost_while_the_holder_is_new():
    """Two changes of hands a year: what the twin spares in the first two quarters of a seat is what the book spares."""
    scenario = make_scenario(
        csms=2,
        arr={"mean": 30_000.0, "sigma": 0.7, "accounts": 5},
        churn={"probability": 0.3},
        lag=LATE,
        contraction=SHRINK,
        uplift=GROW,
        win_back=BACK,
        expansion=OFTEN,
    )
    team = scenario.team.model_copy(update={"turnover_per_year": 1.5})
    world = World(scenario.with_(team=team), 3)
    calendar = world.calendar
    every = ("churn", "contraction", "lapsed")
    graced = [
        CohortTerms(first, snapshot, late, 120, grace_periods=2, grace_events=events)
        for first in (QUARTERS, YEARS)
        for snapshot, late in ((False, False), (False, True), (True, False))
        for events in (("churn",), every)
    ]
    differ = 0
    for csm in (0, 1):
        _, _, activity = world.simulate_all(csm, 0, 6, cohorts=tuple(graced))
        tenure = world.seat(csm, 0, 6).tenure
        for w in range(6):

            def in_grace(day, w=w, tenure=tenure):
                period = int(np.searchsorted(calendar.bounds, day, side="right")) - 1
                return tenure[max(period, 0), w] <= 2

            accounts = accounts_in(world, csm, w)
            for terms in graced:
                wanted = cohorts.cohort(accounts, terms, horizon_bounds(calendar), in_grace)
                found = np.array(activity.cohort[terms])[:, :, w].T
                np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-2, err_msg=f"{terms} {csm} {w}")
                plain = np.array(activity.cohort[terms.ungraced])[:, :, w].T
                assert (found[:, 1] >= plain[:, 1] - 1e-6).all()
                differ += int((found[:, 1] > plain[:, 1] + 1.0).any())
    assert differ > 20, "the sample must spare something"
