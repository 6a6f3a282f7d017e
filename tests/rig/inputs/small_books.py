"""Small books whose every timing can be tried: each profile of choices is one world of a Renewals record."""

from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.frame import Frame, make_frame
from sim.ledger import fill_ledger
from sim.measure.gaming.bound import timing_bound
from sim.measure.gaming.boundary import boundary_terms, honest_flows, in_a_chain, with_target
from sim.measure.gaming.moves import effects_of, moved_days, possible_moves
from sim.measure.gaming.timing import best_timing
from sim.plan.plan import Plan, load_plan
from sim.plan.settle import compile_plan, settle
from sim.records import NEVER, Agreed, Renewals
from tests.rig.repository import CONFIGS

CALENDAR = Calendar(date(2026, 1, 1), 3)


def shipped(*folders: str) -> list[Plan]:
    """The plans of the folders that can be bounded."""
    paths = sorted(path for folder in folders for path in (CONFIGS / "plans" / folder).glob("*.toml"))
    return [plan for plan in map(load_plan, paths) if in_a_chain(plan)]


class Book(NamedTuple):
    """One book in one world: due and booked days, amounts, and what can be moved. [renewal]"""

    renewals: Renewals
    ready: np.ndarray
    holdable: np.ndarray


def renewals_of(due_day, booked_day, arr, booked_arr):
    """Renewals with one row an account; all [renewal, world]."""
    rows = len(due_day)
    due, booked = (np.asarray(each, dtype=np.int32) for each in (due_day, booked_day))
    number = np.zeros(rows, dtype=np.int64)
    return Renewals(np.arange(rows), number, due, booked, arr, booked_arr, {"booking": booked})


def random_book(
    seed: int, per_period: int = 3, calendar: Calendar = CALENDAR, quota: float = 477_000
) -> Book:
    """Renewals due inside the horizon, most of them kept and on time, a few late or early of themselves."""
    rng = np.random.default_rng(seed)
    rows = per_period * calendar.periods
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1]
    period = np.repeat(np.arange(calendar.periods), per_period)
    due = rng.integers(bounds[period], bounds[period + 1])
    arr = np.round(rng.lognormal(np.log(1.05 * quota / per_period), 0.5, rows), -2)
    booked = np.where(rng.random(rows) < 0.15, due + rng.integers(-120, 120, rows), due)
    kept = rng.random(rows) < 0.9
    booked = np.where(kept, booked, NEVER)
    booked_arr = np.where(kept, np.where(rng.random(rows) < 0.3, np.round(0.8 * arr), arr), 0.0)
    columns = (each[:, np.newaxis] for each in (due, booked, arr, booked_arr))
    flags = rng.random((2, rows, 1)) < 0.7
    return Book(renewals_of(*columns), flags[0], flags[1])


def every_profile(book: Book, frame: Frame) -> Renewals:
    """The book once for every combination of pulled, stays and held that its flags and the horizon allow."""
    moves = possible_moves(book.renewals, book.ready, book.holdable, frame)
    due = book.renewals.due_day[:, 0]
    days = [[int(day)] for day in book.renewals.booked_day[:, 0]]
    for row, moved in zip(moves.row, moves.days, strict=True):
        days[row].append(int(due[row] + moved))
    booked = np.array(list(product(*days)), dtype=np.int32).T.copy()

    def wide(column):
        return np.repeat(column, booked.shape[1], axis=1)

    renewals = book.renewals
    return renewals_of(wide(renewals.due_day), booked, wide(renewals.arr), wide(renewals.booked_arr))


class Found(NamedTuple):
    """Pay over the horizon. honest, lower: settled; claimed: what the chain says of lower; upper: bound. [world] [usd]"""

    honest: np.ndarray
    lower: np.ndarray
    claimed: np.ndarray
    upper: np.ndarray


def frame_for(plans, calendar=CALENDAR) -> Frame:
    return make_frame(calendar, [plan.early_edges for plan in plans], [plan.late_edges for plan in plans])


def paid(plan: Plan, frame: Frame, renewals: Renewals, agreed: Agreed | None = None) -> np.ndarray:
    """Settled pay over the horizon. [world] [usd]"""
    ledger = fill_ledger(renewals, frame, ("booking",))._replace(agreed=agreed)
    return settle(compile_plan(plan, frame), ledger).bonus.sum(axis=0)


def find(
    plan: Plan,
    frame: Frame,
    book: Book,
    cells: int = 512,
    bound_cells: int = 128,
    agreed: Agreed | None = None,
) -> Found:
    """Both ends of one plan's exposure."""
    rules = compile_plan(plan, frame)
    ledger = fill_ledger(book.renewals, frame, ("booking",))._replace(agreed=agreed)
    flows = honest_flows(rules, ledger)
    bounded = with_target(boundary_terms(plan, rules, frame), rules, ledger)
    moves = possible_moves(book.renewals, book.ready, book.holdable, frame)
    effects = effects_of(moves, bounded, frame)
    best = best_timing(bounded, flows, moves, effects, cells)
    days = moved_days(book.renewals, moves, best.chosen)
    moved = book.renewals._replace(booked_day=days, credit_day={"booking": days})
    upper = timing_bound(bounded, flows, moves, effects, bound_cells)
    honest, gamed = (paid(plan, frame, each, agreed) for each in (book.renewals, moved))
    return Found(honest, gamed, best.value, upper)
