"""The plans of a study settled under a moved scenario: the same worlds, seed and draws, other inputs."""

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.setting import Setting, prepare
from sim.engine.simulate import totals_of_each
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.frame import Frame
from sim.measure.gaming.boundary import in_a_chain
from sim.measure.gaming.gamed import Bounded, bound, bounded_plan, followed, learn_policy
from sim.measure.gaming.general.bound import most_paid
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.general import (
    TRAINING_FIRST,
    Asked,
    Whose,
    after_moves,
    asked_plan,
    learn_rule,
    moves_of,
    opened,
)
from sim.questions.gaming.measured import gaming_frame, play
from sim.questions.gaming.playing import played
from sim.questions.gaming.roles import holder_of, payees_of, world_of
from sim.questions.gaming.setting import Gaming
from sim.questions.stress.move import Change, moved_churn
from sim.world.book_source import Loss
from sim.world.scenario import Scenario
from sim.world.world import World

Floats = NDArray[np.float64]

TRAINING_WORLDS: Final = 64
"""On which a CSM's rule for dates is learnt. [world]"""
CELLS: Final = Gaming().cells


class Gains(NamedTuple):
    """What CSMs gain by choosing booking dates, between two ends. [world] [usd over the horizon]

    lower : by a rule that a CSM could follow.   upper : what no choice of dates exceeds; infinite where nothing bounds it.
    """

    lower: Floats
    upper: Floats


class Scene(NamedTuple):
    """A study whose scenario has been moved.

    changes : the moves, for what a scenario does not hold: the churn probabilities of a CRM export.
    below   : pay of a period that counts as low; None where it is not asked. [share of target]
    """

    study: Study
    changes: tuple[Change, ...] = ()
    below: float | None = None


def totals_of_scenes(
    scenes: Iterable[Scene], worlds: int, workers: Workers, progress: Callable[[], None] | None = None
) -> Generator[Totals, None, None]:
    """The totals of every scene, in order. progress : called whenever one is complete."""
    return totals_of_each((_prepared(scene) for scene in scenes), worlds, workers, progress)


def _prepared(scene: Scene) -> Setting:
    setting = prepare(scene.study)._replace(made=partial(_prepared, scene))
    if scene.changes:
        for world in {id(variant.world): variant.world for variant in setting.variants}.values():
            churn = moved_churn(world.book, scene.changes, scene.study.scenario)
            if churn is not None:
                world.give_churn(churn)
    if scene.below is None:
        return setting
    return setting._replace(
        marks=tuple(mark._replace(low=scene.below * mark.target) for mark in setting.marks)
    )


def gains_of(study: Study, worlds: int, workers: Workers) -> dict[str, Gains]:
    """What all CSMs together gain by choosing booking dates, by plan; of a role set, the payees who hold the books.

    Everybody follows a rule that a CSM could follow, learnt on other worlds: the lower end of the exposure
    (``sim.questions.gaming.measured``); beside it stands the upper one. CSMs who leave are taken as replaced at once.
    """
    plans = {role_set.name: role_set.roles[0].plan for role_set in study.sets if role_set.plain}
    able = {name: plan for name, plan in plans.items() if in_a_chain(plan)}
    found = _gains_by_chain(study, able, worlds, workers) if able else {}
    shifts, variant_of = variants_of(study)
    for role_set, variant in zip(study.sets, variant_of, strict=True):
        if role_set.name not in found:
            role, world = holder_of(role_set), world_of(study.scenario, study.seed, shifts[variant])
            asked = asked_plan(role.plan, gaming_frame(study.scenario, [role.plan]))
            payees = payees_of(role, world)
            gains = list(
                workers.in_order(gains_of_payee, (world, asked, worlds), payees, waiting=len(payees))
            )
            found[role_set.name] = Gains(*np.sum(gains, axis=0))
    return found


def gains_of_payee(shared: tuple[World, Asked, int], whose: Whose) -> Floats:
    """The gains of one payee under a plan of any components and rules. [end, world] [usd over the horizon]"""
    world, asked, worlds = shared
    rule = learn_rule(world, opened(world, whose, asked, TRAINING_FIRST, TRAINING_WORLDS))
    book = opened(world, whose, asked, 0, worlds)
    lower = after_moves(world, book, moves_of(book, rule)).bonus.sum(axis=0)
    most = most_paid(asked.plan, played(asked.plan, book.held, asked.reader, book.honest.bonus), CELLS // 2)
    return np.stack([lower - book.pay, np.maximum(most, lower) - book.pay])


def _gains_by_chain(study: Study, plans: dict[str, Plan], worlds: int, workers: Workers) -> dict[str, Gains]:
    """The same of plans that are one bonus on renewals."""
    frame = gaming_frame(study.scenario, list(plans.values()))
    bounded = [bounded_plan(plan, frame) for plan in plans.values()]
    world = World(study.scenario, study.seed)
    csms = range(len(world.book.csms))
    shared = (world, frame, bounded, worlds)
    gains = np.sum(list(workers.in_order(_gains_of_book, shared, csms)), axis=0)
    return {name: Gains(*gain) for name, gain in zip(plans, gains, strict=True)}


def _gains_of_book(shared: tuple[World, Frame, list[Bounded], int], csm: int) -> Floats:
    """The gains of one CSM. [plan, end, world] [usd over the horizon]"""
    world, frame, plans, worlds = shared
    block = play(world, csm, frame, 0, worlds)
    training = play(world, csm, frame, TRAINING_FIRST, TRAINING_WORLDS)
    gains = []
    for plan in (each.on(block.ledger) for each in plans):
        rule = learn_policy(plan, training, CELLS)
        honest = settle(plan.terms, block.ledger).bonus.sum(axis=0)
        lower = followed(plan, block, rule, CELLS).pay
        upper = np.maximum(bound(plan, block, CELLS), lower)
        gains.append(np.stack([lower - honest, upper - honest]))
    return np.stack(gains)


def accounts_that_leave(scenario: Scenario, seed: int, loss: Loss) -> tuple[str, ...]:
    """The largest accounts among those first due in the horizon, of the company or of every book.

    ARR is that at the opening of the book. The book must be the same in all worlds.
    """
    world = World(scenario, seed)
    calendar = scenario.calendar
    last_day = calendar.end
    candidates: list[list[tuple[float, str]]] = []
    for csm in range(len(world.book.csms)):
        facts, held = world.facts(csm, 0, 1), world.book.accounts_of(csm)
        inside = (facts.due_day[:, 0] >= 0) & (facts.due_day[:, 0] < last_day) & ~world.book.arrival[held]
        names = world.book.customers[held]
        due: dict[str, float] = {}
        for row in np.flatnonzero(inside).tolist():
            due[names[row]] = due.get(names[row], 0.0) + float(facts.arr[row, 0])
        candidates.append([(arr, name) for name, arr in due.items()])
    groups: Sequence[list[tuple[float, str]]] = candidates
    if loss.of == "company":
        groups = [[each for group in candidates for each in group]]
    chosen = [sorted(group, key=lambda each: (-each[0], each[1]))[: loss.largest] for group in groups]
    return tuple(name for group in chosen for _, name in group)
