"""Figure: what a plan costs to settle on a kept Ledger, with several components and rules beside one bonus on renewals.

Every plan alone, on one book of 8 quarters in 512 worlds; the best of several
rounds, all plans in turn in each round, so that what else the machine does falls on all of them.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np

from sim.calendar import Calendar
from sim.frame import make_frame
from sim.ledger import fill_ledger
from sim.plan.plan import cohorts_of, load_plan
from sim.plan.settle import compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from sim.study.load import load
from sim.world.world import World

PLANS = Path(__file__).parents[1] / "configs" / "plans"
STUDY = Path(__file__).parents[1] / "configs" / "studies" / "quickstart.toml"
SIMPLE = ("base", "tiers", "threshold-90", "late-bands", "early-relief", "early-relief-provision")
WORLDS = 512
ROUNDS = 30
REPEATS = 20


def kept_ledger(calendar: Calendar, plans: list) -> tuple:
    """The frame of all plans, and the Ledger of the first book of the quickstart scenario, with all that plans read."""
    study = load(STUDY)
    world = World(study.scenario, study.seed)
    frame = make_frame(
        calendar,
        [plan.early_edges for plan in plans],
        [plan.late_edges for plan in plans],
        credit_dates=[plan.credit_date for plan in plans],
    )
    dates = sorted({plan.ledger_date for plan in plans})
    renewals, _, activity = world.simulate_all(
        0, 0, WORLDS, tuple(dates), with_kpis=True, cohorts=cohorts_of(plans, calendar)
    )
    return frame, fill_ledger(renewals, frame, dates)._replace(activity=activity, company=activity)


def seconds(rules: object, ledger: object, sheet: Worksheet) -> float:
    """Time of one settlement. [s]"""
    begin = time.perf_counter()
    for _ in range(REPEATS):
        sheet.turn_to(ledger)
        settle_on(sheet, rules)
    return (time.perf_counter() - begin) / REPEATS


def measure(quick: bool) -> dict[str, Any]:
    """Nanoseconds to settle one book, by plan; the mean and the dearest of the library over the mean of the simple plans."""
    calendar = load(STUDY).scenario.calendar
    library = sorted(path.stem for path in (PLANS / "library").glob("*.toml"))
    names = [*SIMPLE, *(f"library/{name}" for name in library)]
    plans = [load_plan(PLANS / f"{name}.toml") for name in names]
    frame, ledger = kept_ledger(calendar, plans)
    rules = [compile_plan(plan, frame) for plan in plans]
    sheet = Worksheet(ledger)
    best = np.full(len(names), np.inf)
    for _ in range(5 if quick else ROUNDS):
        best = np.minimum(best, [seconds(each, ledger, sheet) for each in rules])
    simple, rich = best[: len(SIMPLE)], best[len(SIMPLE) :]
    each = {name: 1e9 * float(taken) / WORLDS for name, taken in zip(names, best, strict=True)}
    ratios = {"mean": rich.mean() / simple.mean(), "dearest": rich.max() / simple.mean()}
    return {
        "settle_ns_per_book": each,
        "rich_over_simple": {name: float(each) for name, each in ratios.items()},
    }
