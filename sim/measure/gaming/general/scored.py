"""What a plan pays for what its components are gauged at: curves, rates and every rule, as settlement has them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import Frame
from sim.measure.gaming.general.gauges import Gauge, attainment, gauge, summable
from sim.plan.component import Component
from sim.plan.measured import Measured
from sim.plan.payment import pay_out
from sim.plan.plan import Plan
from sim.plan.reading.dollars import Bookings
from sim.plan.settle import CompiledPlan, ComponentTerms, compile_plan, earned, ruled
from sim.plan.worksheet import Worksheet
from sim.records import Activity, FloatPW, IntP, Ledger

Floats = NDArray[np.float64]
SEAT = ("opening", "seat", "tenure")


class Gauged(NamedTuple):
    """A plan ready to be gauged. plan : as it is; summable : what adds up of it; terms, sums : both compiled."""

    plan: Plan
    summable: Plan
    terms: CompiledPlan
    sums: CompiledPlan

    @property
    def components(self) -> tuple[tuple[Component, ComponentTerms], ...]:
        """Each component that adds up, as declared and compiled."""
        return tuple(zip(self.summable.component, self.sums.components, strict=True))


def gauged_plan(plan: Plan, frame: Frame) -> Gauged:
    """The plan for one frame."""
    simpler = summable(plan)
    return Gauged(plan, simpler, compile_plan(plan, frame), compile_plan(simpler, frame))


def gauges(plan: Gauged, ledger: Ledger) -> tuple[Gauge, ...]:
    """All components on one Ledger."""
    return tuple(gauge(component, terms, ledger) for component, terms in plan.components)


def unasked(gauged: Gauge) -> NDArray[np.bool_]:
    """Windows in which nothing was asked. [window, world]"""
    nothing: NDArray[np.bool_] = (gauged.asked <= 0.0) & (gauged.base <= 0.0)
    return nothing


def measured(gauged: Gauge, terms: ComponentTerms) -> Measured:
    """The measure that a gauge stands for, with what the plan says of windows in which nothing was asked."""
    reached = attainment(gauged)
    if terms.nothing_due == "target":
        return Measured(gauged.value, gauged.asked, reached)
    nothing = unasked(gauged)
    skipped = nothing if terms.nothing_due == "skip" else None
    return Measured(gauged.value, gauged.asked, np.where(nothing, 0.0, reached), skipped)


def scored(plan: Gauged, gauged: Sequence[Gauge], sheet: Worksheet) -> FloatPW:
    """Pay of each period. [period, world] [usd] sheet : of a Ledger that tells who is there, and what is lost."""
    found = [measured(each, terms) for each, terms in zip(gauged, plan.sums.components, strict=True)]
    paid = [
        each.value if pays_by_deal(terms) else earned(terms, each, sheet)
        for each, terms in zip(found, plan.sums.components, strict=True)
    ]
    *_, (_, earnings) = ruled(sheet, plan.terms, found, paid)
    return pay_out(plan.terms.payment, earnings, sheet, plan.terms.setting).paid


def pays_by_deal(terms: ComponentTerms) -> bool:
    """Whether its deals say themselves what they pay, so that its gauge is pay."""
    return isinstance(terms.reading, Bookings) and terms.reading.pays


def floors_every_period(plan: Gauged) -> bool:
    """Whether a top-up makes up for what a period takes back."""
    draw = plan.plan.draw
    return plan.plan.guarantee is not None or (draw is not None and not draw.recoverable)


def lanes_of(ledger: Ledger, world: IntP) -> Ledger:
    """What rules read of a Ledger, once for every lane. world : column of the Ledger that the lane is. [lane]"""
    nothing = np.empty((0, len(world)))
    activity = None
    if ledger.activity is not None:
        known = ledger.activity
        flow = {
            event: {date: amount[:, world] for date, amount in dates.items() if date == "due"}
            for event, dates in known.flow.items()
        }
        there = {name: getattr(known, name)[:, world] for name in SEAT}
        activity = Activity(flow=flow, number={}, multi_year=nothing, kpi={}, **there)
    return Ledger(nothing, nothing, {}, activity, agreed=ledger.agreed)
