"""Settlement: from a book's Ledger to its Statement, in one order. The only implementation of a plan."""

from typing import NamedTuple

import numpy as np

from sim.ledger import Frame
from sim.plan.attainment import attain
from sim.plan.crediting import CreditTerms, credit_terms, credited
from sim.plan.curve import CurveTerms, curve_terms, pay_curve
from sim.plan.plan import Plan
from sim.plan.quota import QuotaTerms, adjusted_quota, base_quota, quota_terms
from sim.records import EARLY, LATE, Cells, Ledger, Statement


class Terms(NamedTuple):
    """A plan as arrays for one frame: everything that settlement needs, computed once.

    bonus_at_target : target bonus of the component. [usd/period]
    """

    crediting: CreditTerms
    quota: QuotaTerms
    curve: CurveTerms
    bonus_at_target: float


def terms(plan: Plan, frame: Frame) -> Terms:
    """The plan as arrays for the cells and periods of a frame.

    Raises: ValueError when the frame was made without this plan, so that it cannot tell its bands apart.
    """
    for side, edges in ((EARLY, plan.early_edges), (LATE, plan.late_edges)):
        check_edges(frame.cells, side, edges)
    component, calendar = plan.component[0], frame.calendar
    crediting, moves = component.crediting, component.quota_moves
    horizon = (calendar.lead, calendar.periods)
    return Terms(
        credit_terms(crediting, moves, frame.cells, *horizon),
        quota_terms(component.quota, moves, crediting.date, *horizon),
        curve_terms(component.curve),
        plan.target_bonus(calendar) * component.weight,
    )


def settle(terms: Terms, ledger: Ledger) -> Statement:
    """What one book is asked, credited and paid in each period of the horizon, world by world.

    Order: crediting, quota, attainment, curve, pay. Pure: the same terms and ledger give the same statement.
    """
    base = base_quota(terms.quota, ledger)
    credit = credited(terms.crediting, ledger, base)
    asked = base[terms.quota.lead : terms.quota.lead + terms.quota.periods]
    quota = adjusted_quota(terms.quota, asked, credit, ledger)
    total, attainment, bonus = np.empty((3, *asked.shape))
    exhausted = np.empty(asked.shape, dtype=np.bool_)
    attain(credit.credit, asked, quota, total, attainment, exhausted)
    pay_curve(terms.curve, attainment, bonus)
    bonus *= terms.bonus_at_target
    renewed_early, renewed_late, renewed_on_time = credit.renewed
    credit_early, credit_late, credit_on_time = credit.credit
    return Statement(
        base_quota=asked,
        quota=quota,
        renewed_early=renewed_early,
        renewed_late=renewed_late,
        renewed_on_time=renewed_on_time,
        credit_early=credit_early,
        credit_late=credit_late,
        credit_on_time=credit_on_time,
        credit=total,
        attainment=attainment,
        bonus=bonus,
        quota_exhausted=exhausted,
    )


def check_edges(cells: Cells, side: int, edges: tuple[int, ...]) -> None:
    """Raises: ValueError when an edge lies inside a cell of its side, or a late one beyond them all."""
    if side == LATE and max(edges) > max(cells.last_day[cells.side == LATE], default=0):
        raise ValueError(f"the frame does not reach day {max(edges)} of this plan's late window")
    for each, first_day, last_day in zip(cells.side, cells.first_day, cells.last_day, strict=True):
        cut = [edge for edge in edges if each == side and first_day <= edge < last_day]
        if cut:
            raise ValueError(f"the frame does not tell apart day {cut[0]} and day {cut[0] + 1} of this plan")
