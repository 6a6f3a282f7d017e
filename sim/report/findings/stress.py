"""One sentence a figure on what a stress suite found, computed from it."""

from typing import Any

from sim.report.amounts import amount
from sim.report.tables.stress import broken, move_of, short
from sim.report.words import listed

Document = dict[str, Any]


def heat_finding(document: Document) -> str:
    """Which plans keep their limits; without limits, the dearest stress."""
    if document["limits"]:
        return verdict(document)
    changes = {
        (name, plan): entry["change_share"]
        for name, stress in document["stresses"].items()
        for plan, entry in stress.get("plans", {}).items()
        if "change_share" in entry
    }
    (name, plan), worst = max(changes.items(), key=lambda each: float(each[1]))
    return f"The study names no limits. Cost rises most under {name}: {plan}, {100 * worst:+.1f} %."


def tornado_finding(document: Document) -> str:
    """The inputs that move the baseline's cost most."""
    baseline, inputs = document["study"]["baseline"], document["tornado"]["inputs"]
    width = {
        path: max(abs(bar["plans"][baseline]["low"]), abs(bar["plans"][baseline]["high"]))
        for path, bar in inputs.items()
    }
    first = max(width, key=width.__getitem__)
    others = sorted(width, key=width.__getitem__, reverse=True)[1:4]
    sentence = f"The cost of {baseline} moves most with {short(first)}: by up to {amount(width[first])}"
    return f"{sentence}; then with {listed([short(each) for each in others])}." if others else f"{sentence}."


def reverse_finding(document: Document) -> str:
    """The plan that is nearest to breaking, and the move that breaks it."""
    found = document["reverse"]
    nearest = {name: entry["one"]["steps"] for name, entry in found["plans"].items() if "one" in entry}
    safe = [name for name, entry in found["plans"].items() if entry["status"] == "none within reach"]
    sentences = []
    if nearest:
        name = min(nearest, key=nearest.__getitem__)
        (each, *_) = found["plans"][name]["one"]["inputs"]
        sentences.append(
            f"{name} is nearest to breaking the {broken(document)}: {short(each['input'])} {move_of(each)} does it alone."
        )
    if safe:
        sentences.append(f"No single input within {found['reach']:g} steps breaks it under {listed(safe)}.")
    return " ".join(sentences) or f"Nothing that was tried breaks the {broken(document)}."


def verdict(document: Document) -> str:
    """Which plans keep every limit under every stress, and which stress breaks most."""
    stresses = document["stresses"]
    said: dict[str, set[str]] = {plan: set() for plan in next(iter(stresses.values()))["plans"]}
    for stress in stresses.values():
        for plan, entry in stress.get("plans", {}).items():
            said[plan].add(entry.get("verdict", "pass"))
    kept = [plan for plan, found in said.items() if found <= {"pass"}]
    unclear = [plan for plan, found in said.items() if "fail" not in found and "undecided" in found]
    sentences = [
        f"{listed(kept)} {'keeps' if len(kept) == 1 else 'keep'} every limit under every stress."
        if kept
        else "No plan surely keeps every limit under every stress."
    ]
    if unclear:
        sentences.append(f"Not decided by these worlds: {listed(unclear)}.")
    fails = {
        name: sum(entry.get("verdict") == "fail" for entry in stress.get("plans", {}).values())
        for name, stress in stresses.items()
    }
    most = max(fails, key=fails.__getitem__)
    if fails[most]:
        sentences.append(f"{most} breaks most: {fails[most]} of {len(said)} plans.")
    return " ".join(sentences)
