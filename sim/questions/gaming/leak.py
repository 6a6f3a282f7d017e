"""Proof of leak: the book and world where a plan can be gamed most, its schedule and pay honest beside gamed."""

from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.engine.study import Study
from sim.errors import InputError, Problem, shown
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.measure.gaming.boundary import refusal
from sim.measure.gaming.gamed import Block, Bounded, Gamed, bounded_plan, clairvoyant
from sim.measure.gaming.moves import NOW, THEN, effects_of, moved_days
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.measured import DatedPay, gaming_frame, play
from sim.questions.gaming.setting import Gaming, movable_scenario
from sim.questions.gaming.summary import Leak, LeakPeriod, Move
from sim.records import Ledger, Renewals, Statement
from sim.world.scenario import Scenario
from sim.world.world import World

MOST_MOVES = 200
"""Moves listed of one schedule; the rest are counted only."""
HALF_A_CENT = 0.005
"""A smaller gain is what rounding leaves. [usd]"""


def worst_schedule(scenario: Scenario, seed: int, plan: Plan, found: DatedPay, gaming: Gaming) -> Leak | None:
    """The concrete schedule that extracts most, recomputed alone; None where no schedule gains.

    An early cap may grant part of a booking where it is moved to, and the rest when due: its credit is both.
    """
    gain = found.best - found.honest
    csm, at = (int(each) for each in np.unravel_index(int(np.argmax(gain)), gain.shape))
    if gain[csm, at] < HALF_A_CENT:
        return None
    world = World(scenario, seed)
    bounded, block, honest, gamed = best_schedule(world, csm, at, plan, gaming)
    moves = _moves(world, bounded, block, gamed)
    return Leak(
        csm=world.book.csms[csm],
        world=at,
        gain=float(gamed.pay[0] - honest.bonus.sum()),
        count=len(moves),
        moves=tuple(sorted(moves, key=lambda each: each.due)[:MOST_MOVES]),
        periods=tuple(
            _period(period, scenario.calendar, honest, gamed.statement)
            for period in range(scenario.calendar.periods)
        ),
    )


def _moves(world: World, bounded: Bounded, block: Block, gamed: Gamed) -> list[Move]:
    calendar, renewals, moves = world.scenario.calendar, block.renewals, block.moves
    effects = effects_of(moves, bounded.boundary, block.frame)
    in_booked = np.where(moves.days < 0, effects[NOW], effects[THEN])
    in_due = moves.amount + np.where(moves.days < 0, effects[THEN], effects[NOW])

    def date(day: int) -> str:
        return calendar.date(int(day)).isoformat()

    return [
        Move(
            account=world.book.accounts[int(renewals.account[row])],
            due=date(renewals.due_day[row, 0]),
            booked=date(renewals.booked_day[row, 0]),
            moved_to=date(renewals.due_day[row, 0] + moves.days[at]),
            moved="early" if moves.days[at] < 0 else "held",
            amount=float(moves.amount[at]),
            credit=float(in_booked[at] + in_due[at]),
        )
        for at in np.flatnonzero(gamed.chosen)
        for row in (moves.row[at],)
    ]


def _period(period: int, calendar: Calendar, honest: Statement, gamed: Statement) -> LeakPeriod:
    amounts = {
        f"{dates}_{key}": float(getattr(statement, key)[period, 0])
        for dates, statement in (("honest", honest), ("gamed", gamed))
        for key in ("quota", "credit", "attainment", "bonus")
    }
    return LeakPeriod.of(label=calendar.label(period), **amounts)


def best_schedule(
    world: World, csm: int, at: int, plan: Plan, gaming: Gaming
) -> tuple[Bounded, Block, Statement, Gamed]:
    """One book in world ``at`` with honest dates, and as it pays most when dates are moved."""
    frame = gaming_frame(world.scenario, [plan])
    block = play(world, csm, frame, at, 1)
    bounded = bounded_plan(plan, frame).on(block.ledger)
    honest = settle(bounded.terms, block.ledger)
    return bounded, block, honest, clairvoyant(bounded, block, honest.bonus, gaming.cells)


class MovedBook(NamedTuple):
    """A book of one world with the dates that pay most, and what honest dates pay. honest : [usd over the horizon]"""

    frame: Frame
    renewals: Renewals
    ledger: Ledger
    honest: float


def moved_book(study: Study, plan: Plan, csm: int, at: int) -> MovedBook:
    """The book as a CSM who knows the future would book it, under the study's assumptions of what can be moved.

    Raises: InputError when the plan's exposure is not bounded.
    """
    if (why := refusal(plan)) is not None:
        raise InputError(
            [Problem("--gamed", "asked of a plan whose exposure is bounded", shown(plan.name), why)]
        )
    gaming = study.asked(Gaming) or Gaming()
    world = World(movable_scenario(study.scenario, gaming), study.seed)
    _, block, honest, gamed = best_schedule(world, csm, at, plan, gaming)
    days = moved_days(block.renewals, block.moves, gamed.chosen)
    renewals = block.renewals._replace(booked_day=days, credit_day={"booking": days})
    of_holder = block.ledger
    ledger = fill_ledger(renewals, block.frame, plan.amounts)
    ledger = ledger._replace(agreed=of_holder.agreed, activity=of_holder.activity)
    return MovedBook(block.frame, renewals, ledger, float(honest.bonus.sum()))
