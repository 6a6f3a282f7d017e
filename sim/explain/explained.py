"""One payee's pay under one plan, from what happened to what is paid, step by step: of a simulated world, or real deals."""

from typing import NamedTuple

from sim.calendar import Calendar
from sim.engine.study import Study
from sim.explain.contributions import Contribution, contributions
from sim.explain.deals import CreditRule, Deal, deals_of
from sim.explain.payments import Flow, PayDate, pay_dates, payment_of
from sim.explain.reached import rows_of
from sim.explain.steps import Step, steps_of
from sim.explain.whole import Whole
from sim.frame import Frame
from sim.neutral import neutral_ledger
from sim.plan.base_quota import Quota
from sim.plan.component import Component
from sim.plan.crediting import credited
from sim.plan.measured import Measured
from sim.plan.plan import Plan
from sim.plan.quota import base_quota
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.rule.grace import under_grace
from sim.plan.settle import CompiledPlan, ComponentTerms, compile_plan, settle, settle_on
from sim.plan.settlement import Settlement
from sim.plan.worksheet import Worksheet
from sim.records import Ledger, Statement
from sim.shapes.statement import Row

NO_QUOTA = Quota(kind="none")


class ComponentTold(NamedTuple):
    """One component.

    rows          : what was asked, counted and reached, by period.
    deals         : of renewal bookings, each deal with what it is credited.
    contributions : of other measures, what each account (of the company: each book) gave.
    """

    component: Component
    terms: ComponentTerms
    measured: Measured
    rows: tuple[Row, ...]
    deals: tuple[Deal, ...]
    contributions: tuple[Contribution, ...]


class Explanation(NamedTuple):
    """A payee under a plan.

    deals      : in order of due dates; with what the component that the statement shows credits for them.
    settlement : of one world, the same that a run or a replay pays.
    components : what each was asked and reached, and what of it came from whom.
    steps      : the rules in the order in which they act.
    payment    : from earned to paid.
    dates      : when what was earned is due for payment.
    neutral    : the statement if every renewal had been booked on its due date; None of a plan without a quota on renewals.
    study, world : of a simulated world; None of real deals.
    honest     : where dates are moved, what honest dates pay over the horizon. [usd]
    """

    plan: Plan
    csm: str
    calendar: Calendar
    deals: tuple[Deal, ...]
    settlement: Settlement
    components: tuple[ComponentTold, ...]
    steps: tuple[Step, ...]
    payment: tuple[Flow, ...]
    dates: tuple[PayDate, ...]
    neutral: Statement | None = None
    study: Study | None = None
    world: int | None = None
    honest: float | None = None

    @property
    def statement(self) -> Statement:
        """Of the component that a statement shows."""
        return self.settlement.statement


def explained(plan: Plan, frame: Frame, whole: Whole) -> Explanation:
    """Settle the books of a payee, and tell how: with the same ``settle`` that pays."""
    rules, calendar = compile_plan(plan, frame), frame.calendar
    settled = settle_on(Worksheet(whole.ledger), rules)
    sheet = under_grace(plan.grace, Worksheet(whole.ledger))
    components = tuple(
        _component(component, terms, plan, whole, frame, settled, sheet)
        for component, terms in zip(plan.component, rules.components, strict=True)
    )
    lead = components[rules.lead]
    return Explanation(
        plan=plan,
        csm=whole.payee,
        calendar=calendar,
        deals=lead.deals if rules.renewals is not None else _deals(whole, frame, None),
        settlement=settled,
        components=components,
        steps=steps_of(under_grace(plan.grace, Worksheet(whole.ledger)), rules),
        payment=payment_of(sheet, rules, settled),
        dates=tuple(pay_dates(rules, calendar)),
        neutral=_neutral(plan, rules, whole, frame),
    )


def _component(
    component: Component,
    terms: ComponentTerms,
    plan: Plan,
    whole: Whole,
    frame: Frame,
    settled: Settlement,
    sheet: Worksheet,
) -> ComponentTold:
    measured = settled.component[component.name].measured
    assert measured is not None, "of a component"
    deals: tuple[Deal, ...] = ()
    if isinstance(terms.reading, RenewalBookings):
        shares = granted_shares(terms.reading, whole.ledger, frame.calendar)
        rule = component.crediting
        deals = _deals(
            whole, frame, CreditRule(frame, rule, terms.reading.crediting, plan.ledger_date, shares)
        )
    return ComponentTold(
        component,
        terms,
        measured,
        tuple(rows_of(component, terms, measured, sheet)),
        deals,
        contributions(component, terms, plan, whole, frame.calendar),
    )


def _deals(whole: Whole, frame: Frame, credit: CreditRule | None) -> tuple[Deal, ...]:
    found = deals_of(whole.renewals, whole.accounts, frame.calendar, credit)
    return tuple(sorted(found, key=lambda deal: deal.due_date))


def _neutral(plan: Plan, rules: CompiledPlan, whole: Whole, frame: Frame) -> Statement | None:
    if rules.renewals is None or plan.lead.quota == NO_QUOTA:
        return None
    window = plan.lead.crediting.late_window_days
    return settle(rules, neutral_ledger(whole.renewals, whole.ledger, window, frame, plan.amounts))


def granted_shares(reading: RenewalBookings, ledger: Ledger, calendar: Calendar) -> tuple[float, ...]:
    """The share of each period's early amounts that the early cap grants, by due period; 1 without a cap.

    Source: as ``sim.plan.cap.grant``, which decides here too.
    """
    sheet = Worksheet(ledger)
    shares = credited(reading.crediting, base_quota(reading.quota, sheet), sheet).shares
    last = calendar.lead + calendar.periods
    return (1.0,) * last if shares is None else tuple(shares[:, 0].tolist())
