"""A plan as the timing choice sees it: what moving one dollar across a boundary does to credit and quota on either side.

The only place where gaming reads a plan. Everything comes from the terms that ``settle`` itself works with.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from sim.frame import Frame
from sim.measure.gaming.boundary_terms import BoundaryTerms, Flows
from sim.plan.crediting import CreditTerms, credited, moves_of
from sim.plan.curve import curve_terms
from sim.plan.plan import Plan
from sim.plan.quota import ROUNDING, base_quota, shortfall
from sim.plan.settle import CompiledPlan
from sim.plan.target import by_day, target_of
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, FloatPW, Ledger

FALL: Final = 1e-12
"""A curve that loses less than this at a jump does not fall. [multiple of target bonus]"""


def in_a_chain(plan: Plan) -> bool:
    """Whether the periods of a plan are a chain that what crosses boundaries links: one bonus on renewal bookings, paid by
    period, on a curve that never falls, and nothing that depends on single deals or on what was achieved before.
    """
    component = plan.lead
    rises = pairwise(sorted(component.curve, key=lambda piece: piece.interval.left))
    return (
        plan.on_renewals_alone
        and component.crediting.date in ("booking", "due")
        and not plan.caps_deals
        and not any(component.quota.ratchets)
        and all(
            after.pays >= piece.pays + piece.slope * (piece.interval.right - piece.interval.left) - FALL
            for piece, after in rises
        )
    )


def boundary_terms(plan: Plan, terms: CompiledPlan, frame: Frame) -> BoundaryTerms:
    """What one moved dollar does, for every cell of the frame; of a plan that is ``in_a_chain``.

    Source: Compensating Customer Success Managers (founding document), early cases 2 to 6 and late cases 2 to 5.
    """
    renewals = terms.renewals
    assert renewals is not None, "a plan on renewals"
    crediting, quota = plan.lead.crediting, renewals.quota
    by_due_date = crediting.date == "due"
    last_day, side = frame.cells.last_day, frame.cells.side
    counted = (side == LATE) & (last_day <= crediting.late_window_days)
    early = np.array([crediting.early_at(int(day)) for day in last_day]) * (side == EARLY)
    late = np.array([crediting.late_at(int(day)) for day in last_day]) * counted
    ones = np.ones(len(side))
    if by_due_date:
        now, then = (np.zeros_like(ones), early - 1.0), (late - 1.0, np.zeros_like(ones))
    else:
        now, then = (early, -ones), (-ones, late)
    return BoundaryTerms(
        *now,
        *then,
        late_follows=counted.astype(np.float64),
        pulled_quota=(quota.follow[1], -quota.follow[0]),
        held_quota=(-quota.follow[2], quota.follow[3]),
        shortfall=quota.shortfall,
        cap=np.inf if crediting.early_cap is None or by_due_date else crediting.early_cap,
        out_of_base=renewals.crediting.out_of_base,
        floor=quota.floor,
        rounding=ROUNDING,
        bonus=np.full(frame.calendar.periods, terms.components[terms.lead].target),
        curve=curve_terms(plan.lead.curve),
    )


def with_target(terms: BoundaryTerms, plan: CompiledPlan, ledger: Ledger) -> BoundaryTerms:
    """The same on the target of whoever holds a book, where one is agreed with them, for the days on which somebody does."""
    each = plan.components[plan.lead]
    target = target_of(each.target, each.weight, each.own, each.lead, ledger)
    periods = len(terms.bonus)
    bonus = np.broadcast_to(by_day(target, ledger).column(periods), (periods, 1))[:, 0].copy()
    return terms._replace(bonus=bonus)


def honest_flows(terms: CompiledPlan, ledger: Ledger) -> Flows:
    """Credit and quota of a book before anybody moves a date, by the functions that ``settle`` uses."""
    sheet = Worksheet(ledger)
    renewals = terms.renewals
    assert renewals is not None, "a plan on renewals"
    crediting, quota, horizon = renewals.crediting, renewals.quota, renewals.crediting.horizon
    whole = base_quota(quota, sheet)
    base = whole[horizon.lead : horizon.lead + horizon.periods]
    credit = credited(crediting, whole, sheet)
    moves = moves_of(crediting, credit, sheet)
    late = shortfall(horizon, ledger) if quota.shortfall else (moves.late_out, moves.late_in)
    out_of_due, into, late_out_of_due, late_into = quota.follow
    asked = base + into * moves.early_in + late_into * late[1]
    asked = asked - out_of_due * moves.early_out - late_out_of_due * late[0]
    counted = sum(credit.credit, np.zeros_like(base))
    granted = (moves.early_in.copy(), moves.early_out.copy())
    return Flows(base.copy(), counted, asked, *granted, *_ahead(crediting, ledger, base))


def _ahead(terms: CreditTerms, ledger: Ledger, base: FloatPW) -> tuple[FloatPW, FloatPW, FloatPW, FloatPW]:
    """What is booked ahead of its period of its own accord, as the last four of ``Flows``."""
    ahead, following, credit, far = (np.zeros_like(base) for _ in range(4))
    if terms.cap is None:
        return ahead, following, credit, far
    amount, (lead, periods) = ledger.amount[terms.ahead.date], terms.horizon
    for (_, cell, offset), weight in zip(terms.ahead.parts.tolist(), terms.ahead.weight, strict=True):
        for period in range(periods):
            due = lead + period - offset
            if due < len(amount):
                ahead[period] += amount[due, cell]
                credit[period] += weight * amount[due, cell]
                if offset == -1:
                    following[period] += amount[due, cell]
            if offset < -1:
                far[period] += amount[lead + period, cell]
    return ahead, following, credit, far
