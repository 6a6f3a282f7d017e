"""Which component's moves decide which pay, and what is paid of it at most."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.gauges import Gauge
from sim.measure.gaming.general.most import most_commission, most_multiple
from sim.measure.gaming.general.ruled import Factor, Reached, factors_of, known_or_most, shares_of_skipped
from sim.measure.gaming.general.scored import Gauged, floors_every_period, measured, pays_by_deal
from sim.plan.commission import CommissionTerms
from sim.plan.curve import CurveTerms, curve_terms
from sim.plan.piece import Piece
from sim.plan.rule.cap import Cap
from sim.plan.settle import ComponentTerms, earned
from sim.plan.target import target_of
from sim.plan.window import Window, true_up
from sim.plan.worksheet import Worksheet
from sim.records import Ledger

Floats = NDArray[np.float64]
ALWAYS = (Piece.model_validate({"attainment": "[0, inf)", "pays": 1.0, "slope": 0.0}),)
"""A curve that pays the target bonus whatever is attained."""


class Part(NamedTuple):
    """What one component pays at most in each window, by the attainment of the component whose moves decide it.

    own     : its own moves do; else ``known`` is what it earns whatever is moved.
    known   : of a bonus of its own the target, else what it earns. [window, world] [usd]
    factors : rules that read the component whose moves decide.
    most    : what other rules leave of it at most. [window, world]
    limit   : of a cap. [window, world] [usd]
    signed  : it may be negative, and what is earned before is then taken back.
    asked   : what attainment is measured against, where no move changes it. [window, world]
    """

    place: int
    own: bool
    known: Floats
    factors: tuple[Factor, ...]
    most: Floats
    limit: Floats
    signed: bool
    asked: Floats | None


class Drive(NamedTuple):
    """A component that moves change, and the pay that it decides."""

    place: int
    parts: tuple[Part, ...]


class Paid(NamedTuple):
    """known : by place, of components that nothing moves, as they would be paid by themselves. [period, world] [usd]"""

    known: dict[int, Floats]
    drives: tuple[Drive, ...]


def tops_up_first(plan: Gauged) -> bool:
    """Whether what a period takes back may be topped up at once, and forgiven later: then it is paid twice."""
    later = any(each.every > 1 for each in plan.terms.components)
    return floors_every_period(plan) and later and not plan.plan.never_negative


def paid_of(plan: Gauged, gauges: Sequence[Gauge], reached: Sequence[Reached], ledger: Ledger) -> Paid:
    """The pay of every component, with the one whose moves decide it."""
    sheet = Worksheet(ledger)
    shares, there = shares_of_skipped(plan, gauges, reached)
    periods, worlds = gauges[0].value.shape
    known: dict[int, Floats] = {}
    driven: list[list[Part]] = [[] for _ in gauges]
    exact, twice = plan.plan.carry.negative and not floors_every_period(plan), tops_up_first(plan)
    skips = any(
        each.nothing_due == "skip" and reach.asked
        for each, reach in zip(plan.sums.components, reached, strict=True)
    )
    for place, terms in enumerate(plan.sums.components):
        factors = factors_of(plan, place)
        by = _decides(plan, place, factors, reached)
        own = reached[place].moved
        told = by is not None and not pays_by_deal(plan.sums.components[by])  # its gauge is an attainment
        mine = tuple(each for each in factors if told and each.by == by)
        most = there[place] * (shares if terms.target > 0.0 else 1.0)
        for each in factors:
            if not told or each.by != by:
                most = times(most, known_or_most(plan, each, gauges[each.by], reached[each.by]))
        bonus = own and isinstance(terms.pay, CurveTerms)
        amount = (
            _at_target(terms, gauges[place], sheet) if bonus else _earned(plan, terms, gauges[place], sheet)
        )
        limit = _limit(plan, place, ledger, periods, worlds)
        sure = not skips and not any(reached[each.by].moved for each in factors)
        if by is None:
            known[place] = _by_period(
                terms.window, np.minimum(times(amount, most), limit), exact, twice, sure, sheet
            )
            continue
        plain = all(not reached[each.by].moved for each in factors)
        asked = None if reached[place].asked else gauges[place].asked
        part = Part(place, own, amount, mine, most, limit, exact and plain, asked)
        driven[by].append(part)
    return Paid(known, tuple(Drive(place, tuple(parts)) for place, parts in enumerate(driven) if parts))


def _decides(plan: Gauged, place: int, factors: tuple[Factor, ...], reached: Sequence[Reached]) -> int | None:
    """The component whose moves decide what one is paid: itself, or the only one that its rules read; None where none does
    in the same windows.
    """
    if reached[place].moved:
        return place
    read = {each.by for each in factors if reached[each.by].moved}
    if len(read) != 1:
        return None
    by = read.pop()
    same = _same(plan.sums.components[place].window, plan.sums.components[by].window)
    return by if same and not pays_by_deal(plan.sums.components[by]) else None


def _same(one: Window, other: Window) -> bool:
    return one.to_date == other.to_date and bool((one.first == other.first).all())


def _at_target(terms: ComponentTerms, gauge: Gauge, sheet: Worksheet) -> Floats:
    """What the target bonus of each window is. [window, world] [usd]"""
    always = terms._replace(pay=curve_terms(ALWAYS))
    return earned(always, measured(gauge, terms), sheet).copy()


def _earned(plan: Gauged, terms: ComponentTerms, gauge: Gauge, sheet: Worksheet) -> Floats:
    """What each window has earned with honest dates. [window, world] [usd]"""
    if pays_by_deal(terms):
        return gauge.value
    return earned(terms, measured(gauge, terms), sheet).copy()


def _by_period(
    window: Window, earned_to_date: Floats, exact: bool, twice: bool, sure: bool, sheet: Worksheet
) -> Floats:
    """What each period adds; where what it takes back may be forgiven, no less than nothing, and all that its window has
    earned where that is known from above alone.
    """
    if not exact and not sure:
        return (2.0 if twice else 1.0) * np.maximum(earned_to_date, 0.0)
    added = true_up(window, np.ascontiguousarray(earned_to_date), sheet)
    if twice:
        return np.abs(added)
    return added.copy() if exact else np.maximum(added, 0.0)


def _limit(plan: Gauged, place: int, ledger: Ledger, periods: int, worlds: int) -> Floats:
    """What caps on one component leave in a period; infinite where there are none, or windows of several periods."""
    terms, setting = plan.terms.components[place], plan.terms.setting
    limit = np.full((periods, worlds), np.inf)
    if not terms.window.single:
        return limit
    for rule in plan.plan.cap:
        if rule.component == terms.name and rule.over == "period":
            target = target_of(terms.target, terms.weight, terms.own, terms.lead, ledger)
            limit = np.minimum(limit, rule.limit(target, 1, setting.before, periods)[:, np.newaxis])
    return limit


def most_of(plan: Gauged, drive: Drive, t: int, value: Floats, attainment: Floats) -> Floats:
    """The most that the components of a drive pay in window ``t``, for a value and an attainment from above. [usd]"""
    total = np.zeros(np.broadcast_shapes(value.shape, attainment.shape))
    for part in drive.parts:
        pay = _own(plan, part, t, value, attainment) if part.own else part.known[t]
        if not part.signed:
            pay = np.maximum(pay, 0.0)
        for each in part.factors:
            pay = times(pay, each.at(attainment))
        total = total + np.minimum(times(pay, part.most[t]), part.limit[t])
    return total


def times(pay: Floats, factor: Floats) -> Floats:
    """The product, where nothing times anything is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where((pay == 0.0) | (factor == 0.0), 0.0, pay * factor)


def _own(plan: Gauged, part: Part, t: int, value: Floats, attainment: Floats) -> Floats:
    terms = plan.sums.components[part.place]
    if isinstance(terms.pay, CurveTerms):
        return times(part.known[t], most_multiple(terms.pay, attainment))
    if pays_by_deal(terms):
        return value
    if isinstance(terms.pay, CommissionTerms):
        reached = attainment if terms.pay.by_attainment else value
        asked = None if part.asked is None else part.asked[t]
        return most_commission(terms.pay, value, reached, asked)
    return np.zeros_like(value)


def years_limit(plan: Gauged, rule: Cap, ledger: Ledger, periods: int) -> float:
    """What a cap on the whole plan leaves over the horizon. [usd]"""
    setting = plan.terms.setting
    target, year = setting.target(Worksheet(ledger)), setting.year if rule.over == "year" else 1
    limit = rule.limit(target, year, setting.before, periods)
    begins = [t for t in range(periods) if t == 0 or (t + setting.before) % year == 0]
    return float(limit[begins].sum())
