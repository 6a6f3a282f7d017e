"""Backtest a history: forecast on past days what is known now, with nothing known of it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from sim.backtesting.actual import Horizon, actual_outcome
from sim.backtesting.cuts import cuts_of, told_until
from sim.backtesting.day import on_day
from sim.backtesting.evidence import apart, coverage90, coverages, least, skills, tests
from sim.backtesting.forecast import Lived, forecast_outcome
from sim.backtesting.naive import naive_of
from sim.backtesting.rows import Sides, pay_inside, rows_of
from sim.backtesting.seen import ended_before
from sim.backtesting.source import Source
from sim.calendar import Calendar
from sim.engine.pool import ALONE, Workers
from sim.plan.plan import Plan
from sim.questions.backtest.findings import verdict
from sim.questions.backtest.summary import Backtest, CutEntry
from sim.replay.as_of import as_of
from sim.replay.checks import make_calendar
from sim.replay.history_files import HistoryFiles
from sim.replay.open_contracts import day_book
from sim.summary.facts import PERIODS
from sim.version import __version__
from sim.world.streams import DRAW_PLAN

WORLDS: Final = 1_000
SEED: Final = 1
Progress = Callable[[int, int], None]


class Asked(NamedTuple):
    """What is asked of a backtest.

    every   : periods from one cut to the next; one cut where None. [period]
    periods : of each horizon; a year where None.
    """

    cut: date
    every: int | None = None
    periods: int | None = None
    worlds: int = WORLDS
    seed: int = SEED
    workers: Workers = ALONE


def backtest_history(
    history: HistoryFiles, plan: Plan, source: Source, asked: Asked, progress: Progress | None = None
) -> Backtest:
    """Forecast from each cut with what was known then, and hold it against what the plan pays on what happened.

    Raises: InputError when a day is none on which periods begin, the history tells nothing after it, an account is of no
    segment of the scenario, or the plan needs what no file tells.
    """
    calendar = _calendar(history, asked.cut, 1)
    until = told_until(history)
    cuts = cuts_of(asked.cut, calendar, asked.every, asked.periods, until)
    ends = [_calendar(history, day, periods).first_day(periods) for day, periods in cuts]
    alone = apart([(day, end) for (day, _), end in zip(cuts, ends, strict=True)])
    found = []
    for place, ((day, periods), first) in enumerate(zip(cuts, alone, strict=True)):
        found.append(_cut(history, plan, source, asked, Horizon(day, periods), until, first))
        if progress is not None:
            progress(place + 1, len(cuts))
    tried = list(tests(found))
    beside = list(skills(found))
    return Backtest(
        history=history.deals.path.parent.name,
        plan=plan.name,
        title=plan.title,
        scenario=source.name,
        calibrated=source.calibrated,
        worlds=asked.worlds,
        seed=asked.seed,
        version=__version__,
        draw_plan=DRAW_PLAN,
        period=PERIODS[history.periods.period_months],
        told_until=until.isoformat(),
        cuts=tuple(found),
        coverage90=coverage90(found),
        coverage=tuple(coverages(found)),
        skills=tuple(beside),
        tests=tuple(tried),
        p=least(tried),
        verdict=verdict(found, beside, tried, least(tried)),
    )


def _cut(
    history: HistoryFiles,
    plan: Plan,
    source: Source,
    asked: Asked,
    horizon: Horizon,
    until: date,
    alone: bool,
) -> CutEntry:
    """Until : the last day of which the history tells."""
    day, periods = horizon
    calendar = _calendar(history, day, periods)
    known = as_of(history, day)
    book = day_book(known, day)
    with TemporaryDirectory() as folder:
        scenario = source.scenario(known, day)
        told = on_day(scenario, book, history, periods, Path(folder))
        ended = ended_before(known, scenario.without_draws, told.scenario.calendar)
        lived = Lived(known, ended, max(until, calendar.first_day(periods) - timedelta(days=1)))
        forecast = forecast_outcome(told.scenario, lived, plan, asked.seed, asked.worlds, asked.workers)
    on_cost = told.scenario.employer.on_cost
    actual = actual_outcome(history, plan, horizon, on_cost)
    naive = naive_of(known, plan, day, periods, calendar, on_cost)
    sides = Sides(day, forecast, actual, naive, asked.seed)
    both = len(sides.both)
    return CutEntry(
        cut=day.isoformat(),
        periods=periods,
        labels=tuple(calendar.labels),
        accounts=len(book.contracts) - told.left_out,
        left_out=told.left_out,
        assumed=sum(not each.told for each in book.contracts),
        not_compared=len(forecast.csms) + len(actual.csms) - 2 * both,
        apart=alone,
        pay=pay_inside(sides),
        rows=rows_of(sides),
    )


def _calendar(history: HistoryFiles, day: date, periods: int) -> Calendar:
    return make_calendar(day, periods, history.periods.period_months, history.periods.fiscal_year)
