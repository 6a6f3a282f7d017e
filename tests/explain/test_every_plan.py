"""No plan is refused: every shipped plan, and drawn ones, are explained in a world, with the numbers that settle pays."""

import json
from itertools import groupby

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import sim
from sim.calls.explained import explain_replay
from sim.cli import command
from sim.engine.setting import prepare
from sim.engine.simulate import simulate
from sim.errors import InputError
from sim.explain.explain import explain_in
from sim.explain.explained import explained
from sim.explain.report import document, explanation_sections
from sim.explain.whole import Whole
from sim.ledger import fill_ledger
from sim.plan.plan import load_plan
from sim.plan.reading.kpi import Kpi
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.reading.retention import Retention
from sim.plan.settle import compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from sim.replay.simulated import write_simulated
from sim.study.load import load
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.examples import examples
from tests.rig.inputs.activity import beside
from tests.rig.inputs.deals import frame_for, renewals
from tests.rig.inputs.drawn_deals import deals
from tests.rig.inputs.drawn_plans import activities, agreements, calendars, plans
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit  # whole runs


def together(path):
    """Plans of a study lie in one folder, and all have a salary or none has."""
    return str(path.parent), load_plan(path).pay.base_salary > 0.0


PATHS = sorted((CONFIGS / "plans").rglob("*.toml"), key=lambda path: (*together(path), path.name))
FOLDERS = [list(paths) for _, paths in groupby(PATHS, key=together)]
SCENARIO = """
name = "few"
start = 2026-01-01
periods = 6
team = { turnover_per_year = 0.6 }
[[segment]]
name = "a"
csms = 3
arr = { mean = 100_000, sigma = 0.8, accounts = 8 }
churn = { probability = 0.12 }
contraction = { probability = 0.1, size = { low = 0.2, high = 0.4 } }
expansion = { events_per_year = 0.6, size = { mean = 0.2, sigma = 0.5 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
win_back = [{ days = [181, 365], probability = 0.1 }]
notice_days = 60
[[segment.lag]]
days = [-60, -30]
share = 0.2
[[segment.lag]]
days = [-29, 0]
share = 0.5
[[segment.lag]]
days = [1, 120]
share = 0.3
[segment.new_accounts]
per_year = 3
arr = { mean = 50_000, sigma = 0.5 }
"""


def study_of(folder, plans):
    (folder / "few.toml").write_text(SCENARIO)
    names = [load_plan(path).name for path in plans]
    text = f'name = "all"\nseed = 3\nworlds = 64\nscenario = "few.toml"\nbaseline = "{names[0]}"\n'
    (folder / "study.toml").write_text(f"{text}plans = {[str(path) for path in plans]}\n")
    return load(folder / "study.toml"), names


@pytest.mark.parametrize("paths", FOLDERS, ids=lambda paths: paths[0].parent.name)
def test_every_shipped_plan_is_explained_as_it_pays(tmp_path, paths):
    study, names = study_of(tmp_path, paths)
    setting = prepare(study)
    paid_in_run = simulate(setting, 5, 1).variable[:, :, 0]
    for place, name in enumerate(names):
        told = [explain_in(study, setting, name, 5, str(csm)) for csm in range(3)]
        paid = sum(each.statement.bonus[:, 0] for each in told)
        np.testing.assert_allclose(paid, paid_in_run[place], rtol=1e-12, atol=1e-6)
        for each in told:
            adds_up(each)
            for component in each.components:
                of_accounts(component)


def adds_up(told):
    """Rules lead from curves to what is earned, payment from there to what is paid, and accounts to what was reached."""
    settled = told.settlement
    last = told.steps[-1].after
    np.testing.assert_allclose(sum(last.values()), settled.earned, rtol=1e-12, atol=1e-6)
    for name, pay in last.items():
        np.testing.assert_array_equal(pay, settled.component[name].pay)
    for before, after in zip(told.steps, told.steps[1:], strict=False):
        assert after.before == before.after
    flows = {flow.key: flow.amount for flow in told.payment if not flow.balance}
    ways = [amount for key, amount in flows.items() if key != "paid"]
    np.testing.assert_allclose(sum(ways), flows["paid"], rtol=1e-12, atol=1e-6)
    shown = {table.name for section in explanation_sections(told) for table in section.tables}
    assert {"reached", "rules", "payment", "statement"} <= shown
    assert document(told)["statements"]


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A world as the files of a company that lived it, and that nobody joined."""
    folder = tmp_path_factory.mktemp("history")
    (folder / "few.toml").write_text(SCENARIO.partition("[segment.new_accounts]")[0])
    write_simulated(World(load_scenario(folder / "few.toml"), 3), 5, folder)
    return folder


@pytest.mark.parametrize("paths", FOLDERS, ids=lambda paths: paths[0].parent.name)
def test_every_shipped_plan_is_explained_as_a_replay_pays(history, paths):
    found = sim.replay(history, paths, start="2026-01-01", periods=6)
    for settled in found.value.settled:
        told = explain_replay(found.value, settled.csm, settled.plan_name)
        np.testing.assert_array_equal(told.settlement.paid, settled.settlement.paid)
        adds_up(told)
        for component in told.components:
            of_accounts(component)


def test_a_replay_explains_itself_but_no_masked_names(history, capsys):
    plans = [CONFIGS / "plans" / "team" / "graced.toml", CONFIGS / "plans" / "base.toml"]
    found = sim.replay(history, plans, start="2026-01-01", periods=6)
    told = found.explain("a-002", "base")
    assert told.value.plan.name == "base"
    assert {"deals", "reached", "rules", "payment", "statement"} <= set(told.tables)
    assert found.explain("a-002").value.plan.name == "graced"
    with pytest.raises(InputError) as caught:
        found.explain("a-02", "bas")
    assert len(caught.value.problems) == 2
    masked = sim.replay(history, plans, start="2026-01-01", periods=6, anonymous=True)
    with pytest.raises(InputError, match="names customers"):
        masked.explain("CSM 01")
    asked = [
        "replay",
        str(history),
        f"--plan={plans[0]}",
        "--start=2026-01-01",
        "--periods=6",
        "--explain=a-001",
    ]
    assert command(asked) == 0
    assert "What each account gave to " in capsys.readouterr().out
    assert command([*asked, "--json"]) == 0
    (printed,) = json.loads(capsys.readouterr().out)
    assert printed["components"][0]["contributions"]


@examples(60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_drawn_plan_is_explained_as_it_settles(data):
    """Real deals of one CSM, of whose accounts nothing but renewals is known."""
    calendar, plan = data.draw(calendars), data.draw(plans())
    history = renewals([data.draw(st.lists(deals(calendar), max_size=6))])
    frame = frame_for(calendar, plan)
    own, company = (beside(data.draw(activities(calendar.periods))) for _ in range(2))
    own = own._replace(deals=own.deals.summed_for(plan))
    ledger = fill_ledger(history, frame, plan.amounts)._replace(activity=own, company=company)
    ledger = ledger._replace(agreed=data.draw(agreements(calendar)))
    told = explained(plan, frame, Whole("ada", history, ("a",) * 6, ledger))
    settled = settle_on(Worksheet(ledger), compile_plan(plan, frame))
    np.testing.assert_array_equal(told.settlement.paid, settled.paid)
    adds_up(told)


def of_accounts(told):
    """What accounts gave makes what the component was measured at."""
    reading, window, value = told.terms.reading, told.terms.window, told.measured.value[:, 0]
    told_otherwise = isinstance(reading, RenewalBookings | Kpi)  # by deals; a file's KPIs are of whole books
    assert told_otherwise or told.contributions or not value.any()
    for period in range(len(value)):
        mine = [each for each in told.contributions if each.period == period]
        if isinstance(reading, Kpi):
            if mine and window.single:
                mean = np.mean([each.counted for each in mine])
                assert mean == pytest.approx(value[period])
        elif isinstance(reading, Retention):
            start, kept, end = (
                sum(getattr(each, key) or 0.0 for each in mine) for key in ("start", "kept", "end")
            )
            reached = kept if told.component.measure == "grr" or told.component.team_measure == "grr" else end
            if reading.cohort is None:
                reached -= start
            if start > 0.0:
                assert reached / start == pytest.approx(value[period])
        elif told.contributions:
            first = window.first[period]
            counted = sum(each.counted for each in told.contributions if first <= each.period <= period)
            assert counted == pytest.approx(value[period], abs=0.01)
