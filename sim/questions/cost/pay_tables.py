"""What people earn and what the company keeps, as tables: pay and how evenly, attainment, payout curves, retention."""

from collections.abc import Iterator
from typing import Any

from sim.questions.cost.tables import LEVELS, scalars
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import payee_of, period_of

Document = dict[str, Any]
Row = dict[str, Value]


def pay(document: Document) -> Table | None:
    """What a payee earns in a period, and how evenly."""
    payee, period = payee_of(document), period_of(document)
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("target", "Target", "usd"),
        *(Column(key, key.upper(), "usd") for key in LEVELS[:-1]),
        Column("share_zero_pay", "No pay", "share"),
        Column("share_at_target", "≥ target", "share"),
        Column("share_at_cap", "At cap", "share"),
        Column("attains", "Median attainment", "share"),
        Column(
            "volatility", "Uneven", "ratio", note=f"Uneven: a {payee}'s pay between {period}s, sd / mean."
        ),
        Column("gini", "Gini", "ratio", note=f"Gini: of {payee}s' pay over the horizon, 0 = equal."),
        Column("share_quota_exhausted", "No quota left", "share"),
    )
    rows = (
        {"plan": name, "role": role}
        | scalars(entry["per_period"])
        | scalars(entry)
        | {"attains": entry.get("attainment", {}).get("p50")}
        | ({} if "attainment" in entry else {"share_quota_exhausted": None})
        for name, role, entry in pay_entries(document)
    )
    note = f"Shares of all {payee}s' {period}s."
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
        Column("closing_arr_se", SIM_ERROR, "error", note=SE_NOTE),
    )
    rows = (_plan(name, plan, "retention") for name, plan in document["plans"].items())
    return table("retention", "What the company keeps", columns, rows)


def _plan(name: str, plan: Document, section: str) -> Row:
    return {"plan": name} | scalars(plan[section])
