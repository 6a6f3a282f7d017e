"""The schedule that pays one payee most in one world, found with hindsight: who books when, and what is paid."""

from typing import NamedTuple

import numpy as np

from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.measure.gaming.boundary import in_a_chain
from sim.measure.gaming.gamed import bounded_plan, clairvoyant
from sim.measure.gaming.moves import NOW, THEN, effects_of, moved_days
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.general import Open, Whose, asked_plan, best_moves, opened
from sim.questions.gaming.measured import gaming_frame, play
from sim.questions.gaming.payee import booked_after, moved_ledger
from sim.questions.gaming.setting import Gaming
from sim.questions.gaming.summary import Move
from sim.records import Ledger, Renewals, Statement
from sim.world.rebooked import read_again
from sim.world.world import World


class Schedule(NamedTuple):
    """A payee in one world, honest and moved.

    renewals : of the payee's books as moved.   ledger : the same, as the plan reads it.
    """

    frame: Frame
    renewals: Renewals
    ledger: Ledger
    honest: Statement
    gamed: Statement
    moves: tuple[Move, ...]


def best_schedule(world: World, whose: Whose, at: int, plan: Plan, gaming: Gaming) -> Schedule:
    """The schedule of a payee in world ``at``."""
    if in_a_chain(plan) and whose.holds_book:
        return _of_chain(world, whose.csms[0], at, plan, gaming)
    book = opened(world, whose, asked_plan(plan, gaming_frame(world.scenario, [plan])), at, 1)
    chosen, gamed = best_moves(world, book, 0.0)
    reader = book.asked.reader
    booked = booked_after(book.held, chosen)
    pieces = [
        read_again(own, days, reader.reads)[0] for own, days in zip(book.held.books, booked, strict=True)
    ]
    starts = [int(world.book.csm_start[csm]) for csm in whose.csms]
    renewals = _side_by_side(
        [each._replace(account=each.account + n) for each, n in zip(pieces, starts, strict=True)]
    )
    ledger = moved_ledger(world, book.held, chosen, reader)
    return Schedule(reader.frame, renewals, ledger, book.honest, gamed, tuple(_moves(world, book, chosen)))


def _of_chain(world: World, csm: int, at: int, plan: Plan, gaming: Gaming) -> Schedule:
    """An early cap may grant part of a booking where it is moved to, and the rest when due: its credit is both."""
    frame, calendar = gaming_frame(world.scenario, [plan]), world.scenario.calendar
    block = play(world, csm, frame, at, 1)
    bounded = bounded_plan(plan, frame).on(block.ledger)
    honest = settle(bounded.terms, block.ledger)
    gamed = clairvoyant(bounded, block, honest.bonus, gaming.cells)
    moves, effects = block.moves, effects_of(block.moves, bounded.boundary, frame)
    in_booked = np.where(moves.days < 0, effects[NOW], effects[THEN])
    in_due = moves.amount + np.where(moves.days < 0, effects[THEN], effects[NOW])

    def date(day: int) -> str:
        return calendar.date(int(day)).isoformat()

    told = tuple(
        Move(
            account=world.book.accounts[int(block.renewals.account[row])],
            due=date(block.renewals.due_day[row, 0]),
            booked=date(block.renewals.booked_day[row, 0]),
            moved_to=date(block.renewals.due_day[row, 0] + moves.days[item]),
            moved="early" if moves.days[item] < 0 else "held",
            amount=float(moves.amount[item]),
            credit=float(in_booked[item] + in_due[item]),
        )
        for item in np.flatnonzero(gamed.chosen)
        for row in (moves.row[item],)
    )
    days = moved_days(block.renewals, moves, gamed.chosen)
    renewals = block.renewals._replace(booked_day=days, credit_day={"booking": days})
    ledger = fill_ledger(renewals, frame, plan.amounts)._replace(agreed=block.ledger.agreed)
    return Schedule(frame, renewals, ledger, honest, gamed.statement, told)


def _moves(world: World, book: Open, chosen: np.ndarray) -> list[Move]:
    """The moves made. What a booking counts for is told of a plan on renewals by period; of others all of it does."""
    calendar, levers = world.scenario.calendar, book.levers
    plan, found = book.asked.plan, []
    lead = plan.terms.lead
    counts = plan.terms.renewals is not None and plan.sums.components[lead].window.single

    def date(day: int) -> str:
        return calendar.date(int(day)).isoformat()

    for item in np.flatnonzero(chosen):
        place, row, amount = levers.book[item], levers.row[item], float(levers.amount[item])
        own = book.held.books[place]
        account = int(np.searchsorted(own.held.slot, row, side="right")) - 1
        found.append(
            Move(
                account=world.book.accounts[int(world.book.csm_start[book.held.csms[place]]) + account],
                due=date(own.path.due_day[row, 0]),
                booked=date(own.path.booked_day[row, 0]),
                moved_to=date(levers.booked[item]),
                moved="early" if levers.pulled[item] else "held",
                amount=amount,
                credit=amount + (float(book.effects.value[item, lead].sum()) if counts else 0.0),
            )
        )
    return found


def _side_by_side(books: list[Renewals]) -> Renewals:
    """The renewals of several books as one."""
    columns = {
        name: np.concatenate([getattr(book, name) for book in books])
        for name in ("account", "number", "due_day", "booked_day", "arr", "booked_arr")
    }
    dates = {date: np.concatenate([book.credit_day[date] for book in books]) for date in books[0].credit_day}
    return Renewals(**columns, credit_day=dates)
