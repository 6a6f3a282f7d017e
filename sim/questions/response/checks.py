"""What can be said of a study's ``[response]`` before anything is simulated."""

from collections.abc import Sequence
from typing import Final

from sim.errors import InputError, Problem, near_match, shown
from sim.plan.plan import Plan
from sim.plan.role_set import RoleSet
from sim.questions.incentive.measurable import measurable_plans, not_measured
from sim.world.scenario import Scenario


def pays_for_renewals(plan: Plan) -> bool:
    """Whether any renewal can change pay, as far as the file tells: a rate, or a bonus whose curve is not flat, on something
    that a renewal moves.
    """
    for component in plan.component:
        if component.kind not in MOVED or component.pay_kind == "none":
            continue
        flat = all(piece.slope == 0.0 and piece.pays == component.curve[0].pays for piece in component.curve)
        target = plan.pay.target_bonus or plan.pay.target_a_year or 0.0
        if component.pay_kind == "commission" or (component.weight * target > 0.0 and not flat):
            return True
    return False


MOVED: Final = ("renewals", "bookings", "change", "events", "share")
"""Kinds of measures that a renewal can move."""


def check_reference(where: str, reference: str, sets: Sequence[RoleSet]) -> list[Problem]:
    """What is wrong with the plan whose efforts are to be 1."""
    plans = measurable_plans(sets)
    if reference not in plans:
        allowed = f"a plan of the study of one CSM a book, one of {sorted(plans)}"
        reason = [not_measured(role_set) for role_set in sets if role_set.name == reference]
        fix = f"{reference} {reason[0]}." if reason else near_match(reference, list(plans))
        return [Problem(where, allowed, shown(reference), fix)]
    if not pays_for_renewals(plans[reference]):
        allowed, fix = "a plan that pays for renewals", "Effort is calibrated to what it pays today."
        return [Problem(where, allowed, shown(reference), fix)]
    return []


def check_points(where: str, points: Sequence[float], scenario: Scenario) -> list[Problem]:
    """What is wrong with gross-retention points that effort would cost: more than there is to lose."""
    from sim.questions.response.effort_world import churn_at_stake, most_points

    try:
        most = most_points(*churn_at_stake(scenario))
    except InputError as error:  # the scenario's CRM export cannot be read
        return list(error.problems)
    fix = "That is all that is renewed."
    return [Problem(where, f"below {most:.4g}", f"{point:g}", fix) for point in points if point >= most]
