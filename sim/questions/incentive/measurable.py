"""Of which plans it can be said what they reward."""

from collections.abc import Sequence

from sim.plan.plan import Plan
from sim.plan.role_set import RoleSet


def not_measured(roles: RoleSet) -> str | None:
    """Why nothing can be said of what a plan rewards, as the end of a sentence; None where it can be measured.

    A switch changes one renewal of one CSM's book; what a company's or a team's measure makes of it is not worked out.
    """
    if not roles.plain:
        return "is a set of roles, and a switch is of one CSM's book"
    company = sorted(
        {
            component.measure
            for component in roles.roles[0].plan.component
            if "company" in component.kind_of_measure.reads
        }
    )
    if company:
        return f"pays on {' and '.join(company)}, which one CSM's renewal hardly moves"
    return None


def measurable(roles: RoleSet) -> bool:
    """Whether a switch of one renewal is settled exactly."""
    return not_measured(roles) is None


def measurable_plans(sets: Sequence[RoleSet]) -> dict[str, Plan]:
    """The plans of one CSM a book that can be measured, by name."""
    return {role_set.name: role_set.roles[0].plan for role_set in sets if measurable(role_set)}


def refusals(sets: Sequence[RoleSet]) -> dict[str, str]:
    """Why nothing can be said, of the plans of which it is so."""
    return {
        role_set.name: f"{role_set.name} {why}"
        for role_set in sets
        if (why := not_measured(role_set)) is not None
    }
