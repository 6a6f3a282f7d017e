"""Two forecasts without a simulation: last year again, and everybody at last year's mean."""

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.backtesting.actual import Horizon, actual_outcome
from sim.backtesting.outcome import Outcome
from sim.calendar import Calendar
from sim.errors import InputError
from sim.plan.plan import Plan
from sim.questions.backtest.summary import WHATS, WHOLE, What
from sim.replay.history_files import HistoryFiles

Key = tuple[What, str | None, int | str]


class Naive(NamedTuple):
    """By what, whom and period, the numbers that are forecast. [usd], [usd/yr], [share]"""

    last_year: dict[Key, float]
    mean: dict[tuple[What, bool, bool], float]

    def misses(
        self, what: What, csm: str | None, period: int | str, actual: float
    ) -> tuple[float | None, float | None]:
        """By how much each missed: the CRPS of a single number. None where there is none."""
        last = self.last_year.get((what, csm, period))
        mean = self.mean.get((what, csm is None, period == WHOLE))
        return (
            None if last is None else abs(last - actual),
            None if mean is None else abs(mean - actual),
        )


def naive_of(
    known: HistoryFiles, plan: Plan, cut: date, periods: int, calendar: Calendar, on_cost: float
) -> Naive | None:
    """From the year before the cut, settled on what was known of it at the cut; None where the history does not tell all of
    that year, or nothing of it can be settled.

    calendar : that starts at the cut.
    """
    year = calendar.periods_of_year
    start = calendar.first_day(-year)
    if min(known.deals.due_date.tolist()) >= calendar.first_day(1 - year):
        return None
    try:
        before = actual_outcome(known, plan, Horizon(start, year), on_cost)
    except InputError:
        return None
    if not before.csms:
        return None
    last: dict[Key, float] = {}
    for what in WHATS:
        for csm in (None, *before.csms):
            found, total = before.of_company(what) if csm is None else before.of_csm(csm, what)
            for period in range(periods):
                _put(last, (what, csm, period), found[period % year, 0])
            if periods == year and total is not None:
                _put(last, (what, csm, WHOLE), total[0])
    return Naive(last, _means(before, periods, year))


def _put(out: dict[Key, float], key: Key, value: float) -> None:
    if np.isfinite(value):
        out[key] = float(value)


def _means(before: Outcome, periods: int, year: int) -> dict[tuple[What, bool, bool], float]:
    """What a CSM, or the company, has in a period (or over the horizon) where every CSM is at the mean of all CSMs' periods
    of the year.
    """
    found: dict[tuple[What, bool, bool], float] = {}
    for what in WHATS:
        each = np.array([before.of_csm(csm, what)[0][:, 0] for csm in before.csms])
        each = each[np.isfinite(each)]
        company, _ = before.of_company(what)
        if not each.size:
            continue
        mean, whole = float(each.mean()), float(company[np.isfinite(company)].mean())
        adds = what in ("cost", "renewed")
        found[what, False, False], found[what, True, False] = mean, whole
        if adds:
            found[what, False, True], found[what, True, True] = mean * periods, whole * periods
        elif what == "grr":
            found[what, False, True], found[what, True, True] = mean**periods, whole**periods
        else:
            found[what, False, True], found[what, True, True] = mean, whole
    return found
