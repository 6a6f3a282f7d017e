"""Whether a plan divides credit by a quota that nothing holds away from zero, so that mean pay need not exist."""

from typing import Final

from sim.plan.component import Component
from sim.plan.piece import Piece
from sim.plan.plan import Plan

RELIEFS: Final = ("early_out_of_due", "late_out_of_due")
"""The quota moves that lower a quota."""


def unbounded(plan: Plan) -> tuple[str, ...]:
    """The clauses by which a quota can be moved to next to nothing while credit is left and the pay for it has no end:
    paths in the plan file; empty where there is none, and mean pay exists.

    Attainment is credit / quota. Where quota moves carry the quota across zero it has a density there, so that
    P(attainment > x) ~ c / x: tail index 1, the mean diverges like a logarithm. A floor of f holds the quota at f times its
    base, so that a dollar counts at most 1 / f times; a curve that ends flat, or a cap, bounds pay whatever the
    quota. A base quota that nothing lowers (fixed; a rate of the ARR due, a sum of lognormal or given amounts, whose density
    vanishes at zero faster than any power) leaves every moment of credit / quota finite.

    What is named here may be: whether bookings ever come so far is a matter of the scenario, and seen in its worlds.

    Source: E[1/Q] of a density that is positive at 0 diverges (Marsaglia 1965, "Ratios of normal variables and ratios of
    sums of uniform variables", JASA 60(309)).
    """
    return tuple(
        f"component[{position}].quota_moves.{relief}"
        for position, component in enumerate(plan.component)
        if component.measure == "renewal_bookings" and component.crediting.date != "due"
        if component.quota_moves.floor == 0.0 and _without_end(plan, component)
        for relief in RELIEFS
        if getattr(component.quota_moves, relief) > 0.0
    )


def floor_key(clause: str) -> str:
    """The key that would hold the quota of such a clause away from zero.

    >>> floor_key("component[0].quota_moves.early_out_of_due")
    'component[0].quota_moves.floor'
    """
    return f"{clause.rpartition('.')[0]}.floor"


def _without_end(plan: Plan, component: Component) -> bool:
    """Whether the attainment of a component is paid for without end: by its curve, or by a curve that modifies pay."""
    paid = component.pay_kind == "bonus" and rises(component.curve) and not _capped(plan, component.name)
    return paid or any(
        each.by == component.name and rises(each.curve) and not _capped(plan, each.component)
        for each in plan.modifier
    )


def rises(curve: tuple[Piece, ...]) -> bool:
    """Whether a curve is not flat at its end."""
    return curve[-1].slope > 0.0


def _capped(plan: Plan, component: str | None) -> bool:
    """Whether a cap ends the pay of a component; of the whole plan where None."""
    return any(each.component is None or each.component == component for each in plan.cap)
