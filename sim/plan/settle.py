"""Settlement: from a book's Ledger to what its CSM is paid, in one order. The only implementation of a plan."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from sim.frame import Frame
from sim.plan.commission import CommissionTerms, commission_terms, commissioned
from sim.plan.component import Component
from sim.plan.curve import CurveTerms, curve_terms, paid
from sim.plan.measured import Measured, Reading
from sim.plan.nothing_due import NothingDue, reweighted, under
from sim.plan.payment import PaymentTerms, pay_out
from sim.plan.plan import Plan
from sim.plan.reading.dollars import Bookings
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.reading.table import reading_of
from sim.plan.rule.earnings import Earned, Earnings, Rule, Setting, with_pay
from sim.plan.rule.grace import Grace, under_grace
from sim.plan.rule.table import rules_on_earnings
from sim.plan.settlement import Settlement
from sim.plan.target import by_day, target_of
from sim.plan.window import MONTHS_BETWEEN_PAYMENTS, Window, periods_in, window_of
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, Cells, FloatPW, IntP, Ledger, Statement


class ComponentTerms(NamedTuple):
    """A component as arrays for one frame.

    pay    : payout curve of a bonus, rates of a commission, or None where nothing is paid, or deals say what they pay.
    target : target bonus of the component, by the plan. [usd/period]
    weight : share of the target bonus. [share]
    own    : a target that is agreed with a person stands for the plan's.
    by_day : it is earned against a person's own quota, for the days in the seat alone.
    lead   : place of the first period of the horizon among due periods. [period]
    periods : of a window to date, the periods whose targets are earned in it at 100 %. [period]
    every  : it is paid every so many periods. [period]
    nothing_due : what it comes to where nothing is asked.
    """

    name: str
    reading: Reading
    pay: CurveTerms | CommissionTerms | None
    target: float
    weight: float
    own: bool
    by_day: bool
    lead: int
    window: Window
    periods: IntP
    every: int
    nothing_due: NothingDue


class CompiledPlan(NamedTuple):
    """A plan as arrays for one frame: everything that settlement needs, computed once.

    lead    : index of the component that the statement shows: the first on renewal bookings, else the first.
    grace   : losses of an inherited book that are not held against its holder.
    rules   : on what components have earned, in the order in which they act.
    """

    components: tuple[ComponentTerms, ...]
    lead: int
    grace: Grace | None
    rules: tuple[Rule, ...]
    payment: PaymentTerms
    setting: Setting

    @property
    def renewals(self) -> RenewalBookings | None:
        """The reading of the first component on renewal bookings; None where there is none."""
        reading = self.components[self.lead].reading
        return reading if isinstance(reading, RenewalBookings) else None


def compile_plan(plan: Plan, frame: Frame) -> CompiledPlan:
    """The plan as arrays for the cells and periods of a frame.

    Raises: ValueError when the frame was made without this plan, so that it cannot tell its bands apart.
    """
    for side, edges in ((EARLY, plan.early_edges), (LATE, plan.late_edges)):
        check_edges(frame.cells, side, edges)
    calendar = frame.calendar
    components = tuple(component_terms(plan, component, frame) for component in plan.component)
    own, lead = plan.pay.targets == "person", calendar.lead
    setting = Setting(plan.target_bonus(calendar), calendar.periods_of_year, calendar.before, own, lead)
    closed = np.min([each.window.closes for each in components], axis=0)
    draw = plan.draw if plan.draw is not None and plan.draw.recoverable else None
    at_once = plan.never_negative and draw is None and plan.holdback is None
    payment = PaymentTerms(
        at_once=at_once and all(each.every == 1 for each in components),
        draw=draw,
        holdback=plan.holdback,
        forgiven=np.zeros_like(closed) if plan.carry.negative else closed,
    )
    return CompiledPlan(
        components, plan.component.index(plan.lead), plan.grace, rules_on_earnings(plan), payment, setting
    )


def component_terms(plan: Plan, component: Component, frame: Frame) -> ComponentTerms:
    """The component as arrays."""
    pay: CurveTerms | CommissionTerms | None = None
    if component.pay_kind == "bonus":
        pay = curve_terms(component.curve)
    elif component.commission is not None:
        pay = commission_terms(component.commission)
    ramp = () if plan.ramp is None else plan.ramp.quota
    window = window_of(component.measurement, frame.calendar)
    return ComponentTerms(
        name=component.name,
        reading=reading_of(component, ramp, plan.grace, frame.cells, frame.calendar),
        pay=pay,
        target=plan.target_bonus(frame.calendar) * component.weight,
        weight=component.weight,
        own=plan.pay.targets == "person",
        by_day=component.quota.kind == "person",
        lead=frame.calendar.lead,
        window=window,
        periods=window.whole if component.quota.over == "year" else window.length,
        every=periods_in(MONTHS_BETWEEN_PAYMENTS[component.paid], frame.calendar),
        nothing_due=component.nothing_due,
    )


def settle(plan: CompiledPlan, ledger: Ledger) -> Statement:
    """What one book is asked, credited and paid in each period of the horizon, world by world.

    Pure: the same plan and ledger give the same statement. Read it only, its arrays may be shared.
    """
    return settle_on(Worksheet(ledger), plan).statement


def settle_on(sheet: Worksheet, plan: CompiledPlan) -> Settlement:
    """Settle in the one order: read the measures (for renewals: crediting, quota, attainment), pay by curve or rate,
    apply the rules, pay out.

    Raises: ValueError when the Ledger lacks something that ``Plan.reads`` names.
    """
    sheet = under_grace(plan.grace, sheet)
    *_, (_, earnings) = stages(sheet, plan)
    payment = pay_out(plan.payment, earnings, sheet, plan.setting)
    lead = earnings[plan.components[plan.lead].name]
    assert lead.reading is not None, "of a component"
    assert lead.measured is not None, "of a component"
    return Settlement(statement_of(lead.reading, lead.measured, payment.paid, sheet), earnings, *payment)


class Stage(NamedTuple):
    """What components have earned once a step of settlement has acted: curves and rates, then the weight of components in
    which nothing was due, then each rule.
    """

    step: Rule | Literal["pay", "nothing_due"]
    earnings: Earnings


def stages(sheet: Worksheet, plan: CompiledPlan) -> Iterator[Stage]:
    """Settlement step by step, up to what is earned. sheet : under the plan's grace.

    Raises: ValueError as ``settle_on``.
    """
    measured = [
        under(each.nothing_due, each.reading, each.reading.read(sheet), sheet) for each in plan.components
    ]
    by_window = [earned(each, found, sheet) for each, found in zip(plan.components, measured, strict=True)]
    yield from ruled(sheet, plan, measured, by_window)


def ruled(
    sheet: Worksheet, plan: CompiledPlan, measured: Sequence[Measured], by_window: Sequence[FloatPW]
) -> Iterator[Stage]:
    """The same from what components are measured at, and what curves and rates pay for it."""
    by_day = sheet.ledger.agreed is not None and sheet.ledger.agreed.present is not None
    earnings: Earnings = {
        each.name: Earned(
            each.reading,
            found,
            each.window,
            pay,
            target_of(each.target, each.weight, each.own, each.lead, sheet.ledger),
            each.every,
            each.by_day and by_day,
        )
        for each, found, pay in zip(plan.components, measured, by_window, strict=True)
    }
    yield Stage("pay", earnings)
    pay = reweighted(by_window, [each.target for each in plan.components], measured)
    if pay is not by_window:
        earnings = with_pay(
            earnings, {each.name: own for each, own in zip(plan.components, pay, strict=True)}
        )
        yield Stage("nothing_due", earnings)
    for rule in plan.rules:
        earnings = rule.act(earnings, sheet, plan.setting)
        yield Stage(rule, earnings)


def earned(terms: ComponentTerms, measured: Measured, sheet: Worksheet) -> FloatPW:
    """What each window has earned to date by curve or rate. [period, world] [usd]"""
    if isinstance(terms.pay, CurveTerms):
        pay = paid(terms.pay, measured.attainment, sheet)
        target = target_of(terms.target, terms.weight, terms.own, terms.lead, sheet.ledger)
        if terms.by_day:
            target = by_day(target, sheet.ledger)
        if target.by_period is not None and terms.window.to_date:
            pay *= target.over(terms.window.first, terms.periods)
            return pay
        pay *= target.column(len(pay))
        if terms.window.to_date:
            pay *= terms.periods[:, np.newaxis]
        return pay
    if isinstance(terms.reading, Bookings) and terms.reading.pays:
        return terms.reading.paid(sheet)
    if terms.pay is not None:
        return commissioned(terms.pay, measured.value, measured.attainment, sheet)
    return sheet.zeros(*measured.value.shape)


def statement_of(reading: Reading, measured: Measured, bonus: FloatPW, sheet: Worksheet) -> Statement:
    """The statement of the lead component. Where it is not on renewal bookings nothing is renewed, and quota and credit
    are its target and value, in its own unit.
    """
    if not isinstance(reading, RenewalBookings):
        nothing = sheet.once(b"nothing", lambda: np.zeros_like(bonus))
        target, value = measured.target, measured.value
        never = np.zeros(bonus.shape, dtype=np.bool_)
        return Statement(
            target,
            target,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            value,
            measured.attainment,
            bonus,
            never,
        )
    result = reading.result(sheet)
    early, late, on_time = result.credit.renewed
    credit_early, credit_late, credit_on_time = result.credit.credit
    return Statement(
        base_quota=result.base,
        quota=result.quota,
        renewed_early=early,
        renewed_late=late,
        renewed_on_time=on_time,
        credit_early=credit_early,
        credit_late=credit_late,
        credit_on_time=credit_on_time,
        credit=result.attainment.credit,
        attainment=measured.attainment,
        bonus=bonus,
        quota_exhausted=result.attainment.exhausted,
    )


def check_edges(cells: Cells, side: int, edges: tuple[int, ...]) -> None:
    """Raises: ValueError when an edge lies inside a cell of its side, or a late one beyond them all."""
    if side == LATE and max(edges) > max(cells.last_day[cells.side == LATE], default=0):
        raise ValueError(f"the frame does not reach day {max(edges)} of this plan's late window")
    for each, first_day, last_day in zip(cells.side, cells.first_day, cells.last_day, strict=True):
        cut = [edge for edge in edges if each == side and first_day <= edge < last_day]
        if cut:
            raise ValueError(f"the frame does not tell apart day {cut[0]} and day {cut[0] + 1} of this plan")
