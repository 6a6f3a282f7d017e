"""A statement as plain entries, one a period: what ``--json`` prints and other programs read."""

from typing import Any, Final

from sim.plan.settlement import Settlement
from sim.plan.split import split_bonus
from sim.records import Statement
from sim.shapes.cents import without_dust
from sim.shapes.table import Column

DUST: Final = 1e-9
"""A figure nearer to zero is residue of sums: amounts are whole cents, and no share is so small."""

STATEMENT_COLUMNS: Final = (
    Column("period", "Period", "count"),
    Column("base_quota", "Base quota", "dollar"),
    Column("quota", "Quota", "dollar"),
    Column("renewed", "Renewed", "dollar"),
    Column("credit", "Credit", "dollar"),
    Column("attainment", "Attainment", "share"),
    Column("bonus", "Bonus", "dollar"),
)
"""What a table of ``statement_entries`` shows of them."""


def tidy(value: float) -> float:
    """A figure without the residue of float64 sums: -1.8e-12 is 0.0, and 12800.000000000002 is 12800.0."""
    return 0.0 if abs(value) < DUST else float(f"{value:.15g}")


def usd(amount: float) -> float:
    """An amount without that residue: sums of cents are whole cents."""
    return without_dust(tidy(amount))


def statement_entries(plan: str, csm: str, statement: Statement, world: int = 0) -> list[dict[str, Any]]:
    """One entry for every period of one world. Amounts in usd, attainment as a share, periods from 0."""
    bonus = split_bonus(statement)
    columns = {
        "base_quota": statement.base_quota,
        "quota": statement.quota,
        "renewed": statement.renewed_early + statement.renewed_late + statement.renewed_on_time,
        "renewed_early": statement.renewed_early,
        "renewed_late": statement.renewed_late,
        "renewed_on_time": statement.renewed_on_time,
        "credit": statement.credit,
        "attainment": statement.attainment,
        "bonus": statement.bonus,
        "bonus_early": bonus.early,
        "bonus_late": bonus.late,
        "bonus_on_time": bonus.on_time,
    }
    return [
        {"plan": plan, "csm": csm, "period": period}
        | {name: usd(amount[period, world].item()) for name, amount in columns.items()}
        | {"attainment": tidy(statement.attainment[period, world].item())}
        | {"quota_exhausted": bool(statement.quota_exhausted[period, world])}
        for period in range(len(statement.bonus))
    ]


def neutral_entries(neutral: Statement | None, world: int = 0) -> list[dict[str, Any]]:
    """For every period, attainment if every renewal had been booked on its due date. [share]"""
    if neutral is None:
        return []
    return [{"attainment_timing_neutral": tidy(value)} for value in neutral.attainment[:, world].tolist()]


def settlement_entries(settlement: Settlement, world: int = 0) -> list[dict[str, Any]]:
    """For every period, each component (value and target in the unit of its measure, attainment as a share, pay in usd)
    and what the plan earned, accrued and paid, with its balances. [usd]
    """
    balances = ("earned", "accrued", "paid", "owed", "held", "recoverable")
    entries = []
    for period in range(len(settlement.earned)):
        components = []
        for name, component in settlement.component.items():
            measured = {} if component.measured is None else component.measured._asdict()
            values = {
                key: tidy(each[period, world].item()) for key, each in measured.items() if each is not None
            }
            components.append({"name": name, **values, "pay": usd(component.pay[period, world].item())})
        sums = {key: usd(getattr(settlement, key)[period, world].item()) for key in balances}
        entries.append({"components": components, **sums})
    return entries
