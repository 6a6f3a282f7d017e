"""Exposure under plans of any components and rules: what one payee is paid for each choice of dates."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import spans
from sim.frame import Frame
from sim.measure.estimate import mean_of
from sim.measure.gaming.general.bound import most_paid
from sim.measure.gaming.general.levers import Effects, Levers
from sim.measure.gaming.general.options import LEVELS, STAY, chosen_of, options_of
from sim.measure.gaming.general.rule import Learnt, Table, follow, in_hindsight, learn, same_everywhere, stays
from sim.measure.gaming.general.scored import Gauged, gauged_plan, gauges
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.dated import DatedPay, bins_of, frictions_of
from sim.questions.gaming.payee import (
    Held,
    Reader,
    company_of,
    due_ledger,
    effects_of_each,
    held_by,
    moved_ledger,
    reader_of,
)
from sim.questions.gaming.playing import played
from sim.questions.gaming.setting import Gaming
from sim.records import IntP, Statement
from sim.world.world import World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
TRAINING_FIRST: Final = 1 << 31
"""The first world on which rules are learnt: far from those on which they are followed."""
WORLDS_AT_ONCE: Final = 256
DAYS_PER_YEAR: Final = 365.25
SURE: Final = 2.0
WORTHLESS: Final = 0.01
"""A gain below a cent moves nothing: it may be rounding. [usd]"""


class Whose(NamedTuple):
    """A payee. csms : whose books they are paid on. holds_book : it is the CSM who holds the one book."""

    csms: tuple[int, ...]
    holds_book: bool = True


class Asked(NamedTuple):
    """A plan whose exposure is asked."""

    plan: Gauged
    reader: Reader


class Open(NamedTuple):
    """A payee's books in a block of worlds, ready to be played under one plan."""

    asked: Asked
    held: Held
    honest: Statement
    effects: Effects
    table: Table

    @property
    def levers(self) -> Levers:
        """What can be moved."""
        return self.held.levers

    @property
    def pay(self) -> Floats:
        """With honest dates. [world] [usd over the horizon]"""
        paid: Floats = self.honest.bonus.sum(axis=0)
        return paid


class Followed(NamedTuple):
    """A rule that was learnt, an option of every boundary for all worlds, or, where both are None, no move."""

    learnt: Learnt | None
    option: IntP | None


def asked_plan(plan: Plan, frame: Frame) -> Asked:
    """The plan with all that measuring its exposure needs."""
    return Asked(gauged_plan(plan, frame), reader_of([plan], frame))


def opened(world: World, whose: Whose, asked: Asked, first: int, worlds: int, scale: float = 1.0) -> Open:
    """A payee's books in the worlds from ``first`` on. scale : of the shares that can be moved. [factor]"""
    company = company_of(world, first, worlds, asked.reader)
    held = held_by(world, whose.csms, first, worlds, asked.reader, company, scale, whose.holds_book)
    effects = effects_of_each(asked.plan, held, held.levers, asked.reader)
    boundaries = asked.reader.frame.calendar.periods - 1
    options = options_of(held.levers, effects, boundaries, worlds)
    table = Table(asked.plan, gauges(asked.plan, held.ledger), options, held.ledger)
    return Open(asked, held, settle(asked.plan.terms, held.ledger), effects, table)


def after_moves(world: World, book: Open, chosen: Bools) -> Statement:
    """What is paid once the chosen moves are made; the only source of any figure that is paid."""
    return settle(book.asked.plan.terms, moved_ledger(world, book.held, chosen, book.asked.reader))


def learn_rule(world: World, training: Open) -> Followed:
    """The best rule of those that are tried, on the worlds on which they are learnt; none where none gains there by more
    than ``SURE`` standard errors.
    """
    if not training.levers.size:
        return Followed(None, None)
    learnt, option = learn(training.table), same_everywhere(training.table)
    best, gain = Followed(None, None), WORTHLESS
    for rule in (Followed(learnt, None), Followed(None, option)):
        chosen = moves_of(training, rule)
        found = mean_of(after_moves(world, training, chosen).bonus.sum(axis=0) - training.pay)
        if found.mean > max(gain, SURE * found.se):
            best, gain = rule, found.mean
    return best


def moves_of(book: Open, rule: Followed) -> Bools:
    """The moves of a payee who follows a rule. [item]"""
    if rule.option is not None:
        option = np.repeat(rule.option[:, np.newaxis], book.table.worlds, axis=1)
    elif rule.learnt is not None:
        option = follow(book.table, rule.learnt)
    else:
        return np.zeros(book.levers.size, dtype=np.bool_)
    return chosen_of(book.levers, book.table.options, option)


def best_moves(world: World, book: Open, friction: float) -> tuple[Bools, Statement]:
    """The best moves found with hindsight, and what they pay; nothing moves where that pays less. [item]

    friction : cost to the payee per usd moved. [usd/usd]
    """
    none = np.zeros(book.levers.size, dtype=np.bool_)
    if not book.levers.size:
        return none, book.honest
    option = in_hindsight(book.table, stays(book.table), _cost(book, friction))
    chosen = chosen_of(book.levers, book.table.options, option)
    paid = after_moves(world, book, chosen)
    net = paid.bonus.sum(axis=0) - friction * moved_by(book.levers, chosen, book.table.worlds)
    worse = net < book.pay + WORTHLESS
    if worse.any():
        chosen = chosen & ~worse[book.levers.world]
        paid = after_moves(world, book, chosen)
    return chosen, paid


def _cost(book: Open, friction: float) -> Callable[[IntP], Floats] | None:
    """What options cost a payee, by lane."""
    if friction == 0.0:
        return None
    levers, options, worlds = book.levers, book.table.options, book.table.worlds
    amount = np.zeros((book.table.boundaries, LEVELS, worlds))
    at = np.where(levers.pulled, STAY + options.level, STAY - options.level)
    np.add.at(amount, (levers.boundary, at, levers.world), levers.amount)
    amount[:, STAY:] = np.cumsum(amount[:, STAY:], axis=1)
    amount[:, : STAY + 1] = np.cumsum(amount[:, STAY::-1], axis=1)[:, ::-1]
    boundary = np.arange(book.table.boundaries)[:, np.newaxis]

    def cost(option: IntP) -> Floats:
        world = np.tile(np.arange(worlds), option.shape[1] // worlds)
        moved: Floats = friction * amount[boundary, option, world].sum(axis=0)
        return moved

    return cost


def moved_by(levers: Levers, chosen: Bools, worlds: int, weight: Floats | None = None) -> Floats:
    """Amount moved, or the sum of a weight of the moves made. [world] [usd]"""
    weights = levers.amount if weight is None else weight
    total: Floats = np.bincount(levers.world[chosen], weights[chosen], minlength=worlds).astype(np.float64)
    return total


def expose_payee(world: World, whose: Whose, asked: Asked, gaming: Gaming) -> DatedPay:
    """What a payee is paid for each choice of dates, block of worlds by block of worlds."""
    rule = learn_rule(world, opened(world, whose, asked, TRAINING_FIRST, gaming.training_worlds))
    few = min(gaming.curve_worlds, gaming.worlds)
    small = opened(world, whose, asked, 0, few)
    curve = [_with_friction(world, small, friction) for friction in frictions_of(gaming)]
    scaled = [_gain(world, opened(world, whose, asked, 0, few, scale), 0.0)[0] for scale in gaming.movable]
    blocks = [
        _block(world, whose, asked, rule, gaming, *span) for span in spans(gaming.worlds, WORLDS_AT_ONCE)
    ]
    return joined_blocks(
        blocks,
        friction_gain=np.array([gain for gain, _ in curve]),
        friction_moved=np.array([moved for _, moved in curve]),
        movable_gain=np.array(scaled).reshape(len(scaled), few),
    )


def _block(
    world: World, whose: Whose, asked: Asked, rule: Followed, gaming: Gaming, first: int, worlds: int
) -> DatedPay:
    book = opened(world, whose, asked, first, worlds)
    chosen = moves_of(book, rule)
    policy = after_moves(world, book, chosen).bonus.sum(axis=0)
    best = best_moves(world, book, 0.0)[1]
    better = np.maximum(best.bonus.sum(axis=0), policy)
    most = most_paid(
        asked.plan, played(asked.plan, book.held, asked.reader, book.honest.bonus), gaming.cells // 2
    )
    levers = book.levers
    due_day = np.array(
        [
            book.held.books[b].path.due_day[r, w]
            for b, r, w in zip(levers.book, levers.row, levers.world, strict=True)
        ]
    )
    late = np.maximum(levers.booked - due_day, 0) / DAYS_PER_YEAR if levers.size else np.zeros(0)
    nothing = np.zeros((0, worlds))
    return DatedPay(
        due=settle(asked.plan.terms, due_ledger(world, book.held, asked.reader)).bonus.sum(axis=0),
        honest=book.pay,
        policy=policy,
        best=better,
        upper=np.maximum(most, better),
        pulled=moved_by(levers, chosen & levers.pulled, worlds),
        held_years=moved_by(levers, chosen, worlds, levers.amount * late),
        best_gain=(best.bonus - book.honest.bonus).mean(axis=1) * worlds,
        friction_gain=nothing,
        friction_moved=nothing,
        movable_gain=nothing,
        certified=np.empty((2, 0)),
        bins=np.stack([bins_of(book.honest), bins_of(best)]),
    )


def _with_friction(world: World, book: Open, friction: float) -> tuple[Floats, Floats]:
    gain, chosen = _gain(world, book, friction)
    moved = moved_by(book.levers, chosen, book.table.worlds)
    return gain - friction * moved, moved


def _gain(world: World, book: Open, friction: float) -> tuple[Floats, Bools]:
    chosen, paid = best_moves(world, book, friction)
    return paid.bonus.sum(axis=0) - book.pay, chosen


def joined_blocks(blocks: Sequence[DatedPay], **curves: Floats) -> DatedPay:
    """One payee in all blocks of worlds."""
    by_world = ("due", "honest", "policy", "best", "upper", "pulled", "held_years")
    worlds = sum(len(each.honest) for each in blocks)
    whole = {name: np.concatenate([getattr(each, name) for each in blocks]) for name in by_world}
    best_gain = np.sum([each.best_gain for each in blocks], axis=0) / worlds
    bins = np.sum([each.bins for each in blocks], axis=0)
    return DatedPay(**whole, best_gain=best_gain, certified=np.empty((2, 0)), bins=bins, **curves)
