"""The tables of a result, one for each question, from the content of ``summary.json``."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.tables.forecast import forecast_tables
from sim.report.tables.grounds import assumptions, inputs, lints, plans
from sim.report.tables.stress import stress_tables
from sim.report.tables.table import PLAN, Column, Table, Value, table
from sim.report.tail import NONE, tail_lines
from sim.report.words import payee_of, period_of

Document = dict[str, Any]
Row = dict[str, Value]

MEAN: Final = Column("mean", "Mean", "usd", none=NONE)
SE: Final = Column("se", "± s.e.", "error")
LEVELS: Final = ("p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99")


def tables(document: Document) -> list[Table]:
    """Every table that the result, or the stress suite, has something to say in, in reading order."""
    if "stresses" in document:
        return stress_tables(document)
    return [each for each in _all(document) if each is not None]


def by_name(document: Document) -> dict[str, Table]:
    """The same, by the tables' names."""
    return {each.name: each for each in tables(document)}


def _all(document: Document) -> Iterator[Table | None]:
    yield differences(document)
    yield costs(document)
    yield by_period(document)
    yield parts(document)
    yield roles(document)
    yield pay(document)
    yield density(document)
    yield curves(document)
    yield retention(document)
    yield from forecast_tables(document)
    yield from behaviour(document)
    yield ownership(document)
    yield lints(document)
    yield assumptions(document)
    yield plans(document)
    yield inputs(document)


def differences(document: Document) -> Table | None:
    """What each plan costs more or less than the baseline, world by world."""
    baseline = document["study"]["baseline"]
    columns = (
        PLAN,
        Column("mean", "Mean", "usd", signed=True, sets_unit=False, none=NONE),
        SE,
        Column("low", "95 % CI from", "usd", signed=True, sets_unit=False),
        Column("high", "to", "usd", signed=True, sets_unit=False),
        Column("share_of_baseline", "in %", "share", signed=True),
        *(Column(key, key.upper(), "usd", signed=True) for key in ("p5", "p50", "p95")),
        Column("share_dearer", "Dearer in", "share"),
    )
    rows = (
        _plan(name, plan, "vs_baseline") | _interval(plan["vs_baseline"])
        for name, plan in document["plans"].items()
        if name != baseline
    )
    title = f"Cost against {baseline}, world by world"
    note = "Paired: both plans settle the same worlds. 90 % of worlds lie between P5 and P95."
    note = " ".join([note, *tail_lines(document)])
    return table("differences", title, columns, rows, note)


def costs(document: Document) -> Table | None:
    """What each plan costs the company over the horizon."""
    columns = (
        PLAN,
        MEAN,
        SE,
        *(Column(key, key.upper(), "usd") for key in LEVELS),
        Column("cvar95", "CVaR95", "usd", none=NONE),
        Column("reserve", "Reserve", "usd"),
        Column("prob_over_budget", "Over budget", "share"),
        Column("per_csm_year", "$ per CSM-year", "dollar"),
        Column("per_usd_retained", "per $ kept", "cent"),
    )
    note = (
        "Variable pay and salaries with employer on-cost. CVaR95: mean of the dearest 5 % of worlds. "
        "Reserve: P90 − P50. Kept: ARR that came due and was renewed."
    )
    note = " ".join([note, *tail_lines(document)])
    rows = (_plan(name, plan, "cost") for name, plan in document["plans"].items())
    return table("cost", "Company cost over the horizon", columns, rows, note)


def by_period(document: Document) -> Table | None:
    """What each plan costs period by period."""
    columns = (
        PLAN,
        Column("label", "Period"),
        MEAN,
        SE,
        *(Column(key, key.upper(), "usd") for key in ("p10", "p50", "p90")),
    )
    rows = (
        {"plan": name} | _scalars(period)
        for name, plan in document["plans"].items()
        for period in plan["cost_by_period"]
    )
    return table("cost_by_period", f"Company cost by {period_of(document)}", columns, rows)


def parts(document: Document) -> Table | None:
    """What the cost of each plan consists of; early, on time, late and no credit add up to variable pay."""
    columns = (
        PLAN,
        Column("early", "Early", "usd"),
        Column("on_time", "On time", "usd"),
        Column("late", "Late", "usd"),
        Column("uncredited", "No credit", "usd"),
        Column("variable", "Variable pay", "usd", none=NONE),
        Column("variable_se", "± s.e.", "error"),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd"),
        Column("total", "Company cost", "usd"),
    )

    def row(name: str, plan: Document) -> Row:
        part = plan["cost_parts"]
        known = "variable" in part
        total = part["variable"] + part.get("base", 0.0) + part.get("on_cost", 0.0) if known else None
        return _plan(name, plan, "cost_parts") | {"total": total}

    rows = (row(name, plan) for name, plan in document["plans"].items())
    note = "Means over worlds. No credit: paid in periods in which nothing was there to renew."
    return table("cost_parts", "What the cost consists of", columns, rows, note)


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
        Column("variable", "Variable pay", "usd"),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd"),
    )
    rows = (
        {"plan": name, "role": role} | {key: value for key, value in _scalars(entry).items() if key != "plan"}
        for name, plan in document["plans"].items()
        for role, entry in plan["cost_by_role"].items()
    )
    return table("cost_by_role", "Company cost by role", columns, rows)


def pay(document: Document) -> Table | None:
    """What a payee earns in a period, and how evenly."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("target", "Target", "usd"),
        *(Column(key, key.upper(), "usd") for key in LEVELS[:-1]),
        Column("share_zero_pay", "No pay", "share"),
        Column("share_at_target", "≥ target", "share"),
        Column("share_at_cap", "At cap", "share"),
        Column("attains", "Median attainment", "share"),
        Column("volatility", "Uneven", "ratio"),
        Column("gini", "Gini", "ratio"),
        Column("share_quota_exhausted", "No quota left", "share"),
    )
    rows = (
        {"plan": name, "role": role}
        | _scalars(entry["per_period"])
        | _scalars(entry)
        | {"attains": entry.get("attainment", {}).get("p50")}
        | ({} if "attainment" in entry else {"share_quota_exhausted": None})
        for name, role, entry in pay_entries(document)
    )
    payee, period = payee_of(document), period_of(document)
    note = (
        f"Shares of all {payee}s' {period}s. Uneven: a {payee}'s pay between {period}s, sd / mean. "
        f"Gini: of {payee}s' pay over the horizon, 0 = equal."
    )
    return table("pay", f"What a {payee} earns in a {period}, and how evenly", columns, rows, note)


def pay_entries(document: Document) -> Iterator[tuple[str, str | None, Document]]:
    """Plan, role (None where there is one) and pay distribution."""
    for name, plan in document["plans"].items():
        if "pay_by_role" not in plan:
            yield name, None, plan["pay"]
        for role, entry in plan.get("pay_by_role", {}).items():
            yield name, role, entry


def density(document: Document) -> Table | None:
    """How often each attainment is reached."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("low", "Attainment from", "share"),
        Column("share", f"Share of {period_of(document)}s", "share"),
    )
    rows = (
        {"plan": name, "role": role, "low": at * found["step"], "share": part}
        for name, role, entry in pay_entries(document)
        if (found := entry.get("performance")) is not None
        for at, part in enumerate(found["density"])
    )
    return table("attainment", "How often each attainment is reached", columns, rows)


def curves(document: Document) -> Table | None:
    """The payout curves."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("attainment", "Attainment", "share"),
        Column("pays", "Pays, of target", "share"),
    )
    rows = (
        {"plan": name, "role": role, "attainment": at, "pays": pays}
        for name, role, entry in pay_entries(document)
        for at, pays in entry.get("performance", {}).get("curve", ())
    )
    return table("curves", "Payout curves", columns, rows)


def retention(document: Document) -> Table | None:
    """What the company keeps."""
    columns = (
        PLAN,
        *(
            Column(key, title, "share")
            for key, title in (
                ("grr", "GRR a year"),
                ("nrr", "NRR a year"),
                ("gross_renewal_rate", "Renewed of ARR due"),
                ("on_time_rate", "by its due day"),
            )
        ),
        Column("closing_arr", "Closing ARR", "usd"),
        Column("closing_arr_se", "± s.e.", "error"),
    )
    rows = (_plan(name, plan, "retention") for name, plan in document["plans"].items())
    return table("retention", "What the company keeps", columns, rows)


def behaviour(document: Document) -> Iterator[Table | None]:
    """What the plan pays for, and what can be extracted by moving dates: of measures that were computed."""
    from sim.report.tables.behaviour import behaviour_tables

    return behaviour_tables(document)


def ownership(document: Document) -> Table | None:
    """Role sets on the company and on each further one: what they cost and what they leave."""
    if "ownership" not in document:
        return None
    columns = (
        Column("company", "Company"),
        PLAN,
        Column("cost", "Cost", "usd"),
        Column("served", "ARR served", "usd"),
        Column("net", "Margin less cost", "usd"),
        Column("net_se", "± s.e.", "error"),
        Column("vs", "against the baseline", "usd", signed=True),
        Column("grr", "GRR a year", "share"),
    )
    rows = (
        {"company": company["name"], "plan": name, "vs": entry["net_vs_baseline"]["mean"]} | _scalars(entry)
        for company in document["ownership"]["companies"]
        for name, entry in company["plans"].items()
    )
    return table("ownership", "Who should own renewals", columns, rows)


def _plan(name: str, plan: Document, section: str) -> Row:
    return {"plan": name} | _scalars(plan[section])


def _interval(entry: Document) -> Row:
    if "ci95" not in entry:
        return {}
    low, high = entry["ci95"]
    return {"low": low, "high": high}


def _scalars(entry: Document) -> Row:
    return {key: value for key, value in entry.items() if isinstance(value, str | int | float)}
