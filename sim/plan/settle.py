"""Settlement: from a book's Ledger to its Statement, in one order. The only implementation of a plan."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.ledger import Frame
from sim.plan.attainment import Attainment, attained
from sim.plan.crediting import Credit, CreditTerms, credit_terms, credited
from sim.plan.curve import CurveTerms, curve_terms, paid
from sim.plan.plan import Plan
from sim.plan.quota import QuotaTerms, adjusted_quota, base_quota, quota_terms
from sim.plan.sums import Horizon
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, Cells, FloatPW, Ledger, Statement


class Terms(NamedTuple):
    """A plan as arrays for one frame: everything that settlement needs, computed once.

    bonus_at_target : target bonus of the component. [usd/period]
    key             : spells out crediting and quota; plans that agree in it have the same attainment.
    """

    crediting: CreditTerms
    quota: QuotaTerms
    curve: CurveTerms
    bonus_at_target: float
    key: bytes


class Result(NamedTuple):
    """What is settled before the curve, the same for all plans of the same key. [period, world]"""

    base: FloatPW
    quota: FloatPW
    credit: Credit
    attainment: Attainment


def terms(plan: Plan, frame: Frame) -> Terms:
    """The plan as arrays for the cells and periods of a frame.

    Raises: ValueError when the frame was made without this plan, so that it cannot tell its bands apart.
    """
    for side, edges in ((EARLY, plan.early_edges), (LATE, plan.late_edges)):
        check_edges(frame.cells, side, edges)
    component, horizon = plan.component[0], Horizon(frame.calendar.lead, frame.calendar.periods)
    crediting = credit_terms(component.crediting, component.quota_moves, frame.cells, horizon)
    quota = quota_terms(component.quota, component.quota_moves, component.crediting.date)
    target_bonus = plan.target_bonus(frame.calendar) * component.weight
    key = crediting.key + repr(quota).encode()
    return Terms(crediting, quota, curve_terms(component.curve), target_bonus, key)


def settle(terms: Terms, ledger: Ledger) -> Statement:
    """What one book is asked, credited and paid in each period of the horizon, world by world.

    Pure: the same terms and ledger give the same statement. Read it only, its arrays may be shared.
    """
    return settle_on(Worksheet(ledger), terms)


def settle_each(plans: Iterable[Terms], ledger: Ledger) -> Iterator[Statement]:
    """The same for several plans of one frame; what they have in common is worked out once."""
    sheet = Worksheet(ledger)
    return (settle_on(sheet, each) for each in plans)


def settle_on(sheet: Worksheet, terms: Terms) -> Statement:
    """Settle in the one order: crediting, quota, attainment (all in ``before_curve``), curve, pay."""
    result = sheet.once(terms.key, lambda: before_curve(sheet, terms))
    bonus = paid(terms.curve, result.attainment.attainment, sheet)
    bonus *= terms.bonus_at_target
    renewed_early, renewed_late, renewed_on_time = result.credit.renewed
    credit_early, credit_late, credit_on_time = result.credit.credit
    return Statement(
        base_quota=result.base,
        quota=result.quota,
        renewed_early=renewed_early,
        renewed_late=renewed_late,
        renewed_on_time=renewed_on_time,
        credit_early=credit_early,
        credit_late=credit_late,
        credit_on_time=credit_on_time,
        credit=result.attainment.credit,
        attainment=result.attainment.attainment,
        bonus=bonus,
        quota_exhausted=result.attainment.exhausted,
    )


def before_curve(sheet: Worksheet, terms: Terms) -> Result:
    """Crediting, then quota, then attainment."""
    lead, periods = terms.crediting.horizon
    base = base_quota(terms.quota, sheet)  # over all due periods: a cap before the horizon needs them
    asked = base[lead : lead + periods]
    credit = credited(terms.crediting, base, sheet)
    quota = adjusted_quota(terms.quota, asked, terms.crediting, credit, sheet)
    return Result(asked, quota, credit, attained(credit.credit, asked, quota, sheet))


def check_edges(cells: Cells, side: int, edges: tuple[int, ...]) -> None:
    """Raises: ValueError when an edge lies inside a cell of its side, or a late one beyond them all."""
    if side == LATE and max(edges) > max(cells.last_day[cells.side == LATE], default=0):
        raise ValueError(f"the frame does not reach day {max(edges)} of this plan's late window")
    for each, first_day, last_day in zip(cells.side, cells.first_day, cells.last_day, strict=True):
        cut = [edge for edge in edges if each == side and first_day <= edge < last_day]
        if cut:
            raise ValueError(f"the frame does not tell apart day {cut[0]} and day {cut[0] + 1} of this plan")
