"""What people earn and what the company keeps, as tables: pay and how evenly, attainment, payout curves, retention."""

from collections.abc import Iterator

from sim.questions.cost.pay_summary import PayEntry
from sim.questions.cost.summary import CostOfPlan
from sim.questions.cost.tables import LEVELS, Row
from sim.shapes.chart import Bars, Lines
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, plain, table
from sim.summary.summary import Summary


def payee_of(summary: Summary) -> str:
    """Who is paid: a CSM, or a payee where plans pay several roles."""
    several = any(plan.of(CostOfPlan).pay_by_role is not None for plan in summary.plans.values())
    return "payee" if several else "CSM"


def pay_entries(summary: Summary) -> Iterator[tuple[str, str | None, PayEntry]]:
    """Plan, role (None where there is one) and pay distribution."""
    for name, plan in summary.plans.items():
        for role, entry in plan.of(CostOfPlan).pays:
            yield name, role, entry


def pay(summary: Summary) -> Table | None:
    """What a payee earns in a period, and how evenly."""
    payee, period = payee_of(summary), summary.study.period
    own = any(each.target is None and each.share_at_target is not None for _, _, each in pay_entries(summary))
    mark = f"≥ target: that of each {payee}, where a people file agrees one." if own else ""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("target", "Target", "usd"),
        *(Column(key, key.upper(), "usd") for key in LEVELS[:-1]),
        Column("share_zero_pay", "No pay", "share"),
        Column("share_at_target", "≥ target", "share", note=mark),
        Column("share_at_cap", "At cap", "share"),
        Column("attains", "Median attainment", "share", brief="Attains"),
        Column(
            "volatility", "Uneven", "ratio", note=f"Uneven: a {payee}'s pay between {period}s, sd / mean."
        ),
        Column("gini", "Gini", "ratio", note=f"Gini: of {payee}s' pay over the horizon, 0 = equal."),
        Column("share_quota_exhausted", "No quota left", "share"),
    )
    title = f"What a {payee} earns in a {period}"
    return table(
        "pay",
        f"{title}, and how evenly",
        columns,
        (_pay(name, role, entry) for name, role, entry in pay_entries(summary)),
        f"Shares of all {payee}s' {period}s.",
        brief=(
            *(
                "plan",
                "role",
                "p10",
                "p50",
                "p90",
                "share_zero_pay",
                "share_at_target",
                "share_at_cap",
                "attains",
            ),
            *("volatility", "gini"),
        ),
        short=f"{title} [{{unit}}], and how evenly",
    )


def _pay(name: str, role: str | None, entry: PayEntry) -> Row:
    attained = entry.attainment
    exhausted = None if attained is None else entry.share_quota_exhausted
    told: Row = {"plan": name, "role": role, "attains": None if attained is None else attained.p50}
    return plain(entry.per_period) | plain(entry) | told | {"share_quota_exhausted": exhausted}


def density(summary: Summary) -> Table | None:
    """How often each attainment is reached."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("low", "Attainment from", "share"),
        Column("share", f"Share of {summary.study.period}s", "share"),
    )
    rows = (
        {"plan": name, "role": role, "low": at * performance.step, "share": part}
        for name, role, entry in pay_entries(summary)
        if (performance := entry.performance) is not None
        for at, part in enumerate(performance.density)
    )
    return table("attainment", "How often each attainment is reached", columns, rows)


def curves(summary: Summary) -> Table | None:
    """The payout curves."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("attainment", "Attainment", "share"),
        Column("pays", "Pays, of target", "share"),
    )
    rows = (
        {"plan": name, "role": role, "attainment": at, "pays": pays}
        for name, role, entry in pay_entries(summary)
        if entry.performance is not None
        for at, pays in entry.performance.curve or ()
    )
    return table("curves", "Payout curves", columns, rows, chart=Lines("attainment", "pays"))


def retention(summary: Summary) -> Table | None:
    """What the company keeps."""
    columns = (
        PLAN,
        *(
            column
            for key, title in (
                ("grr", "GRR a year"),
                ("nrr", "NRR a year"),
                ("gross_renewal_rate", "Renewed of ARR due"),
                ("on_time_rate", "by its due day"),
            )
            for column in (Column(key, title, "share"), Column(f"{key}_se", SIM_ERROR, "share"))
        ),
        Column("closing_arr", "Closing ARR", "usd"),
        Column("closing_arr_se", SIM_ERROR, "error", note=SE_NOTE),
    )
    rows = [plain(plan.of(CostOfPlan).retention) | {"plan": name} for name, plan in summary.plans.items()]
    alike = len({plan.of(CostOfPlan).retention for plan in summary.plans.values()}) == 1
    return table(
        "retention",
        "What the company keeps",
        columns,
        rows,
        "The same under every plan." if alike and len(rows) > 1 else "",
        brief=("plan", "grr", "nrr", "gross_renewal_rate", "on_time_rate"),
        most=1 if alike else 0,
        chart=Bars(("grr", "nrr"), upright=True),
    )
