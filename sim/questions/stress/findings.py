"""What a stress suite found, in sentences made of the rows of its tables: what is broken first."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.cost.rows import ALLOWED, StressRow, budget_is_judged, stress_rows
from sim.questions.stress.tables import broken, move_of, short
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, listed

Document = dict[str, Any]

AS_IT_IS: Final = "as it is"
"""What the scenario without any stress is called."""
SAID: Final = {
    "budget": "the budget",
    "cost_p90": "P90 of cost",
    "prob_over_budget": "how often the budget is exceeded",
    "cost_rise": "rise of cost",
    "variable_of_arr": "variable pay per ARR kept",
    "cost_of_arr": "cost per ARR kept",
    "low_pay": "low pay",
    "pay_cut": "pay cuts",
    "exposure": "what dates can gain",
}
"""What the limits are called in a sentence."""


def broken_stress(document: Document) -> list[str]:
    """Which plans break a limit or the budget, as it is and under stress; empty where none does."""
    rows = [row for row in stress_rows(document) if row.broken]
    if not rows:
        return []
    plans = list(_by_plan(document))
    own = [row for row in rows if row.stress == AS_IT_IS]
    broken_plans = list(dict.fromkeys(row.plan for row in rows))
    breaks = "breaks" if len(broken_plans) == 1 else "break"
    names = listed([f"{plan} ({_where(plan, rows)})" for plan in broken_plans])
    found = [f"{len(broken_plans)} of {counted(len(plans), 'plan')} {breaks} {_kind(document)}: {names}."]
    if own:
        without = listed([f"{row.plan} ({listed([SAID[name] for name in row.broken])})" for row in own])
        found.append(f"Without any stress already: {without}.")
    return found


def _where(plan: str, rows: list[StressRow]) -> str:
    stresses = [row.stress for row in rows if row.plan == plan and row.stress != AS_IT_IS]
    parts = [AS_IT_IS] if any(row.plan == plan and row.stress == AS_IT_IS for row in rows) else []
    return listed(parts + ([f"under {listed(stresses)}"] if stresses else []))


def _kind(document: Document, short: bool = False) -> str:
    if not document["limits"] and short:
        return "the budget"
    if not document["limits"]:
        return f"the budget of {amount(document['study']['budget'])}, exceeded in more than {share(ALLOWED)} of worlds"
    return "a limit or the budget" if budget_is_judged(document) else "a limit"


def heat_finding(document: Document) -> str:
    """Which plans keep limits and budget, and of which it is not decided; with neither, where cost rises most."""
    if document["limits"] or "budget" in document["study"]:
        return " ".join(_kept(document))
    changes = {(row.stress, row.plan): row.change for row in stress_rows(document) if row.change is not None}
    if not changes:
        return "The study names neither limits nor a budget."
    (name, plan), worst = max(changes.items(), key=lambda each: each[1])
    return f"The study names neither limits nor a budget. Cost rises most under {name}: {plan}, {100 * worst:+.1f} %."


def _kept(document: Document) -> Iterator[str]:
    said = _by_plan(document)
    kept = [plan for plan, rows in said.items() if all(row.verdict in (None, "pass") for row in rows)]
    unclear = [
        plan
        for plan, rows in said.items()
        if not any(row.broken for row in rows) and any(row.verdict == "undecided" for row in rows)
    ]
    what = "every limit" if document["limits"] else f"the budget of {amount(document['study']['budget'])}"
    if kept:
        yield f"{listed(kept)} {'keeps' if len(kept) == 1 else 'keep'} {what} under every stress."
    else:
        yield f"No plan surely keeps {what} under every stress."
    if unclear:
        yield f"Not decided by these worlds: {listed(unclear)}."
    yield from dates_between(document)
    fails: dict[str, int] = {}
    for row in stress_rows(document):
        fails[row.stress] = fails.get(row.stress, 0) + bool(row.broken)
    most = max(fails.values())
    if most:
        first = [name for name, count in fails.items() if count == most]
        where = AS_IT_IS if first == [AS_IT_IS] else f"under {listed(first)}"
        yield f"Most plans break {_kind(document, short=True)} {where}: {most} of {len(said)}."


def dates_between(document: Document) -> Iterator[str]:
    """Of each plan whose limit on what dates gain is undecided, both ends of what is known, under the first such stress."""
    told = set()
    for name, stress in document["stresses"].items():
        for plan, entry in stress.get("plans", {}).items():
            judged = entry.get("limits", {}).get("exposure")
            if judged is None or judged["verdict"] != "undecided" or plan in told or judged["low"] is None:
                continue
            told.add(plan)
            upper = "nothing bounds it" if "upper" not in judged else f"at most {share(judged['upper'], 1)}"
            yield (
                f"Under {name} choosing dates gains CSMs on {plan} at least {share(judged['value'], 1)} of variable pay and "
                f"{upper}: whether that keeps to the {share(judged['most'], 1)} allowed is not known."
            )


def _by_plan(document: Document) -> dict[str, list[StressRow]]:
    found: dict[str, list[StressRow]] = {
        plan: [] for plan in next(iter(document["stresses"].values()))["plans"]
    }
    for row in stress_rows(document):
        found[row.plan].append(row)
    return found


def tornado_finding(document: Document) -> str:
    """The inputs that move the baseline's cost most."""
    baseline, inputs = document["study"]["baseline"], document["tornado"]["inputs"]
    width = {
        path: max(abs(bar["plans"][baseline]["low"]), abs(bar["plans"][baseline]["high"]))
        for path, bar in inputs.items()
        if "low" in bar["plans"][baseline]
    }
    if not width:
        return ""
    first = max(width, key=width.__getitem__)
    others = sorted(width, key=width.__getitem__, reverse=True)[1:4]
    sentence = f"The cost of {baseline} moves most with {short(first)}: by up to {amount(width[first])}"
    return f"{sentence}; then with {listed([short(each) for each in others])}." if others else f"{sentence}."


def reverse_finding(document: Document) -> str:
    """The plans that are broken as it is, the one that is nearest to it, and those that nothing tried breaks."""
    found = document["reverse"]
    what = broken(document)
    plans = found["plans"]
    already = [name for name, entry in plans.items() if entry["status"] == "broken as it is"]
    nearest = {name: entry["one"]["steps"] for name, entry in plans.items() if "one" in entry}
    safe = [name for name, entry in plans.items() if entry["status"] == "none within reach"]
    sentences = []
    if already:
        sentences.append(f"Without any move the {what} is broken by {listed(already)}.")
    if nearest:
        name = min(nearest, key=nearest.__getitem__)
        (each, *_) = plans[name]["one"]["inputs"]
        rest = "Of the others, " if already else ""
        sentences.append(
            f"{rest}{name} is nearest to breaking the {what}: {short(each['input'])} {move_of(each)} does it alone."
        )
    if safe:
        sentences.append(f"No single input within {found['reach']:g} steps breaks it under {listed(safe)}.")
    return " ".join(sentences) or f"Nothing can be said of the {what}: no plan could be measured."
