"""Retention and growth of a book, or of all books together, against a target."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sim.calendar import Calendar
from sim.plan.component import Component
from sim.plan.measured import Measured, activity_of, against_target, company_of, ratio
from sim.plan.rule.grace import Grace
from sim.plan.window import Window, at_start, over, window_of
from sim.plan.worksheet import Worksheet
from sim.records import Activity, Cohort, CohortTerms, FloatPW


def gross(cohort: Cohort) -> FloatPW:
    """Gross revenue retention (GRR): what is kept of the ARR at the start of the window, over that ARR. [share]

    Between 0 and 1, and 1 without any ARR at the start. What counts as kept: ``sim.plan.retained``, with its source.
    """
    return ratio(cohort.gross, cohort.opening, 1.0)


def net(cohort: Cohort) -> FloatPW:
    """Net revenue retention (NRR): ARR at the end of the accounts held at the start of the window, over their ARR then.

    1 without any ARR at the start. [share] Source: as for ``gross``.
    """
    return ratio(cohort.net, cohort.opening, 1.0)


def logos(cohort: Cohort) -> FloatPW:
    """Logo retention: of the customers at the start of the window, those who still are at its end. [share]

    Between 0 and 1, and 1 without any at the start. Source: as for ``gross``, by customers.
    """
    return ratio(cohort.logos, cohort.accounts, 1.0)


def growth(activity: Activity, window: Window, sheet: Worksheet) -> FloatPW:
    """Growth of ARR over the window, new customers included, over ARR at its start. [period, world] [share]

    Source: Customer Success Compensation (founding document): "company performance (ex: overall net increase in ARR)".
    """
    flow = {event: by_date["due"] for event, by_date in activity.flow.items()}
    change = flow["new"] + flow["expansion"]
    for event in ("uplift", "won_back"):
        change += flow[event]
    for event in ("contraction", "churn", "lapsed"):
        change -= flow[event]
    return ratio(over(window, change, sheet), at_start(window, activity.opening), 0.0)


SHARES: Final[Mapping[str, Callable[[Cohort], FloatPW]]] = {
    "grr": gross,
    "nrr": net,
    "logo_retention": logos,
}


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
    )


class Retention(NamedTuple):
    """A share against a target.

    company       : read on all books together, and not on the CSM's own.
    cohort        : of a share in ``SHARES``; None for the growth of ARR.
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

    def read(self, sheet: Worksheet) -> Measured:
        """The share, its target, and how far it went from floor to target. [period, world]"""
        return sheet.once(self.key, lambda: self._read(sheet))

    def _read(self, sheet: Worksheet) -> Measured:
        activity = company_of(sheet) if self.company else activity_of(sheet)
        return against_target(self._share(activity, sheet), self.floor, self.target)

    def _share(self, activity: Activity, sheet: Worksheet) -> FloatPW:
        if self.cohort is None:
            return growth(activity, self.window, sheet)
        if self.cohort not in activity.cohort:
            raise ValueError("the Ledger follows no such accounts, and this plan reads them")
        return SHARES[self.measure](activity.cohort[self.cohort])
