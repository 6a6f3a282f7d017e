"""Pay for performance: the payout curve of a plan, and how often each attainment is reached."""

from typing import Final

import numpy as np

from sim.engine.marks import multiple_at
from sim.measure.histogram import BINS, values_of
from sim.plan.plan import Plan
from sim.plan.rule.table import Rules
from sim.questions.cost.pay_summary import PerformanceEntry
from sim.records import IntP

STEP: Final = 0.05
"""Width of a bin of attainment. [share]"""
HIGHEST: Final = 2.0
"""Attainments from here on share the last bin. [share]"""
BEYOND: Final = 1e-6
"""Just past an edge, where the curve may jump. [share]"""


def density(counts: IntP) -> tuple[float, ...]:
    """Share of payee-periods in each bin of ``STEP`` from 0 on; the first also holds what is below 0, the last all from
    ``HIGHEST`` up.

    counts : the fine histogram of attainment. [bin of ``sim.measure.histogram``] [count]
    """
    edges = np.arange(1, round(HIGHEST / STEP) + 1) * STEP
    values = values_of(np.arange(BINS))
    # A fine bin's own value is rounded: what lies on an edge belongs above it, as 100 % belongs to "100 % and more".
    place = np.searchsorted(edges, values + 1e-9, side="right")
    total = max(int(counts.sum()), 1)
    return tuple(float(each) / total for each in np.bincount(place, counts, minlength=len(edges) + 1))


def performance(plan: Plan, counts: IntP) -> PerformanceEntry | None:
    """``density`` of attainment and, where one curve is all that pays, the ``curve`` itself, else ``no_curve``, the reason;
    None where nothing is asked.

    curve : [attainment, multiple of target bonus], straight between its points; two points at a jump.
    """
    if not plan.has_quota:
        return None
    reason = no_curve(plan)
    curve = curve_points(plan) if reason is None else None
    return PerformanceEntry(step=STEP, density=density(counts), curve=curve, no_curve=reason)


def no_curve(plan: Plan) -> str | None:
    """Why the pay of a period is no function of its attainment; None where it is."""
    one, rules = plan.lead, Rules()
    if len(plan.component) > 1:
        return "several components pay, each by its own"
    if one.pay_kind != "bonus":
        return "a commission pays, and no curve of attainment"
    if one.measurement != "period" or one.paid != "every_period":
        return "measured or paid over more than a period"
    others = [name for name in Rules.model_fields if getattr(plan, name) != getattr(rules, name)]
    return f"{', '.join(others)} change what the curve pays" if others else None


def curve_points(plan: Plan) -> tuple[tuple[float, float], ...]:
    """The payout curve from 0 to ``HIGHEST``. [share], [multiple of target bonus]"""
    edges = {piece.interval.left for piece in plan.lead.curve} - {0.0}
    inside = sorted(edge for edge in edges if edge < HIGHEST)
    points = [0.0, *(near for edge in inside for near in (edge - BEYOND, edge + BEYOND)), HIGHEST]
    return tuple((round(at, 5), multiple_at(plan, at)[0]) for at in points)
