"""What a forecast in mid-year finds, typed: the content of ``reforecast.json``."""

from typing import Any, Literal

from sim.summary.entry import ABSENT, Entry, count, share, text, usd
from sim.summary.estimate import SE, Estimate, Interval, OverBudget
from sim.summary.facts import Facts
from sim.summary.model import schema_of
from sim.summary.no_mean import NoMean

State = Literal["ended", "running", "ahead"]


class YearEnd(Estimate, OverBudget):
    """Company cost over the horizon, given what is known on a day."""

    sd: float | None = usd("Spread of single worlds.", ABSENT, mean=True)
    p5: float = usd("Quantile over worlds.")
    p10: float = usd("Quantile over worlds.")
    p25: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p75: float = usd("Quantile over worlds.")
    p90: float = usd("Quantile over worlds.")
    p95: float = usd("Quantile over worlds.")
    p99: float = usd("Quantile over worlds.")
    quantile_ci95: dict[str, Interval] = usd("95 % intervals of the quantiles.")

    @property
    def width(self) -> float:
        """From P5 to P95. [usd]"""
        return self.p95 - self.p5


class Step(Entry):
    """One part of what has changed since the last forecast: the paired difference over the same worlds."""

    step: str = text("What changes: bookings, openness or market.")
    mean: float | None = usd("By which the mean cost changes.", ABSENT, mean=True)
    mean_se: float | None = usd(SE, ABSENT, mean=True)
    p50: float = usd("Median of the change over worlds.")


class PeriodNow(Entry):
    """Company cost of one period."""

    period: int = count("From 0.")
    label: str = text("Of the period.")
    state: State = text("On the day: ended, running or ahead.")
    elapsed: float = share("Days of it that have passed.")
    mean: float | None = usd("Mean over worlds.", ABSENT, mean=True)
    mean_se: float | None = usd(SE, ABSENT, mean=True)
    p5: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p95: float = usd("Quantile over worlds.")
    accrued: float | None = usd("Of the mean, for the days that have passed.", ABSENT, mean=True)


class PlanNow(Entry):
    """A plan on the day."""

    title: str | None = text("Of the plan.", None)
    cost: YearEnd = text("Company cost over the horizon.")
    last: YearEnd | None = text("The same as forecast last.", ABSENT)
    accrued: float | None = usd(
        "Cost of the periods that have ended, and of the days passed.", ABSENT, mean=True
    )
    accrued_se: float | None = usd(SE, ABSENT, mean=True)
    to_come: float | None = usd("True-up to come: cost at the end less what is accrued.", ABSENT, mean=True)
    to_come_se: float | None = usd(SE, ABSENT, mean=True)
    accrued_p50: float = usd("Median of what is accrued.")
    budget_left: float | None = usd("Budget less what is accrued.", ABSENT, mean=True)
    headroom: float | None = usd("Budget less mean cost at the end.", ABSENT, mean=True)
    periods: tuple[PeriodNow, ...] = text("By period.")
    bridge: tuple[Step, ...] = text(
        "From the last forecast to this one; empty where there is no earlier one.", ()
    )
    no_mean: NoMean | None = text("Why there is no mean, where there is none.", ABSENT)


class HistoryNow(Entry):
    """What is known of the book on the day."""

    renewed: int = count("Renewals booked before it, of the accounts that are followed.")
    renewed_arr: float = usd("Booked with them.", per="year")
    since: int = count("Of them, booked since the last forecast.")
    since_arr: float = usd("Booked with those.", per="year")
    lost: int = count("Renewals known to be lost.")
    grown_arr: float = usd("Growth between renewals, less credits.", per="year")
    open: int = count("Renewals due in the horizon and not booked.")
    open_arr: float = usd("Up for renewal with them, as of the day.", per="year")
    past_due: int = count("Of those, due before the day.")
    past_due_arr: float = usd("Up for renewal with those.", per="year")


class Reforecast(Entry):
    """A forecast anew in the middle of the horizon."""

    study: Facts = text("What was run.")
    as_of: str = text("At the start of this day, ISO.")
    since: str | None = text("Day of the last forecast, ISO; absent where there is no earlier one.", ABSENT)
    ends: str = text("Last day of the horizon, ISO.")
    history: HistoryNow = text("What is known.")
    notes: tuple[str, ...] = text("What a reader should know of the files.", ())
    plans: dict[str, PlanNow] = text("By name.")


def reforecast_schema() -> dict[str, Any]:
    """The JSON Schema of ``reforecast.json``: every number with its unit and its meaning."""
    return schema_of(Reforecast)
