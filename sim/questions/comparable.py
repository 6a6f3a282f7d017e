"""What makes the plans of a study comparable: pay scaled to one size, and what of each plan is not modelled."""

from collections.abc import Iterable, Mapping

from sim.shapes.amounts import amount
from sim.shapes.words import listed
from sim.summary.facts import Facts


def scaled_sentence(study: Facts) -> list[str]:
    """To what the pay of all plans was scaled; empty where it was not."""
    found, base = study.normalised, study.baseline
    if found is None:
        return []
    if found.by == "ote":
        what = f"the on-target earnings of {base}, {amount(found.ote)} a year, each by its own pay mix"
    else:
        what = f"the target variable pay of {base}, {amount(found.variable)} a year, and its salary"
    return [
        f"Pay of every plan is scaled to {what}: plans differ by their rules, not by how much they are meant to pay."
    ]


def unmodelled(by_plan: Mapping[str, Iterable[str] | None]) -> list[str]:
    """What is not modelled of each plan, the same told once."""
    plans: dict[str, list[str]] = {}
    for name, what in by_plan.items():
        if what:
            plans.setdefault("; ".join(what), []).append(name)
    return [f"Not modelled of {listed(names)}: {what}." for what, names in plans.items()]
