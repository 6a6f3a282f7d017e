"""The kernels against the slow twin: every renewal and every expansion of every account, from the same words."""

from datetime import date

import numpy as np
import pytest

from sim.fiscal_year import FiscalYear
from sim.records import NEVER
from sim.world.book_source import BookSource
from sim.world.world import World
from tests.rig.twins.facts import churn_scores_of, contract_of, skill_of
from tests.rig.twins.world import account_path


def compare(scenario, seed, worlds, csms):
    """The whole path, the facts it starts from included: nothing is taken from the world but words and names."""
    world = World(scenario, seed)
    for csm in csms:
        renewals, bridge = world.simulate(csm, 5, worlds)
        held = world.book.accounts_of(csm)
        grown, counted = np.zeros((2, scenario.calendar.span, worlds))
        for account in range(held.start, held.stop):
            rows = np.flatnonzero(renewals.account == account)
            for w in range(worlds):
                given = (
                    *contract_of(scenario, world, account, 5 + w),
                    churn_scores_of(scenario, world, account, 5 + w),
                    skill_of(world, csm, 5 + w),
                )
                expected, added, number = account_path(scenario, world, account, given, 5 + w)
                grown[:, w] += added
                counted[:, w] += number
                reached = [row for row in rows if renewals.due_day[row, w] < NEVER]
                actual = [
                    (
                        int(renewals.due_day[row, w]),
                        None if renewals.booked_day[row, w] == NEVER else int(renewals.booked_day[row, w]),
                    )
                    for row in reached
                ]
                assert [path[:2] for path in expected] == actual
                money = [(renewals.arr[row, w], renewals.booked_arr[row, w]) for row in reached]
                np.testing.assert_allclose(
                    np.array(money).ravel(), np.array([p[2:] for p in expected]).ravel(), rtol=2e-5
                )
        horizon = slice(scenario.calendar.lead, scenario.calendar.lead + scenario.calendar.periods)
        np.testing.assert_allclose(bridge.expansion, grown[horizon], rtol=2e-5, atol=1e-6)
        np.testing.assert_array_equal(world.path(csm, 5, worlds).expansions, counted)


@pytest.mark.jit
def test_every_path_of_a_rich_world(rich):
    compare(rich, seed=11, worlds=150, csms=(0, 2))  # 150 worlds: more than one tile of lanes


@pytest.mark.parametrize("redraw", [True, False])
def test_every_path_of_a_few_worlds(rich, redraw):
    compare(rich.model_copy(update={"book": BookSource(redraw=redraw)}), seed=12, worlds=3, csms=(1,))


@pytest.mark.parametrize(
    ("start", "fiscal_year"),
    [
        (date(2026, 1, 1), FiscalYear(first_month=4)),
        (date(2025, 12, 28), FiscalYear(weeks="4-4-5", ends_on="saturday", ends="last")),
    ],
)
def test_every_path_where_years_begin_in_april_or_are_of_weeks(rich, start, fiscal_year):
    compare(rich.with_(start=start, fiscal_year=fiscal_year), seed=13, worlds=3, csms=(1,))
