"""From a component to the reading of its measure, by kind of measure."""

from sim.calendar import Calendar
from sim.plan.amounts import Amounts, amounts_of
from sim.plan.component import Component
from sim.plan.crediting import credit_terms
from sim.plan.measured import Reading
from sim.plan.quota import quota_terms
from sim.plan.reading.dollars import Bookings, DealRow
from sim.plan.reading.kpi import Kpi
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.reading.retention import Retention, cohort_terms
from sim.plan.rule.grace import Grace
from sim.plan.sums import Horizon
from sim.plan.value import Dates
from sim.plan.window import window_of
from sim.records import Cells


def renewal_bookings(
    component: Component, amounts: Amounts | None, ramp: tuple[float, ...], cells: Cells, calendar: Calendar
) -> RenewalBookings:
    """The reading of renewal bookings, for the cells of a frame."""
    horizon = Horizon(calendar.lead, calendar.periods)
    crediting = credit_terms(component.crediting, component.quota_moves, cells, horizon)
    quota = quota_terms(component.quota, amounts, component.quota_moves, component.crediting.date)
    of_year = component.quota.over == "year"
    key = crediting.key + repr((quota, component.measurement, of_year, ramp)).encode()
    return RenewalBookings(crediting, quota, window_of(component.measurement, calendar), of_year, ramp, key)


def reading_of(
    component: Component,
    ramp: tuple[float, ...],
    grace: Grace | None,
    cells: Cells,
    calendar: Calendar,
) -> Reading:
    """The reading of any component.

    ramp  : share of quotas asked in the first periods in the seat. [period] [share]
    grace : losses that are not held against whoever inherited the book.
    """
    kind = component.kind_of_measure.kind
    amounts = amounts_of(component.quota, component.name, calendar)
    if kind == "renewals":
        return renewal_bookings(component, amounts, ramp, cells, calendar)
    quota, window = component.quota, window_of(component.measurement, calendar)
    dates = Dates(**component.dates.model_dump())
    measured = (component.measure, component.kpi, component.team_measure)
    key = repr((*measured, dates, quota, amounts, component.measurement, ramp)).encode()
    if component.kind_of_measure.reading is not None:
        reading: Reading = component.kind_of_measure.reading(component, window, key)
        return reading
    if kind in ("bookings", "change", "events"):
        rate = quota.shared(calendar.periods_of_year) if quota.kind == "opening" else 0.0
        of_year, lead = quota.over == "year", calendar.lead
        deals = deal_rows(component)
        key += repr(deals).encode()
        return Bookings(component.measure, deals, dates, of_year, amounts, rate, lead, ramp, window, key)
    floor, target = quota.floor or 0.0, quota.target or 0.0
    if kind == "kpi":
        return Kpi(component.kpi or component.measure, floor, target, window, key)
    company = kind == "company"
    measure = component.team_measure or ("arr_growth" if company else component.measure)
    cohort = None
    if component.is_retention:
        cohort = cohort_terms(component, None if company else grace, calendar)
    return Retention(measure, company, cohort, floor, target, window, key + repr(cohort).encode())


def deal_rows(component: Component) -> tuple[DealRow, ...]:
    """What a component counts of deals, class by class and type by type."""
    return tuple(
        DealRow(terms, each.multiplier, each.pays)
        for each in component.deals
        for terms in each.terms(component.dates)
    )
