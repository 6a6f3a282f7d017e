"""What of company cost adds up: its parts, and its periods, each to the cost as simulated."""

from typing import Final

from sim.questions.cost.summary import CostOfPlan, CostParts
from sim.shapes.chart import FootedRow, Foots
from sim.summary.summary import Summary

PARTS: Final = (
    ("early", "Early"),
    ("on_time", "On time"),
    ("late", "Late"),
    ("uncredited", "No credit"),
    ("undivided", "Variable pay, undivided"),
    ("base", "Salaries"),
    ("on_cost", "On-cost"),
    ("hires", "Planned hires"),
)
"""Of a mean cost: what they are called."""


def parts_foot(summary: Summary) -> Foots:
    """The parts that some plan has."""
    plans = {name: plan.of(CostOfPlan) for name, plan in summary.plans.items()}
    used = [
        (key, title) for key, title in PARTS if any(_part(plan.cost_parts, key) for plan in plans.values())
    ]
    rows = (
        _row(name, plan, [_part(plan.cost_parts, key) for key, _ in used]) for name, plan in plans.items()
    )
    title = "What the cost consists of, adding up to the company cost"
    return Foots(title, tuple(title for _, title in used), tuple(rows), "stack")


def _part(parts: CostParts, key: str) -> float:
    """One part of the mean cost. [usd]"""
    if key == "undivided":
        return 0.0 if parts.early is not None else parts.variable or 0.0
    return getattr(parts, key) or 0.0


def periods_foot(summary: Summary) -> Foots:
    """Every period of the horizon."""
    plans = {name: plan.of(CostOfPlan) for name, plan in summary.plans.items()}
    labels = tuple(period.label for period in summary.baseline.of(CostOfPlan).cost_by_period)
    rows = (
        _row(name, plan, [period.mean or 0.0 for period in plan.cost_by_period])
        for name, plan in plans.items()
    )
    title = f"Mean company cost by {summary.study.period}, adding up to the company cost"
    return Foots(title, labels, tuple(rows), "lines")


def _row(name: str, plan: CostOfPlan, parts: list[float]) -> FootedRow:
    return FootedRow(name, None if plan.cost.mean is None else tuple(parts), plan.cost.mean, plan.fragile)
