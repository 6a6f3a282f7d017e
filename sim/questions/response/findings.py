"""One sentence a figure on what CSMs may do because of a plan, computed from the result."""

from sim.questions.incentive.summary import Reward
from sim.questions.response.summary import PlanResponse
from sim.shapes.amounts import amount
from sim.shapes.words import label_of, listed


def response_finding(found: dict[str, PlanResponse]) -> str:
    """Which plan is worth most once CSMs respond, over which range, and which plans lose."""
    changing = {name: each for name, each in found.items() if each.net_value_se > 0.0}
    if not changing:
        return "No plan changes what CSMs do."
    name = max(changing, key=lambda plan: changing[plan].net_value)
    best = changing[name]
    value = amount(best.net_value, sign=True)
    if best.net_value <= 0.0:
        return f"No plan is worth more than {best.reference}: the highest net value, of {name}, is {value}."
    near = list(best.not_told_from or ())
    adds = "adds most:" if not near and len(changing) > 1 else "adds"
    low, high = amount(best.net_value_low, sign=True), amount(best.net_value_high, sign=True)
    said = (
        f"Once CSMs respond, {name} {adds} {value} of value per CSM-year against {best.reference}, {low} to {high} over the "
        f"range assumed, and costs {amount(abs(best.cost_added))} {'more' if best.cost_added > 0.0 else 'less'}."
    )
    if near:
        said += f" These worlds do not tell it apart from {listed(near)}."
    losers = [plan for plan, each in changing.items() if each.interval[1] < 0.0]
    return f"{said} Worth less than {best.reference}: {listed(losers)}." if losers else said


def rests_finding(found: dict[str, PlanResponse]) -> str:
    """The assumption that moves the best plan's value most, and whether any assumption turns its sign."""
    best = max(found, key=lambda name: found[name].net_value)
    rows = found[best].by_swing
    if not rows:
        return ""
    key, widest = rows[0]
    low, high = (amount(each, sign=True) for each in widest.net_value)
    turning = [_inside(each) for each, row in rows if min(row.net_value) < 0.0 < max(row.net_value)]
    turns = (
        f"turned into a loss by: {listed(turning)}"
        if turning
        else "no assumption, moved alone, makes it a loss"
    )
    return f"The value of {best} rests most on {_inside(key)}: {low} to {high}; {turns}."


def _inside(key: str) -> str:
    """The name of an assumption inside a sentence."""
    return f"“{label_of(key)}”"


def card_finding(rewards: dict[str, Reward]) -> str:
    """Which plans pay more for a moved dollar than for a saved one."""
    ratios = {
        name: reward.timing_to_saving
        for name, reward in rewards.items()
        if reward.timing_to_saving is not None
    }
    if not ratios:
        return "The measures that decide between plans, each of them explained in its own section below."
    moving = [name for name, ratio in ratios.items() if ratio > 1.0]
    worst = max(ratios, key=ratios.__getitem__)
    if not moving:
        return "No plan pays more for a dollar moved than for a dollar saved."
    return (
        f"{len(moving)} of {len(ratios)} plans measured pay more for a dollar moved to another period than for a dollar "
        f"saved; {worst} pays {ratios[worst]:.1f} times as much."
    )
