"""What questions say of a plan, put together of the few numbers that a test is about."""

from sim.questions.cost.summary import Cost, CostOfPlan
from sim.questions.gaming.summary import Exposure, GamingOfPlan, Split
from sim.questions.incentive.summary import IncentiveOfPlan, Reward, Spread
from sim.questions.response.summary import AssumedGaming, PlanResponse, ResponseOfPlan, Swing
from sim.summary.summary import PlanSummary

SECTIONS = {
    "cost": (CostOfPlan, Cost),
    "split": (GamingOfPlan, Split),
    "exposure": (GamingOfPlan, Exposure),
    "incentive": (IncentiveOfPlan, Reward),
    "response": (ResponseOfPlan, PlanResponse),
}
NESTED = {"spread": Spread, "tornado": Swing}


def plan_of(name, entry):
    """The plan of some sections of its entry; numbers that are not given are not there to be read."""
    parts = {part: {} for part, _ in SECTIONS.values()}
    for section, values in entry.items():
        part, kind = SECTIONS[section]
        parts[part][section] = of(kind, values)
    return PlanSummary(name, [part.model_construct(**sections) for part, sections in parts.items()])


def of(kind, values):
    """An entry of some of its numbers."""
    nested = {
        key: {name: of(NESTED[key], each) for name, each in value.items()} if key in NESTED else value
        for key, value in values.items()
    }
    if "assumed" in nested and kind is PlanResponse:
        nested["assumed"] = AssumedGaming(**nested["assumed"])
    return kind.model_construct(**nested)
