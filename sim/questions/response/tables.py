"""Tables of what plans reward and how CSMs answer: the card of a plan, saves by attainment, efforts, and what the value
of a plan rests on.
"""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.cost.tables import scalars
from sim.questions.grounds.comparable import unmodelled_lines
from sim.shapes.amounts import value_share
from sim.shapes.chart import Bars
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import INPUTS, NO_BOUND, answer_of, label_of
from sim.summary.summary import measured

Document = dict[str, Any]
Row = dict[str, Value]

TASKS: Final = {
    "save": "Save",
    "on_time": "On time",
    "early": "Early",
    "late": "Recover",
    "expand": "Expand",
    "unpaid": "Unpaid work",
}
"""What effort goes to: key in ``summary.json``, title."""


RESPONSE: Final = (
    Column("net_value", "Net value", "usd", signed=True),
    Column("net_value_se", SIM_ERROR, "error", note=SE_NOTE),
    Column("net_value_low", "Lowest assumed", "usd", signed=True),
    Column("net_value_high", "Highest assumed", "usd", signed=True),
    Column("answer", "ROI positive"),
    Column("csm_gain", "CSMs' own", "usd", signed=True),
    Column("net_value_whole", "Net value, CSMs made whole", "usd", signed=True),
    Column("cost_added", "Cost added", "usd", signed=True),
    Column("roi", "ROI", "ratio"),
    Column("clauses", "Clauses", "count"),
    Column("pay_growth", "Pay growth", "share", signed=True),
)
"""What is shown of what a plan is worth."""
RESPONSE_NOTE: Final = (
    "Per CSM-year against the reference plan, at the efforts that the plan calls for. Lowest, highest: over the "
    "gross retention assumed to be lost without any incentive. ROI positive: over that whole range, and also once "
    "CSMs who lose by the plan are made whole. CSMs' own: certain pay less effort, against today. ROI: net value "
    "per $ of cost added, where cost is added. Clauses: rules that a CSM has to know. Pay growth: of a plan left "
    "as it is when every account is 10 % larger."
)


def response_tables(document: Document) -> Iterator[Table | None]:
    """The card of the plans, what they are worth, and what stands behind that."""
    yield card(document)
    yield responses(document)
    yield against_no_pay(document)
    yield efforts(document)
    yield rests_on(document)


def responses(document: Document) -> Table | None:
    """What a plan is worth once CSMs respond."""
    rows = (
        {"plan": name, **scalars(entry), "answer": answer_of(entry)}
        for name, entry in measured(document, "response").items()
    )
    return table(
        "response",
        "What it is worth once CSMs respond",
        (PLAN, *RESPONSE),
        rows,
        RESPONSE_NOTE,
        chart=Bars(("net_value_low", "net_value", "net_value_high")),
    )


def card(document: Document) -> Table | None:
    """What each plan costs, rewards and returns, side by side; of studies that measured more than cost."""
    exposed = any("lower" in each.get("exposure", {}) for each in measured(document, "card").values())
    columns = (
        PLAN,
        Column("cost", "Cost per CSM-year", "usd", none=NO_MEAN, mean=True),
        Column("cost_p90", "P90", "usd"),
        Column("per_usd_retained", "Cost per $ kept", "cent", mean=True),
        Column("value_share", "Pay for value, if gamed", "share"),
        Column("lower", "Exposure at least", "usd", mean=True),
        Column("upper", "at most", "usd", none=NO_BOUND if exposed else "", mean=True),
        Column("save", "Pay per $ saved", "cent"),
        Column("dead_zone_share", "Dead zone", "share"),
        Column("jackpot_share", "Jackpot", "share"),
        Column(
            "timing_to_saving",
            "Move / save",
            "ratio",
            note="Move / save: pay per $ moved over pay per $ saved; above 1 the plan pays more for moving.",
        ),
        Column(
            "risk",
            "Risk premium",
            "usd",
            note="Risk premium: mean pay less the certain pay that is as good to a CSM.",
        ),
        Column(
            "net_value",
            "Net value",
            "usd",
            signed=True,
            note="Net value: once CSMs respond, over the range of the response assumed.",
        ),
        Column("net_value_low", "from", "usd", signed=True),
        Column("net_value_high", "to", "usd", signed=True),
    )
    note = " ".join(["Amounts per CSM-year.", *unmodelled_lines(document)])
    rows = (_card(name, each) for name, each in measured(document, "card").items())
    return table("card", "Each plan on one line: cost, exposure, reward, value", columns, rows, note)


def _card(name: str, found: Document) -> Row:
    """A card with one key a number."""
    cost, exposure = found["cost"], found.get("exposure", {})
    even, net = found.get("even", {}), found.get("net_value", {})
    return {
        "plan": name,
        "cost": cost.get("mean"),
        "cost_p90": cost.get("p90"),
        "per_usd_retained": cost.get("per_usd_retained"),
        "value_share": value_share(found.get("split", {})),
        "lower": exposure.get("lower"),
        "upper": exposure.get("upper"),
        "save": found.get("save", {}).get("mean"),
        "dead_zone_share": even.get("dead_zone_share"),
        "jackpot_share": even.get("jackpot_share"),
        "timing_to_saving": found.get("timing_to_saving", {}).get("ratio"),
        "risk": found.get("risk", {}).get("premium"),
        "net_value": net.get("mean"),
        "net_value_low": net.get("low"),
        "net_value_high": net.get("high"),
    }


def against_no_pay(document: Document) -> Table | None:
    """What each plan's variable pay returns, against the same salaries without it."""
    columns = (
        PLAN,
        Column("gain", "Gain", "usd", signed=True, mean=True),
        Column("gain_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("variable", "Variable pay and tooling", "usd", mean=True),
        Column("net_value", "Net value", "usd", signed=True, mean=True),
        Column("net_value_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("net_value_low", "Lowest assumed", "usd", signed=True, mean=True),
        Column("net_value_high", "Highest assumed", "usd", signed=True, mean=True),
        Column("roi", "ROI", "ratio"),
    )
    rows = (
        {"plan": name}
        | {key: value for key, value in entry["vs_no_pay"].items() if isinstance(value, int | float)}
        for name, entry in measured(document, "response").items()
        if "vs_no_pay" in entry
    )
    note = (
        "Per CSM-year. Gain: margin on what CSMs keep and grow more than for salaries alone. ROI: net value per $ of "
        "variable pay. Nobody leaves for want of it: assumption."
    )
    return table("no_pay", "Variable pay against none", columns, rows, note)


def efforts(document: Document) -> Table | None:
    """What CSMs spend their effort on under each plan."""
    columns = (
        PLAN,
        *(Column(key, title, "ratio") for key, title in TASKS.items()),
        Column("kept_rate", "Renewed of ARR due", "share"),
        Column("answers", "One answer"),
    )
    rows = (
        {"plan": name, "kept_rate": entry.get("kept_rate"), "answers": "yes" if entry["unique"] else "no"}
        | entry["effort"]
        for name, entry in measured(document, "response").items()
    )
    note = "1 is today's effort under the reference plan. One answer: efforts from several starts agree."
    return table("effort", "Where effort goes under each plan", columns, rows, note)


def rests_on(document: Document) -> Table | None:
    """Net value at a lower and a higher value of each assumption, the others as they are."""
    columns = (
        PLAN,
        Column("input", "Assumption"),
        Column("unit", "Unit"),
        Column("low", "Low value", "ratio"),
        Column("high", "High value", "ratio"),
        Column("at_low", "Net value at low", "usd", signed=True),
        Column("at_high", "at high", "usd", signed=True),
        Column("swing", "Swing", "usd"),
        Column("rank_low", "Place at low", "count"),
        Column("rank_high", "at high", "count"),
    )
    rows = (
        _swing(name, key, found)
        for name, entry in measured(document, "response").items()
        for key, found in by_swing(entry)
    )
    note = "Per CSM-year, one assumption moved at a time. Place: of the plan by net value, 1 for the highest."
    return table("rests_on", "What the net value of each plan rests on", columns, rows, note)


def by_swing(entry: Document) -> list[tuple[str, Document]]:
    """The assumptions behind a response, those that move net value most first."""
    rows = entry.get("tornado", {})
    return sorted(rows.items(), key=lambda each: -abs(each[1]["net_value"][1] - each[1]["net_value"][0]))


def _swing(name: str, key: str, found: Document) -> Row:
    low, high = found["net_value"]
    places = found.get("rank", (None, None))
    return {
        "plan": name,
        "input": label_of(key),
        "unit": INPUTS[key][1] if key in INPUTS else None,
        "low": found["low"],
        "high": found["high"],
        "at_low": low,
        "at_high": high,
        "swing": abs(high - low),
        "rank_low": places[0],
        "rank_high": places[1],
    }
