"""Which means of a study exist: decided by what the plan allows, then by what its worlds show."""

from typing import Final, NamedTuple

import numpy as np

from sim.engine.company_cost import cost_by_world
from sim.engine.payees import Payees, payees_of
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.estimate import Floats
from sim.measure.tail import TailIndex, tail_index
from sim.plan.tail import floor_key, unbounded
from sim.summary.no_mean import NoMean

FIRST_WORLDS: Final = 256
"""In which it is looked whether a quota comes near nothing; more worlds never take it back."""


class HeavyTail(NamedTuple):
    """Why a mean is not told.

    decided_by : ``"plan"``, its quota can be moved to nothing and was; ``"data"``, the worlds alone.
    tail       : its index, from the worlds; None where they tell none.
    why        : one sentence.
    mend       : the plan key that would bound it, where the plan decided.
    near       : where the plan decided, of payees' periods those with next to no quota left. [share]
    """

    decided_by: str
    tail: TailIndex | None
    why: str
    mend: str | None = None
    near: float | None = None

    def entry(self) -> NoMean:
        """What stands in the place of the mean."""
        index, se = (None, None) if self.tail is None else self.tail
        return NoMean(
            decided_by=self.decided_by, index=index, se=se, why=self.why, mend=self.mend, near=self.near
        )


def tail_of_cost(study: Study, totals: Totals, index: int) -> HeavyTail | None:
    """Why the mean cost of the role set at ``index`` is not told; None where it is.

    The plan decides first: where a clause lets the quota come to nothing with credit left and pay without end, and where
    that came near in any period of any world (less than a tenth of the quota left). What never came near is no tail of
    this scenario: the mean is told. Plans without such a clause are judged by the index of their worlds' costs.
    """
    for payees in payees_of(study, index):
        if (found := _by_plan(study, totals, payees)) is not None:
            return found._replace(tail=tail_index(cost_by_world(study, totals, index).sum(axis=0)))
    return _by_index(cost_by_world(study, totals, index).sum(axis=0), "cost")


def heavy_by_plan(study: Study, totals: Totals) -> tuple[bool, ...]:
    """Of each role set, whether its plan lets pay have no mean and these worlds show it."""
    return tuple(
        any(_by_plan(study, totals, payees) is not None for payees in payees_of(study, index))
        for index in range(len(study.sets))
    )


def heavy_plans(study: Study, workers: Workers) -> frozenset[str]:
    """The plans that let pay have no mean, and do in the study's first worlds: where no run of it is at hand."""
    if not any(unbounded(plan) for plan in study.plans):
        return frozenset()
    totals = totals_of(prepare(study), min(FIRST_WORLDS, study.worlds), workers)
    heavy = heavy_by_plan(study, totals)
    return frozenset(role_set.name for role_set, found in zip(study.sets, heavy, strict=True) if found)


def tail_of_difference(
    cost: Floats, baseline: Floats, tail: HeavyTail | None, tail_of_baseline: HeavyTail | None
) -> HeavyTail | None:
    """Why the mean of a paired difference is not told: one of the two costs has none, or the differences say so. [world]

    A difference that is the same in all worlds has a mean whatever the costs are.
    """
    difference = cost - baseline
    if float(np.ptp(difference)) <= 1e-9 * float(np.max(np.abs(baseline), initial=0.0)):
        return None
    for each, said in ((tail, ""), (tail_of_baseline, "Of the baseline: ")):
        if each is not None and each.decided_by == "plan":
            return each._replace(tail=tail_index(difference), why=said + each.why)
    return _by_index(difference, "the difference")


def without_mean(study: Study, totals: Totals) -> frozenset[str]:
    """The role sets whose difference to the baseline has no mean; the baseline's own name where its cost has none."""
    costs = [cost_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))]
    tails = [tail_of_cost(study, totals, index) for index in range(len(study.sets))]
    baseline, of_baseline = costs[study.baseline_index], tails[study.baseline_index]
    found = {role_set.name for role_set, tail in zip(study.sets, tails, strict=True) if tail is not None}
    for each, cost, tail in zip(study.sets, costs, tails, strict=True):
        if tail_of_difference(cost, baseline, tail, of_baseline) is not None:
            found.add(each.name)
    return frozenset(found)


def _by_plan(study: Study, totals: Totals, payees: Payees) -> HeavyTail | None:
    """What a role's plan allows and its payees' periods show."""
    plan = payees.role.plan
    clauses = unbounded(plan)
    # Quotas are counted of the component that a statement shows; of another one nothing lifts what the plan allows.
    shown = all(clause.startswith(f"component[{plan.component.index(plan.lead)}].") for clause in clauses)
    near = int(totals.marks[payees.position, :, 4].sum())
    if not clauses or (shown and near == 0):
        return None
    periods = totals.shape.payees[payees.position] * totals.variable.shape[1] * totals.variable.shape[2]
    mend = floor_key(clauses[0])
    why = (
        f"Mean pay does not exist: {clauses[0]} takes the quota away while credit is left, and pay has no end. "
        f"{mend} would bound it."
    )
    return HeavyTail("plan", None, why, mend, near / periods if shown else None)


def _by_index(values: Floats, what: str) -> HeavyTail | None:
    found = tail_index(values)
    if found is None or not found.heavy:
        return None
    why = f"The tail index of {what} is {found.value:.2f} ± {found.se:.2f}, clearly below 2: no interval of a mean covers."
    return HeavyTail("data", found, why)
