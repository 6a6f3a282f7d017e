"""What the tests of incentive strength share: a study of one plan or several, without files on disk."""

from sim.plan.plan import load_plan
from sim.plan.role_set import RoleSet
from sim.questions.incentive.around import holding
from sim.questions.incentive.scene import reads_beyond
from sim.world.scenario import load_scenario
from tests.rig.repository import CONFIGS

PLANS = sorted((CONFIGS / "plans").glob("*.toml")) + sorted((CONFIGS / "plans" / "incentive").glob("*.toml"))


def shipped(*names):
    """Shipped plans on bookings alone, in ``configs/plans`` or its folder ``incentive``: by name, or all of them."""
    plans = [plan for plan in map(load_plan, PLANS) if not reads_beyond(plan)]
    return [plan for plan in plans if not names or plan.name in names]


def honest(**dependence):
    """The scenario ``honest-book``, with other shares of dependence."""
    scenario = load_scenario(CONFIGS / "scenarios" / "honest-book.toml")
    changed = scenario.dependence.model_copy(update=dependence)
    copy = scenario.with_(dependence=changed)
    copy._origin = scenario._origin
    return copy


class Asked:
    """As much of a study as a scene of switches needs."""

    def __init__(self, scenario, seed=7):
        self.scenario = scenario
        self.seed = seed


def as_sets(**plans):
    """Plans as what a study compares, each under another name."""
    return [
        RoleSet(PLANS[0], name, name, tuple(holding([plan])), plain=True, not_modelled=())
        for name, plan in plans.items()
    ]
