"""A history backtested: what a forecast of a past day would have said of what happened since."""

from datetime import date
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.calls.replay import parse_day
from sim.errors import InputError, Problem, near_match, shown

if TYPE_CHECKING:
    from sim.backtesting.backtest import Progress
    from sim.backtesting.result import BacktestResult
    from sim.engine.executor import Executor
    from sim.engine.pool import Workers
    from sim.plan.plan import Plan
    from sim.world.scenario import Scenario

File = str | PathLike[str]
EVERY: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Months from one cut to the next."""


def backtest(
    history: File,
    plan: "Plan | File",
    *,
    cut: date | str,
    scenario: "Scenario | File | None" = None,
    prior: "Scenario | File | None" = None,
    every: str | None = None,
    periods: int | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    executor: "Executor | Workers | None" = None,
    anonymous: bool = False,
    progress: "Progress | None" = None,
) -> "BacktestResult":
    """Forecast from a past day with what was known then, and hold it against what the plan pays on what happened.

    history  : a folder as ``csmsim intake`` writes it, or a file of deals.
    cut      : first day of the forecast, on which a period begins; what is dated from it on is not known.
    scenario : what is assumed of customers, the book apart; where left out it is estimated at each cut from what was known
               then.
    prior    : what is believed before the history speaks, as in ``sim.calibrate``; the shipped company where left out.
    every    : also from later cuts, so far apart: "month", "quarter", "half-year" or "year", as far as the history goes.
    periods  : of each forecast; a year, or what the history tells of, where left out.
    worlds, seed : 1,000 and 1 where left out.
    executor : does the tasks in the place of threads, as in ``sim.run``.
    anonymous : with people's names masked.

    Raises: InputError with everything that is wrong with the files or the days.
    """
    from sim.backtesting.backtest import SEED, WORLDS, Asked, backtest_history
    from sim.backtesting.result import BacktestResult
    from sim.backtesting.source import estimated, given
    from sim.files.all_at_once import AllAtOnce
    from sim.plan.plan import Plan, load_plan
    from sim.replay.history_files import FOLDER_FILES, read_history
    from sim.study.arguments import workers_of

    read = AllAtOnce()
    day = read(partial(parse_day, where="--cut"), cut)
    paid = plan if isinstance(plan, Plan) else read(load_plan, Path(plan))
    assumed = read(partial(_scenario, prior=prior), scenario or "")
    months = read(_months, every)
    files = read_history(Path(history), dict.fromkeys(FOLDER_FILES), read)
    read(_sound, _out_of_bounds(worlds, seed, threads, periods) or None)
    read.check()
    assert day is not None, "checked"
    assert paid is not None, "checked"
    assert assumed is not None, "checked"
    held = files()
    asked = Asked(
        cut=day,
        every=None if months is None else _periods_of(months, held.periods.period_months),
        periods=periods,
        worlds=WORLDS if worlds is None else worlds,
        seed=SEED if seed is None else seed,
        workers=workers_of(threads, executor),
    )
    source = (
        given(assumed)
        if scenario is not None
        else estimated(Path(history), assumed, asked.seed, asked.workers)
    )
    found = BacktestResult(backtest_history(held, paid, source, asked, progress), paid)
    if anonymous:
        secret = repr((held.deals.account, held.deals.arr.tolist(), held.deals.booked_arr.tolist()))
        return found.anonymous(secret)
    return found


MOST_WORLDS: Final = 100_000
MOST_PERIODS: Final = 40


def _scenario(scenario: "Scenario | File", prior: "Scenario | File | None") -> "Scenario":
    """The scenario that is given, or else, where it is empty, the prior."""
    from sim.examples import folder
    from sim.world.scenario import Scenario, load_scenario

    if scenario and prior is not None:
        fix = "A scenario that is given is not estimated: leave one of them out."
        raise InputError([Problem("--prior", "absent where --scenario is given", "both", fix)])
    if not scenario:
        scenario = folder() / "scenarios" / "company.toml" if prior is None else prior
    return scenario if isinstance(scenario, Scenario) else load_scenario(Path(scenario))


def _out_of_bounds(*numbers: int | None) -> list[Problem]:
    """What is wrong with worlds, seed, threads and periods."""
    from sim.engine.study import FEWEST_WORLDS, LARGEST_SEED
    from sim.engine.whole_number import whole
    from sim.study.arguments import MOST_THREADS

    bounds = (
        ("--worlds", FEWEST_WORLDS, MOST_WORLDS),
        ("--seed", 0, LARGEST_SEED),
        ("--threads", 1, MOST_THREADS),
        ("--periods", 1, MOST_PERIODS),
    )
    return [
        problem
        for (name, low, high), number in zip(bounds, numbers, strict=True)
        for problem in whole(name, number, low, high)
    ]


def _sound(problems: list[Problem]) -> None:
    raise InputError(problems)


def _months(every: str) -> int:
    if every not in EVERY:
        allowed = f"one of {', '.join(EVERY)}"
        raise InputError([Problem("--every", allowed, shown(every), near_match(every, list(EVERY)))])
    return EVERY[every]


def _periods_of(months: int, period_months: int) -> int:
    """Periods from one cut to the next.

    Raises: InputError where they are no whole number.
    """
    if months % period_months:
        fix = f"The history's periods are of {period_months} months each."
        names = [name for name, each in EVERY.items() if each % period_months == 0]
        received = next(name for name, each in EVERY.items() if each == months)
        raise InputError([Problem("--every", f"one of {', '.join(names)}", repr(received), fix)])
    return months // period_months
