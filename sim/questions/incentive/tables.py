"""What plans reward, as tables: contrasts, and saves by attainment."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.cost.tables import scalars
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, table
from sim.summary.summary import measured

Document = dict[str, Any]

INCENTIVE: Final = (
    Column("save", "Saved", "cent"),
    Column("save_se", SIM_ERROR, "cent", note=SE_NOTE),
    Column("on_time", "On time", "cent"),
    Column("early", "Early", "cent"),
    Column("late", "Recovered", "cent"),
    Column("expand", "Expanded", "cent"),
    Column("dead_zone_share", "Dead zone", "share"),
    Column("jackpot_share", "Jackpot", "share"),
    Column("line_of_sight", "Line of sight", "share"),
    Column("timing_to_saving", "Move / save", "ratio"),
    Column("risk_premium", "Risk premium", "usd"),
    Column("risk_premium_se", f"{SIM_ERROR} of it", "error", note=SE_NOTE),
    Column("risk_premium_certain", "by utility", "usd"),
)
"""What is shown of what a plan rewards."""
INCENTIVE_NOTE: Final = (
    "Pay for one more dollar of ARR: saved, booked on time instead of late, a period early instead of on time, "
    "recovered late, expanded. Dead zone: saves that pay next to nothing; jackpot: over three times the linear "
    "rate. Line of sight: share of a period's pay that its renewals explain. Risk premium: what a CSM-year of "
    "certain pay could be lower; by variance, and by exponential utility, which no tail dominates."
)


def incentive_tables(document: Document) -> Iterator[Table | None]:
    """Of a study that asked."""
    yield incentives(document)
    yield zones(document)


def incentives(document: Document) -> Table | None:
    """Pay for one more dollar of ARR, by what is done for it."""
    rows = ({"plan": name, **scalars(entry)} for name, entry in measured(document, "incentive").items())
    return table("incentive", "What the plan rewards", (PLAN, *INCENTIVE), rows, INCENTIVE_NOTE)


def zones(document: Document) -> Table | None:
    """Pay for a save by where the CSM stands."""
    columns = (
        PLAN,
        Column("zone", "Attainment"),
        Column("share_of_renewals", "Renewals there", "share"),
        Column("save", "Saved", "cent"),
        Column("save_se", SIM_ERROR, "cent", note=SE_NOTE),
        Column("dead_zone_share", "Dead zone", "share"),
        Column("jackpot_share", "Jackpot", "share"),
    )
    rows = (
        {"plan": name, "zone": zone} | found
        for name, entry in measured(document, "incentive").items()
        for zone, found in entry.get("by_zone", {}).items()
    )
    note = "Attainment of the period as the renewal would leave it today."
    return table("incentive_zones", "Pay for a saved renewal, by attainment", columns, rows, note)
