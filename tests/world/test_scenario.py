"""A scenario with other values of some fields."""

from sim.world.scenario import load_scenario
from tests.rig.repository import CONFIGS

FILE = CONFIGS / "scenarios" / "mid-market.toml"


def test_a_changed_scenario_has_its_own_calendar_and_all_else_of_the_first():
    scenario = load_scenario(FILE)
    before = scenario.calendar  # read once, so that a copy could take it along
    changed = scenario.with_(periods=scenario.periods - 3)
    assert changed.calendar.periods == before.periods - 3
    assert scenario.calendar is before
    assert changed.source == FILE
    assert changed.with_(periods=scenario.periods) == scenario
    assert scenario.with_().keys() == scenario.keys()
