"""What can be said of a study's ``[incentive]`` and ``[response]`` before anything is simulated, and of which plans."""

from collections.abc import Sequence
from typing import Final

from sim.errors import InputError, Problem, near_match, shown
from sim.plan.plan import Plan
from sim.study.response.setting import Incentive, Response
from sim.study.role_set import RoleSet
from sim.world.scenario import Scenario


def not_measured(each: RoleSet) -> str | None:
    """Why nothing can be said of what a plan rewards, as the end of a sentence; None where it can be measured.

    A switch changes one renewal of one CSM's book; what a company's or a team's measure makes of it is not worked out.
    """
    if not each.plain:
        return "is a set of roles, and a switch is of one CSM's book"
    company = sorted(
        {one.measure for one in each.roles[0].plan.component if "company" in one.kind_of_measure.reads}
    )
    if company:
        return f"pays on {' and '.join(company)}, which one CSM's renewal hardly moves"
    return None


def measurable(each: RoleSet) -> bool:
    """Whether a switch of one renewal is settled exactly."""
    return not_measured(each) is None


def measurable_plans(sets: Sequence[RoleSet]) -> dict[str, Plan]:
    """The plans of one CSM a book that can be measured, by name."""
    return {each.name: each.roles[0].plan for each in sets if measurable(each)}


def pays_for_renewals(plan: Plan) -> bool:
    """Whether any renewal can change pay, as far as the file tells: a rate, or a bonus whose curve is not flat, on something
    that a renewal moves.
    """
    for each in plan.component:
        if each.kind_of_measure.kind not in MOVED or each.pay_kind == "none":
            continue
        flat = all(piece.slope == 0.0 and piece.pays == each.curve[0].pays for piece in each.curve)
        target = plan.pay.target_bonus or plan.pay.target_a_year or 0.0
        if each.pay_kind == "commission" or (each.weight * target > 0.0 and not flat):
            return True
    return False


MOVED: Final = ("renewals", "bookings", "events", "share")
"""Kinds of measures that a renewal can move."""


def check_behaviour(
    path: str,
    incentive: Incentive | None,
    response: Response | None,
    baseline: str,
    sets: Sequence[RoleSet],
    scenario: Scenario,
) -> list[Problem]:
    """What is wrong with the two tables, as far as files tell."""
    problems = []
    if incentive is not None and not any(measurable(each) for each in sets):
        reasons = "; ".join(f"{each.name} {not_measured(each)}" for each in sets)
        problems.append(
            Problem(
                f"{path}: incentive",
                "absent, or beside a plan of one CSM a book",
                "none",
                f"{reasons[:1].upper()}{reasons[1:]}.",
            )
        )
    if response is not None:
        problems += check_reference(f"{path}: response.reference", response.reference or baseline, sets)
        problems += _points(path, response, scenario)
    return problems


def check_reference(where: str, reference: str, sets: Sequence[RoleSet]) -> list[Problem]:
    """What is wrong with the plan whose efforts are to be 1."""
    plans = measurable_plans(sets)
    if reference not in plans:
        allowed = f"a plan of the study of one CSM a book, one of {sorted(plans)}"
        reason = [not_measured(each) for each in sets if each.name == reference]
        fix = f"{reference} {reason[0]}." if reason else near_match(reference, list(plans))
        return [Problem(where, allowed, shown(reference), fix)]
    if not pays_for_renewals(plans[reference]):
        allowed, fix = "a plan that pays for renewals", "Effort is calibrated to what it pays today."
        return [Problem(where, allowed, shown(reference), fix)]
    return []


def _points(path: str, response: Response, scenario: Scenario) -> list[Problem]:
    from sim.study.response.effort_world import churn_at_stake, most_points

    try:
        most = most_points(*churn_at_stake(scenario))
    except InputError as error:  # the scenario's CRM export cannot be read
        return list(error.problems)
    fix = "That is all that is renewed."
    return [
        Problem(f"{path}: response.points", f"below {most:.4g}", f"{each:g}", fix)
        for each in response.points
        if each >= most
    ]
