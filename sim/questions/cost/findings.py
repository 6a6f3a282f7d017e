"""One sentence a figure: what it says, computed from the result."""

from sim.questions.cost.budget import budget_sentences
from sim.questions.cost.pay_tables import pay_entries, payee_of
from sim.questions.cost.summary import CostOfPlan, costs_of_plans
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import marked
from sim.shapes.words import ends_of
from sim.summary.summary import Summary


def cost_finding(summary: Summary) -> str:
    """Which plans break the budget, and which keep it; without one, the range of medians."""
    if summary.study.budget is not None:
        return " ".join(budget_sentences(summary))
    medians = {name: cost.p50 for name, cost in costs_of_plans(summary).items()}
    low, high = ends_of(medians)
    pays = f"{amount(medians[low])} ({low})"
    if low != high:
        pays = f"from {pays} to {amount(medians[high])} ({high})"
    return f"In the median world the company pays {pays}; no budget was given."


def fan_finding(summary: Summary) -> str:
    """When the baseline's median is highest and lowest, and how wide its range is there."""
    baseline, periods = summary.study.baseline, summary.baseline.of(CostOfPlan).cost_by_period
    highest = max(periods, key=lambda each: each.p50)
    lowest = min(periods, key=lambda each: each.p50)
    if len(periods) == 1:
        return (
            f"Under {baseline} the {summary.study.period} costs {amount(highest.p10)} to {amount(highest.p90)} in "
            "eight worlds of ten."
        )
    return (
        f"Under {baseline} the median is highest in {highest.label}, {amount(highest.p50)} "
        f"({amount(highest.p10)} to {amount(highest.p90)} in eight worlds of ten), and lowest in {lowest.label}, "
        f"{amount(lowest.p50)}."
    )


def parts_finding(summary: Summary) -> str:
    """What share of variable pay goes to early and late renewals."""
    baseline = summary.study.baseline
    parts = {name: plan.of(CostOfPlan).cost_parts for name, plan in summary.plans.items()}
    variable = {name: part.variable for name, part in parts.items() if part.variable is not None}
    if not variable:
        return "No plan has a mean of its variable pay."
    early = {
        name: part.early / part.variable
        for name, part in parts.items()
        if part.early is not None and part.variable
    }
    if baseline not in early:
        low, high = ends_of(variable)
        ends = {name: marked(amount(variable[name]), name in summary.fragile) for name in (low, high)}
        if low == high:
            return f"Mean variable pay is {ends[low]} under {low}."
        return f"Mean variable pay runs from {ends[low]} ({low}) to {ends[high]} ({high})."
    low, high = ends_of(early)
    if share(early[low]) == share(early[high]):
        under = f"each of {len(early)} plans" if len(early) > 1 else baseline
        return f"Under {under}, {share(early[baseline])} of variable pay is for renewals booked early."
    return (
        f"Under {baseline}, {share(early[baseline])} of variable pay is for renewals booked early; over all plans that "
        f"share runs from {share(early[low])} ({low}) to {share(early[high])} ({high})."
    )


def performance_finding(summary: Summary) -> str:
    """How often target is missed: under the baseline, or where that has no quota under the first plan that has one."""
    reached = [
        (name, role, entry.performance)
        for name, role, entry in pay_entries(summary)
        if entry.performance is not None
    ]
    name, role, performance = min(reached, key=lambda each: each[0] != summary.study.baseline)
    far = sum(performance.density[round(1.5 / performance.step) :])
    who = name if role is None else f"{name} ({role})"
    periods = f"{payee_of(summary)}s' {summary.study.period}s"
    return (
        f"Under {who}, attainment is below 100 % in {share(performance.below_target)} of all {periods} and at 150 % or more "
        f"in {share(far)}: where the area is high, the slope of the line is what the company really pays for."
    )


def pay_finding(summary: Summary) -> str:
    """What a payee's median period pays, and under which plan pay is most uneven."""
    entries = {_payee(name, role): entry for name, role, entry in pay_entries(summary)}
    role, entry = next(iter(summary.baseline.of(CostOfPlan).pays))
    first, period = _payee(summary.study.baseline, role), summary.study.period
    target = "" if entry.target is None else f" of a target of {amount(entry.target)}"
    sentence = f"Under {first} the median {period} pays {amount(entry.per_period.p50)}{target}"
    idle = {name: each.share_zero_pay for name, each in entries.items()}
    _, most = ends_of(idle)
    return f"{sentence}; a {period} without any bonus is most frequent under {most}: {share(idle[most])}."


def _payee(plan: str, role: str | None) -> str:
    """Who is paid by a plan, where it has several roles."""
    return plan if role is None else f"{plan} · {role}"


def retention_finding(summary: Summary) -> str:
    """What the company keeps, and whether that depends on the plan."""
    kept = summary.baseline.of(CostOfPlan).retention
    if kept.grr is None or kept.nrr is None:
        return "No ARR was there to keep."
    same = all(plan.of(CostOfPlan).retention.grr == kept.grr for plan in summary.plans.values())
    under = "every plan alike" if same else summary.study.baseline
    sentence = f"Under {under} the company keeps {share(kept.grr, 1)} of its ARR a year"
    return f"{sentence} without growth and {share(kept.nrr, 1)} with it."


def exhausted_finding(summary: Summary) -> str:
    """In how many payees' periods no quota was left; empty where that never happens."""
    entries = (entry for _, _, entry in pay_entries(summary) if entry.attainment is not None)
    shares = [each.share_quota_exhausted for each in entries if each.share_quota_exhausted is not None]
    if max(shares, default=0.0) <= 0.0:
        return ""
    low, high = share(min(shares), 1), share(max(shares), 1)
    where = f"of {payee_of(summary)}s' {summary.study.period}s"
    left = f"{low} {where}" if low == high else f"{low} to {high} {where}, depending on the plan"
    return f"No quota was left (nothing due, or all of it moved away) in {left}."
