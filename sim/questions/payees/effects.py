"""What each clause of a plan moves of a payee's pay, on the way from the baseline's plan to it."""

import numpy as np
from numpy.typing import NDArray

from sim.engine.setting import Setting
from sim.engine.totals import Totals
from sim.plan.clauses import Steps

Floats = NDArray[np.float64]


def effects(steps: Steps, before: Floats, after: Floats, between: Floats, salary: float | Floats) -> Floats:
    """The mean of both orders; what all clauses move adds up to the difference. [clause, payee, world] [usd]

    before, after : pay under the two plans. [payee, world]
    between       : under the plans between them, as ``Steps.between`` has them. [plan, payee, world]
    salary        : of the second plan less that of the first, which its clause ``pay`` moves.
    """
    half = len(steps.forward)
    forward = np.diff(np.concatenate([before[None], between[:half], after[None]]), axis=0)
    backward = np.diff(np.concatenate([before[None], between[half:], after[None]]), axis=0)[::-1]
    moved: Floats = 0.5 * (forward + backward)
    moved[[place for place, clause in enumerate(steps.clauses) if clause.path == "pay"]] += salary
    return moved


def moved_by_clause(setting: Setting, totals: Totals, role: int) -> tuple[Steps, Floats] | None:
    """The clauses of a role's plan, and what each moves. None where nobody asked, or where the plans are the same.
    [clause, payee, world] [usd]
    """
    steps, against = setting.steps[role], setting.watch.against[role]
    if steps is None or against is None or not steps.clauses:
        return None
    first = sum(len(each.between) for each in setting.steps[:role] if each is not None)
    between = totals.pieces[first : first + len(steps.between)]
    payees = totals.shape.payees[role]
    before, after = totals.first_pay[against.role, :payees], totals.first_pay[role, :payees]
    return steps, effects(steps, before, after, between[:, :payees], against.more)
