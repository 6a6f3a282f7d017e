"""Other window: a target of a share that is plausible for a window of another length."""

from collections.abc import Iterator

from sim.fiscal_year import MONTHS_PER_YEAR
from sim.plan.lint.fault import Finding, Subject, percent
from sim.plan.measures import MEASURES
from sim.plan.window import MONTHS_TO_DATE, MONTHS_TRAILING


def find(subject: Subject) -> Iterator[Finding]:
    """The target compounded to a year, where it lies outside of what a year can be asked.

    Source: as for ``sim.plan.measures.MEASURES``. Compounding: what is kept of what was kept.
    """
    component = subject.component
    measure = component.team_measure or component.measure
    target = component.quota.target
    a_year = MEASURES[measure].a_year
    if a_year is None or target is None:
        return
    months = (MONTHS_TO_DATE | MONTHS_TRAILING).get(component.measurement, subject.calendar.months_per_period)
    yearly = target ** (MONTHS_PER_YEAR / months)
    low, high = a_year
    if low <= yearly <= high:
        return
    window = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}[months]
    name = measure.upper() if measure != "logo_retention" else "logo retention"
    meant = (
        f"as the target of a year {percent(target)} would be usual"
        if months < MONTHS_PER_YEAR and low <= target <= high
        else f"a year is usually asked {percent(low)} to {percent(high)}"
    )
    yield Finding(
        subject.clause("quota.target"),
        yearly,
        "share a year",
        f"{percent(target)} a {window} is {percent(yearly)} a year",
        f"A target of {percent(target)} {name} a {window} is {percent(yearly)} over a year: {meant}.",
    )
