"""What every choice of booking dates is paid, over the books and worlds of a study."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import ALONE, Workers
from sim.engine.setting import days_ahead, frame_of
from sim.frame import Frame
from sim.measure.gaming.boundary import in_a_chain
from sim.measure.gaming.certify import Certificate, certify
from sim.measure.gaming.futures import Play
from sim.measure.gaming.gamed import (
    Block,
    Bounded,
    Gamed,
    block_of,
    bound,
    bounded_plan,
    clairvoyant,
    followed,
    learn_policy,
    moved_arr,
    value_of,
)
from sim.measure.gaming.moves import Moves
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.dated import DatedPay, bins_of, frictions_of, stacked
from sim.questions.gaming.general import TRAINING_FIRST, Asked, Whose, asked_plan, expose_payee
from sim.questions.gaming.redrawn import draw_play
from sim.questions.gaming.setting import Gaming
from sim.world.movable import draw_movable
from sim.world.scenario import Scenario
from sim.world.world import World

Floats = NDArray[np.float64]
CERTIFY_FIRST: Final = 3 << 30
"""The first world on which the upper end is certified; the worlds of its fresh draws follow."""
LONGEST_PERIOD: Final = 366
"""No booking is moved by more. [day]"""
DAYS_PER_YEAR: Final = 365.25


def gaming_frame(scenario: Scenario, plans: Sequence[Plan]) -> Frame:
    """The cells that tell apart every plan, with room for a booking moved by one period."""
    return frame_of(scenario, plans, days_ahead(scenario) + LONGEST_PERIOD)


def expose(
    scenario: Scenario, seed: int, plans: Iterable[Plan], gaming: Gaming, worlds: int, workers: Workers
) -> dict[str, DatedPay]:
    """The exposure of every plan by its name.

    worlds : of the study; no more are measured.
    """
    asked = {plan.name: plan for plan in plans}
    chained = [plan for plan in asked.values() if in_a_chain(plan)]
    setting, world = gaming.model_copy(update={"worlds": min(gaming.worlds, worlds)}), World(scenario, seed)
    found = _by_chain(world, chained, setting, workers) if chained else {}
    whose = [Whose((csm,)) for csm in range(len(world.book.csms))]
    for name, plan in asked.items():
        if name not in found:
            found[name] = expose_payees(world, whose, plan, setting, workers)
    return {name: found[name] for name in asked}


class _Payees(NamedTuple):
    """What every payee of a pass needs."""

    world: World
    asked: Asked
    gaming: Gaming


def expose_payees(
    world: World, payees: Sequence[Whose], plan: Plan, gaming: Gaming, workers: Workers
) -> DatedPay:
    """The exposure of the payees of one plan, of any components and rules."""
    shared = _Payees(world, asked_plan(plan, gaming_frame(world.scenario, [plan])), gaming)
    return stacked(tuple(workers.in_order(_expose_payee, shared, payees, waiting=len(payees))))


def _expose_payee(shared: _Payees, whose: Whose) -> DatedPay:
    return expose_payee(shared.world, whose, shared.asked, shared.gaming)


def _by_chain(world: World, plans: list[Plan], gaming: Gaming, workers: Workers) -> dict[str, DatedPay]:
    """The exposure of plans that are one bonus on renewals, by their names."""
    frame = gaming_frame(world.scenario, plans)
    bounded = [bounded_plan(plan, frame) for plan in plans]
    csms = range(len(world.book.csms))
    side_by_side = len(csms) < workers.count  # few books: their plans side by side
    of_book, of_plan = (ALONE, workers) if side_by_side else (workers, ALONE)
    shared = _Pass(world, frame, bounded, gaming, of_plan)
    books = list(of_book.in_order(_expose_book, shared, csms, waiting=len(csms)))
    return {
        plan.name: stacked(exposures) for plan, exposures in zip(plans, zip(*books, strict=True), strict=True)
    }


def play(world: World, csm: int, frame: Frame, first: int, worlds: int, scale: float = 1.0) -> Block:
    """One book in a block of worlds, ready to be gamed."""
    renewals, _ = world.simulate(csm, first, worlds)
    movable = draw_movable(world, csm, renewals, first, scale)
    return block_of(frame, renewals, *movable, world.persons.of(world.book, csm))


def expose_book(
    world: World,
    csm: int,
    frame: Frame,
    plans: list[Bounded],
    gaming: Gaming,
    workers: Workers = ALONE,
) -> list[DatedPay]:
    """The exposure of every plan on one book, so many of them side by side."""
    block = play(world, csm, frame, 0, gaming.worlds)
    training = play(world, csm, frame, TRAINING_FIRST, gaming.training_worlds)
    few = min(gaming.curve_worlds, gaming.worlds)
    scaled = [play(world, csm, frame, 0, few, scale) for scale in gaming.movable]
    small = play(world, csm, frame, 0, few)
    play_again = None
    if gaming.certify:
        counts = (gaming.certify_worlds, gaming.certify_samples)
        play_again = draw_play(world, csm, frame, CERTIFY_FIRST, *counts)

    played = _Played(block, training, small, scaled, play_again, gaming)
    return list(workers.in_order(_expose, played, plans, waiting=len(plans)))


class _Pass(NamedTuple):
    """What every book of a pass needs. workers : on whom its plans are measured side by side."""

    world: World
    frame: Frame
    plans: list[Bounded]
    gaming: Gaming
    workers: Workers


def _expose_book(shared: _Pass, csm: int) -> list[DatedPay]:
    return expose_book(shared.world, csm, *shared[1:])


class _Played(NamedTuple):
    """One book as every plan needs it. small, scaled : few worlds, as they are and at each factor of movability."""

    block: Block
    training: Block
    small: Block
    scaled: list[Block]
    again: Play | None
    gaming: Gaming


def _expose(played: _Played, plan: Bounded) -> DatedPay:
    block, training, small, scaled, again, gaming = played
    bounded = plan.on(block.ledger)
    honest, cells = settle(bounded.terms, block.ledger), gaming.cells
    rule = learn_policy(bounded, training, cells)
    policy = followed(bounded, block, rule, cells)
    certified = (
        certify(bounded, again, training, rule, cells) if again else Certificate(np.empty(0), np.empty(0))
    )
    best = clairvoyant(bounded, block, honest.bonus, cells)
    pay = honest.bonus.sum(axis=0)
    better = np.maximum(best.pay, policy.pay)
    upper = np.maximum(bound(bounded, block, cells), better)
    curve = [_with_friction(bounded, small, cells, each) for each in frictions_of(gaming)]
    return DatedPay(
        due=value_of(bounded, block),
        honest=pay,
        policy=policy.pay,
        best=better,
        upper=upper,
        pulled=moved_arr(block, policy.chosen & (block.moves.days < 0)),
        held_years=moved_arr(block, policy.chosen, _lapse),
        best_gain=(best.statement.bonus - honest.bonus).mean(axis=1),
        friction_gain=np.array([gain for gain, _ in curve]),
        friction_moved=np.array([moved for _, moved in curve]),
        movable_gain=np.array([_gain(bounded, each, cells, 0.0)[0] for each in scaled]).reshape(
            len(scaled), len(small.moves.start)
        ),
        certified=np.stack(certified),
        bins=np.stack([bins_of(honest), bins_of(best.statement)]),
    )


def _with_friction(bounded: Bounded, block: Block, cells: int, friction: float) -> tuple[Floats, Floats]:
    """Net gain and amount moved at a friction. [world] [usd]"""
    gain, gamed = _gain(bounded, block, cells, friction)
    moved = moved_arr(block, gamed.chosen)
    return gain - friction * moved, moved


def _gain(bounded: Bounded, block: Block, cells: int, friction: float) -> tuple[Floats, Gamed]:
    honest = settle(bounded.terms, block.ledger).bonus
    gamed = clairvoyant(bounded, block, honest, cells, friction)
    return gamed.pay - honest.sum(axis=0), gamed


def _lapse(moves: Moves) -> Floats:
    """ARR times the years a held booking is late. [item] [usd yr]"""
    years: Floats = np.maximum(moves.days, 0) / DAYS_PER_YEAR
    return moves.amount * years
