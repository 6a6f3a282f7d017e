"""What makes the plans of a study comparable: pay scaled to one size, and what of each plan is not modelled."""

from typing import Any

from sim.shapes.amounts import amount
from sim.shapes.words import listed

Document = dict[str, Any]


def normalised_sentence(document: Document) -> list[str]:
    """To what the pay of all plans was scaled; empty where it was not."""
    found = document["study"].get("normalised")
    if found is None:
        return []
    base = document["study"]["baseline"]
    if found["by"] == "ote":
        what = f"the on-target earnings of {base}, {amount(found['ote'])} a year, each by its own pay mix"
    else:
        what = f"the target variable pay of {base}, {amount(found['variable'])} a year, and its salary"
    return [
        f"Pay of every plan is scaled to {what}: plans differ by their rules, not by how much they are meant to pay."
    ]


def unmodelled_lines(document: Document) -> list[str]:
    """What is not modelled of each plan that says so, the same told once."""
    found: dict[str, list[str]] = {}
    if "stresses" in document:
        told = document.get("not_modelled", {})
    else:
        told = {name: plan.get("not_modelled", ()) for name, plan in document["plans"].items()}
    for name, what in told.items():
        if what:
            found.setdefault("; ".join(what), []).append(name)
    return [f"Not modelled of {listed(names)}: {what}." for what, names in found.items()]
