"""Tables of what the worth of a plan rests on."""

from sim.questions.response.summary import PlanResponse, Swing
from sim.shapes.amounts import amount, share
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import INPUTS, label_of

Row = dict[str, Value]


def rests_first(found: dict[str, PlanResponse]) -> Table | None:
    """What each input does to the plan that comes first, and to the order of plans."""
    if not found:
        return None
    first = min(found, key=lambda name: (found[name].rank or 0, name))
    columns = (
        Column("input", "Input"),
        Column("low", "Low", names=False),
        Column("high", "High", names=False),
        Column("at_low", "Value at low", "usd", signed=True),
        Column("at_high", "at high", "usd", signed=True),
        Column("swing", "Swing", "usd"),
        Column("other_first", "Other first", names=False),
        Column("moved", "Places change", "count"),
    )
    rows = (_first_rests(found, first, key, swing) for key, swing in found[first].by_swing)
    note = (
        f"{first} has the highest net value. Other first: who has it at one of the two values. Places change: of so many of "
        f"{len(found)} plans. Effort is answered anew where it depends on the input. All are assumptions."
    )
    return table(
        "rests_first",
        "What the net value of the first plan rests on",
        columns,
        rows,
        note,
        brief=[column.key for column in columns],
        short=f"What that rests on: net value of {first} at two values of each input [{{unit}} per CSM-year]",
    )


def _first_rests(found: dict[str, PlanResponse], first: str, key: str, swing: Swing) -> Row:
    return {
        "input": label_of(key),
        "low": shown(key, swing.low),
        "high": shown(key, swing.high),
        "at_low": swing.net_value[0],
        "at_high": swing.net_value[1],
        "swing": swing.width,
        "other_first": ", ".join(_others_first(found, first, key)) or "no",
        "moved": sum(_moved(plan, key) for plan in found.values()),
    }


def shown(key: str, value: float) -> str:
    """A value of an input in its unit."""
    unit = INPUTS.get(key, ("", "factor"))[1]
    if unit == "share":
        return share(value)
    return amount(value) if unit == "usd" else f"{value:g}"


def _others_first(found: dict[str, PlanResponse], first: str, key: str) -> list[str]:
    """Who has the highest net value at the lower or the higher value of an input, if another plan has."""
    known = {name: each.tornado[key].net_value for name, each in found.items() if key in each.tornado}
    leaders = [max(known, key=lambda name: known[name][end]) for end in (0, 1)]
    return [name for name in dict.fromkeys(leaders) if name != first]


def _moved(response: PlanResponse, key: str) -> bool:
    """Whether the plan has another place at one of the two values."""
    swing = response.tornado.get(key)
    return swing is not None and any(place != response.rank for place in swing.rank or ())


def rests_on(found: dict[str, PlanResponse]) -> Table | None:
    """Net value of each plan at a lower and a higher value of each assumption, the others as they are."""
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
    rows = (_swing(name, key, swing) for name, each in found.items() for key, swing in each.by_swing)
    note = "Per CSM-year, one assumption moved at a time. Place: of the plan by net value, 1 for the highest."
    return table("rests_on", "What the net value of each plan rests on", columns, rows, note)


def _swing(name: str, key: str, swing: Swing) -> Row:
    places = swing.rank or (None, None)
    return {
        "plan": name,
        "input": label_of(key),
        "unit": INPUTS[key][1] if key in INPUTS else None,
        "low": swing.low,
        "high": swing.high,
        "at_low": swing.net_value[0],
        "at_high": swing.net_value[1],
        "swing": swing.width,
        "rank_low": places[0],
        "rank_high": places[1],
    }
