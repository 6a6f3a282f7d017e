"""What the question of cost puts into a deck: the differences, the cost, and its course."""

from collections.abc import Sequence
from typing import Final

from sim.questions.cost.findings import cost_finding, fan_finding
from sim.questions.cost.summary import Cost, CostOfPeriod, CostOfPlan, differences_of_plans
from sim.shapes.amounts import amount
from sim.shapes.slide import MILLION, Series, Slide, SlideChart, first_plans
from sim.shapes.words import ends_of
from sim.summary.summary import Summary

OVER: Final = "$M over the horizon"


def difference_slide(summary: Summary) -> Slide:
    """Cost against the baseline, by the medians of paired differences."""
    baseline = summary.study.baseline
    names = tuple(name for name in first_plans(baseline, tuple(summary.plans)) if name != baseline)
    medians = {name: difference.p50 for name, difference in differences_of_plans(summary).items()}
    values = tuple(medians[name] / MILLION for name in names)
    title = f"Difference of the same world: the median, {OVER}"
    return Slide(
        f"Cost against {baseline}",
        _median_sentence(baseline, {name: medians[name] for name in names}, len(medians)),
        SlideChart("bars", title, names, (("Median", values),)),
    )


def _median_sentence(baseline: str, medians: dict[str, float], plans: int) -> str:
    """The ends of the bars: medians of paired differences, which no single world decides."""
    low, high = ends_of(medians)
    several = "" if len(medians) == plans else f" ({len(medians)} plans shown)"
    if low == high:
        return f"In the median world {low} costs {_against(medians[low])} {baseline}{several}."
    most, least = _against(medians[high]), _against(medians[low])
    return (
        f"Medians of the differences: from {least} {baseline} ({low}) to {most} {baseline} ({high}){several}. The first "
        "slide says which of them these worlds tell apart."
    )


def _against(difference: float) -> str:
    return f"{amount(abs(difference))} {'more' if difference > 0 else 'less'} than"


def cost_slide(summary: Summary) -> Slide:
    """What each plan costs: P10, median and P90."""
    names = first_plans(summary.study.baseline, tuple(summary.plans))
    series = _quantiles([summary.plans[name].of(CostOfPlan).cost for name in names])
    chart = SlideChart("ranges", f"P10, median and P90, {OVER}", names, series)
    return Slide("Company cost", cost_finding(summary), chart)


def course_slide(summary: Summary) -> Slide:
    """The baseline's cost by period, with an equal part of the budget."""
    study, periods = summary.study, summary.baseline.of(CostOfPlan).cost_by_period
    series = _quantiles(periods)
    if study.budget is not None:
        part = study.budget / study.periods / MILLION
        series = (*series, ("Budget in equal parts", (part,) * len(periods)))
    chart = SlideChart("lines", "$M", tuple(period.label for period in periods), series)
    return Slide(f"{study.baseline}: cost by {study.period}", fan_finding(summary), chart)


def _quantiles(entries: Sequence[Cost | CostOfPeriod]) -> tuple[Series, ...]:
    return (
        ("P10", tuple(entry.p10 / MILLION for entry in entries)),
        ("P50", tuple(entry.p50 / MILLION for entry in entries)),
        ("P90", tuple(entry.p90 / MILLION for entry in entries)),
    )
