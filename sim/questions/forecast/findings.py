"""One sentence a figure on the board's forecast, computed from the result."""

from collections.abc import Iterable

from sim.questions.cost.summary import CostOfPlan
from sim.questions.forecast.market_tables import level_of
from sim.questions.forecast.summary import (
    CostAtLevel,
    ForecastOfStudy,
    accruals,
    benchmarks,
    forecasts,
    hirings,
    macros,
    market_shares,
)
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, ends_of
from sim.summary.summary import Summary


def years_finding(summary: Summary) -> str:
    """What the baseline costs year by year, and what a reserve holds."""
    baseline = summary.study.baseline
    forecast, cost = forecasts(summary)[baseline], summary.plans[baseline].of(CostOfPlan).cost
    years = "; ".join(
        f"year {year.year} {amount(year.p50)}, in one world of ten {amount(year.p90)} or more"
        for year in forecast.by_year
    )
    sentence = f"Under {baseline}: {years}; a reserve of {amount(cost.reserve)} over the horizon covers nine worlds of ten"
    if forecast.over_budget is not None and forecast.over_budget.given is not None:
        sentence += (
            f"; where the budget is exceeded, it is by {amount(forecast.over_budget.given)} on average"
        )
    return f"{sentence}."


def market_finding(summary: Summary) -> str:
    """What a bad and a good market do to the baseline's cost."""
    found = {name: macro for name, macro in macros(summary).items() if macro.volatility is not None}
    if not found:
        return "No plan's cost has a mean for the market to move."
    name = baseline_or_first(summary, found)
    macro = found[name]
    mean = macro.middle.mean
    if not mean:
        return f"{name} costs nothing at the market that the others are held against."

    def said(at: CostAtLevel) -> str:
        moved = share((at.change or 0.0) / mean, 1, sign=True)
        return f"{moved} with the market at {level_of(at.level)} standard deviations"

    return f"Under {name}, mean cost moves by {said(macro.levels[0])} and {said(macro.levels[-1])}."


def luck_finding(summary: Summary) -> str:
    """How much of the spread the market explains."""
    parts = market_shares(summary)
    low, high = ends_of(parts)
    if low == high:
        return f"The market makes up {share(parts[low])} of the variance of cost; the rest is luck of single accounts."
    return (
        f"The market makes up {share(max(parts[low], 0.0))} ({low}) to {share(parts[high])} ({high}) of the variance of "
        "cost; the rest is luck of single accounts, which no forecast of the market removes."
    )


def accrual_finding(summary: Summary) -> str:
    """What is accrued and not yet paid when the horizon ends."""
    left = {name: periods[-1].expense_less_cash for name, periods in accruals(summary).items()}
    most = max(left, key=left.__getitem__)
    if left[most] < 1.0:
        return "Every plan pays out what it accrues in the same period."
    return f"At the end of the horizon up to {amount(left[most])} is accrued and not paid out ({most})."


def people_finding(summary: Summary) -> str:
    """How many seats are filled, and what hires add."""
    added = [hiring.added.mean for hiring in hirings(summary).values() if hiring.added is not None]
    means = [mean for mean in added if mean is not None]
    sentence = _seats(summary)
    if not means:
        return sentence
    low, high = amount(min(means)), amount(max(means))
    adds = low if low == high else f"{low} to {high}, depending on the plan,"
    return f"{sentence} Hires add {adds} over the horizon.".strip()


def _seats(summary: Summary) -> str:
    people = summary.of(ForecastOfStudy).headcount
    if not people:
        return ""
    last, filled = people[-1], [period.filled for period in people]
    sentence = f"{counted(last.seats, 'seat')}, filled throughout."
    if min(filled) != last.seats:
        sentence = f"Of {counted(last.seats, 'seat')} {min(filled):.1f} to {max(filled):.1f} are filled."
    return f"{sentence} By {last.label}, {last.hires:g} CSMs are hired." if last.hires else sentence


def benchmark_finding(summary: Summary) -> str:
    """Where the baseline's pay stands in the market."""
    found = benchmarks(summary)
    name = baseline_or_first(summary, found)
    ratios = {city: market.expected_of_typical for city, market in found[name].cities.items()}
    low, high = ends_of(ratios)
    return (
        f"Under {name} a CSM expects {amount(found[name].expected)} a year: {share(ratios[low])} of typical pay in "
        f"{low}, {share(ratios[high])} in {high}."
    )


def baseline_or_first(summary: Summary, plans: Iterable[str]) -> str:
    """The baseline, or the first of these plans where it is not among them."""
    names = list(plans)
    return summary.study.baseline if summary.study.baseline in names else names[0]
