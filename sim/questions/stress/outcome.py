"""The plans of a study settled under a moved scenario: the same worlds, seed and draws, other inputs."""

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.setting import Setting, prepare
from sim.engine.simulate import totals_of_each
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.frame import Frame
from sim.measure.gaming.boundary import refusal
from sim.measure.gaming.gamed import Bounded, bound, bounded_plan, followed, learn_policy
from sim.plan.settle import settle
from sim.questions.gaming.measured import TRAINING_FIRST, gaming_frame, play
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


def gains_of(study: Study, worlds: int, workers: Workers) -> dict[str, Gains | str]:
    """What all CSMs together gain by choosing booking dates, by plan; the sentence why where it is not measured, as for
    role sets.

    Everybody follows a rule that a CSM could follow, learnt on other worlds: the lower end of the exposure
    (``sim.questions.gaming.measured``); beside it stands the upper one. CSMs who leave are taken as replaced at once.
    """
    plans = {role_set.name: role_set.roles[0].plan for role_set in study.sets if role_set.plain}
    found: dict[str, Gains | str] = {
        role_set.name: "Exposure is measured for plan files, not for role sets."
        for role_set in study.sets
        if not role_set.plain
    }
    found |= {name: why for name, plan in plans.items() if (why := refusal(plan)) is not None}
    able = {name: plan for name, plan in plans.items() if name not in found}
    if not able:
        return found
    frame = gaming_frame(study.scenario, list(able.values()))
    bounded = [bounded_plan(plan, frame) for plan in able.values()]
    world = World(study.scenario, study.seed)
    csms = range(len(world.book.csms))
    shared = (world, frame, bounded, worlds)
    gains = np.sum(list(workers.in_order(_gains_of_book, shared, csms)), axis=0)
    return found | {name: Gains(*gain) for name, gain in zip(able, gains, strict=True)}


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
