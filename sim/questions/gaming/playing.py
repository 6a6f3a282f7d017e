"""From what a payee holds to what a bound sees: gauges, moves and their effects, and what an early cap decides."""

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.bound import Played
from sim.measure.gaming.general.gauges import Gauge
from sim.measure.gaming.general.levers import Effects, Levers, joined
from sim.measure.gaming.general.levers import after as gauged_after
from sim.measure.gaming.general.ruled import reach_of
from sim.measure.gaming.general.scored import Gauged, gauged_plan, gauges
from sim.plan.component import Component
from sim.plan.crediting import credited
from sim.plan.quota import base_quota
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.window import over
from sim.plan.worksheet import Worksheet
from sim.questions.gaming.payee import Held, Reader, effects_of_each
from sim.records import NEVER, FloatPW


def played(plan: Gauged, held: Held, reader: Reader, honest: FloatPW) -> Played:
    """What a bound needs. honest : pay with honest dates. [period, world] [usd]"""
    found = gauges(plan, held.ledger)
    effects = effects_of_each(plan, held, held.levers, reader)
    limits, capped = _limits(plan, held)
    levers = held.levers
    if capped:
        natural = _natural(held, reader)
        own = effects_of_each(plan, held, natural, reader)
        for place in range(len(found)):
            if place not in capped:
                own.value[:, place] = own.asked[:, place] = 0.0
        undone = Effects(-own.value, -own.asked)
        found = gauged_after(found, natural, undone, _waits(plan, held, natural, reader))
        inside = natural.boundary >= 0
        levers, effects = joined([(levers, effects), (natural.some(inside), own.some(inside))])
    found = tuple(
        _eased(plan, held, reader, place, each, levers) if any(component.quota.ratchets) else each
        for place, (component, each) in enumerate(zip(plan.plan.component, found, strict=True))
    )
    return Played(found, levers, effects, limits, held.ledger, honest.sum(axis=0))


def _limits(plan: Gauged, held: Held) -> tuple[tuple[FloatPW, ...], tuple[int, ...]]:
    """The most that each component grants early in a period, and the components that have a cap."""
    sheet, limits, capped = Worksheet(held.ledger), [], []
    for place, terms in enumerate(plan.terms.components):
        shape = (len(terms.window.first), held.ledger.renewable.shape[1])
        limit = np.full(shape, np.inf)
        if isinstance(terms.reading, RenewalBookings) and terms.reading.crediting.cap is not None:
            crediting = terms.reading.crediting
            lead, periods = crediting.horizon
            limit = (crediting.cap or 0.0) * base_quota(terms.reading.quota, sheet)[lead : lead + periods]
            capped.append(place)
        limits.append(limit)
    return tuple(limits), tuple(capped)


def _natural(held: Held, reader: Reader) -> Levers:
    """Bookings that come before their due period of their own accord: a cap decides when they count."""
    calendar, pieces = reader.frame.calendar, []
    bounds = calendar.bounds
    for place, book in enumerate(held.books):
        due, booked = book.path.due_day, book.path.booked_day
        period = np.searchsorted(bounds, due, side="right") - 1
        starts = bounds[np.clip(period, 0, calendar.span)]
        early = (due < min(int(bounds[-1]), NEVER)) & (due >= bounds[0]) & (booked < starts)
        row, world = np.nonzero(early)
        day = booked[row, world].astype(np.int64)
        boundary = np.searchsorted(bounds, day, side="right") - 1 - calendar.lead
        inside = (boundary >= 0) & (boundary < calendar.periods)
        amount, yes = book.path.booked_arr[row, world], np.ones(len(row), dtype=np.bool_)
        where = (world, np.where(inside, boundary, -1), np.full(len(row), place), row)
        pieces.append(Levers(*where, day, yes, yes, amount))
    return Levers(*(np.concatenate(each) for each in zip(*pieces, strict=True)))


def _waits(plan: Gauged, held: Held, natural: Levers, reader: Reader) -> NDArray[np.bool_]:
    """The bookings of ``natural`` that are taken to wait until they are due: all inside the horizon, from where a move
    grants them; of those before it the ones of periods in which a cap did not grant everything.
    """
    calendar, sheet = reader.frame.calendar, Worksheet(held.ledger)
    waits = natural.boundary >= 0
    for terms in plan.terms.components:
        reading = terms.reading
        if isinstance(reading, RenewalBookings) and reading.crediting.cap is not None:
            shares = credited(reading.crediting, base_quota(reading.quota, sheet), sheet).shares
            assert shares is not None, "a cap decides"
            period = np.searchsorted(calendar.bounds, natural.booked, side="right") - 1
            known = (period >= 0) & (period < calendar.lead)
            share = shares[np.clip(period, 0, len(shares) - 1), natural.world]
            waits = waits | (known & (share < 1.0))
    return waits


def _least_level(component: Component, credit: FloatPW, base: FloatPW) -> FloatPW:
    """The level that a ratcheting quota has at least in each period, credit being no less than this. [period, world]

    Source: as ``sim.plan.quota.ratchet_quota``, which rises with every credit before.
    """
    up, down = component.quota.ratchets
    level, found = np.ones(base.shape[1]), np.empty_like(base)
    for t in range(len(base)):
        found[t] = level
        there = base[t] > 0.0
        gap = np.divide(credit[t], base[t], out=level.copy(), where=there) - level
        level = level + np.where(gap > 0.0, up, down) * gap
    return found


def _eased(plan: Gauged, held: Held, reader: Reader, place: int, gauge: Gauge, levers: Levers) -> Gauge:
    """The gauge with the least that a ratcheting quota asks, whatever is moved."""
    component = plan.plan.component[place]
    by_period = plan.summable.component[place].model_copy(
        update={
            "measurement": "period",
            "quota": plan.summable.component[place].quota.model_copy(update={"over": "period"}),
        }
    )
    alone = gauged_plan(plan.plan.model_copy(update={"component": (by_period,)}), reader.frame)
    own = gauges(alone, held.ledger)[0]
    low = reach_of(0, own, levers, effects_of_each(alone, held, levers, reader)).low
    less = own.base * (_least_level(component, low, own.base) - 1.0)
    shift = over(plan.sums.components[place].window, less, Worksheet(held.ledger))
    return gauge._replace(asked=gauge.asked + shift)
