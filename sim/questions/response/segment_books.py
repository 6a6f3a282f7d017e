"""The sampled books of one segment under one plan or role set, and the same books at other odds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.measure.incentive.switch import Step
from sim.measure.response.effort import TASKS
from sim.plan.role_set import Role
from sim.questions.incentive.around import earnings_at_target
from sim.questions.incentive.scene import Scene, make_scene, move_scene, sample
from sim.questions.response.crew import Crew
from sim.questions.response.effort_world import mean_days, with_log_odds
from sim.world.scenario import Scenario
from sim.world.shift import NO_SHIFT, Shifts

Floats = NDArray[np.float64]

NO_SHIFTS: Final[Shifts] = {}
SWITCHES: Final = 3_072
"""Switches worked out in each book, about: more worlds with fewer renewals in each tell more. [pair]"""
WHOLE_SWITCHES: Final = 512
"""The same where each is settled on the whole book. [pair]"""


class SegmentBooks(NamedTuple):
    """The sampled books of one segment under one plan or role set.

    segment  : its position.
    others   : segments that no CSM is of, as they come second in mixed books: whoever holds them works alike on them.
    csms     : of the books.
    roles    : who is paid on them.
    earnings : at target, of each payee of each book. [csm, role] [usd/yr]
    shifts   : of the worlds that the role set lives in.
    """

    study: Study
    scene: Scene
    segment: int
    others: tuple[int, ...]
    csms: tuple[int, ...]
    roles: tuple[Role, ...]
    worlds: int
    earnings: Floats
    shifts: Shifts
    beside: tuple[int, ...]

    @property
    def switches(self) -> int:
        """To be worked out in each book, about, as its plan needs. [pair]"""
        return WHOLE_SWITCHES if self.scene.reads else SWITCHES


def sample_books(csm_segment: NDArray[np.int64], segments: int, most: int) -> tuple[tuple[int, ...], ...]:
    """At most so many books of each segment, evenly spread. csm_segment : [csm]"""
    of_segments = [np.flatnonzero(csm_segment == segment) for segment in range(segments)]
    return tuple(tuple(csms[sample(len(csms), most)].tolist()) for csms in of_segments)


def segment_books(
    study: Study,
    crew: Crew,
    segment: int,
    sampled: Sequence[tuple[int, ...]],
    worlds: int,
    shifts: Shifts = NO_SHIFTS,
    beside: tuple[int, ...] = (),
) -> SegmentBooks:
    """The books of a segment under a plan. sampled : of every segment, see ``sample_books``; beside : the tasks beside
    renewals that are looked at.

    Where the book is drawn, only this segment's CSMs are laid out, unless the company is read: names, and so draws, stay.
    """
    scenario, csms, laws = study.scenario, sampled[segment], study.scenario.segment
    company = any("company" in role.plan.reads for role in crew.roles)
    if scenario.book.file is None and not company:
        before = sum(law.csms or 0 for law in laws[:segment])

        def alone(one: Scenario) -> Scenario:
            others = {"csms": 0}
            kept = (
                law if place == segment else law.model_copy(update=others)
                for place, law in enumerate(one.segment)
            )
            return one.with_(segment=tuple(kept))

        study = replace(study, scenario=scenario.in_each(alone))
        csms = tuple(csm - before for csm in csms)
    late, _ = mean_days(laws[segment])
    scene = make_scene(study, crew.roles, Step(late, 0.0), dict(shifts))
    agreed = (scene.world.persons.of(scene.world.book, csm) for csm in csms)
    earnings = [[earnings_at_target(role, own, scenario.calendar) for role in crew.roles] for own in agreed]
    others = tuple(place for place, chosen in enumerate(sampled) if not chosen)
    return SegmentBooks(
        study, scene, segment, others, csms, crew.roles, worlds, np.array(earnings), shifts, beside
    )


def at_log_odds(books: SegmentBooks, log_odds: Floats) -> Scene:
    """The books where the odds of each task are shifted so much. log_odds : [task]"""
    every = np.zeros((len(books.study.scenario.segment), len(TASKS)))
    every[[books.segment, *books.others]] = log_odds
    scenario, shifts, lift = with_log_odds(books.study.scenario, every)
    together = {name: shift + books.shifts.get(name, NO_SHIFT) for name, shift in shifts.items()}
    return move_scene(books.scene, replace(books.study, scenario=scenario), together, lift)
