"""The cohort book of the published bracket, and its thirteen plans, ready to be gamed and certified."""

from sim.measure.gaming.boundary import honest_flows
from sim.measure.gaming.gamed import block_of
from sim.measure.gaming.moves import effects_of
from sim.plan.plan import load_plan
from sim.questions.gaming.measured import gaming_frame
from sim.questions.gaming.redrawn import draw_play
from sim.world.movable import draw_movable
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.repository import CONFIGS

TRAINING_FIRST, CERTIFY_FIRST = 1 << 31, 3 << 30


def cohort_plans():
    return [load_plan(path) for path in sorted((CONFIGS / "plans" / "gaming").glob("*.toml"))]


class Cohort:
    """One world of the cohort scenario, cut to so many periods, and the frame of some plans."""

    def __init__(self, plans, periods=8, seed=5):
        scenario = load_scenario(CONFIGS / "scenarios" / "gaming-cohort.toml")
        self.world = World(scenario.with_(periods=periods), seed)
        self.frame = gaming_frame(self.world.scenario, plans)

    def block(self, first, worlds):
        renewals, _ = self.world.simulate(0, first, worlds)
        return block_of(self.frame, renewals, *draw_movable(self.world, 0, renewals, first))

    def play(self, worlds, samples):
        return draw_play(self.world, 0, self.frame, CERTIFY_FIRST, worlds, samples)


def seen_by(bounded, block):
    """What the kernels take: the plan at a boundary, the flows, the moves and their effects."""
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    return bounded.boundary, honest_flows(bounded.terms, block.ledger), block.moves, effects
