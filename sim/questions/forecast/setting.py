"""The ``[forecast]`` table of a study: what a board asks beside the cost of a plan."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from sim.engine.hires import Hiring
from sim.engine.study import Declared
from sim.errors import Problem, near_match, shown
from sim.files.toml import refuse
from sim.plan.pay import market_table
from sim.world.scenario import Scenario

Worlds = Annotated[int, Field(ge=2, le=1_000_000)]
Level = Annotated[float, Field(ge=-6.0, le=6.0)]
MOST_LEVELS = 25


class Forecast(Hiring):
    """The ``[forecast]`` table. Numbers of worlds, levels and hires are what is asked, not what is known.

    levels         : states of the market, held in every period, at which cost is worked out. [standard deviations]
    level_worlds   : for each of them.
    luck_worlds    : in which the market's part of the variance is told from luck; two in a row share a market.
    accrual_worlds : in which earned and paid are told apart.
    paid_after     : periods that payroll takes after pay is due. [period]
    year_budgets   : for the company cost of each year of the horizon, as many as there are. [usd]
    market         : city of the market table that pay is held against; all of them where left out.
    hire           : CSMs who join.
    """

    key: ClassVar[str] = "forecast"

    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=MOST_LEVELS)] = (
        -2.0,
        -1.0,
        0.0,
        1.0,
        2.0,
    )
    level_worlds: Worlds = 128
    luck_worlds: Annotated[int, Field(ge=8, le=1_000_000)] = 512
    accrual_worlds: Worlds = 128
    paid_after: Annotated[int, Field(ge=0, le=4)] = 0
    year_budgets: Annotated[tuple[Annotated[float, Field(ge=0.01, le=1e15)], ...], Field(max_length=40)] = ()
    market: str | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if list(self.levels) != sorted(set(self.levels)):
            raise refuse("in ascending order, each once", list(self.levels), key="levels")
        cities = sorted(market_table()["current"])
        if self.market is not None and self.market not in cities:
            raise refuse(f"one of {cities}", self.market, near_match(self.market, cities), key="market")
        return self

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between the table and the horizon of the scenario."""
        return [] if study.scenario is None else check_forecast(where, self, study.scenario)


def check_forecast(where: str, forecast: Forecast, scenario: Scenario) -> list[Problem]:
    """What is wrong between the table and the horizon of the scenario."""
    calendar = scenario.calendar
    problems = []
    years = len(calendar.years_of_periods)
    if forecast.year_budgets and len(forecast.year_budgets) != years:
        allowed = f"one budget for each of {years} years"
        problems.append(Problem(f"{where}.year_budgets", allowed, f"{len(forecast.year_budgets)}"))
    last = calendar.date(calendar.end - 1)
    problems += [
        Problem(
            f"{where}.hire[{index}].starts",
            f"within the horizon, {scenario.start} to {last}",
            shown(each.starts.isoformat()),
        )
        for index, each in enumerate(forecast.hire)
        if not scenario.start <= each.starts <= last
    ]
    return problems
