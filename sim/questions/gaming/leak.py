"""Proof of leak: the payee and world where a plan can be gamed most, the schedule and pay honest beside gamed."""

from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.engine.study import Study
from sim.frame import Frame
from sim.plan.plan import Plan
from sim.questions.gaming.dated import DatedPay
from sim.questions.gaming.general import Whose
from sim.questions.gaming.schedule import best_schedule
from sim.questions.gaming.setting import Gaming, movable_scenario
from sim.questions.gaming.summary import Leak, LeakPeriod
from sim.records import Ledger, Renewals, Statement
from sim.world.world import World

MOST_MOVES = 200
"""Moves listed of one schedule; the rest are counted only."""
HALF_A_CENT = 0.005
"""A smaller gain is what rounding leaves. [usd]"""


def worst_schedule(
    world: World,
    plan: Plan,
    found: DatedPay,
    gaming: Gaming,
    payees: tuple[Whose, ...] | None = None,
    names: tuple[str, ...] | None = None,
) -> Leak | None:
    """The concrete schedule that extracts most, recomputed alone; None where no schedule gains.

    payees, names : of whom ``found`` is; the CSMs, each of one book, where left out.
    """
    gain = found.best - found.honest
    payee, at = (int(each) for each in np.unravel_index(int(np.argmax(gain)), gain.shape))
    if gain[payee, at] < HALF_A_CENT:
        return None
    whose = Whose((payee,)) if payees is None else payees[payee]
    schedule = best_schedule(world, whose, at, plan, gaming)
    moves = sorted(schedule.moves, key=lambda each: each.due)
    return Leak(
        csm=world.book.csms[payee] if names is None else names[payee],
        world=at,
        gain=float(schedule.gamed.bonus.sum(axis=0)[0] - schedule.honest.bonus.sum()),
        count=len(moves),
        moves=tuple(moves[:MOST_MOVES]),
        periods=tuple(
            _period(period, world.calendar, schedule.honest, schedule.gamed)
            for period in range(world.calendar.periods)
        ),
    )


def _period(period: int, calendar: Calendar, honest: Statement, gamed: Statement) -> LeakPeriod:
    amounts = {
        f"{dates}_{key}": float(getattr(statement, key)[period, 0])
        for dates, statement in (("honest", honest), ("gamed", gamed))
        for key in ("quota", "credit", "attainment", "bonus")
    }
    return LeakPeriod.of(label=calendar.label(period), **amounts)


class MovedBook(NamedTuple):
    """A book of one world with the dates that pay most, and what honest dates pay. honest : [usd over the horizon]"""

    frame: Frame
    renewals: Renewals
    ledger: Ledger
    honest: float


def moved_book(study: Study, plan: Plan, csm: int, at: int, holds_book: bool = True) -> MovedBook:
    """The book as a payee who knows the future would book it, under the study's assumptions of what can be moved."""
    gaming = study.asked(Gaming) or Gaming()
    world = World(movable_scenario(study.scenario, gaming), study.seed)
    schedule = best_schedule(world, Whose((csm,), holds_book), at, plan, gaming)
    honest = float(schedule.honest.bonus.sum())
    return MovedBook(schedule.frame, schedule.renewals, schedule.ledger, honest)
