"""Every plan of a study under every stress, on the same random numbers, held against the limits."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.errors import InputError, Problem, near_match
from sim.questions.stress.case import BASE, Case, shipped_cases
from sim.questions.stress.entry import Outcome, entry_of
from sim.questions.stress.limits import Limits
from sim.questions.stress.move import Effect, move_scenario
from sim.questions.stress.outcome import (
    Gains,
    Scene,
    accounts_that_leave,
    gains_of,
    totals_of_scenes,
)
from sim.questions.stress.setting import Stress
from sim.questions.stress.summary import PlanOutcome, Stressed
from sim.questions.stress.tornado import move_of
from sim.world.book import make_book

NOTHING: Final = "Nothing of it is there to move in this scenario."
CRM_ODDS: Final = (
    "Choosing dates is not measured together with moves of churn where a CRM export gives the probabilities."
)


class Prepared(NamedTuple):
    """A stress on this scenario. why_not: the sentence why it cannot be asked; then the scene is None."""

    case: Case
    scene: Scene | None
    effects: tuple[Effect, ...]
    left: tuple[str, ...]
    why_not: str = ""


def cases_of(study: Study, only: tuple[str, ...] = ()) -> tuple[Case, ...]:
    """The stresses of a study: the shipped ones it asks for, then those of its own files.

    Raises: InputError when ``only`` names one that it does not have.
    """
    asked = study.asked(Stress) or Stress()
    found = (*shipped_cases(asked.cases), *asked.loaded)
    names = [each.name for each in found]
    strangers = [name for name in only if name not in names]
    if strangers:
        raise InputError(
            [Problem("--only", f"one of {names}", repr(name), near_match(name, names)) for name in strangers]
        )
    return tuple(each for each in found if not only or each.name in only)


def prepared(study: Study, case: Case) -> Prepared:
    """The study's scenario under a stress.

    Raises: InputError when a path of the stress leads nowhere in this scenario.
    """
    scenario, plain = study.scenario, study
    moved = move_scenario(scenario, case.change, case.where)
    left: tuple[str, ...] = ()
    loses = case.lose is not None
    if case.lose is not None and scenario.book.drawn_anew:
        book = moved.scenario.book.model_copy(update={"lose": case.lose})
        moved = moved._replace(scenario=moved.scenario.with_(book=book))
    elif case.lose is not None:
        left = accounts_that_leave(scenario, study.seed, case.lose)
        book = moved.scenario.book.model_copy(update={"leaves": (*scenario.book.leaves, *left)})
        moved = moved._replace(scenario=moved.scenario.with_(book=book))
    used = [effect for effect in moved.effects if effect.before != effect.after and not effect.unused]
    if case.change and not used and not loses and (case.csms_game is None or not _movable(study)):
        return Prepared(case, None, moved.effects, left, NOTHING)
    moves_churn = any(each.path.endswith("churn.probability") for each in used)
    if case.csms_game is not None and moves_churn and "churn_probability" in make_book(scenario).given:
        return Prepared(case, None, moved.effects, left, CRM_ODDS)
    limits = study.asked(Limits) or Limits()
    below = None if limits.low_pay is None else limits.low_pay.below
    return Prepared(
        case, Scene(replace(plain, scenario=moved.scenario), case.change, below), moved.effects, left
    )


def _movable(study: Study) -> bool:
    return any(segment.movable.ready_early or segment.movable.holdable for segment in study.scenario.segment)


def stressed(
    study: Study,
    cases: tuple[Case, ...],
    workers: Workers,
    progress: Callable[[], None] | None = None,
) -> dict[str, Stressed]:
    """By name of the stress, the scenario as it is first: what moved, and each plan's cost, its change and its limits."""
    asked, limits = study.asked(Stress) or Stress(), study.asked(Limits) or Limits()
    worlds = min(asked.worlds or study.worlds, study.worlds)
    ready = [prepared(study, case) for case in cases]
    below = None if limits.low_pay is None else limits.low_pay.below
    scenes = [Scene(study, (), below), *(each.scene for each in ready if each.scene is not None)]
    with closing(totals_of_scenes(scenes, worlds, workers, progress)) as totals:
        base = Outcome(scenes[0].study, next(totals), None)
        suite = {BASE: Stressed(title="The scenario as it is", plans=_plans(base, base, limits))}
        for each in ready:
            plans = None
            if each.scene is not None:
                gains = _gains(each.case, each.scene.study, min(asked.gaming_worlds, worlds), workers)
                plans = _plans(Outcome(each.scene.study, next(totals), gains), base, limits)
            suite[each.case.name] = _stressed(each, plans)
    return suite


def _gains(case: Case, study: Study, worlds: int, workers: Workers) -> dict[str, Gains] | None:
    """What the CSMs who choose booking dates gain; None where nobody does."""
    if case.csms_game is None:
        return None
    found = gains_of(study, worlds, workers)
    part = case.csms_game  # nothing of no bound is nothing
    return {
        name: Gains(part * gain.lower, part * gain.upper if part > 0.0 else np.zeros_like(gain.upper))
        for name, gain in found.items()
    }


def _plans(now: Outcome, before: Outcome, limits: Limits) -> dict[str, PlanOutcome]:
    return {
        role_set.name: entry_of(now, before, index, limits) for index, role_set in enumerate(now.study.sets)
    }


def _stressed(stress: Prepared, plans: dict[str, PlanOutcome] | None) -> Stressed:
    """What moved, number by number, who left, and what that does to the plans."""
    case = stress.case
    return Stressed(
        title=case.title,
        why=case.why,
        source=case.source,
        moves=tuple(map(move_of, stress.effects)),
        leave=stress.left or None,
        leave_in_each_world=None if stress.left else case.lose,
        csms_game=case.csms_game,
        not_measured=stress.why_not or None,
        plans=plans,
    )
