"""Tornado: every numeric input of the scenario moved to both ends of its range, one at a time, on the same draws."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from operator import or_
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.company_cost import costs_of
from sim.engine.heavy_tail import heavy_by_plan
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.errors import InputError, Problem, near_match
from sim.measure.clustered import INDEPENDENT, Clusters, centre_on
from sim.measure.estimate import Centre
from sim.questions.stress.inputs import amount_of, inputs_of
from sim.questions.stress.move import Change, Effect, move_scenario
from sim.questions.stress.outcome import Scene, totals_of_scenes
from sim.questions.stress.setting import Range, Stress, default_range
from sim.questions.stress.summary import BarEntry, BarOfPlan, Move, Reversal, TornadoEntry
from sim.world.place import UnknownInputError, places

Floats = NDArray[np.float64]
ENDS: Final = {"low": -1.0, "high": 1.0}
RESIDUE: Final = 0.01
"""Changes of a world's cost below a cent are rounding. [usd]"""


class Bar(NamedTuple):
    """One input at both ends of its range.

    effects : by end, what became of its numbers.
    change  : by end, company cost less that of the scenario as it is. [plan, world] [usd]
    heavy   : plans whose cost has no mean at an end. [plan]
    clusters: worlds that share draws of what is not known.
    """

    range: Range
    effects: dict[str, tuple[Effect, ...]]
    change: dict[str, Floats]
    heavy: tuple[bool, ...]
    clusters: Clusters = INDEPENDENT

    @property
    def moves_cost(self) -> bool:
        """Whether the cost of some plan changes by more than float64 residue."""
        return any(float(np.max(np.abs(part))) > RESIDUE for part in self.change.values())

    def effect(self, end: str, plan: int) -> float:
        """Mean change of the cost of a plan; the median one where it has no mean. [usd]"""
        return self.centre(end, plan).value

    def centre(self, end: str, plan: int) -> Centre:
        """The same with its error. [usd]"""
        return centre_on(self.change[end][plan], self.heavy[plan], self.clusters)


class Tornado(NamedTuple):
    """All inputs. cost: as the scenario is. [plan, world] [usd]

    heavy  : plans whose cost has no mean, by what their plan allows, here or at the end of some range. [plan]
    still  : inputs that are zero and have no range.
    unread : inputs that nothing reads in this scenario.
    """

    worlds: int
    cost: Floats
    heavy: tuple[bool, ...]
    bars: tuple[Bar, ...]
    still: tuple[str, ...]
    unread: tuple[str, ...]


def ranges_of(study: Study) -> tuple[Range, ...]:
    """The range of every input: stated in the study, or the same step for all.

    Raises: InputError when a stated range leads nowhere in this scenario.
    """
    asked = study.asked(Stress) or Stress()
    problems = []
    for index, each in enumerate(asked.range):
        try:
            places(study.scenario, each.input)
        except UnknownInputError as error:
            where = f"{study.path}: stress.range[{index}].input"
            fix = error.fix or near_match(each.input, inputs_of(study.scenario))
            problems.append(Problem(where, error.allowed, repr(error.received), fix))
    if problems:
        raise InputError(problems)
    stated = {each.input: each for each in asked.range}
    others = [path for path in inputs_of(study.scenario) if path not in stated]
    return (*asked.range, *(default_range(path, asked.step) for path in others))


def tornado(study: Study, workers: Workers, progress: Callable[[], None] | None = None) -> Tornado:
    """Every input at both ends of its range, all plans on the same worlds."""
    asked, scenario = study.asked(Stress) or Stress(), study.scenario
    worlds = min(asked.tornado_worlds, study.worlds)
    ranges = ranges_of(study)
    stated = {each.input for each in asked.range}
    still = [
        range_.input
        for range_ in ranges
        if range_.input not in stated and not amount_of(scenario, range_.input)
    ]
    plain, moves, unread = study, [], []
    for each in ranges:
        if each.input in still:
            continue
        ends = {
            end: move_scenario(scenario, (each.at(steps),), f"the range of {each.input}")
            for end, steps in ENDS.items()
        }
        seen = [effect for moved in ends.values() for effect in moved.effects]
        if all(effect.unused or effect.before == effect.after for effect in seen):
            unread.append(each.input)
        else:
            moves.append((each, ends))
    scenes = [Scene(plain)]
    scenes += [
        Scene(replace(plain, scenario=ends[end].scenario), (move.at(steps),))
        for move, ends in moves
        for end, steps in ENDS.items()
    ]
    with closing(totals_of_scenes(scenes, worlds, workers, progress)) as found:
        first = next(found)
        base, heavy, changes = costs_of(plain, first), heavy_by_plan(plain, first), []
        for _, ends in moves:
            change = {}
            for end in ENDS:
                there, totals = replace(plain, scenario=ends[end].scenario), next(found)
                change[end] = costs_of(there, totals) - base
                heavy = tuple(map(or_, heavy, heavy_by_plan(there, totals)))
            changes.append(change)
    bars = [
        Bar(each, {end: moved.effects for end, moved in ends.items()}, change, heavy, study.clusters)
        for (each, ends), change in zip(moves, changes, strict=True)
    ]
    return Tornado(worlds, base, heavy, tuple(bars), tuple(still), tuple(unread))


def tornado_entry(study: Study, found: Tornado) -> TornadoEntry:
    """By input, its ends and each plan's mean change of cost (``statistic`` says where it is the median one)."""
    base = study.baseline_index
    bars = sorted(found.bars, key=lambda bar: -swing(bar, base))
    moving = [bar for bar in bars if bar.moves_cost]
    return TornadoEntry(
        worlds=found.worlds,
        inputs={bar.range.input: _bar(study, bar) for bar in moving},
        reversals=tuple(reversal for bar in moving for reversal in reversals(study, found.cost, bar)),
        no_effect=(*(bar.range.input for bar in bars if bar not in moving), *found.unread),
        zero=found.still,
    )


def reversals(study: Study, cost: Floats, bar: Bar) -> list[Reversal]:
    """Plans that are clearly dearer than the baseline as the scenario is and clearly cheaper at an end of the range, or the
    other way round; clearly by the paired 95 % interval. [usd]
    """
    base, found = study.baseline_index, []
    for index, role_set in enumerate(study.sets):
        by_median = bar.heavy[index] or bar.heavy[base]
        before = centre_on(cost[index] - cost[base], by_median, study.clusters)
        for end in ENDS:
            gap = cost[index] - cost[base] + bar.change[end][index] - bar.change[end][base]
            after = centre_on(gap, by_median, study.clusters)
            if before.sign * after.sign < 0:
                sums = {"from": before.value} | after.with_se("to")
                found.append(Reversal.of(plan=role_set.name, input=bar.range.input, end=end, **sums))
    return found


def swing(bar: Bar, plan: int) -> float:
    """The larger of the two changes. [usd]"""
    return max(abs(bar.effect(end, plan)) for end in ENDS)


def _bar(study: Study, bar: Bar) -> BarEntry:
    moves = {f"moves_{end}": [move_of(effect) for effect in effects] for end, effects in bar.effects.items()}
    plans = {role_set.name: _bar_of_plan(bar, index) for index, role_set in enumerate(study.sets)}
    return BarEntry.of(**in_one_way(bar.range), source=bar.range.source, **moves, plans=plans)


def _bar_of_plan(bar: Bar, plan: int) -> BarOfPlan:
    statistic = "median" if bar.heavy[plan] else None
    low, high = (bar.centre(end, plan).with_se(end) for end in ENDS)
    return BarOfPlan.of(statistic=statistic, **low, **high)


def move_of(effect: Effect) -> Move:
    """What became of one number."""
    sums = {"input": effect.path, "from": effect.before, "to": effect.after}
    return Move.of(**sums, held=effect.held or None, unused=effect.unused or None)


def in_one_way(range_or_move: Range | Change) -> dict[str, float | tuple[float, float]]:
    """The ends of a range, or a move, as its file has it."""
    ways = {name: getattr(range_or_move, name) for name in ("times", "odds", "add")}
    return {name: value for name, value in ways.items() if value is not None}
