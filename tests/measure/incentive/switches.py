"""What the tests of incentive strength share: a study of one plan or several, without files on disk."""

from pathlib import Path

from sim.study.behaviour_checks import measurable
from sim.study.role_set import load_role_set
from sim.world.scenario import load_scenario

CONFIGS = Path(__file__).parents[3] / "configs"
PLANS = sorted((CONFIGS / "plans").glob("*.toml")) + sorted((CONFIGS / "plans" / "incentive").glob("*.toml"))


def shipped(*names):
    """Shipped plans by name, in ``configs/plans`` or its folder ``incentive``; all of them without names."""
    plans = [each.roles[0].plan for each in map(load_role_set, PLANS) if measurable(each)]
    return [plan for plan in plans if not names or plan.name in names]


def honest(**dependence):
    """The scenario ``honest-book``, with other shares of dependence."""
    scenario = load_scenario(CONFIGS / "scenarios" / "honest-book.toml")
    changed = scenario.dependence.model_copy(update=dependence)
    copy = scenario.model_copy(update={"dependence": changed})
    copy._origin = scenario._origin
    return copy


class Asked:
    """As much of a study as a scene of switches needs."""

    def __init__(self, scenario, seed=7):
        self.scenario = scenario
        self.seed = seed
