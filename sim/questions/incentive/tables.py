"""What plans reward, as tables: contrasts, and saves by attainment."""

from collections.abc import Iterator
from typing import Final

from sim.questions.incentive.summary import Reward
from sim.shapes.chart import Bars
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table

OVER: Final = "P10 of it, P90 of it: over renewals and worlds."
INCENTIVE: Final = (
    PLAN,
    Column(
        "save",
        "Saved",
        "cent",
        note="Saved: pay with the renewal kept less pay with it lost, at-risk accounts weighing most.",
    ),
    Column("save_se", SIM_ERROR, "cent", note=SE_NOTE),
    Column("save_p10", "P10 of it", "cent", note=OVER),
    Column("save_p90", "P90 of it", "cent", note=OVER),
    Column("on_time", "On time", "cent", note="On time: against booking late."),
    Column("early", "Early", "cent", note="Early: one period early against on time."),
    Column("late", "Recovered", "cent", note="Recovered: booked late against lost."),
    Column("expand", "Expanded", "cent", note="Expanded: at renewal."),
    Column("grow", "Grown", "cent", note="Grown: between renewals."),
    Column("onboard", "Onboarded", "dollar", note="Onboarded: $ for a new account in time."),
    Column(
        "kpi",
        "KPIs",
        "dollar",
        note="KPIs: $ a year if every account's health read a tenth of a deviation better.",
    ),
    Column(
        "dead_zone_share",
        "Dead zone",
        "share",
        note="Dead zone: saves that pay under 5 % of the linear rate.",
    ),
    Column(
        "jackpot_share", "Jackpot", "share", note="Jackpot: saves that pay over three times the linear rate."
    ),
    Column(
        "line_of_sight",
        "Line of sight",
        "share",
        note="Line of sight: share of a period's pay that its renewals explain.",
    ),
    Column(
        "timing_to_saving", "Move / save", "ratio", note="Move / save: pay per $ moved over pay per $ saved."
    ),
    Column(
        "risk_premium",
        "Risk premium",
        "usd",
        note="Risk premium: what a CSM-year of certain pay could be lower; by variance, and by exponential utility, which "
        "no tail dominates.",
    ),
    Column("risk_premium_se", f"{SIM_ERROR} of it", "error", note=SE_NOTE),
    Column("risk_premium_certain", "by utility", "usd"),
)
"""What is shown of what a plan rewards."""


def incentive_tables(found: dict[str, Reward]) -> Iterator[Table | None]:
    """Of the plans of which it is measured."""
    yield incentives(found)
    yield zones(found)


def incentives(found: dict[str, Reward]) -> Table | None:
    """Pay for one more dollar of ARR, by what is done for it."""
    return table(
        "incentive",
        "What the plan rewards",
        INCENTIVE,
        ({"plan": name} | _spread(each) | each.document() for name, each in found.items()),
        "Cents of pay for one more dollar of ARR. Of a role set: all its roles together, then each."
        if any(" · " in name for name in found)
        else "Cents of pay for one more dollar of ARR.",
        brief=(
            *("plan", "save", "save_p10", "save_p90", "on_time", "early", "late", "expand"),
            *("grow", "onboard", "kpi"),
            *("dead_zone_share", "jackpot_share", "line_of_sight", "timing_to_saving"),
        ),
        short="What a plan rewards [pay per usd of ARR]",
        chart=Bars(("save", "on_time", "early", "late", "expand")),
    )


def _spread(reward: Reward) -> dict[str, Value]:
    saved = reward.spread.get("save")
    return {} if saved is None else {"save_p10": saved.p10, "save_p90": saved.p90}


def zones(found: dict[str, Reward]) -> Table | None:
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
        {"plan": name, "zone": zone} | group.document()
        for name, each in found.items()
        for zone, group in each.by_zone.items()
    )
    note = "Attainment of the period as the renewal would leave it today."
    return table("incentive_zones", "Pay for a saved renewal, by attainment", columns, rows, note)
