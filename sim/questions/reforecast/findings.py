"""The sentences of a forecast in mid-year, worked out from its tables."""

from sim.questions.reforecast.summary import PlanNow, Reforecast
from sim.questions.reforecast.tables import STEPS
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, listed


def at_the_end(found: Reforecast) -> str:
    """What the baseline costs by now."""
    name = found.study.baseline
    plan = found.plans[name]
    spread = f"nine worlds in ten between {amount(plan.cost.p5)} and {amount(plan.cost.p95)}"
    if plan.cost.mean is None:
        said = f"{name} is forecast to cost {amount(plan.cost.p50)} by {found.ends} in the median world, {spread}"
    else:
        said = f"{name} is forecast to cost {amount(plan.cost.mean)} by {found.ends}, {spread}"
    if plan.last is None or plan.last.width <= 0.0:
        return f"{said}."
    less = 1.0 - plan.cost.width / plan.last.width
    return (
        f"{said}: a span {share(abs(less))} {'narrower' if less >= 0 else 'wider'} than as of {found.since}."
    )


def accrued(found: Reforecast) -> str:
    """What the baseline has accrued, and what is to come."""
    name = found.study.baseline
    plan = found.plans[name]
    if plan.accrued is None or plan.to_come is None:
        return f"{name}: no mean is told, and no accrual rests on one."
    said = f"{name} has accrued {amount(plan.accrued)} by {found.as_of}; {amount(plan.to_come)} are to come."
    return f"{said} {budget(found, plan)}".strip()


def budget(found: Reforecast, plan: PlanNow) -> str:
    """What is left of the budget; empty without one."""
    if found.study.budget is None or plan.budget_left is None or plan.cost.prob_over_budget is None:
        return ""
    return (
        f"Of the budget of {amount(found.study.budget)}, {amount(plan.budget_left)} are left; it is exceeded in "
        f"{share(plan.cost.prob_over_budget, 1)} of the worlds."
    )


def changed(found: Reforecast) -> str:
    """What has moved the baseline's forecast most."""
    plan = found.plans[found.study.baseline]
    steps = [(STEPS[each.step].lower(), each.mean) for each in plan.bridge if each.mean is not None]
    if not steps or plan.last is None or plan.last.mean is None or plan.cost.mean is None:
        return ""
    whole = plan.cost.mean - plan.last.mean
    most, by = max(steps, key=lambda each: abs(each[1]))
    return (
        f"Since {found.since} the forecast of {found.study.baseline} has changed by {amount(whole, sign=True)}; most of it "
        f"by what was {most} ({amount(by, sign=True)})."
        if most.startswith("booked")
        else f"Since {found.since} the forecast of {found.study.baseline} has changed by {amount(whole, sign=True)}; "
        f"the largest part: {most} ({amount(by, sign=True)})."
    )


def no_means(found: Reforecast) -> str:
    """The plans of which no mean is told; empty where all have one."""
    without = {name: plan.no_mean for name, plan in found.plans.items() if plan.no_mean is not None}
    if not without:
        return ""
    why = next(iter(without.values())).why
    return f"No mean is told of {listed(list(without))}: {why[0].lower()}{why[1:]} Their medians stand in its place."


def stands(found: Reforecast) -> str:
    """What is booked and what is open."""
    told = found.history
    late = f", {told.past_due:,} of them past due" if told.past_due else ""
    return (
        f"{counted(told.renewed, 'renewal')} are booked, with {amount(told.renewed_arr)} of ARR; "
        f"{counted(told.open, 'renewal')} with {amount(told.open_arr)} are open until {found.ends}{late}."
    )
