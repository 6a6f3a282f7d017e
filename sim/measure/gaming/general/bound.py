"""Pay over the horizon that no choice of moves exceeds, under a plan of any components and rules.

Every component may choose dates of its own: the sum of what each pays at most is no less than what one choice pays under all
of them. Components that no move changes are paid what they are; where a rule makes their pay depend on one that moves do
change, they are counted with it. Every other step only leaves out what takes pay away.

Source: METHOD.md, a bound for every plan.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.chained import chain_most
from sim.measure.gaming.general.gauges import Gauge
from sim.measure.gaming.general.levers import Effects, Levers
from sim.measure.gaming.general.paid import Drive, most_of, paid_of, times, tops_up_first, years_limit
from sim.measure.gaming.general.ruled import Reached, left_by_clawback, reach_of, takes_back_surely
from sim.measure.gaming.general.scored import Gauged, floors_every_period, pays_by_deal
from sim.measure.gaming.general.stages import chains_of, links_of, paid_in
from sim.plan.commission import CommissionTerms
from sim.plan.curve import CurveTerms
from sim.plan.worksheet import Worksheet
from sim.records import Ledger

Floats = NDArray[np.float64]


class Played(NamedTuple):
    """What one payee can do, as a bound sees it.

    gauges : with honest dates; of a component with an early cap, as if nothing were granted early.
    levers, effects : possible moves, bookings that are early of their own accord among them where a cap decides.
    limits : of each component, most that may be granted early in each period; infinite without a cap. [window, world] [usd]
    ledger : with honest dates.
    honest : pay with honest dates. [world] [usd over the horizon]
    """

    gauges: tuple[Gauge, ...]
    levers: Levers
    effects: Effects
    limits: tuple[Floats, ...]
    ledger: Ledger
    honest: Floats


def unbounded(plan: Gauged) -> str | None:
    """Why nothing can be said from above; None where it can."""
    if plan.plan.extensions:
        return f"no bound is known of rules and measures of {', '.join(plan.plan.extensions)}"
    return None


def most_paid(plan: Gauged, played: Played, cells: int) -> Floats:
    """The bound. Infinite where there is none. [world] [usd over the horizon]"""
    if unbounded(plan) is not None:
        return np.full(played.honest.shape, np.inf)
    parts = (played.levers, played.effects)
    reached = tuple(reach_of(place, gauge, *parts) for place, gauge in enumerate(played.gauges))
    if not any(each.moved for each in reached) and (not plan.plan.clawback or takes_back_surely(plan)):
        return played.honest.copy()
    paid = paid_of(plan, played.gauges, reached, played.ledger)
    periods, worlds = played.gauges[0].value.shape
    total = np.full((periods, worlds), -np.inf)
    for until in range(periods) if _by_end(plan) else (periods - 1,):
        sums = np.zeros((periods, worlds))
        for drive in paid.drives:
            most = _component(plan, played, reached, drive, until, cells)
            sums += 2.0 * most + _taken_back(plan, drive, reached) if tops_up_first(plan) else most
        known = sum(
            (_left(plan, played, *each, until) for each in paid.known.items()), np.zeros((periods, worlds))
        )
        sums += np.maximum.accumulate(np.cumsum(known, axis=0), axis=0).clip(min=0.0)
        total[until] = sums[until]
    whole = _with_draws(plan, total, played)
    return np.maximum(whole * (1.0 + 1e-9), played.honest)


def _nothing_is_forgiven(plan: Gauged) -> bool:
    """Whether what a period takes back is always taken: then a year's cap holds for all that its periods are paid."""
    taken = plan.plan.carry.negative and not floors_every_period(plan)
    return bool(plan.plan.never_negative or taken)


def _taken_back(plan: Gauged, drive: Drive, reached: Sequence[Reached]) -> Floats:
    """What commissions on a book that shrinks come to at worst. [world] [usd over the horizon]"""
    total = np.zeros(reached[0].value.shape[1])
    for part in drive.parts:
        pay = plan.sums.components[part.place].pay
        rate = float(pay.rate.max()) if isinstance(pay, CommissionTerms) else 1.0
        if part.own and not isinstance(pay, CurveTerms):
            total += rate * np.maximum(-reached[part.place].low, 0.0).sum(axis=0)
    return total


def _left(plan: Gauged, played: Played, place: int, known: Floats, until: int) -> Floats:
    """What clawbacks leave of what is known of a component, when it is due for payment. [period, world] [usd]"""
    left = left_by_clawback(plan, place, played.ledger, until)
    if left is not None and not (known < 0.0).any():
        known = known * left
    every, due = plan.sums.components[place].every, np.zeros_like(known)
    for t in range(len(known)):
        waits = every - 1 - (t + plan.terms.setting.before) % every
        due[min(t + waits, len(known) - 1)] += known[t]
    return due


def _by_end(plan: Gauged) -> bool:
    """Whether pay by an earlier end of a period may be more than pay by the end of the horizon, which nobody pays back."""
    draw = plan.plan.draw
    return bool(plan.plan.clawback) or (draw is not None and draw.recoverable)


def _component(
    plan: Gauged,
    played: Played,
    reached: Sequence[Reached],
    drive: Drive,
    until: int,
    cells: int,
) -> Floats:
    """The most that one component, and what it decides, pays from the first period to each. [period, world] [usd]"""
    gauge, terms = played.gauges[drive.place], plan.sums.components[drive.place]
    if terms.nothing_due != "target":
        gauge = gauge._replace(empty=0.0)
    left = [left_by_clawback(plan, part.place, played.ledger, until) for part in drive.parts]
    parts = tuple(
        part
        if each is None or not terms.window.single
        else part._replace(most=times(part.most, each), limit=times(part.limit, each))
        for part, each in zip(drive.parts, left, strict=True)
    )
    drive = Drive(drive.place, parts)
    periods, worlds = gauge.value.shape
    total = np.zeros((periods, worlds))
    before = plan.terms.setting.before
    every = {plan.sums.components[part.place].every for part in drive.parts}
    for stages in chains_of(terms.window):
        if len(every) == 1 and not floors_every_period(plan):
            stages = paid_in(stages, min(every), before)
        links = links_of(stages, drive.place, played.levers, played.effects, worlds)
        sums = terms.window.to_date and floors_every_period(plan)
        found = None
        if _is_linear(plan, drive, reached[drive.place]):
            found = _alone(plan, drive, gauge, played)
        if found is None:
            found = chain_most(
                stages,
                gauge,
                links,
                played.limits[drive.place],
                lambda t, value, attainment: most_of(plan, drive, t, value, attainment),
                cells,
                sums,
            )
        best = np.maximum.accumulate(np.maximum(found, 0.0), axis=0)
        stage_of = np.searchsorted([stage[-1] for stage in stages], np.arange(periods))
        begun = np.array([stage[0] for stage in stages])
        for t in range(periods):
            k = min(int(stage_of[t]), len(stages) - 1)
            k = k if begun[k] <= t else k - 1
            total[t] += best[k] if k >= 0 else 0.0
    return total


def _is_linear(plan: Gauged, drive: Drive, reached: Reached) -> bool:
    """Whether every dollar moved is worth the same whatever else is moved."""
    terms, part = plan.sums.components[drive.place], drive.parts[0]
    alone = len(drive.parts) == 1 and not part.factors and terms.window.single and not reached.asked
    if not alone or np.isfinite(part.limit).any() or (reached.low < 0.0).any():
        return False
    if isinstance(terms.pay, CurveTerms):
        return bool(terms.pay.pieces.shape[1] == 1)
    return pays_by_deal(terms) or (isinstance(terms.pay, CommissionTerms) and len(terms.pay.rate) == 1)


def _alone(plan: Gauged, drive: Drive, gauge: Gauge, played: Played) -> Floats:
    """The most where every move is worth what it is worth alone; what is gained counts from the first stage on.
    [window, world] [usd]
    """
    zero, one = np.zeros_like(gauge.value), np.ones_like(gauge.value)
    asked = np.maximum(gauge.asked, gauge.least)

    def pay(value: Floats) -> Floats:
        reached = np.divide(value, asked, out=np.full(value.shape, gauge.empty), where=asked > 0.0)
        return np.stack([most_of(plan, drive, t, value[t], reached[t]) for t in range(len(value))])

    slope = pay(one) - pay(zero)
    effect = played.effects.value[:, drive.place]
    gain = (effect * slope.T[played.levers.world]).sum(axis=1)
    keys = np.stack([played.levers.world, played.levers.book, played.levers.row])
    of_row = (
        np.unique(keys, axis=1, return_inverse=True)[1].ravel() if len(gain) else np.zeros(0, dtype=np.int64)
    )
    best, world = np.zeros((2, int(of_row.max(initial=-1)) + 1))
    np.maximum.at(best, of_row, gain)
    world[of_row] = played.levers.world
    gained = np.bincount(world.astype(np.int64), best, minlength=gauge.value.shape[1])
    return np.cumsum(pay(gauge.value), axis=0) + gained


def _with_draws(plan: Gauged, total: Floats, played: Played) -> Floats:
    """What is paid at most, draws and caps on the whole of it included. total : by the end of each period. [world] [usd]"""
    draw, periods, sheet = plan.plan.draw, len(total), Worksheet(played.ledger)
    least = np.zeros_like(total) if draw is None else draw.least(total.shape, sheet, plan.terms.setting)
    for rule in plan.plan.cap:
        if rule.component is None and (rule.over == "period" or _nothing_is_forgiven(plan)):
            total = np.minimum(total, years_limit(plan, rule, played.ledger, periods))
    if draw is not None and draw.recoverable:
        later = np.cumsum(least[::-1], axis=0)[::-1]
        by_end = total + np.vstack([later[1:], np.zeros_like(later[:1])])
        most: Floats = np.maximum(by_end.max(axis=0), later[0])
        return most
    paid: Floats = total.max(axis=0) + least.sum(axis=0)
    return paid
