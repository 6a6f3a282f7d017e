"""A simulated world written as a history: its replay is the settlement of that world, to the cent, and as-of is as-of."""

from datetime import date

import numpy as np
import pytest

from sim.engine.chunks import open_book
from sim.engine.setting import prepare
from sim.files.all_at_once import AllAtOnce
from sim.files.deals import read_deals
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.replay import replay
from sim.replay.simulated import lives_of, write_simulated
from sim.study.load import load
from sim.world.world import World
from tests.rig.inputs.small_study import SCENARIO

PLAN = """name = "{measure}"
[pay]
target_bonus = 10_000
base_salary = 60_000
[[component]]
measure = "{measure}"
{rest}
"""
LINEAR = 'quota = { kind = "target", floor = 0.0, target = 1.0 }'
PLANS = {
    "renewals": PLAN.format(
        measure="renewal_bookings",
        rest='quota = { kind = "retention", rate = 0.9 }\n[component.quota_moves]\nearly_out_of_due = 1.0',
    ),
    "grr": PLAN.format(measure="grr", rest=LINEAR),
    "nrr": PLAN.format(measure="nrr", rest=LINEAR),
    "logos": PLAN.format(measure="logo_retention", rest=LINEAR),
    "expansion": PLAN.format(
        measure="expansion_bookings", rest='quota = { kind = "fixed", amount = 20_000 }'
    ),
    "deals": PLAN.format(
        measure="deal_bookings",
        rest="""pay_kind = "commission"
dates = { renewal = "cash", contraction = "notice", churn = "notice" }
[[component.deals]]
types = ["renewal", "uplift", "won_back", "expansion"]
term_months = "[0, 12)"
rate = 0.02
[[component.deals]]
types = ["renewal", "uplift"]
term_months = "[12, 24]"
size = "[0, 30_000)"
rate = 0.03
[[component.deals]]
types = ["renewal", "uplift"]
term_months = "[12, 24]"
size = "[30_000, inf)"
rate = 0.04
[[component.deals]]
types = ["expansion"]
term_months = "[12, 24]"
rate = 0.05
[[component.deals]]
types = ["contraction", "churn"]
rate = 0.01""",
    ),
    "health": PLAN.format(measure="health", rest='quota = { kind = "target", floor = 0.0, target = 80.0 }'),
}
STUDY = """name = "all"
seed = 11
worlds = 64
scenario = "scenario.toml"
plans = [{plans}]
baseline = "renewals"
"""
WORLDS = (0, 1, 7)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    more = "new_accounts = { per_year = 3.0, arr = { mean = 15_000, sigma = 0.5 } }\n"
    more += 'win_back = [{ days = [95, 260], probability = 0.3 }]\nterm_months = { "6" = 0.3, "12" = 0.5, "24" = 0.2 }\n'
    text = SCENARIO.replace("csms = 2\n", f"csms = 2\n{more}")
    (folder / "scenario.toml").write_text(text)
    for name, plan in PLANS.items():
        (folder / f"{name}.toml").write_text(
            plan.replace(f'name = "{plan[8 : plan.index(chr(10)) - 1]}"', f'name = "{name}"')
        )
    names = ", ".join(f'"{name}.toml"' for name in PLANS)
    (folder / "study.toml").write_text(STUDY.format(plans=names))
    return load(folder / "study.toml")


@pytest.fixture(scope="module")
def world(study):
    return World(study.scenario, study.seed)


def read_history_of(folder):
    reading = AllAtOnce()
    history = read_history(folder, dict.fromkeys(FOLDER_FILES), reading)
    reading.check()
    return history()


@pytest.mark.parametrize("number", WORLDS)
def test_the_replay_of_a_world_is_its_settlement(study, world, number, tmp_path):
    write_simulated(world, number, tmp_path)
    plans = list(study.plans)
    replayed = replay(read_history_of(tmp_path), plans, study.scenario.start, study.scenario.periods)
    found = {(each.plan_name, each.csm): each.statement.bonus[:, 0] for each in replayed.settled}
    setting = prepare(study)
    for csm, person in enumerate(world.book.csms):
        sheet = Worksheet(open_book(setting, world, csm, number, 1))
        for plan, rules in zip(plans, setting.plans, strict=True):
            simulated = settle_on(sheet, rules).statement.bonus[:, 0]
            np.testing.assert_allclose(found[plan.name, person], simulated, atol=0.005, err_msg=plan.name)


def test_every_expansion_of_a_world_is_told_by_itself(world):
    """As many as the world counts in each book and period, and adding up to its amounts."""
    for csm in range(len(world.book.csms)):
        path = world.path(csm, 3, 1, with_grown=True)
        events = [each for life in lives_of(world, csm, 3) for each in life.grown]
        period = np.searchsorted(world.calendar.bounds, [each.day for each in events], side="right") - 1
        span = world.calendar.span
        assert np.bincount(period, minlength=span).tolist() == path.expansions[:, 0].tolist()
        amounts = np.bincount(period, [each.arr for each in events], minlength=span)
        np.testing.assert_allclose(amounts, path.expansion[:, 0], rtol=1e-9)


def test_what_is_known_on_a_day_is_what_had_happened_by_then(world, tmp_path):
    """Bookings up to the day are those of the whole file, later ones are blank; what a later booking signs is not there."""
    whole, known, day = tmp_path / "whole", tmp_path / "known", date(2026, 8, 14)
    for folder, as_of in ((whole, None), (known, day)):
        folder.mkdir()
        write_simulated(world, 4, folder, as_of=as_of)
    every, then = read_deals(whole / "deals.csv"), read_deals(known / "deals.csv")
    cut = np.datetime64(day)
    rows = {key: row for row, key in enumerate(zip(every.account, every.due_date.tolist(), strict=True))}
    same = [rows[key] for key in zip(then.account, then.due_date.tolist(), strict=True)]
    booked = every.credit_date["booking"]
    happened = booked[same] <= cut
    np.testing.assert_array_equal(
        then.credit_date["booking"], np.where(happened, booked[same], np.datetime64("NaT"))
    )
    np.testing.assert_array_equal(then.arr[then.due_date <= cut], every.arr[same][then.due_date <= cut])
    left_out = set(rows.values()) - set(same)
    earlier = {
        later: [row for row, name in enumerate(every.account[:later]) if name == every.account[later]]
        for later in left_out
    }
    assert all((booked[max(rows)] > cut) for rows in earlier.values() if rows)
    new = read_history_of(whole).book_events.expansions.newcomers
    joined = dict(zip(new.account, new.date, strict=True))
    assert all(joined[every.account[later]] > cut for later, rows in earlier.items() if not rows)
    assert {bool(rows) for rows in earlier.values()} == {True, False}
    events = read_history_of(known).book_events.expansions
    assert (events.date <= cut).all()
    assert then.notice_date is not None
    assert (then.notice_date[~np.isnat(then.notice_date)] <= cut).all()
    assert 0 < happened.sum() < len(happened)


def test_a_book_of_another_day_has_who_is_a_customer_then(world, tmp_path):
    """By the bridge of each book: ARR at the start of the third period."""
    period = 2
    write_simulated(world, 2, tmp_path, book_on=world.calendar.first_day(period))
    opening = read_history_of(tmp_path).book_events.opening
    for csm, person in enumerate(world.book.csms):
        held = [arr for name, arr in zip(opening.csm, opening.arr.tolist(), strict=True) if name == person]
        assert sum(held) == pytest.approx(world.simulate(csm, 2, 1)[1].opening[period, 0])
