"""Is a plan simple, scalable and ROI positive? What it is worth once CSMs answer it, and what that rests on."""

from typing import Any, Final

from rich.console import RenderableType

from sim.shapes.amounts import amount, number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import fragile_plans
from sim.shapes.words import INPUTS, answer_of, label_of

Document = dict[str, Any]

TERMS: Final = {
    "Clauses": "Simple: clauses a CSM has to know.",
    "Pay if books grow 10 %": "Scalable: growth of cost when every account is 10 % larger and the plan file stays.",
    "CSMs' own": "CSMs' own: certain pay less effort, against today.",
    "ROI": "ROI: net value per $ of cost added, where cost is added.",
    "Kept": "Kept: booked of what came due.",
    "Save effort": "Efforts: 1 is today's.",
    "One answer": "One answer: efforts from three starts agree.",
}
"""What a column means, said where it is shown."""


def response_tables(document: Document) -> list[RenderableType]:
    """The founding question in one table, and under it what the answer rests on; none where nothing was answered."""
    found = {name: plan["response"] for name, plan in document["plans"].items() if "response" in plan}
    if not found:
        return []
    return [
        _question(found, fragile_plans(document)),
        _against_none(found, fragile_plans(document)),
        _tornado(found),
    ]


def _question(found: Document, fragile: frozenset[str]) -> RenderableType:
    reference = next(iter(found.values()))["reference"]
    unit = unit_for(
        [each["net_value"] for each in found.values()],
        [min((each["net_value_se"] for each in found.values() if each["net_value_se"] > 0.0), default=0.0)],
    )

    def row(each: Document) -> Row:
        low, high = each["net_value_low"], each["net_value_high"]
        return {
            "Clauses": number(each["clauses"], 0),
            "Pay if books grow 10 %": share(each["pay_growth"], sign=True),
            "ROI positive": answer_of(each),
            "Net value ±": f"{unit.show(each['net_value'], sign=True)} ± {unit.show(each['net_value_se'])}",
            "Range": f"{unit.show(low, sign=True)} to {unit.show(high, sign=True)}",
            "CSMs' own": unit.show(each["csm_gain"], sign=True),
            "If made whole": unit.show(each["net_value_whole"], sign=True),
            "Cost added": unit.show(each["cost_added"], sign=True),
            "ROI": "" if "roi" not in each else number(each["roi"], 1),
            "per $ kept": f"{100 * each['cost_per_usd_kept']:.2f}¢",
            "Kept": share(each["kept_rate"], 1),
            "Save effort": f"{each['effort']['save']:.2f}",
            "Unpaid": f"{each['effort']['unpaid']:.2f}",
            "One answer": "yes" if each["unique"] else "no",
        }

    return Fitted(
        f"Simple, scalable, ROI positive? Once CSMs respond [{unit.name} per CSM-year, against {reference}]",
        "ROI positive: net value above 0 over the whole range of points in [response], and still so once CSMs who lose by "
        "the plan are made whole. ±: simulation error, of value at these efforts. Effort alone favours cliffs: dead zones, "
        "risk and exposure count against them.",
        {name: row(each) for name, each in found.items()},
        terms=TERMS,
        means=("Net value ±", "Range", "CSMs' own", "If made whole", "Cost added", "per $ kept"),
        fragile=fragile,
    )


def _against_none(found: Document, fragile: frozenset[str]) -> RenderableType:
    """What each plan's variable pay returns against salaries alone."""
    against = {name: each["vs_no_pay"] for name, each in found.items()}
    unit = unit_for(
        [each["net_value"] for each in against.values()], [each["net_value_se"] for each in against.values()]
    )

    def row(each: Document) -> Row:
        low, high = each["net_value_low"], each["net_value_high"]
        return {
            "Gain": unit.show(each["gain"], sign=True),
            "Variable pay": unit.show(each["variable"]),
            "Net value ±": f"{unit.show(each['net_value'], sign=True)} ± {unit.show(each['net_value_se'])}",
            "Range": f"{unit.show(low, sign=True)} to {unit.show(high, sign=True)}",
            "ROI": "" if "roi" not in each else number(each["roi"], 1),
        }

    return Fitted(
        f"Against no variable pay: the same salaries alone [{unit.name} per CSM-year]",
        "Gain: margin on what CSMs keep and grow more than they would for nothing. Variable pay with on-cost and tooling. "
        "ROI: net value per $ of it. Range: over points in [response]. Nobody leaves for want of it: assumption.",
        {name: row(each) for name, each in against.items()},
        means=("Gain", "Variable pay", "Net value ±", "Range", "ROI"),
        fragile=fragile,
    )


def _tornado(found: Document) -> RenderableType:
    """What each input does to the plan that comes first, and to the order of plans."""
    first = min(found, key=lambda name: (found[name]["rank"], name))
    rows = found[first]["tornado"]
    unit = unit_for([value for each in rows.values() for value in each["net_value"]])

    def row(key: str, each: Document) -> Row:
        low, high = each["net_value"]
        leaders = [_leader(found, key, end) for end in (0, 1)]
        changed = [
            name for name, plan in found.items() if any(place != plan["rank"] for place in _ranks(plan, key))
        ]
        return {
            "From": shown(key, each["low"]),
            "to": shown(key, each["high"]),
            "Net value": f"{unit.show(low, sign=True)} to {unit.show(high, sign=True)}",
            "Swing": unit.show(abs(high - low)),
            "Other first": ", ".join(dict.fromkeys(name for name in leaders if name != first)) or "no",
            "Places change": f"{len(changed)} of {len(found)}",
        }

    ordered = sorted(rows, key=lambda key: -abs(rows[key]["net_value"][1] - rows[key]["net_value"][0]))
    return Fitted(
        f"What that rests on: net value of {first} at two values of each input [{unit.name} per CSM-year]",
        f"{first} has the highest net value. Other first: who has it at one of the two values. Places change: plans "
        "with another place by net value there. Effort is answered anew where it depends on the input. All are "
        "assumptions; every plan's values stand in summary.json.",
        {label_of(key): row(key, rows[key]) for key in ordered},
        first="Input",
    )


def shown(key: str, value: float) -> str:
    """A value of an input in its unit."""
    unit = INPUTS.get(key, ("", "factor"))[1]
    if unit == "share":
        return share(value)
    return amount(value) if unit == "usd" else f"{value:g}"


def _leader(found: Document, key: str, end: int) -> str:
    known = {name: plan["tornado"][key] for name, plan in found.items() if key in plan["tornado"]}
    return max(known, key=lambda name: known[name]["net_value"][end])


def _ranks(plan: Document, key: str) -> list[int]:
    ranks: list[int] = plan["tornado"].get(key, {}).get("rank", [])
    return ranks
