"""Retention and growth of a book, or of all books together, against a target."""

from typing import NamedTuple

from sim.calendar import Calendar
from sim.plan.component import Component
from sim.plan.measured import Measured, activity_of, against_target, company_of, ratio
from sim.plan.measures import MEASURES
from sim.plan.rule.grace import Grace
from sim.plan.window import Window, at_start, over, window_of
from sim.plan.worksheet import Worksheet
from sim.records import Activity, BoolPW, CohortTerms, FloatPW


def growth(activity: Activity, window: Window, sheet: Worksheet) -> FloatPW:
    """Growth of ARR over the window, new customers included, over ARR at its start. [period, world] [share]"""
    return ratio(grown(activity, window, sheet), at_start(window, activity.opening), 0.0)


def grown(activity: Activity, window: Window, sheet: Worksheet) -> FloatPW:
    """By how much ARR has grown over the window. [period, world] [usd/yr]

    Source: Customer Success Compensation (founding document): "company performance (ex: overall net increase in ARR)".
    """
    flow = {event: by_date["due"] for event, by_date in activity.flow.items()}
    change = flow["new"] + flow["expansion"]
    for event in ("uplift", "won_back"):
        change += flow[event]
    for event in ("contraction", "churn", "lapsed"):
        change -= flow[event]
    return over(window, change, sheet)


def cohort_terms(component: Component, grace: Grace | None, calendar: Calendar) -> CohortTerms:
    """The cohort that a component on retention reads, as it is followed where accounts are known."""
    rules, dates = component.retention, component.dates
    return CohortTerms(
        first=tuple(window_of(component.measurement, calendar).first.tolist()),
        snapshot=rules.basis == "snapshot",
        late_lost=rules.late == "lost",
        late_window_days=rules.late_window_days,
        renewal=dates.renewal,
        contraction=dates.contraction,
        churn=dates.churn,
        grace_periods=0 if grace is None else grace.periods,
        grace_events=() if grace is None else tuple(sorted(grace.events)),
        by_contract=rules.by == "contract",
    )


class Retention(NamedTuple):
    """A share against a target.

    company       : read on all books together, and not on the CSM's own.
    cohort        : of what is kept of accounts; None for the growth of ARR.
    floor, target : where attainment is 0 and 1. [share]
    """

    measure: str
    company: bool
    cohort: CohortTerms | None
    floor: float
    target: float
    window: Window
    key: bytes

    @property
    def adds_up(self) -> bool:
        """As ``Reading`` says."""
        return False

    def counted(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says: it is of the whole book."""
        return None

    def paid_on(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says: it is of the whole book."""
        return None

    def read(self, sheet: Worksheet) -> Measured:
        """The share, its target, and how far it went from floor to target. [period, world]"""
        return sheet.once(self.key, lambda: self._read(sheet))

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Windows that begin without any ARR, or customer, to keep; of growth: without any to grow from. [period, world]"""
        activity = self._activity(sheet)
        if self.cohort is None:
            start = at_start(self.window, activity.opening)
        else:
            followed = activity.cohort[self.cohort]
            start = followed.accounts if self.measure == "logo_retention" else followed.opening
        unasked: BoolPW = start <= 0.0
        return unasked

    def _activity(self, sheet: Worksheet) -> Activity:
        return company_of(sheet) if self.company else activity_of(sheet)

    def _read(self, sheet: Worksheet) -> Measured:
        return against_target(self._share(self._activity(sheet), sheet), self.floor, self.target)

    def _share(self, activity: Activity, sheet: Worksheet) -> FloatPW:
        if self.cohort is None:
            return growth(activity, self.window, sheet)
        if self.cohort not in activity.cohort:
            raise ValueError("the Ledger follows no such accounts, and this plan reads them")
        kept = MEASURES[self.measure].kept
        assert kept is not None, "a cohort is followed for retention"
        return kept(activity.cohort[self.cohort])
