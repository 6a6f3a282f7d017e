"""The tables of what plans cost: against the baseline world by world, over the horizon, by period, by part and by role."""

from typing import Any, Final

from sim.questions.cost.rows import CostRow, cost_rows, difference_rows
from sim.questions.grounds.comparable import normalised_sentence, unmodelled_lines
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.tail import tail_lines
from sim.shapes.words import of_book, period_of

Document = dict[str, Any]
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


def differences(document: Document) -> Table | None:
    """What each plan costs more or less than the baseline, world by world."""
    columns = (
        PLAN,
        Column("mean", "Mean", "usd", signed=True, sets_unit=False, none=NO_MEAN, group=ESTIMATE, mean=True),
        SE,
        Column("share_of_baseline", "in %", "share", signed=True, group=ESTIMATE, mean=True),
        Column(
            "told_apart",
            "Told apart",
            group=ESTIMATE,
            note=f"Told apart: by the {statistic_of(document)}, all plans together wrong in 5 % of studies at most (Holm).",
        ),
        *quantiles("p5", "p50", "p95", signed=True),
        Column("share_dearer", "Dearer in", "share", group=HAPPEN),
    )
    rows: list[Row] = [
        {
            "plan": row.plan,
            "mean": row.mean,
            "se": row.se,
            "share_of_baseline": row.relative,
            "told_apart": "same" if row.same else "yes" if row.told_apart else "no",
            "p5": row.p5,
            "p50": row.median,
            "p95": row.p95,
            "share_dearer": row.dearer,
        }
        for row in difference_rows(document)
    ]
    title = f"Cost against {document['study']['baseline']}, world by world"
    paired = f"Paired: both plans settle the same worlds{of_book(document['study'])}."
    note = " ".join([paired, *tail_lines(document)])
    return table("differences", title, columns, rows, note)


def statistic_of(document: Document) -> str:
    """By what plans are ordered."""
    found = document.get("order", {}).get("statistic", "mean")
    return f"{found} difference"


def costs(document: Document) -> Table | None:
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
        Column("reserve", "Reserve", "usd", group=HAPPEN, note="Reserve: P90 − P50."),
        Column("prob_over_budget", "Over budget", "share", group=HAPPEN),
        Column(
            "without_hires",
            "Over budget without hires",
            "share",
            group=HAPPEN,
            note="All else in this table counts the planned hires.",
        ),
        Column("per_csm_year", "$ per CSM-year", "dollar", group=ESTIMATE, mean=True),
        Column(
            "per_usd_retained",
            "per $ kept",
            "cent",
            group=ESTIMATE,
            note="Kept: ARR that came due and was renewed.",
            mean=True,
        ),
    )
    plans = document["plans"]
    rows = (_cost(row, plans[row.plan]["cost"]) for row in cost_rows(document))
    note = " ".join(
        [
            cost_is(document),
            *normalised_sentence(document),
            *unmodelled_lines(document),
            *tail_lines(document),
        ]
    )
    return table("cost", "Company cost over the horizon", columns, rows, note)


def cost_is(document: Document) -> str:
    """What company cost consists of: salaries only where plans give them."""
    on_cost = document["study"].get("on_cost", 0.0)
    times = f" x {1 + on_cost:g} (on-cost)" if on_cost else ""
    if any(plan["cost_parts"].get("base") for plan in document["plans"].values()):
        return f"Cost: variable pay and salaries{times}."
    return f"Cost: variable pay alone{times}; no plan gives a salary."


def _cost(row: CostRow, entry: Document) -> Row:
    """The typed row, and what no sentence speaks of."""
    rest = ("cvar95", "reserve", "per_csm_year", "per_usd_retained", *LEVELS)
    return {
        "plan": row.plan,
        "mean": row.mean,
        "se": row.se,
        "prob_over_budget": None if row.over is None else row.over.share,
        "without_hires": None if row.without_hires is None else row.without_hires.share,
    } | {key: entry.get(key) for key in rest}


def by_period(document: Document) -> Table | None:
    """What each plan costs period by period."""
    columns = (PLAN, Column("label", "Period"), MEAN, SE, *quantiles("p10", "p50", "p90"))
    rows = (
        {"plan": name} | scalars(period)
        for name, plan in document["plans"].items()
        for period in plan["cost_by_period"]
    )
    return table("cost_by_period", f"Company cost by {period_of(document)}", columns, rows)


def parts(document: Document) -> Table | None:
    """What the cost of each plan consists of; early, on time, late and no credit add up to variable pay."""
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
        Column("variable", "Variable pay", "usd", none=NO_MEAN, mean=True),
        Column("variable_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd", mean=True),
        Column(
            "hires", "Planned hires", "usd", mean=True, note="Planned hires: their salary, pay and on-cost."
        ),
        Column("total", "Company cost", "usd", none=NO_MEAN, mean=True),
    )
    rows = (_parts(name, plan["cost_parts"]) for name, plan in document["plans"].items())
    return table("cost_parts", "What the cost consists of", columns, rows, "Means over worlds.")


def _parts(name: str, part: Document) -> Row:
    total = None
    if "variable" in part:
        total = part["variable"] + sum(part.get(key, 0.0) for key in ("base", "on_cost", "hires"))
    return {"plan": name, "total": total} | scalars(part)


def roles(document: Document) -> Table | None:
    """The cost of each role, of plans in which several roles are paid."""
    if all(len(plan.get("cost_by_role", {})) < 2 for plan in document["plans"].values()):
        return None
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("payees", "Payees", "count"),
        MEAN,
        SE,
        Column("variable", "Variable pay", "usd", mean=True),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd", mean=True),
    )
    rows = (
        {"plan": name, "role": role} | {key: value for key, value in scalars(entry).items() if key != "plan"}
        for name, plan in document["plans"].items()
        for role, entry in plan["cost_by_role"].items()
    )
    return table("cost_by_role", "Company cost by role", columns, rows)


def scalars(entry: Document) -> Row:
    """The plain values of an entry."""
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
