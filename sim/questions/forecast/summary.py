"""What the summary says of a board's forecast."""

from sim.questions.cost.summary import CostOfYear, CostSpread, CostWithoutHires
from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.estimate import SE, Estimate, OverBudget
from sim.summary.summary import Summary


class Excess(Estimate):
    """Cost beyond the budget of the horizon: its mean over all worlds, 0 where the budget is kept."""

    share_se: float = share(SE)
    share: float = share("Of worlds that exceed it.")
    given: float | None = usd(
        "Mean over the worlds that exceed it; absent where none does.", ABSENT, mean=True
    )
    given_se: float | None = usd(SE, ABSENT, mean=True)


class MarketPay(Entry):
    """Salary and target bonus of a CSM in one city, and a plan's pay against it."""

    low: int = usd("Of the market table.", per="year")
    typical: int = usd("Of the market table.", per="year")
    high: int = usd("Of the market table.", per="year")
    target_of_typical: float = share("Pay at target, of typical pay.")
    expected_of_typical: float = share("Expected pay, of typical pay.")


class Benchmark(Entry):
    """Pay of a CSM-year, salary and variable, against the market table."""

    target: float = usd("At target.", per="CSM-year")
    expected: float = usd("Mean over worlds.", per="CSM-year")
    expected_se: float = usd(SE, per="CSM-year")
    cities: dict[str, MarketPay] = text("By city.")


class HiringEntry(CostSpread, OverBudget):
    """Company cost over the horizon with the planned hires, and what they add."""

    periods: tuple[Estimate, ...] | None = text("What they add in each period.", ABSENT, mean=True)
    added: Estimate | None = text("What they add over the horizon.", ABSENT, mean=True)
    without: CostWithoutHires = text("The cost without them.")


class PlanForecast(Entry):
    """What a board asks beside the cost of a plan. What rests on a mean that does not exist is absent."""

    by_year: tuple[CostOfYear, ...] = text("Years of the horizon.")
    over_budget: Excess | None = text("Absent without a budget.", None)
    variable_of_arr: float | None = measured(
        "usd/usd", "Variable pay with on-cost per usd of ARR that came due and was kept.", ABSENT, mean=True
    )
    variable_of_arr_se: float | None = measured("usd/usd", SE, ABSENT, mean=True)
    benchmark: Benchmark | None = text("Absent where the plan names no salary.", None, mean=True)
    hiring: HiringEntry | None = text("Absent without planned hires.", None)


class CostAtLevel(CostSpread):
    """Company cost over the horizon with the market held at one level in every period."""

    level: float = measured("standard deviations", "Of the market.")
    change: float | None = usd(
        "Mean cost less that at the level in the middle, on the same draws.", ABSENT, mean=True
    )
    change_se: float | None = usd(SE, ABSENT, mean=True)


class Volatility(Entry):
    """Spread of company cost over the horizon: what of it is the market's, and what is luck."""

    worlds: int = count("Pairs of which share a market.")
    sd: float = usd("Standard deviation.")
    market_sd: float = usd("Of the mean at a market.")
    luck_sd: float = usd("At a market.")
    market_share: float | None = share("Of the variance, the market's; absent without a spread.", ABSENT)
    market_share_se: float | None = share(SE, ABSENT)


class Macro(Entry):
    """Sensitivity apart from volatility."""

    levels: tuple[CostAtLevel, ...] = text("From the worst market to the best.")
    against: float = measured("standard deviations", "The level that the others are held against.")
    level_worlds: int = count("Simulated for each level.")
    volatility: Volatility | None = text("Absent where cost has no mean.", None, mean=True)

    @property
    def middle(self) -> CostAtLevel:
        """Cost at the level that the others are held against."""
        return next(level for level in self.levels if level.level == self.against)


class AccrualOfPeriod(Entry):
    """Variable pay of all CSMs in one period, means over worlds before on-cost; balances at its end."""

    period: int = count("From 0.")
    label: str = text("Of the period.")
    accrued: float = usd("Earned.")
    accrued_se: float = usd(SE)
    paid: float = usd("Due to CSMs.")
    paid_se: float = usd(SE)
    owed: float = usd("Earned and not yet due.")
    owed_se: float = usd(SE)
    held: float = usd("Held back.")
    held_se: float = usd(SE)
    recoverable: float = usd("Paid and to be recovered.")
    recoverable_se: float = usd(SE)
    cash: float = usd("Paid out by payroll.")
    cash_se: float = usd(SE)
    unpaid: float = usd("Due, and still with payroll.")
    unpaid_se: float = usd(SE)
    expense_less_cash: float = usd("Accrued since the first day, less what was paid out.")
    expense_less_cash_se: float = usd(SE)


class SeatsOfPeriod(Entry):
    """Seats of the baseline's CSMs in one period."""

    period: int = count("From 0.")
    label: str = text("Of the period.")
    seats: int = count("Of the scenario.")
    filled: float = count("Mean over worlds.")
    filled_se: float | None = count("Its standard error, where CSMs leave.", ABSENT)
    hires: float | None = count("Planned, by then, by share of the period; absent without any.", ABSENT)


class ForecastOfPlan(Part):
    """The board's forecast of a plan, of every run."""

    forecast: PlanForecast = text("What a board asks beside the cost of the plan.")


class MarketOfPlan(Part):
    """What more of the forecast a study may ask."""

    macro: Macro | None = text("As the market moves, where the study asks.", None)
    accrual: tuple[AccrualOfPeriod, ...] | None = text(
        "Earned and paid, of a plan file, where the study asks.", None, mean=True
    )


class ForecastOfStudy(Part):
    """The people of the forecast."""

    headcount: tuple[SeatsOfPeriod, ...] | None = text("By period; absent where nobody holds a book.", None)


def forecasts(summary: Summary) -> dict[str, PlanForecast]:
    """The forecast of every plan."""
    return {name: plan.of(ForecastOfPlan).forecast for name, plan in summary.plans.items()}


def macros(summary: Summary) -> dict[str, Macro]:
    """Of plans that have it, cost as the market moves."""
    found = {name: plan.of(MarketOfPlan).macro for name, plan in summary.plans.items()}
    return {name: macro for name, macro in found.items() if macro is not None}


def volatilities(summary: Summary) -> dict[str, Volatility]:
    """Of plans whose cost has a mean, its spread."""
    found = {name: macro.volatility for name, macro in macros(summary).items()}
    return {name: volatility for name, volatility in found.items() if volatility is not None}


def market_shares(summary: Summary) -> dict[str, float]:
    """Of plans whose cost spreads, the market's part of its variance. [share]"""
    found = {name: volatility.market_share for name, volatility in volatilities(summary).items()}
    return {name: part for name, part in found.items() if part is not None}


def accruals(summary: Summary) -> dict[str, tuple[AccrualOfPeriod, ...]]:
    """Of plans that have them, the periods in which pay is earned and paid."""
    found = {name: plan.of(MarketOfPlan).accrual for name, plan in summary.plans.items()}
    return {name: periods for name, periods in found.items() if periods is not None}


def benchmarks(summary: Summary) -> dict[str, Benchmark]:
    """Of plans that have it, pay against the market."""
    found = {name: forecast.benchmark for name, forecast in forecasts(summary).items()}
    return {name: benchmark for name, benchmark in found.items() if benchmark is not None}


def hirings(summary: Summary) -> dict[str, HiringEntry]:
    """Of plans with planned hires, what these add."""
    found = {name: forecast.hiring for name, forecast in forecasts(summary).items()}
    return {name: hiring for name, hiring in found.items() if hiring is not None}
