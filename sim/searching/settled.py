"""Plans of a search, settled on kept worlds: what each is by what is asked, and how far it is beyond what must be kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sim.engine.kept import KeptWorlds, set_of, settled
from sim.engine.pool import ALONE, Workers
from sim.engine.study import Study
from sim.errors import InputError
from sim.plan.plan import Plan
from sim.questions.lint.reach import faults_of_set
from sim.questions.lint.summary import LintOfPlan
from sim.questions.search.measure import LINT, Bound, Measure, Objective
from sim.questions.search.setting import Search
from sim.searching.space import Point, Space
from sim.study.summary import some_of
from sim.summary.summary import Parts

AT_ONCE: Final = 24
"""Plans that one thread settles together: they share what they read of a book. [count]"""
LONG: Final = 4_096
"""Worlds from which calls are long enough for threads to gain. Measured: on 1,024 worlds of 42 books two threads, which take
turns at what is Python, settle a plan in 15.5 ms and one in 12.1. [world]"""
IMPOSSIBLE: Final = 1e9
"""How far a point is beyond its bounds that makes no plan, or has no such measure. [1]"""


class Tried(NamedTuple):
    """A point of the space and what was found there.

    values : of each measure that is asked, by path; without those that were not taken.
    worse  : each objective, less being better; None where one has no value.
    beyond : how far beyond all bounds together, of each limit; 0 where all are kept. [1]
    why    : where the point makes no plan, or has no such measure.
    """

    point: Point
    values: Mapping[str, float]
    worse: tuple[float, ...] | None
    beyond: float
    why: str

    @property
    def fits(self) -> bool:
        """Whether all bounds are kept, and every objective has a value."""
        return self.beyond == 0.0 and self.worse is not None


class Asked(NamedTuple):
    """What a search asks of every plan."""

    objectives: tuple[Objective, ...]
    bounds: tuple[Bound, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure that is asked, once."""
        of_bounds = [each.measure for each in self.bounds]
        return tuple(dict.fromkeys([*(each.measure for each in self.objectives), *of_bounds]))


def asked_of(search: Search) -> Asked:
    """What a study's table asks of every plan."""
    return Asked(search.asked_objectives, search.bounds)


class Evaluator:
    """Settles the points of a space on kept worlds, each once; no result depends on the number of threads.

    predict : the measures that take a pass of their own, from the values of a point.
    """

    def __init__(
        self,
        kept: KeptWorlds,
        space: Space,
        asked: Asked,
        workers: Workers,
        predict: Callable[[Point], Mapping[str, float]] | None = None,
    ) -> None:
        self.space = space
        self.asked = asked
        self.tried: dict[Point, Tried] = {}
        self._kept = kept
        self._workers = ALONE if kept.worlds < LONG and workers.take_turns else workers
        self._predict = predict
        cheap = [each for each in asked.measures if not each.dear]
        self._of_file = [each for each in cheap if each.section == LINT]
        self._of_worlds = [each for each in cheap if each.section != LINT]
        self._paths = frozenset(each.path for each in self._of_worlds)

    def evaluate(self, points: Sequence[Point]) -> list[Tried]:
        """What is found at each point, in order; points that were tried before cost nothing."""
        new = [point for point in dict.fromkeys(points) if point not in self.tried]
        plans: dict[Point, Plan] = {}
        known: dict[Point, dict[str, float]] = {}
        for place, point in enumerate(new):
            try:
                plan = self.space.at(point, f"{self.space.plan.name} {place + 1}")
            except InputError as error:
                self.tried[point] = Tried(point, {}, None, IMPOSSIBLE, str(error.problems[0]))
                continue
            known[point] = self._before_settling(plan, point)
            if self._beyond(known[point]) > 0.0:
                self.tried[point] = self._found(point, known[point])
            else:
                plans[point] = plan
        waiting = list(plans)
        chunks = [waiting[first : first + AT_ONCE] for first in range(0, len(waiting), AT_ONCE)]
        tasks = ([plans[each] for each in chunk] for chunk in chunks)
        settle = self._workers.in_order(_settled, (self._kept, self._paths), tasks)
        for chunk, answers in zip(chunks, settle, strict=True):
            for point, answer in zip(chunk, answers, strict=True):
                self.tried[point] = self._found(point, known[point] | self._read(answer))
        return [self.tried[point] for point in points]

    def _before_settling(self, plan: Plan, point: Point) -> dict[str, float]:
        """What is known of a plan without any world."""
        found = {} if self._predict is None else dict(self._predict(point))
        if self._of_file:
            study = self._kept.study
            faults = Parts([LintOfPlan(lints=faults_of_set(study, set_of(plan, study)))])
            found |= {each.path: each.value(faults) or 0.0 for each in self._of_file}
        return found

    def _read(self, plan: Parts) -> dict[str, float]:
        values = {each.path: each.value(plan) for each in self._of_worlds}
        return {path: value for path, value in values.items() if value is not None}

    def _beyond(self, values: Mapping[str, float]) -> float:
        """How far what is known is beyond the bounds. [1]"""
        of = ((bound, values.get(bound.measure.path)) for bound in self.asked.bounds)
        return sum(bound.beyond(value) for bound, value in of if value is not None)

    def _found(self, point: Point, values: Mapping[str, float]) -> Tried:
        beyond = self._beyond(values)
        lacking = [each.path for each in self.asked.measures if each.path not in values]
        if lacking and beyond == 0.0:
            return Tried(point, values, None, IMPOSSIBLE, f"{lacking[0]} has no value")
        worse = tuple(
            each.sign * values[each.measure.path]
            for each in self.asked.objectives
            if each.measure.path in values
        )
        whole = worse if len(worse) == len(self.asked.objectives) else None
        return Tried(point, values, whole, beyond, "")


def _settled(shared: tuple[KeptWorlds, frozenset[str]], plans: Sequence[Plan]) -> list[Parts]:
    """What kept worlds say of plans at some paths."""
    kept, paths = shared
    if not paths:
        return [Parts(()) for _ in plans]
    study = study_of(kept.study, plans)
    setting, totals = settled(kept, study, ALONE)
    found = some_of(study, setting, totals, paths)
    return [found[plan.name] for plan in plans]


def study_of(study: Study, plans: Sequence[Plan]) -> Study:
    """The study with its baseline and these plans in the place of its own."""
    baseline = study.sets[study.baseline_index]
    return replace(study, sets=(baseline, *(set_of(plan, study) for plan in plans)))


def values_of_today(kept: KeptWorlds, plan: Plan, measures: Sequence[Measure]) -> dict[str, float]:
    """Measures of one plan on kept worlds, by path; without those that it has not."""
    study = study_of(kept.study, [plan])
    setting, totals = settled(kept, study, ALONE)
    paths = frozenset(each.path for each in measures)
    found = some_of(study, setting, totals, paths | {"lints"})[plan.name]
    values = {each.path: each.value(found) for each in measures}
    return {path: value for path, value in values.items() if value is not None}
