"""Histories that our own engine has lived, forecast from a cut: percentiles of right forecasts, and of wrong ones."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

from sim.backtesting.backtest import Asked, backtest_history
from sim.backtesting.source import estimated, given
from sim.files.all_at_once import AllAtOnce
from sim.plan.plan import load_plan
from sim.questions.backtest.summary import WHATS
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.simulated import write_simulated
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.repository import CONFIGS

START, CUT, END = date(2023, 1, 1), date(2025, 1, 1), date(2025, 6, 30)
YEAR = date(2024, 7, 1)
"""Cut of which a whole year follows."""
PLAN = CONFIGS / "plans" / "base.toml"
BINS = 5


class Made(NamedTuple):
    """What is asked of made histories. lost : part of the renewals due after the cut that a recession takes."""

    csms: int = 3
    calibrated: bool = False
    lost: float = 0.0
    worlds: int = 255
    seed: int = 11
    cut: date = CUT


def company(csms=3, **dependence):
    """CSMs in the mid-market over ten quarters."""
    scenario = load_scenario(CONFIGS / "scenarios" / "mid-market.toml").with_(start=START, periods=10)
    segment = scenario.segment[0].model_copy(update={"csms": csms})
    loads = scenario.dependence.model_copy(update=dependence)
    return scenario.with_(segment=(segment,), dependence=loads)


def made(world, number, folder):
    """World ``number`` as the files of a company that lived in it."""
    folder.mkdir()
    write_simulated(world, number, folder, as_of=END)
    read = AllAtOnce()
    whole = read_history(folder, dict.fromkeys(FOLDER_FILES), read)
    read.check()
    return whole()


def recession(history, part, cut=CUT):
    """The same history, but a part of what is due from the cut on is lost."""
    deals, draws = history.deals, np.random.default_rng(1)
    hit = (deals.due_date >= np.datetime64(cut)) & ~(deals.closing < np.datetime64(cut))
    hit &= draws.random(len(hit)) < part
    nothing = np.datetime64("NaT", "D")
    lost = replace(
        deals,
        booked_arr=np.where(hit, 0.0, deals.booked_arr),
        credit_date={kind: np.where(hit, nothing, dates) for kind, dates in deals.credit_date.items()},
        closed=np.where(hit, nothing, deals.closed),
    )
    return history._replace(deals=lost)


def backtested(asked: Made, number: int):
    """The backtest of one made history."""
    scenario = company(asked.csms)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "made"
        history = made(World(scenario, asked.seed), number, folder)
        if asked.lost:
            history = recession(history, asked.lost, asked.cut)
        source = estimated(folder, scenario, number) if asked.calibrated else given(scenario)
        return backtest_history(
            history, load_plan(PLAN), source, Asked(asked.cut, worlds=asked.worlds, seed=number)
        )


class Percentiles(NamedTuple):
    """Of made histories: percentiles of the company's totals by what, the chance of each whole backtest, and the share of
    rows inside their 90 % range.
    """

    pit: dict[str, list[float]]
    p: list[float]
    inside: list[float]


def percentiles(asked: Made, numbers, workers=1, progress: Callable[[int], None] | None = None):
    """Backtests of made histories."""
    found = Percentiles({what: [] for what in WHATS}, [], [])
    with ProcessPoolExecutor(workers) as pool:
        tasks = [(asked, number) for number in numbers]
        ran = (backtested(*task) for task in tasks) if workers == 1 else pool.map(_one, tasks)
        for done, each in enumerate(ran, start=1):
            for what in WHATS:
                found.pit[what].append(each.cuts[0].row(what).pit)
            found.p.append(each.p)
            found.inside.append(each.coverage90)
            if progress is not None:
                progress(done)
    return found


def _one(task):
    return backtested(*task)


def chance(pits, bins=BINS):
    """Chance of percentiles as uneven as these, or more, where all are as likely: chi-square over equal bins."""
    counts = np.histogram(pits, bins, (0.0, 1.0))[0]
    expected = len(pits) / bins
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), bins - 1))
