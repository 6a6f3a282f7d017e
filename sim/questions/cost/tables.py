"""The tables of what plans cost: against the baseline world by world, over the horizon, by period, by part and by role."""

from collections.abc import Iterator
from typing import Final

from sim.questions.comparable import scaled_sentence, unmodelled
from sim.questions.cost.budget import without_hires
from sim.questions.cost.foots import parts_foot, periods_foot
from sim.questions.cost.summary import (
    Cost,
    CostOfPlan,
    CostOfStudy,
    CostParts,
    costs_of_plans,
    differences_of_plans,
    same_as_baseline,
)
from sim.shapes.chart import Bars
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, plain, table
from sim.shapes.tail import no_mean_lines
from sim.shapes.words import of_book
from sim.summary.estimate import OverBudget
from sim.summary.summary import Summary

Row = dict[str, Value]

ESTIMATE: Final = "Estimate"
HAPPEN: Final = "What may happen"
MEAN: Final = Column("mean", "Mean", "usd", none=NO_MEAN, group=ESTIMATE, mean=True)
SE: Final = Column("se", SIM_ERROR, "error", group=ESTIMATE, note=SE_NOTE)
LEVELS: Final = ("p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99")


def quantiles(*names: str, signed: bool = False) -> tuple[Column, ...]:
    """Columns of quantiles over worlds, P50 called the median."""
    return tuple(
        Column(name, "Median" if name == "p50" else name.upper(), "usd", signed=signed, group=HAPPEN)
        for name in names
    )


def differences(summary: Summary) -> Table | None:
    """What each plan costs more or less than the baseline, world by world."""
    study, order = summary.study, summary.of(CostOfStudy).order
    statistic = "mean" if order is None else order.statistic
    columns = (
        PLAN,
        Column("mean", "Mean", "usd", signed=True, sets_unit=False, none=NO_MEAN, group=ESTIMATE, mean=True),
        SE,
        Column("share_of_baseline", "in %", "share", signed=True, group=ESTIMATE, mean=True),
        Column(
            "told_apart",
            "Told apart",
            group=ESTIMATE,
            note=f"Told apart: by the {statistic} difference, all plans together wrong in 5 % of studies at most (Holm).",
        ),
        *quantiles("p5", "p50", "p95", signed=True),
        Column("share_dearer", "Dearer in", "share", group=HAPPEN),
    )
    same = same_as_baseline(summary)
    rows = (
        plain(difference)
        | {"plan": name, "told_apart": "same" if name in same else "yes" if difference.told_apart else "no"}
        for name, difference in differences_of_plans(summary).items()
    )
    title = f"Cost against {study.baseline}, world by world"
    paired = f"Paired: both plans settle the same worlds{of_book(study)}."
    return table(
        "differences",
        title,
        columns,
        rows,
        " ".join([paired, *no_means(summary)]),
        lead=paired,
        brief=("plan", "mean", "se", "share_of_baseline", "p5", "p50", "p95", "share_dearer"),
        short=f"{title} [{{unit}} over {study.span}]",
        chart=Bars(("p5", "p50", "p95")),
    )


def no_means(summary: Summary) -> Iterator[str]:
    """One sentence for each reason why plans are shown without means, and what would mend it."""
    costs = {name: plan.of(CostOfPlan) for name, plan in summary.plans.items()}
    tails = {name: cost.cost.tail or cost.vs_baseline.tail for name, cost in costs.items()}
    yield from no_mean_lines({name: tail for name, tail in tails.items() if tail is not None})


def costs(summary: Summary) -> Table | None:
    """What each plan costs the company over the horizon."""
    columns = (
        PLAN,
        MEAN,
        SE,
        *quantiles(*LEVELS),
        Column(
            "cvar95",
            "CVaR95",
            "usd",
            group=HAPPEN,
            note="CVaR95: mean of the dearest 5 % of worlds.",
            mean=True,
        ),
        Column("cvar95_se", SIM_ERROR, "error", group=HAPPEN),
        Column("reserve", "Reserve", "usd", group=HAPPEN, note="Reserve: P90 − P50."),
        Column("prob_over_budget", "Over budget", "share", group=HAPPEN, most="prob_over_budget_high"),
        Column("prob_over_budget_se", SIM_ERROR, "share", group=HAPPEN),
        Column(
            "prob_over_budget_high",
            "at most",
            "share",
            group=HAPPEN,
            note="At most: the upper end of the 95 % interval of Over budget.",
        ),
        Column(
            "without_hires",
            "Over budget without hires",
            "share",
            group=HAPPEN,
            note="All else in this table counts the planned hires.",
            brief="without hires",
        ),
    )
    without = without_hires(summary)
    rows = (_cost(name, cost, without.get(name)) for name, cost in costs_of_plans(summary).items())
    said = [cost_is(summary), *scaled_sentence(summary.study), *not_modelled(summary), *no_means(summary)]
    return table(
        "cost",
        "Company cost over the horizon",
        columns,
        rows,
        " ".join(said),
        lead=said[0],
        brief=("plan", "mean", "p5", "p50", "p95", "cvar95", "reserve", "prob_over_budget", "without_hires"),
        short=f"Company cost [{{unit}} over {summary.study.span}]",
        chart=Bars(("p5", "p50", "p95")),
    )


def not_modelled(summary: Summary) -> list[str]:
    """What is not modelled of each plan that says so."""
    return unmodelled({name: plan.of(CostOfPlan).not_modelled or () for name, plan in summary.plans.items()})


def cost_is(summary: Summary) -> str:
    """What company cost consists of: salaries only where plans give them."""
    on_cost = summary.study.on_cost
    times = f" x {1 + on_cost:g} (on-cost)" if on_cost else ""
    if any(plan.of(CostOfPlan).cost_parts.base for plan in summary.plans.values()):
        return f"Cost: variable pay and salaries{times}."
    return f"Cost: variable pay alone{times}; no plan gives a salary."


def _cost(name: str, cost: Cost, without: OverBudget | None) -> Row:
    """What is written of a plan, its chances as sentences tell them."""
    interval = cost.prob_over_budget_ci95
    return plain(cost) | {
        "plan": name,
        "prob_over_budget_high": None if interval is None else interval[1],
        "without_hires": None if without is None else without.prob_over_budget,
    }


def by_period(summary: Summary) -> Table | None:
    """What each plan costs period by period."""
    columns = (PLAN, Column("label", "Period"), MEAN, SE, *quantiles("p10", "p50", "p90"))
    rows = (
        plain(period) | {"plan": name}
        for name, plan in summary.plans.items()
        for period in plan.of(CostOfPlan).cost_by_period
    )
    title = f"Company cost by {summary.study.period}"
    return table("cost_by_period", title, columns, rows, foots=periods_foot(summary))


def parts(summary: Summary) -> Table | None:
    """What the cost of each plan consists of; early, on time, late and no credit add up to variable pay."""
    period = summary.study.period
    columns = (
        PLAN,
        Column("early", "Early", "usd", mean=True),
        Column("on_time", "On time", "usd", mean=True),
        Column("late", "Late", "usd", mean=True),
        Column(
            "uncredited",
            "No credit",
            "usd",
            mean=True,
            note="No credit: paid in periods in which nothing was there to renew.",
        ),
        Column("variable", "Variable pay", "usd", none=NO_MEAN, mean=True, brief="Variable"),
        Column("variable_se", SIM_ERROR, "error", note=SE_NOTE),
        Column(
            "curve",
            "Curve",
            "usd",
            mean=True,
            signed=True,
            sets_unit=False,
            note=f"Curve: mean pay less the pay if every CSM had the mean attainment in every {period}.",
        ),
        Column("curve_se", SIM_ERROR, "error"),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd", mean=True),
        Column(
            "hires", "Planned hires", "usd", mean=True, note="Planned hires: their salary, pay and on-cost."
        ),
        Column("total", "Company cost", "usd", none=NO_MEAN, mean=True),
        Column("per_csm_year", "$ per CSM-year", "dollar", mean=True, brief="$/CSM-yr"),
        Column(
            "per_usd_retained",
            "per $ kept",
            "cent",
            note="Per CSM-year, per $ kept: company cost; kept is ARR that came due and was renewed.",
            mean=True,
        ),
    )
    plans = {name: plan.of(CostOfPlan) for name, plan in summary.plans.items()}
    paid_for_nothing = any(plan.cost_parts.uncredited for plan in plans.values())
    return table(
        "cost_parts",
        "What the cost consists of",
        columns,
        (_parts(name, plan) for name, plan in plans.items()),
        "Means over worlds.",
        brief=(
            *("plan", "variable", "early", "on_time", "late", *(("uncredited",) if paid_for_nothing else ())),
            *("curve", "per_csm_year", "per_usd_retained"),
        ),
        short=f"Variable pay [{{unit}} over {summary.study.span}]",
        foots=parts_foot(summary),
    )


def _parts(name: str, plan: CostOfPlan) -> Row:
    curve = plan.convexity
    return plain(plan.cost_parts) | {
        "plan": name,
        "curve": None if curve is None else curve.mean,
        "curve_se": None if curve is None else curve.se,
        "per_csm_year": plan.cost.per_csm_year,
        "per_usd_retained": plan.cost.per_usd_retained,
        "total": total_of(plan.cost_parts),
    }


def total_of(parts: CostParts) -> float | None:
    """Mean company cost as the sum of its parts; None without a mean. [usd]"""
    if parts.variable is None:
        return None
    return parts.variable + parts.base + (parts.on_cost or 0.0) + (parts.hires or 0.0)
