"""One world told deal by deal adds up to the statement that the study itself settles."""

import numpy as np
import pytest

from sim.engine.setting import frame_of
from sim.errors import InputError
from sim.explain.explain import explain
from sim.ledger import fill_ledger
from sim.plan.settle import compile_plan, settle
from sim.records import EARLY, LATE, NEVER, ON_TIME, Renewals
from sim.study.load import load
from sim.world.world import World
from tests.rig.repository import CONFIGS

SCENARIO = CONFIGS / "scenarios" / "mid-market.toml"
WORLDS = 40
PLAN = """
name = "{name}"
title = "A plan"
[pay]
target_bonus = 20_000
[[component]]
quota = {quota}
crediting = {crediting}
quota_moves = {moves}
"""
FIXED = "{ kind = 'fixed', amount = 300_000 }"
RETENTION = "{ kind = 'retention', rate = 0.9 }"
BANDS = (
    "early_bands = [{ through_day = 30, multiplier = 1.0 }, { through_day = 60, multiplier = 1.25 }], "
    "late_bands = [{ through_day = 30, multiplier = 0.75 }, { through_day = 60, multiplier = 0.5 }]"
)
PLANS = {
    "plain": (FIXED, "{}", "{}"),
    "banded": (RETENTION, f"{{ {BANDS}, late_window_days = 120 }}", "{ late_into_booked = 1.0 }"),
    "capped": (FIXED, "{ early_multiplier = 1.2, early_cap = 0.2 }", "{ early_out_of_due = 1.0 }"),
    "adjusted": (RETENTION, "{ early_cap = 0.1, early_cap_base = 'adjusted' }", "{ early_out_of_due = 1.0 }"),
    "due": (FIXED, "{ date = 'due', early_multiplier = 1.5, late_multiplier = 0.5 }", "{}"),
    "cash": (FIXED, "{ date = 'cash' }", "{ late_out_of_due = 1.0 }"),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    for name, (quota, crediting, moves) in PLANS.items():
        plan = PLAN.format(name=name, quota=quota, crediting=crediting, moves=moves)
        (folder / f"{name}.toml").write_text(plan)
    plans = [f"{name}.toml" for name in PLANS]
    (folder / "study.toml").write_text(
        f'name = "try"\nseed = 7\nworlds = {WORLDS}\nscenario = "{SCENARIO}"\n'
        f'plans = {plans}\nbaseline = "plain"\n'
    )
    return load(folder / "study.toml")


@pytest.mark.parametrize("plan", PLANS)
def test_deals_add_up_to_the_statement(study, plan):
    waiting = 0
    for world in range(12):
        told = explain(study, plan, world, "1")
        rows = {side: np.zeros((2, study.scenario.periods)) for side in (EARLY, LATE, ON_TIME)}
        for deal in told.deals:
            waiting += len(deal.parts) > 1
            for part in deal.parts:
                if 0 <= part.period < study.scenario.periods:
                    rows[deal.side][:, part.period] += part.amount, part.credit
        statement = told.statement
        expected = {
            EARLY: (statement.renewed_early, statement.credit_early),
            LATE: (statement.renewed_late, statement.credit_late),
            ON_TIME: (statement.renewed_on_time, statement.credit_on_time),
        }
        for side, amounts in rows.items():
            np.testing.assert_allclose(amounts, np.array(expected[side])[:, :, 0], rtol=1e-12, atol=1e-6)
    assert (waiting > 0) == (plan in ("capped", "adjusted"))


@pytest.mark.parametrize("plan", PLANS)
def test_a_world_alone_is_the_world_of_the_run(study, plan):
    frame, chosen = (
        frame_of(study.scenario, study.plans),
        next(each for each in study.plans if each.name == plan),
    )
    renewals, _ = World(study.scenario, study.seed).simulate(3, 0, WORLDS, (chosen.ledger_date,))
    block = settle(compile_plan(chosen, frame), fill_ledger(renewals, frame, (chosen.ledger_date,)))
    for world in (0, 17, WORLDS - 1):
        alone = explain(study, plan, world, "mid-market-004").statement
        for one, many in zip(alone, block, strict=True):
            assert np.array_equal(one[:, 0], many[:, world])


def test_every_deal_of_the_horizon_is_told_once(study):
    calendar = study.scenario.calendar
    first, last = calendar.bounds[calendar.lead], calendar.bounds[calendar.lead + calendar.periods]
    renewals: Renewals = World(study.scenario, study.seed).simulate(0, 5, 1, ("booking",))[0]
    due, booked = renewals.due_day[:, 0].astype(int), renewals.booked_day[:, 0].astype(int)
    due_inside, booked_inside = ((first <= day) & (day < last) for day in (due, booked))
    expected = due_inside | (booked_inside & (booked - due <= 180))
    told = explain(study, "plain", 5, "0").deals
    assert len(told) == expected.sum() > 0
    assert len({(deal.account, deal.number) for deal in told}) == len(told)
    assert sum(deal.booked_date is None for deal in told) == (due_inside & (booked == NEVER)).sum()


def test_what_happened_is_said_in_words(study):
    told = [deal for world in range(WORLDS) for deal in explain(study, "banded", world, "0").deals]
    for deal in told:
        start = {None: "lost", EARLY: "early", LATE: "late", ON_TIME: "on time"}[deal.side]
        assert deal.outcome.startswith(start)
        assert (deal.side is None) == (deal.booked_arr == 0.0)
        if deal.outcome.endswith(": new logo"):
            assert deal.days > 120
            assert not deal.parts
        if deal.outcome.endswith(": past the last band"):
            assert 60 < deal.days <= 120
            assert deal.parts[0].credit == 0.0
    said = {deal.outcome.partition(": ")[2] for deal in told}
    assert said >= {"", "new logo", "past the last band"}


SECOND = """
name = "second"
pay.target_bonus = 20_000
component = [
  { name = "logos", measure = "logo_retention", weight = 0.5, quota = { kind = "target", target = 0.9 } },
  { name = "renewals", weight = 0.5, quota = { kind = "fixed", amount = 300_000 }, crediting = { late_window_days = 20 } },
]
"""


def test_a_new_logo_is_told_by_the_component_on_renewals_wherever_it_stands(tmp_path):
    """Its window is 20 days here; the component before it has none, and would leave the default of 180."""
    (tmp_path / "second.toml").write_text(SECOND)
    (tmp_path / "study.toml").write_text(
        f'name = "try"\nseed = 7\nworlds = {WORLDS}\nscenario = "{SCENARIO}"\n'
        'plans = ["second.toml"]\nbaseline = "second"\n'
    )
    study = load(tmp_path / "study.toml")
    deals = [deal for world in range(8) for deal in explain(study, "second", world, "0").deals]
    late = {deal.days: deal.outcome for deal in deals if deal.side == LATE}
    assert {20 < days <= 180 for days in late} == {True, False}
    for days, outcome in late.items():
        assert (outcome == f"late {days} d: new logo") == (days > 20)


def test_what_the_study_does_not_have_is_said_at_once(study):
    with pytest.raises(InputError) as caught:
        explain(study, "plane", WORLDS, "mid-market-021")
    assert str(caught.value).splitlines() == [
        (
            "--plan must be one of ['plain', 'banded', 'capped', 'adjusted', 'due', 'cash'], received 'plane'. "
            "Did you mean 'plain'?"
        ),
        "--world must be between 0 and 39, received 40. The study has 40 worlds.",
        (
            "--csm must be a CSM of the book ('mid-market-001' to 'mid-market-020') or an index from 0 to 19, "
            "received 'mid-market-021'. Did you mean 'mid-market-020'?"
        ),
    ]


@pytest.mark.parametrize("plan", PLANS)
def test_timing_neutral_attainment_is_what_was_due_and_renewed_over_what_was_asked(study, plan):
    """No multiplier, cap, band, quota move or cash date is left: booked ARR by due quarter, inside the window."""
    moved = 0
    calendar = study.scenario.calendar
    window = 120 if plan == "banded" else 180
    for world in range(6):
        told = explain(study, plan, world, "1")
        due, kept = np.zeros(calendar.periods), np.zeros(calendar.periods)
        for deal in told.deals:
            day = (deal.due_date - calendar.start).days
            period = int(np.searchsorted(calendar.bounds, day, side="right")) - 1 - calendar.lead
            if 0 <= period < calendar.periods:
                due[period] += deal.arr
                kept[period] += deal.booked_arr if deal.days is not None and deal.days <= window else 0.0
        asked = 0.9 * due if PLANS[plan][0] == RETENTION else np.full(calendar.periods, 300_000.0)
        wanted = np.divide(kept, asked, out=np.ones_like(kept), where=asked > 0)
        np.testing.assert_allclose(told.neutral.attainment[:, 0], wanted, rtol=1e-9)
        moved += int((told.neutral.attainment != told.statement.attainment).any())
    assert moved
