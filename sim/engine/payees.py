"""The roles of a role set, and where the totals of a run keep them."""

from itertools import accumulate
from typing import NamedTuple

from sim.engine.study import Study
from sim.plan.role_set import Role


class Payees(NamedTuple):
    """A role of a role set, and where its totals stand. position : among all roles of the study."""

    role: Role
    position: int


def payees_of(study: Study, index: int) -> tuple[Payees, ...]:
    """The roles of the role set at ``index``."""
    starts = [0, *accumulate(len(role_set.roles) for role_set in study.sets)]
    return tuple(Payees(role, starts[index] + k) for k, role in enumerate(study.sets[index].roles))
