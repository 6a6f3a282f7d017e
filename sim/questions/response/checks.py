"""What can be said of a study's ``[response]`` before anything is simulated."""

from collections.abc import Sequence

from sim.errors import InputError, Problem, near_match, shown
from sim.plan.role_set import RoleSet
from sim.world.scenario import Scenario


def check_reference(where: str, reference: str, sets: Sequence[RoleSet]) -> list[Problem]:
    """What is wrong with the plan whose efforts are to be 1."""
    names = [role_set.name for role_set in sets]
    if reference in names:
        return []
    fix = near_match(reference, names)
    return [Problem(where, f"a plan of the study, one of {sorted(names)}", shown(reference), fix)]


def check_points(where: str, points: Sequence[float], scenario: Scenario) -> list[Problem]:
    """What is wrong with gross-retention points that effort would cost: more than there is to lose."""
    from sim.questions.response.effort_world import churn_at_stake, most_points

    try:
        most = most_points(*churn_at_stake(scenario))
    except InputError as error:  # the scenario's CRM export cannot be read
        return list(error.problems)
    fix = "That is all that is renewed."
    return [Problem(where, f"below {most:.4g}", f"{point:g}", fix) for point in points if point >= most]
