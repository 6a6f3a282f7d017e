"""One sentence a figure: what it says, computed from the result."""

from collections.abc import Mapping
from typing import Any

from sim.questions.cost.budget import budget_sentences
from sim.questions.cost.pay_tables import pay_entries
from sim.questions.cost.rows import cost_rows
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import fragile_plans, marked
from sim.shapes.words import payee_of, period_of

Document = dict[str, Any]


def cost_finding(document: Document) -> str:
    """Which plans break the budget, and which keep it; without one, the range of medians."""
    rows = {row.plan: row for row in cost_rows(document)}
    if "budget" not in document["study"]:
        low, high = _ends({name: row.p50 for name, row in rows.items()})
        if low == high:
            return (
                f"In the median world the company pays {amount(rows[low].p50)} ({low}); no budget was given."
            )
        return (
            f"In the median world the company pays from {amount(rows[low].p50)} ({low}) to "
            f"{amount(rows[high].p50)} ({high}); no budget was given."
        )
    return " ".join(budget_sentences(document))


def fan_finding(document: Document) -> str:
    """When the baseline's median is highest and lowest, and how wide its range is there."""
    study = document["study"]
    periods = document["plans"][study["baseline"]]["cost_by_period"]
    highest = max(periods, key=lambda each: float(each["p50"]))
    lowest = min(periods, key=lambda each: float(each["p50"]))
    name = period_of(document)
    if len(periods) == 1:
        return (
            f"Under {study['baseline']} the {name} costs {amount(highest['p10'])} to {amount(highest['p90'])} in "
            "eight worlds of ten."
        )
    return (
        f"Under {study['baseline']} the median is highest in {highest['label']}, {amount(highest['p50'])} "
        f"({amount(highest['p10'])} to {amount(highest['p90'])} in eight worlds of ten), and lowest in {lowest['label']}, "
        f"{amount(lowest['p50'])}."
    )


def parts_finding(document: Document) -> str:
    """What share of variable pay goes to early and late renewals."""
    baseline = document["study"]["baseline"]
    parts = {
        name: plan["cost_parts"]
        for name, plan in document["plans"].items()
        if "variable" in plan["cost_parts"]
    }
    fragile = fragile_plans(document)
    if not parts:
        return "No plan has a mean of its variable pay."
    early = {
        name: part["early"] / part["variable"]
        for name, part in parts.items()
        if "early" in part and part["variable"] > 0.0
    }
    if baseline not in early:
        low, high = _ends({name: part["variable"] for name, part in parts.items()})
        ends = {name: marked(amount(parts[name]["variable"]), name in fragile) for name in (low, high)}
        if low == high:
            return f"Mean variable pay is {ends[low]} under {low}."
        return f"Mean variable pay runs from {ends[low]} ({low}) to {ends[high]} ({high})."
    low, high = _ends(early)
    if share(early[low]) == share(early[high]):
        under = f"each of {len(early)} plans" if len(early) > 1 else baseline
        return f"Under {under}, {share(early[baseline])} of variable pay is for renewals booked early."
    return (
        f"Under {baseline}, {share(early[baseline])} of variable pay is for renewals booked early; over all plans that "
        f"share runs from {share(early[low])} ({low}) to {share(early[high])} ({high})."
    )


def performance_finding(document: Document) -> str:
    """How often target is missed, and what the plans pay at the median attainment."""
    study = document["study"]
    name, role, entry = next(
        each for each in pay_entries(document) if each[0] == study["baseline"] and "performance" in each[2]
    )
    found = entry["performance"]
    below = sum(found["density"][: round(1.0 / found["step"])])
    far = sum(found["density"][round(1.5 / found["step"]) :])
    who = name if role is None else f"{name} ({role})"
    periods = f"{payee_of(document)}s' {period_of(document)}s"
    return (
        f"Under {who}, attainment is below 100 % in {share(below)} of all {periods} and at 150 % or more in {share(far)}: "
        "where the area is high, the slope of the line is what the company really pays for."
    )


def pay_finding(document: Document) -> str:
    """What a payee's median period pays, and under which plan pay is most uneven."""
    study = document["study"]
    entries = {
        name if role is None else f"{name} · {role}": entry for name, role, entry in pay_entries(document)
    }
    first = next(each for each in entries if each.split(" · ")[0] == study["baseline"])
    entry = entries[first]
    target = f" of a target of {amount(entry['target'])}" if "target" in entry else ""
    sentence = (
        f"Under {first} the median {period_of(document)} pays {amount(entry['per_period']['p50'])}{target}"
    )
    idle = {name: each["share_zero_pay"] for name, each in entries.items()}
    _, most = _ends(idle)
    return f"{sentence}; a {period_of(document)} without any bonus is most frequent under {most}: {share(idle[most])}."


def retention_finding(document: Document) -> str:
    """What the company keeps, and whether that depends on the plan."""
    study, plans = document["study"], document["plans"]
    kept = plans[study["baseline"]]["retention"]
    if not {"grr", "nrr"} <= kept.keys():
        return "No ARR was there to keep."
    same = all(plan["retention"].get("grr") == kept["grr"] for plan in plans.values())
    under = "every plan alike" if same else study["baseline"]
    sentence = f"Under {under} the company keeps {share(kept['grr'], 1)} of its ARR a year"
    return f"{sentence} without growth and {share(kept['nrr'], 1)} with it."


def exhausted_finding(document: Document) -> str:
    """In how many payees' periods no quota was left; empty where that never happens."""
    entries = [entry for _, _, entry in pay_entries(document) if "attainment" in entry]
    shares = [entry["share_quota_exhausted"] for entry in entries if "share_quota_exhausted" in entry]
    if max(shares, default=0.0) <= 0.0:
        return ""
    low, high = share(min(shares), 1), share(max(shares), 1)
    where = f"of {payee_of(document)}s' {period_of(document)}s"
    left = f"{low} {where}" if low == high else f"{low} to {high} {where}, depending on the plan"
    return f"No quota was left (nothing due, or all of it moved away) in {left}."


def _ends(values: Mapping[str, float]) -> tuple[str, str]:
    """The names of the smallest and of the largest value."""
    return min(values, key=values.__getitem__), max(values, key=values.__getitem__)
