"""One book under one plan, honest and gamed: every figure settled, and the bound beside it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.measure.gaming.bound import timing_bound
from sim.measure.gaming.boundary import boundary_terms, honest_flows, with_target
from sim.measure.gaming.boundary_terms import BoundaryTerms
from sim.measure.gaming.moves import Moves, effects_of, moved_days, possible_moves
from sim.measure.gaming.policy import follow_policy, train_policy
from sim.measure.gaming.timing import best_timing
from sim.measure.gaming.worth import Policy
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.plan import Plan
from sim.plan.settle import CompiledPlan, compile_plan, settle
from sim.records import NEVER, Activity, Agreed, FloatPW, Ledger, Renewals, Statement

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DATES = ("booking",)
WORTHLESS = 0.01
"""A gain below a cent moves nothing: it may be rounding. [usd]"""


class Bounded(NamedTuple):
    """A plan whose exposure is asked. outcome : the same quota and curve, with every renewal credited to its due period."""

    plan: Plan
    terms: CompiledPlan
    outcome: CompiledPlan
    boundary: BoundaryTerms

    def on(self, ledger: Ledger) -> "Bounded":
        """The same for whoever holds a book, whose target may be one of their own."""
        return self._replace(boundary=with_target(self.boundary, self.terms, ledger))


class Block(NamedTuple):
    """One book in a block of worlds: honest renewals, their Ledger, and what can be moved."""

    frame: Frame
    renewals: Renewals
    ledger: Ledger
    moves: Moves


class Gamed(NamedTuple):
    """A schedule of moves and what it pays. statement: settled; chosen: [item]; pay: over the horizon [world] [usd]."""

    statement: Statement
    chosen: Bools
    pay: Floats


def bounded_plan(plan: Plan, frame: Frame) -> Bounded:
    """The plan with everything that measuring its exposure needs; it must be ``in_a_chain``."""
    rules = compile_plan(plan, frame)
    return Bounded(plan, rules, compile_plan(outcome_only(plan), frame), boundary_terms(plan, rules, frame))


def outcome_only(plan: Plan) -> Plan:
    """The plan that pays for outcomes alone: due-date credit, no multipliers, no cap, no quota moves.

    Its window for late bookings is never asked: ``value_of`` settles it on a book without any.

    Source: Compensating Customer Success Managers (founding document), early case 6.
    """
    component = plan.lead
    crediting = Crediting(date="due", late_window_days=component.crediting.late_window_days)
    changed = component.model_copy(update={"crediting": crediting, "quota_moves": QuotaMoves()})
    return plan.model_copy(update={"component": (changed,)})


def block_of(
    frame: Frame, renewals: Renewals, ready: Bools, holdable: Bools, agreed: Agreed | None = None
) -> Block:
    """The book as it is played. ``ready``, ``holdable``: [renewal, world]. agreed : with whoever holds it, on the days on
    which the seat is known to be held; who leaves by the draw is taken as replaced at once.
    """
    moves = possible_moves(renewals, ready, holdable, frame)
    ledger = fill_ledger(renewals, frame, DATES)
    return Block(
        frame, renewals, ledger._replace(agreed=agreed, activity=seat_of(agreed, frame, ledger)), moves
    )


def seat_of(agreed: Agreed | None, frame: Frame, ledger: Ledger) -> Activity | None:
    """Who holds the book, where dates say on which days somebody does; no plan that is ``in_a_chain`` reads more."""
    if agreed is None or agreed.present is None:
        return None
    calendar, worlds = frame.calendar, ledger.renewable.shape[1]
    present = agreed.present[calendar.lead : calendar.lead + calendar.periods]
    seat = np.repeat(present[:, np.newaxis], worlds, axis=1)
    nothing = np.zeros_like(seat)
    return Activity(nothing, {}, {}, nothing, {}, seat, np.full_like(seat, np.inf))


def _of_holder(ledger: Ledger, block: Block) -> Ledger:
    return ledger._replace(agreed=block.ledger.agreed, activity=block.ledger.activity)


def after_moves(bounded: Bounded, block: Block, chosen: Bools) -> Gamed:
    """Settle the book after the chosen moves; the only source of any figure that is paid."""
    days = moved_days(block.renewals, block.moves, chosen)
    moved = block.renewals._replace(booked_day=days, credit_day={"booking": days})
    ledger = _of_holder(fill_ledger(moved, block.frame, DATES), block)
    statement = settle(bounded.terms, ledger)
    return Gamed(statement, chosen, statement.bonus.sum(axis=0))


def value_of(bounded: Bounded, block: Block) -> Floats:
    """W_due: pay over the horizon with every renewal that was booked at all credited to its due period. [world] [usd]

    A customer who comes back after a plan's window is kept all the same: what a plan pays for value does not depend on it.
    """
    renewals = block.renewals
    booked = np.where(renewals.booked_day == NEVER, renewals.booked_day, renewals.due_day)
    due = renewals._replace(booked_day=booked, credit_day={"booking": booked})
    ledger = _of_holder(fill_ledger(due, block.frame, DATES), block)
    pay: Floats = settle(bounded.outcome, ledger).bonus.sum(axis=0)
    return pay


def clairvoyant(bounded: Bounded, block: Block, honest: FloatPW, cells: int, friction: float = 0.0) -> Gamed:
    """The best schedule found with full knowledge of the future; nothing moves in worlds where that pays less.

    honest : bonus when nobody moves a date. [period, world] [usd]
    """
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    flows = honest_flows(bounded.terms, block.ledger)
    found = best_timing(bounded.boundary, flows, block.moves, effects, cells, friction)
    return _unless_worse(bounded, block, found.chosen, honest.sum(axis=0), friction)


def bound(bounded: Bounded, block: Block, cells: int) -> Floats:
    """Pay that no schedule exceeds; infinite where there is no bound. [world] [usd]"""
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    flows = honest_flows(bounded.terms, block.ledger)
    return timing_bound(bounded.boundary, flows, block.moves, effects, cells)


class Rule(NamedTuple):
    """A policy, and whether following it gained anything where it was learnt; if not, nobody would."""

    policy: Policy
    gains: bool


def learn_policy(bounded: Bounded, block: Block, cells: int) -> Rule:
    """A policy learnt on the worlds of the block."""
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    flows = honest_flows(bounded.terms, block.ledger)
    policy = train_policy(bounded.boundary, flows, block.moves, effects)
    chosen = follow_policy(bounded.boundary, flows, block.moves, effects, policy, cells)
    honest = settle(bounded.terms, block.ledger).bonus.sum()
    return Rule(policy, bool(after_moves(bounded, block, chosen).pay.sum() > honest))


def followed(bounded: Bounded, block: Block, rule: Rule, cells: int) -> Gamed:
    """What a CSM is paid who follows the policy on the worlds of the block, or leaves dates alone where it gains nothing."""
    chosen = np.zeros(len(block.moves.row), dtype=np.bool_)
    if rule.gains:
        effects = effects_of(block.moves, bounded.boundary, block.frame)
        flows = honest_flows(bounded.terms, block.ledger)
        chosen = follow_policy(bounded.boundary, flows, block.moves, effects, rule.policy, cells)
    return after_moves(bounded, block, chosen)


def moved_arr(block: Block, chosen: Bools, weight: Callable[[Moves], Floats] | None = None) -> Floats:
    """Amount moved [world] [usd]; or the sum of a weight of every move made."""
    worlds = len(block.moves.start)
    world = np.repeat(np.arange(worlds), block.moves.start[:, -1] - block.moves.start[:, 0])
    weights = block.moves.amount if weight is None else weight(block.moves)
    total: Floats = np.bincount(world[chosen], weights[chosen], minlength=worlds).astype(np.float64)
    return total


def _unless_worse(bounded: Bounded, block: Block, chosen: Bools, honest: Floats, friction: float) -> Gamed:
    gamed = after_moves(bounded, block, chosen)
    worse = gamed.pay - friction * moved_arr(block, chosen) < honest + WORTHLESS
    if not worse.any():
        return gamed
    world = np.repeat(np.arange(len(honest)), block.moves.start[:, -1] - block.moves.start[:, 0])
    return after_moves(bounded, block, chosen & ~worse[world])
