"""What a payout curve pays at its end and at one attainment: the marks that measures compare pay with."""

from math import inf

import numpy as np

from sim.calendar import Calendar
from sim.measure.pay import PayMarks
from sim.plan.component import Piece
from sim.plan.curve import curve_terms, pay_curve
from sim.plan.plan import Plan
from sim.plan.tail import unbounded


def marks_of(plan: Plan, calendar: Calendar) -> PayMarks:
    """Target bonus of a period, and the most that a period can pay. [usd]

    The curve has a cap when it is flat at its end and pays nowhere more; otherwise the cap is infinite, as it is where
    the curve on renewals is not all that is paid by.
    """
    target = plan.target_bonus(calendar)
    moves = bool(unbounded(plan))
    if not plan.on_renewals_alone:
        return PayMarks(target, inf, moves)
    *before, last = plan.lead.curve
    highest = max((_at_right(piece) for piece in before), default=0.0)
    capped = last.slope == 0.0 and last.pays >= highest
    return PayMarks(target, last.pays * target if capped else inf, moves)


def multiple_at(plan: Plan, attainment: float) -> tuple[float, float]:
    """What the curve pays at an attainment, and how that changes with it there. [multiple of target bonus]"""
    pieces = curve_terms(plan.lead.curve).pieces
    multiple = np.empty((1, 1))
    pay_curve(pieces, np.array([[attainment]]), multiple)
    entry, slope = pieces[0], pieces[4]
    reached = np.flatnonzero(attainment >= entry)[-1]
    return float(multiple[0, 0]), float(slope[reached])


def _at_right(piece: Piece) -> float:
    """The highest value of an interval that ends: slopes are never negative."""
    return piece.pays + piece.slope * (piece.interval.right - piece.interval.left)
