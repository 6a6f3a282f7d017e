"""The tables of a forecast in mid-year."""

from collections.abc import Iterator
from typing import Final

from sim.questions.reforecast.summary import PlanNow, Reforecast
from sim.shapes.fragile import SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table

STEPS: Final = {
    "bookings": "Booked and grown since",
    "openness": "Still open, not booked by then",
    "market": "What they say of market and CSMs",
}
STATES: Final = {"ended": "ended", "running": "running", "ahead": "ahead"}
LAST, NOW = "forecast last", "now"

YEAR_END: Final = (
    PLAN,
    Column("mean", "Mean", "usd", mean=True),
    Column("se", SIM_ERROR, "error"),
    Column("p5", "P5", "usd"),
    Column("p50", "Median", "usd"),
    Column("p95", "P95", "usd"),
    Column("last_mean", "Last mean", "usd", mean=True),
    Column("last_p5", "Last P5", "usd"),
    Column("last_p95", "Last P95", "usd"),
    Column(
        "narrower", "Narrower by", "share", note="Narrower by: how much the span from P5 to P95 has shrunk."
    ),
)
MONEY: Final = (
    PLAN,
    Column("accrued", "Accrued now", "usd", mean=True),
    Column("accrued_se", SIM_ERROR, "error"),
    Column("accrued_p50", "Median accrued", "usd"),
    Column("to_come", "To come", "usd", mean=True, brief="True-up to come"),
    Column("to_come_se", SIM_ERROR, "error"),
    Column("year_end", "At the end", "usd", mean=True),
    Column("budget_left", "Budget left", "usd", signed=True, mean=True),
    Column("headroom", "Left at the end", "usd", signed=True, mean=True),
    Column("over", "Over budget in", "share"),
)
PERIODS: Final = (
    PLAN,
    Column("label", "Period"),
    Column("state", "Is"),
    Column("mean", "Mean", "usd", mean=True),
    Column("mean_se", SIM_ERROR, "error"),
    Column("p5", "P5", "usd"),
    Column("p50", "Median", "usd"),
    Column("p95", "P95", "usd"),
    Column("accrued", "Accrued now", "usd", mean=True),
)
BRIDGE: Final = (
    PLAN,
    Column("step", "Step"),
    Column("mean", "Mean", "usd", signed=True, mean=True),
    Column("mean_se", SIM_ERROR, "error"),
    Column("p50", "Median", "usd", signed=True),
)


def _brief(columns: tuple[Column, ...], *without: str) -> list[str]:
    return [each.key for each in columns if each.key not in without]


def year_end(found: Reforecast) -> Table | None:
    """Cost over the horizon, as it is forecast now and was last. [usd]"""
    title = "Company cost over the horizon"
    return table(
        "year_end",
        f"{title}, as of {found.as_of}",
        YEAR_END,
        (_year_end(name, plan) for name, plan in found.plans.items()),
        "P5 to P95: what may still happen, nine worlds in ten." + _last_note(found),
        brief=_brief(YEAR_END, "last_p5", "last_p95"),
        short=f"{title} [{{unit}}]",
    )


def _last_note(found: Reforecast) -> str:
    return "" if found.since is None else f" Last: as of {found.since}, on the same random numbers."


def _year_end(name: str, plan: PlanNow) -> dict[str, Value]:
    row: dict[str, Value] = {
        "plan": name,
        "mean": plan.cost.mean,
        "se": plan.cost.se,
        "p5": plan.cost.p5,
        "p50": plan.cost.p50,
        "p95": plan.cost.p95,
    }
    if plan.last is not None:
        row |= {"last_mean": plan.last.mean, "last_p5": plan.last.p5, "last_p95": plan.last.p95}
        if plan.last.width > 0.0:
            row["narrower"] = 1.0 - plan.cost.width / plan.last.width
    return row


def money(found: Reforecast) -> Table | None:
    """What is accrued on the day, what is to come, and what is left of the budget. [usd]"""
    rows = (
        {
            "plan": name,
            "accrued": plan.accrued,
            "accrued_se": plan.accrued_se,
            "accrued_p50": plan.accrued_p50,
            "to_come": plan.to_come,
            "to_come_se": plan.to_come_se,
            "year_end": plan.cost.mean,
            "budget_left": plan.budget_left,
            "headroom": plan.headroom,
            "over": plan.cost.prob_over_budget,
        }
        for name, plan in found.plans.items()
    )
    note = (
        "Accrued now: mean cost of the periods that have ended, and of the running one for the days that have passed. To "
        "come: the rest up to the end."
    )
    if found.study.budget is not None:
        note += " Budget left: budget less what is accrued; left at the end: budget less mean cost."
    title = "Accrual, true-up to come and budget"
    return table(
        "accrual",
        title,
        MONEY,
        rows,
        note,
        brief=_brief(MONEY, "accrued_p50"),
        short=f"{title} [{{unit}}]",
        lead=note,
    )


def periods(found: Reforecast) -> Table | None:
    """Cost period by period. [usd]"""
    rows = (
        {"plan": name, **{key: getattr(each, key) for key in _brief(PERIODS, "plan")}}
        for name, plan in found.plans.items()
        for each in plan.periods
    )
    note = "Periods that have ended move only by what later ones take back or add to them."
    return table("periods", "Company cost by period", PERIODS, rows, note)


def bridge(found: Reforecast) -> Table | None:
    """From the last forecast to this one. [usd]"""
    if found.since is None:
        return None
    note = (
        "World by world, on the same random numbers. Booked and grown since: outcomes in the place of draws. Still open: "
        "drawn given that it was not booked by the day. Market and CSMs: what the outcomes say of both is carried on to "
        "what is open. A median of changes is no sum of medians."
    )
    title = f"From the forecast as of {found.since} to now"
    return table(
        "bridge",
        title,
        BRIDGE,
        _bridge(found),
        note,
        brief=_brief(BRIDGE),
        short=f"{title} [{{unit}}]",
        lead=note,
    )


def _bridge(found: Reforecast) -> Iterator[dict[str, Value]]:
    for name, plan in found.plans.items():
        if plan.last is not None:
            yield {
                "plan": name,
                "step": LAST,
                "mean": plan.last.mean,
                "mean_se": plan.last.se,
                "p50": plan.last.p50,
            }
        for each in plan.bridge:
            yield {
                "plan": name,
                "step": STEPS[each.step],
                "mean": each.mean,
                "mean_se": each.mean_se,
                "p50": each.p50,
            }
        yield {
            "plan": name,
            "step": NOW,
            "mean": plan.cost.mean,
            "mean_se": plan.cost.se,
            "p50": plan.cost.p50,
        }


def known(found: Reforecast) -> Table | None:
    """What is known of the book on the day."""
    told = found.history
    rows = (
        ("Renewals booked so far", told.renewed, told.renewed_arr),
        ("of them since the last forecast", told.since if found.since else None, told.since_arr),
        ("Renewals known to be lost", told.lost or None, None),
        ("Growth between renewals", None, told.grown_arr or None),
        ("Open, due by the end", told.open, told.open_arr),
        ("of them past due", told.past_due, told.past_due_arr),
    )
    columns = (
        Column("what", "On the day"),
        Column("count", "Number", "count", none="—"),
        Column("arr", "ARR", "usd", none="—"),
    )
    cells = (
        {"what": what, "count": number, "arr": arr}
        for what, number, arr in rows
        if number is not None or (arr is not None and what.startswith("Growth"))
    )
    title = f"What is known on {found.as_of}"
    return table(
        "known", title, columns, cells, brief=("what", "count", "arr"), short=f"{title} [ARR in {{unit}}]"
    )
