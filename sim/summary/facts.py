"""What was run, as the summary says it: enough to run it again and to tell two results apart."""

from typing import Final

from sim.summary.entry import ABSENT, Entry, count, measured, share, text, usd

PERIODS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""


class Normalised(Entry):
    """To what the pay of all plans was scaled."""

    by: str = text("What is alike in all plans: on-target earnings (ote) or variable pay (variable).")
    ote: float = usd("On-target earnings of the baseline.", per="year")
    variable: float = usd("Target variable pay of the baseline.", per="year")
    factors: dict[str, float] = measured("factor", "On the variable pay of each plan, by its name.")


class Facts(Entry):
    """The study, its scenario and what made the result."""

    name: str = text("Of the study.")
    title: str | None = text("Of the study.", None)
    seed: int = text("Of every draw.")
    worlds: int = count("Simulated futures of the company.")
    csms: int = count("Books.")
    accounts: int = count("Accounts there on the first day.")
    book: str = text("Where the book comes from: read, drawn anew in every world, or drawn once.")
    periods: int = count("Quota periods of the horizon.")
    period_months: int = measured("month", "Length of a period.")
    years: float = measured("year", "Length of the horizon.")
    start: str = text("First day, ISO.")
    hash: str = text("SHA-256 of everything that decides the result.")
    version: str = text("Of csmsim.")
    draw_plan: int = text("Version of the written table of draws.")
    scenario: str = text("Its name.")
    baseline: str = text("The plan that others are held against.")
    budget: float | None = usd("For company cost over the horizon.", ABSENT)
    on_cost: float = share("Of pay, on top of it.")
    normalised: Normalised | None = text("How pay was scaled.", None)
    anonymous: bool | None = text("Whether names of people are masked.", None)

    @property
    def period(self) -> str:
        """What a period is called."""
        return PERIODS[self.period_months]

    @property
    def span(self) -> str:
        """The horizon in words."""
        return f"{self.periods:,} {self.period}{'' if self.periods == 1 else 's'}"
