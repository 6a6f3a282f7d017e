"""What a backtest finds, typed: the content of ``backtest.json``."""

from typing import Any, Final, Literal, TypeAlias

from sim.summary.entry import ABSENT, Entry, count, measured, share, text
from sim.summary.model import schema_of

What: TypeAlias = Literal["cost", "renewed", "grr", "attainment"]
WHATS: Final[tuple[What, ...]] = ("cost", "renewed", "grr", "attainment")
OF_IT = "usd for cost, usd/yr for renewed, else share"
NAIVES: Final = {"last_year": "last year again", "mean_attainment": "everybody at last year's mean"}
"""Naive forecasts, and what they are called."""
WHOLE = "all"
"""The period of a row about the whole horizon."""


class Row(Entry):
    """One number that was forecast, and what it was."""

    what: What = text("Cost (of a CSM the variable pay), renewed ARR, gross retention, or attainment.")
    csm: str | None = text("Of whom; absent of the company.", ABSENT)
    period: int | str = text("From 0, or all for the whole horizon.")
    actual: float = measured(OF_IT, "What happened, settled.")
    p5: float = measured(OF_IT, "Of the forecast: one world in twenty is below.")
    p50: float = measured(OF_IT, "Of the forecast: half of the worlds are below.")
    p95: float = measured(OF_IT, "Of the forecast: nineteen worlds in twenty are below.")
    pit: float = share("Of the worlds, below the actual; of ties a keyed part.")
    crps: float = measured(OF_IT, "Continuous ranked probability score: by how much the forecast missed.")
    crps_naive: float | None = measured(
        OF_IT, "By how much last year again missed; mean attainment where there is no last year.", ABSENT
    )
    crps_last_year: float | None = measured(
        OF_IT, "By how much the same period a year before missed.", ABSENT
    )
    crps_mean_attainment: float | None = measured(
        OF_IT, "By how much last year's mean of CSMs' periods missed.", ABSENT
    )

    @property
    def inside(self) -> bool:
        """Whether it lies in the 90 % range."""
        return self.p5 <= self.actual <= self.p95

    @property
    def whole(self) -> bool:
        """Whether it is about the whole horizon."""
        return self.period == WHOLE


class Inside(Entry):
    """How many CSMs ended inside the 90 % range of their pay over the horizon."""

    csms: int = count("Compared.")
    inside: int = count("Of them, inside.")
    low: int = count("P5 of that number, were one of the worlds the actual.")
    high: int = count("P95 of it, likewise.")
    p: float = share("Of the worlds, those that have as few inside.")


class CutEntry(Entry):
    """One day on which the forecast was made."""

    cut: str = text("First day of the forecast, ISO; what happened before it was known.")
    periods: int = count("Of the horizon.")
    labels: tuple[str, ...] = text("Names of the periods.")
    accounts: int = count("Open contracts of the book of that day.")
    left_out: int = count("Contracts too long past due to be booked by any band of the scenario.")
    assumed: int = count("Open contracts whose due date no file tells: a term after the last renewal.")
    not_compared: int = count("CSMs who are in the forecast or in the actual alone.")
    apart: bool = text("Whether it is a year or more after the last such cut, whose horizon has ended.")
    pay: Inside | None = text("CSMs inside their range; absent without any to compare.", ABSENT)
    rows: tuple[Row, ...] = text("What was forecast and what happened.")

    def row(self, what: What, csm: str | None = None, period: int | str = WHOLE) -> Row | None:
        """One of its rows."""
        return next(
            (each for each in self.rows if (each.what, each.csm, each.period) == (what, csm, period)), None
        )


class Coverage(Entry):
    """How often the actual was inside the 90 % range."""

    what: What = text("Of what.")
    whose: str = text("company or csm.")
    rows: int = count("Compared, periods and whole horizons.")
    inside: int = count("Of them, inside.")


class Skill(Entry):
    """How much less the forecast missed than a naive one, of the company over all periods of all cuts."""

    what: What = text("Of what.")
    naive: str = text("last_year or mean_attainment.")
    crps: float = measured(OF_IT, "Mean of the forecast.")
    crps_naive: float = measured(OF_IT, "Mean of the naive one.")

    @property
    def skill(self) -> float:
        """Share of the naive forecast's miss that is saved; negative where it is better. [share]"""
        return 1.0 - self.crps / self.crps_naive if self.crps_naive > 0.0 else 0.0


class Test(Entry):
    """Whether the actual could be one more of the worlds, over cuts that are apart."""

    what: str = text("Company totals of cost, renewed, grr or attainment; or csms inside their ranges.")
    cuts: int = count("That are apart.")
    p: float = share("Chance of something as unlikely, were the forecast right.")


class Backtest(Entry):
    """Forecasts of past days beside what happened."""

    history: str = text("Folder.")
    plan: str = text("Name of the plan.")
    title: str = text("Of the plan.")
    scenario: str = text("Its name, or that it was estimated from the history at each cut.")
    calibrated: bool = text("Whether the scenario was estimated from what was known at each cut.")
    worlds: int = count("Of each forecast.")
    seed: int = text("Of every draw.")
    version: str = text("Of csmsim.")
    draw_plan: int = text("Version of the written table of draws.")
    period: str = text("What a period is called.")
    told_until: str = text("Last day of which the history tells something, ISO.")
    cuts: tuple[CutEntry, ...] = text("In order of days.")
    coverage90: float = share("Of all rows, those inside their 90 % range.")
    coverage: tuple[Coverage, ...] = text("The same by what, of the company and of CSMs.")
    skills: tuple[Skill, ...] = text("Against naive forecasts.")
    tests: tuple[Test, ...] = text("Whether the forecast is refuted.")
    p: float = share("The least of them times their number (Bonferroni), 1 at most.")
    verdict: str = text("In words, from the rows.")


def backtest_schema() -> dict[str, Any]:
    """The JSON Schema of ``backtest.json``: every number with its unit and its meaning."""
    return schema_of(Backtest)
