"""What the components of a plan are measured at, as numbers that add up over the accounts of a book.

Attainment is a value over what is asked. Both are sums over accounts for every measure of the plan language (of a share
the numerator and the accounts at the start), so that what one moved booking does to them can be told from its account alone,
and that of several moves is the sum. Where they are no sums (an early cap, a ratchet) ``sim.measure.gaming.general.bound``
says what holds instead.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.plan.amounts import asked_of, in_worlds
from sim.plan.component import Component
from sim.plan.crediting import credited, moves_of
from sim.plan.measured import activity_of, company_of
from sim.plan.measures import MORE
from sim.plan.plan import Plan
from sim.plan.quota import base_quota, shortfall
from sim.plan.reading.dollars import Bookings
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.reading.retention import Retention, grown
from sim.plan.settle import ComponentTerms
from sim.plan.window import at_start, over
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, Ledger

NOTHING: Final = 1e-9
"""A sum of quotas below this share of what it is made of is none: the order of summation must not decide."""


class Gauge(NamedTuple):
    """One component over the windows that end with each period. [window, world]

    value : credit, dollars, events, pay by class of deal; of a share the numerator above its floor; of any other measure
            its attainment.
    asked : attainment is value over this.
    base  : asked before quotas moved; where nothing is left of it, attainment is 1 + value / base.
    least : below which asked never falls.
    empty : attainment where nothing was asked in the first place.
    """

    value: FloatPW
    asked: FloatPW
    base: FloatPW
    least: FloatPW
    empty: float


class Facts(NamedTuple):
    """A component as it is gauged. plain : its value is a sum over accounts of sums that a Ledger holds."""

    component: Component
    terms: ComponentTerms
    plain: bool


def summable(plan: Plan) -> Plan:
    """The plan with what does not add up over bookings left out: early caps, and quotas that follow achievement."""
    components = []
    for each in plan.component:
        changes: dict[str, object] = {}
        if each.crediting.early_cap is not None:
            changes["crediting"] = each.crediting.model_copy(update={"early_cap": None})
        if any(each.quota.ratchets):
            changes["quota"] = each.quota.model_copy(update={"ratchet": 0.0, "ratchet_down": None})
        components.append(each.model_copy(update=changes) if changes else each)
    return plan.model_copy(update={"component": tuple(components)})


def of_no_measure(component: Component) -> bool:
    """Whether nobody knows how bookings enter its measure: it comes from another package."""
    return component.measure in MORE


def gauge(component: Component, terms: ComponentTerms, ledger: Ledger) -> Gauge:
    """Gauge one component of a ``summable`` plan."""
    sheet, reading = Worksheet(ledger), terms.reading
    if isinstance(reading, RenewalBookings):
        return _renewals(reading, sheet)
    if isinstance(reading, Bookings):
        if reading.pays:
            return _of_value(reading.paid(sheet))
        measured = reading.read(sheet)
        return Gauge(measured.value, measured.target, measured.target, np.zeros_like(measured.target), 1.0)
    if isinstance(reading, Retention):
        return _share(reading, sheet)
    return _of_value(reading.read(sheet).attainment)


def _of_value(value: FloatPW) -> Gauge:
    ones = np.ones_like(value)
    return Gauge(value, ones, ones, ones, 1.0)


def _renewals(reading: RenewalBookings, sheet: Worksheet) -> Gauge:
    """Credit against the quota as moves leave it, also below its floor and below nothing."""
    terms, rules, window = reading.crediting, reading.quota, reading.window
    lead, periods = terms.horizon
    whole = base_quota(rules, sheet)
    base = whole[lead : lead + periods]
    credit = credited(terms, whole, sheet)
    asked = base
    if any(rules.follow):
        moves = moves_of(terms, credit, sheet)
        out_of_due, into_booked, out_of_late, into_late = rules.follow
        late_out, late_in = (
            shortfall(terms.horizon, sheet.ledger) if rules.shortfall else (moves.late_out, moves.late_in)
        )
        asked = base - out_of_due * moves.early_out + into_booked * moves.early_in
        asked = asked - out_of_late * late_out + into_late * late_in
    early, late, on_time = credit.credit
    value = over(window, early + late + on_time, sheet)
    base, asked, least = (over(window, flow, sheet) for flow in (base, asked, rules.floor * base))
    if reading.of_year:
        assert rules.amounts is not None, "a quota of the year is in usd"
        ahead = _ahead(in_worlds(asked_of(rules.amounts, sheet.ledger)[lead:], base.shape[1]), reading)
        base, asked, least = base + ahead, asked + ahead, least + ahead
    return Gauge(value.copy(), asked.copy(), base.copy(), least.copy(), 1.0)


def _ahead(asked: FloatPW, reading: RenewalBookings) -> FloatPW:
    """What is still to be asked of the year after each period. [period, world]"""
    more = reading.window.whole - reading.window.length
    return np.array([asked[t + 1 : t + 1 + left].sum(axis=0) for t, left in enumerate(more.tolist())])


def _share(reading: Retention, sheet: Worksheet) -> Gauge:
    """What is kept above the floor, against what would have to be."""
    activity = company_of(sheet) if reading.company else activity_of(sheet)
    reach = reading.target - reading.floor
    if reading.cohort is None:
        start, otherwise = at_start(reading.window, activity.opening), 0.0
        kept = grown(activity, reading.window, sheet)
    else:
        followed = activity.cohort[reading.cohort]
        logos = reading.measure == "logo_retention"
        start, otherwise = (followed.accounts if logos else followed.opening), 1.0
        kept = {"grr": followed.gross, "nrr": followed.net}.get(reading.measure, followed.logos)
    value, nothing = (kept - reading.floor * start) / reach, np.zeros_like(start)
    return Gauge(value, start.copy(), nothing, nothing, (otherwise - reading.floor) / reach)


def attainment(gauged: Gauge) -> FloatPW:
    """Value over what is asked, as settlement has it. [window, world]"""
    asked = np.maximum(gauged.asked, gauged.least)
    there = asked > NOTHING * np.abs(gauged.base)
    reached = np.divide(gauged.value, asked, out=np.full(asked.shape, gauged.empty), where=there)
    exhausted = ~there & (gauged.base > 0.0)
    left = np.divide(gauged.value, gauged.base, out=np.zeros(asked.shape), where=exhausted)
    found: FloatPW = np.where(exhausted, 1.0 + left, reached)
    return found
