"""How what payees gain and lose adds up to what the company pays more: role by role, and in all."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import salary_over_horizon
from sim.engine.company_cost import base_by_world, variable_by_world
from sim.engine.hires import hires_by_world
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.payees.gap import Gap, of_group
from sim.questions.payees.summary import Foot, OfRole

Floats = NDArray[np.float64]

COMES: Final = "the role comes"
GOES: Final = "the role goes"


class Lone(NamedTuple):
    """A role that only one of two plans has; its payees come or go with it.

    sign   : 1 of one that comes, -1 of one that goes.
    salary : of each payee over the horizon. [payee] [usd]
    """

    payees: Payees
    sign: float
    salary: Floats

    @property
    def why(self) -> str:
        """What becomes of the role."""
        return COMES if self.sign > 0.0 else GOES

    def total(self, totals: Totals) -> float:
        """Mean change of the pay of all its payees, salary included. [usd]"""
        role = self.payees.position
        count = totals.shape.payees[role]
        return self.sign * float(totals.pay.mean[role, :count].sum() + self.salary.sum())


def lone_roles(study: Study, totals: Totals, index: int, gap: Gap) -> tuple[Lone, ...]:
    """Roles of a role set that the baseline has not, then those that only the baseline has."""
    shape = totals.shape
    compared = {role for role, against in gap.parts}, {against.role for role, against in gap.parts}

    def salary(each: Payees) -> Floats:
        mine = salary_over_horizon(study, each, shape.salaries[each.position])
        return np.broadcast_to(mine, (shape.payees[each.position], 1))[:, 0]

    return tuple(
        Lone(each, sign, salary(each))
        for place, sign, known in ((index, 1.0, compared[0]), (study.baseline_index, -1.0, compared[1]))
        for each in payees_of(study, place)
        if each.position not in known
    )


def of_roles(study: Study, totals: Totals, index: int, gap: Gap) -> Iterator[OfRole]:
    """Every role of a role set and of the baseline; changes of all payees add up to those of the foot."""
    names = {each.position: each.role.name for each in payees_of(study, index)}
    of_payee = np.repeat(
        [role for role, _ in gap.parts], [totals.shape.payees[role] for role, _ in gap.parts]
    )
    for role, _ in gap.parts:
        mine = of_payee == role
        found: dict[str, Any] = of_group(gap, mine[:, np.newaxis])
        found["total"] = None if gap.mean is None else float(gap.mean[mine].sum())
        yield OfRole(role=names[role], payees=found.pop("csms"), **found)
    for lone in lone_roles(study, totals, index, gap):
        role = lone.payees.position
        total = None if gap.mean is None else lone.total(totals)
        name = f"{lone.payees.role.name}: {lone.why}"
        yield OfRole(role=name, payees=totals.shape.payees[role], total=total)


def foot_of(study: Study, totals: Totals, index: int, gap: Gap) -> Foot:
    """From what payees gain and lose to what the company pays more, each part from the totals of its own."""
    assert gap.mean is not None, "there is a mean"
    ends = (study.baseline_index, index)
    variable, base = (
        [float(of(study, totals, each).sum(axis=0).mean()) for each in ends]
        for of in (variable_by_world, base_by_world)
    )
    hires = [hires_by_world(study, totals, payees_of(study, each)[0]) for each in ends]
    hired = [0.0 if each is None else float(each.sum(axis=0).mean()) for each in hires]
    paid = variable[1] - variable[0] + base[1] - base[0]
    on_cost = study.scenario.employer.on_cost * paid
    lone = lone_roles(study, totals, index, gap)
    salaries = sum(against.mean_more * totals.shape.payees[role] for role, against in gap.parts)
    salaries += sum(each.sign * float(each.salary.sum()) for each in lone)
    more = hired[1] - hired[0]
    return Foot(
        payees=float(gap.mean.sum()),
        coming=sum(each.total(totals) for each in lone if each.sign > 0.0) or None,
        going=sum(each.total(totals) for each in lone if each.sign < 0.0) or None,
        open_seats=base[1] - base[0] - salaries,
        on_cost=on_cost,
        hires=more,
        cost=paid + on_cost + more,
    )
