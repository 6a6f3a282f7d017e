"""Rules that a plan lacks: each with the values that it begins with, which are fields of the plan from then on."""

from collections.abc import Iterator
from math import inf
from typing import Any, Final, NamedTuple

from sim.app.fields import Value
from sim.errors import InputError
from sim.files.meanings import first_sentence
from sim.plan.component import Component
from sim.plan.plan import Plan

STEEPER: Final = 1.5
"""The slope or rate of what is added behind the last one, against that."""
LEAST_ABOVE: Final = 1.0
"""Where an accelerator begins, or a quarter beyond the last piece. [share]"""
BEYOND: Final = 0.25
FURTHER: Final = 1.25
"""Where a further tier starts, as a multiple of the last one's start."""
AMOUNT: Final = 100_000.0
"""Where the second one starts, in usd. All of these are assumptions: they are there to be moved."""
RULES: Final[dict[str, tuple[dict[str, Value], ...]]] = {
    "ramp": ({"quota[0]": 0.5},),
    "grace": ({"periods": 1},),
    "cap": ({"multiple": 2.0}, {"usd": 50_000.0}),
    "clawback": ({"periods": 2},),
    "guarantee": ({"periods": 2, "share": 1.0},),
    "draw": ({"share": 0.5, "periods": 2}, {"usd": 5_000.0, "periods": 2}),
    "holdback": ({"share": 0.2, "periods": 1},),
}
"""By table, values with which a rule begins, the first that a plan allows. Assumptions, there to be moved."""
LEVEL: Final = 0.8
"""At which a new gate opens. Assumption. [share]"""


class Addition(NamedTuple):
    """A rule to add. help : what it does. changes : paths and values that add it."""

    title: str
    help: str
    changes: dict[str, Value]


def additions(plan: Plan) -> tuple[Addition, ...]:
    """All that a plan has room for and allows, in the order of its file."""
    found: list[Addition] = []
    titles: set[str] = set()
    for each in _offered(plan):
        if each.title not in titles and _allowed(plan, each.changes):
            found.append(each)
            titles.add(each.title)
    return tuple(found)


def _offered(plan: Plan) -> Iterator[Addition]:
    for place, component in enumerate(plan.component):
        yield from _of_component(component, f"component[{place}]")
    for table, starts in RULES.items():
        there = getattr(plan, table)
        if there is not None and not isinstance(there, tuple):
            continue
        path = table if there is None else f"{table}[{len(there)}]"
        for start in starts:
            changes = {f"{path}.{key}": value for key, value in start.items()}
            yield Addition(_title(table), _help(table), changes)
    yield from _between(plan)


def _of_component(component: Component, path: str) -> Iterator[Addition]:
    """What a component can have more of: pieces of its curve, tiers of its commission, bands of days."""
    name, curve = component.name, component.curve
    if component.pay_kind == "bonus" and curve:
        last = curve[-1]
        left = last.interval.left
        begins = max(LEAST_ABOVE, left + BEYOND) if last.interval.right == inf else left
        pays = round(last.pays + last.slope * (begins - left), 9)
        at = f"{path}.curve[{len(curve)}]"
        steeper: dict[str, Value] = {
            f"{at}.attainment": begins,
            f"{at}.pays": pays,
            f"{at}.slope": STEEPER * last.slope or 1.0,
        }
        yield Addition(
            f"Accelerator of {name}", f"Beyond {100 * begins:g} % each further percent pays more.", steeper
        )
    commission = component.commission
    if commission is not None and commission.tier and commission.tier[-1].interval is None:
        tier = commission.tier[-1]
        start = FURTHER * (tier.start or 0.0) or (1.0 if commission.tiers_by == "attainment" else AMOUNT)
        at, key = (
            f"{path}.commission.tier[{len(commission.tier)}]",
            "per_event" if tier.rate is None else "rate",
        )
        rises: dict[str, Value] = {f"{at}.start": start, f"{at}.{key}": STEEPER * tier.amount}
        yield Addition(
            f"Accelerator of {name}", "What lies beyond another tier pays at a higher rate.", rises
        )
    for side in ("early", "late"):
        at = f"{path}.crediting.{side}_bands[0]"
        more: dict[str, Value] = {
            f"{at}.through_day": 30,
            f"{at}.multiplier": 1.25 if side == "early" else 0.75,
        }
        if getattr(component.crediting, f"{side}_bands") is None:
            said = "ahead of" if side == "early" else "behind"
            yield Addition(
                f"Multiplier of {side} {name}",
                f"Credit of bookings up to 30 days {said} the due day is multiplied.",
                more,
            )


def _between(plan: Plan) -> Iterator[Addition]:
    """Rules by which one component hangs on another, or all of pay on one."""
    names = [each.name for each in plan.component]
    pairs = (
        [(None, names[0])] if len(names) == 1 else [(one, by) for one in names for by in names if one != by]
    )
    for paid, by in pairs:
        whose = "pay" if paid is None else paid
        of: dict[str, Value] = {} if paid is None else {"component": paid}
        gate: dict[str, Value] = {**of, "requires": by, "attainment": LEVEL}
        yield Addition(
            f"Gate: no {whose} unless {by} reaches {100 * LEVEL:g} %",
            _help("gate"),
            {f"gate[{len(plan.gate)}].{key}": value for key, value in gate.items()},
        )
        modifier: dict[str, Value] = {
            **of, "by": by, "curve[0].attainment": "[0, inf)", "curve[0].pays": 1.0, "curve[1].attainment": 1.0,
            "curve[1].pays": 1.1,
        }  # fmt: skip
        yield Addition(
            f"Modifier: {whose} by what {by} reaches",
            _help("modifier"),
            {f"modifier[{len(plan.modifier)}].{key}": value for key, value in modifier.items()},
        )


def _title(table: str) -> str:
    return table[:1].upper() + table[1:].replace("_", " ")


def _help(table: str) -> str:
    """What the model says of the rule."""
    declared: Any = Plan.model_fields[table].annotation
    return first_sentence(next(each for each in declared.__args__ if hasattr(each, "model_fields")))


def _allowed(plan: Plan, changes: dict[str, Value]) -> bool:
    try:
        plan.altered(changes)
    except InputError:
        return False
    return True
