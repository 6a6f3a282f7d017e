"""Who is paid: the cost of every role, and what open territories do to it."""

from collections.abc import Iterator
from typing import Any

from sim.shapes.amounts import amount, number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import fragile_plans
from sim.shapes.tail import NONE, has_mean

Document = dict[str, Any]


def role_costs(plans: dict[str, Document], span: str) -> Fitted | None:
    """Cost by role; None where every plan has a single one, whose cost is the company's."""
    rows = {
        f"{name} · {role}": entry
        for name, plan in plans.items()
        for role, entry in plan.get("cost_by_role", {}).items()
        if len(plan["cost_by_role"]) > 1
    }
    if not rows:
        return None
    told = [each for each in rows.values() if has_mean(each)]
    unit = unit_for([each["mean"] for each in told], [each["se"] for each in told])

    def row(each: Document) -> Row:
        return {
            "Payees": number(each["payees"], 0),
            "Mean ±": f"{unit.show(each['mean'])} ± {unit.show(each['se'])}" if has_mean(each) else NONE,
            "Variable": unit.show(each["variable"]) if "variable" in each else NONE,
            "Salaries": unit.show(each["base"]),
            "On-cost": unit.show(each["on_cost"]) if "on_cost" in each else NONE,
        }

    return Fitted(
        f"Cost by role [{unit.name} over {span}]",
        "Every payee is counted once; the roles of a plan add up to its company cost before planned hires. "
        "±: simulation error.",
        {name: row(each) for name, each in rows.items()},
        first="Plan · role",
        means=("Mean ±", "Variable", "On-cost"),
        fragile=fragile_plans({"plans": plans}),
    )


def open_territories(plans: dict[str, Document], period: str) -> Iterator[str]:
    """How many seats are vacant, and what that does to pay; nothing where nobody leaves."""
    found = [
        (name, role, entry)
        for name, plan in plans.items()
        for role, entry in plan.get("cost_by_role", {}).items()
        if "seats" in entry
    ]
    if not found:
        return
    seats = found[0][2]["seats"]
    yield (
        f"Open territories: {share(seats['open_share'], 1)} ± {100 * seats['open_share_se']:.1f} of CSM-{period}s are "
        f"without a CSM; {number(seats['hires'], 1)} hires take over a book."
    )
    for name, role, entry in found:
        seats = entry["seats"]
        states = {"held": "held throughout", "new": "to a newcomer", "open": "vacant for a part"}
        paid = [
            f"{amount(seats[f'pay_{key}'])} {text}" for key, text in states.items() if f"pay_{key}" in seats
        ]
        yield (
            f"{name} · {role}: salaries of {amount(entry['salaries_saved'])} are not paid; "
            f"{f'a {period} pays ' + ', '.join(paid) if paid else f'the pay of a {period} has no mean'}."
        )
