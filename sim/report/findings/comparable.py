"""What makes the plans of a study comparable: pay scaled to one size, and what of each plan is not modelled."""

from typing import Any

from sim.report.amounts import amount

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


def not_modelled(document: Document) -> dict[str, str]:
    """By plan, what of it is not modelled; of plans that say so."""
    return {
        name: "; ".join(plan["not_modelled"])
        for name, plan in document["plans"].items()
        if plan.get("not_modelled")
    }
