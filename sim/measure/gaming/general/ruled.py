"""What rules leave of the pay of a window at most: gates, modifiers, components that are left out, caps and clawbacks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.chained import most_attainment
from sim.measure.gaming.general.gauges import Gauge
from sim.measure.gaming.general.levers import Effects, Levers
from sim.measure.gaming.general.most import most_multiple
from sim.measure.gaming.general.scored import Gauged, floors_every_period, measured, pays_by_deal, unasked
from sim.measure.gaming.general.stages import SAME
from sim.plan.curve import SNAP, CurveTerms, curve_terms, pay_curve
from sim.plan.rule.gate import Gate
from sim.plan.rule.modifier import Modifier
from sim.records import Ledger

Floats = NDArray[np.float64]


class Reached(NamedTuple):
    """What the moves of a payee can do to a component at all, every window by itself. [window, world]

    value, low    : the largest and the smallest value.
    attainment    : the largest.
    moved         : whether a move changes the component. asked : whether one changes what is asked.
    """

    value: Floats
    low: Floats
    attainment: Floats
    moved: bool
    asked: bool


def reach_of(place: int, gauge: Gauge, levers: Levers, effects: Effects) -> Reached:
    """The reach of one component: of each booking the move that does most."""
    value, asked = effects.value[:, place], effects.asked[:, place]
    if not len(value):
        nothing = most_attainment(
            gauge.value, np.maximum(gauge.asked, gauge.least), gauge.base, gauge.empty, True
        )
        return Reached(gauge.value, gauge.value, nothing, False, False)
    keys = np.stack([levers.world, levers.book, levers.row])
    of_row = np.unique(keys, axis=1, return_inverse=True)[1].ravel()
    rows = int(of_row.max()) + 1
    world = np.zeros(rows, dtype=np.int64)
    world[of_row] = levers.world
    sums = []
    for flow, sign in ((value, 1.0), (value, -1.0), (asked, -1.0)):
        best = np.zeros((rows, flow.shape[1]))
        np.maximum.at(best, of_row, sign * flow)
        total = np.zeros((gauge.value.shape[1], flow.shape[1]))
        np.add.at(total, world, best)
        sums.append(sign * total.T)
    most, least, least_asked = gauge.value + sums[0], gauge.value + sums[1], gauge.asked + sums[2]
    changes = bool((np.abs(asked) > SAME).any())
    low = np.maximum(least_asked, gauge.least)
    reached = most_attainment(most, low, gauge.base, gauge.empty, not changes)
    return Reached(most, least, reached, bool((np.abs(value) > SAME).any()) or changes, changes)


class Factor(NamedTuple):
    """What a rule multiplies pay by at most, by the attainment of the component that it reads.

    by    : place of that component.   curve : of a modifier; None of a gate.   opens : attainment that opens a gate. [share]
    """

    by: int
    curve: CurveTerms | None
    opens: float

    def at(self, attainment: Floats) -> Floats:
        """For attainments that nothing exceeds."""
        if self.curve is None:
            return np.where(attainment >= self.opens, 1.0, 0.0)
        return most_multiple(self.curve, attainment)


def factors_of(plan: Gauged, place: int) -> tuple[Factor, ...]:
    """The gates and modifiers on the pay of a component."""
    names = [each.name for each in plan.terms.components]
    found = []
    for rule in plan.terms.rules:
        if not isinstance(rule, Gate | Modifier) or rule.component not in (None, names[place]):
            continue
        if isinstance(rule, Gate):
            found.append(Factor(names.index(rule.requires), None, rule.attainment * (1.0 - SNAP)))
        else:
            found.append(Factor(names.index(rule.by), curve_terms(rule.curve), 0.0))
    return tuple(found)


def known_or_most(plan: Gauged, factor: Factor, gauge: Gauge, reached: Reached) -> Floats:
    """What a rule leaves in each window at most: what it does leave where no move changes what it reads. [window, world]"""
    terms = plan.sums.components[factor.by]
    if pays_by_deal(terms):  # its gauge is pay, and no attainment
        return factor.at(np.full(gauge.value.shape, np.inf))
    if reached.moved:
        most = factor.at(reached.attainment)
        return np.maximum(most, 1.0) if terms.nothing_due == "skip" else most
    found = measured(gauge, terms)
    multiplier = _exact(factor, found.attainment)
    return multiplier if found.skipped is None else np.where(found.skipped, 1.0, multiplier)


def _exact(factor: Factor, attainment: Floats) -> Floats:
    if factor.curve is None:
        return factor.at(attainment)

    out = np.empty_like(attainment)
    pay_curve(factor.curve.pieces, np.ascontiguousarray(attainment), out)
    return out


def shares_of_skipped(
    plan: Gauged, gauges: Sequence[Gauge], reached: Sequence[Reached]
) -> tuple[Floats, list[Floats]]:
    """What other bonuses are multiplied by at most where components are left out, [window, world], and of each component
    whether it may be paid. [component] of [window, world]
    """
    targets = [each.target for each in plan.terms.components]
    left, paid = np.zeros(gauges[0].value.shape), []
    for target, gauge, reach, terms in zip(targets, gauges, reached, plan.terms.components, strict=True):
        there = np.ones(gauge.value.shape)
        surely = there
        if terms.nothing_due == "skip":
            nothing = unasked(gauge)
            there = np.where(nothing & (not reach.asked), 0.0, 1.0)
            surely = np.where(nothing | (reach.asked & (gauge.base <= 0.0)), 0.0, 1.0)
        left = left + target * surely
        paid.append(there)
    least = min((target for target in targets if target > 0.0), default=1.0)
    whole = max(sum(targets), least)
    return whole / np.maximum(left, least if whole > 0.0 else 1.0), paid


def takes_back_surely(plan: Gauged) -> bool:
    """Whether no moves make a clawback take less than with honest dates.

    Moves add lapses and lower the ARR at the start of periods; only a contraction can be put off. Where debts are forgiven
    or topped up, or one clawback follows another, to take back earlier may be to take back less in all.
    """
    rules = plan.plan.clawback
    names = [each.component for each in rules]
    once = len(set(names)) == len(names) and (None not in names or len(names) == 1)
    events = {event for each in rules for event in each.events}
    return plan.plan.carry.negative and once and not floors_every_period(plan) and "contraction" not in events


def left_by_clawback(plan: Gauged, place: int, ledger: Ledger, until: int) -> Floats | None:
    """Of the pay of each period what a clawback leaves at most by the end of period ``until``; None where none acts, or
    ``takes_back_surely`` says that nothing is known of it. [period, world] [share]
    """
    name = plan.terms.components[place].name
    rule = next((each for each in plan.plan.clawback if each.component in (None, name)), None)
    if rule is None or not takes_back_surely(plan):
        return None
    assert ledger.activity is not None, "a clawback reads it"
    opening, flow = ledger.activity.opening, ledger.activity.flow
    lost = sum((flow[event]["due"] for event in rule.losses), start=np.zeros_like(opening))
    part = np.divide(lost, opening, out=np.zeros_like(lost), where=opening > 0.0)
    kept = 1.0 - rule.share * np.minimum(part, 1.0)
    left = np.ones_like(kept)
    for t in range(until + 1):
        left[t] = kept[t + 1 : min(t + rule.periods, until) + 1].prod(axis=0)
    return left
