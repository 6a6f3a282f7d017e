"""Reverse stress: the smallest move of one input, or of two together, that breaks the budget or a limit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import cos, pi, sin
from typing import Final, NamedTuple

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.questions.stress.entry import Outcome
from sim.questions.stress.gap import BUDGET, Gap, gaps_of
from sim.questions.stress.inputs import describes_book
from sim.questions.stress.limits import Limits
from sim.questions.stress.move import move_scenario
from sim.questions.stress.outcome import Scene, totals_of_scenes
from sim.questions.stress.ray import Part, Ray, Root, first_roots
from sim.questions.stress.setting import Range, Stress, default_range
from sim.questions.stress.summary import Break, Crossing, Nearest, Reverse, Step, Weight
from sim.questions.stress.tornado import ENDS, RESIDUE, Tornado, in_one_way, move_of, ranges_of

CANDIDATES: Final = 3
"""Inputs searched for each plan: those whose effect promises the nearest break. [count]"""
DIRECTIONS: Final = 3
"""Directions searched between two inputs, besides each alone. [count]"""
COSTS: Final = (BUDGET, "cost_p90", "prob_over_budget", "cost_rise")
"""What breaks when cost rises."""
LADDER: Final = (0.1, 0.3, 1.0)
"""Where a crossing is looked for first. [share of the reach]"""


class Search(NamedTuple):
    """Everything that evaluating a move needs. before: the scenario as it is, in the same worlds."""

    study: Study
    asked: Stress
    limits: Limits
    before: Outcome
    worlds: int
    workers: Workers
    progress: Callable[[], None] | None


def reverse(
    study: Study, found: Tornado, workers: Workers, progress: Callable[[], None] | None = None
) -> Reverse | None:
    """For every plan, the smallest move that breaks; None where there is neither a budget nor a limit to break.

    A move is measured in steps of the inputs' own ranges: one step is one end of the range, factors compound. Along each
    direction the first crossing is bracketed between a tenth, three tenths and all of the reach, and closed in on
    the same random numbers, so that the gap is a function of the move alone; its standard error there, over its slope, is
    that of the root. Of two inputs the nearest break over a fan of directions is told, by the root of the sum of squares.

    Source: stochastic root finding on common random numbers by sample averages (Chen and Schmeiser 2001, "Stochastic
    root finding via retrospective approximation", IIE Transactions 33); nearest point of a limit as a measure of
    safety (Hasofer and Lind 1974, Journal of the Engineering Mechanics Division 100).
    """
    asked, limits = study.asked(Stress) or Stress(), study.asked(Limits) or Limits()
    if asked.breaks == BUDGET and study.budget is None:
        return None
    plain, worlds = study, min(asked.reverse_worlds, study.worlds)
    below = None if limits.low_pay is None else limits.low_pay.below
    totals = next(totals_of_scenes([Scene(plain, (), below)], worlds, workers, progress))
    before = Outcome(plain, totals, None)
    search = Search(study, asked, limits, before, worlds, workers, progress)
    start = gaps_of(before, before, asked.breaks, limits)
    ranges = {each.input: each for each in ranges_of(study)}
    singles = _singles(study, found, ranges, start)
    ladder = tuple(asked.reach * part for part in LADDER)
    roots = first_roots(singles, start, ladder, lambda asks: _evaluate(search, asks))
    pairs = _pair(study, ranges, singles, roots)
    roots += first_roots(pairs, start, ladder, lambda asks: _evaluate(search, asks))
    rays = (*singles, *pairs)
    plans = {
        role_set.name: _entry(search, index, start[index], rays, roots, len(singles))
        for index, role_set in enumerate(study.sets)
    }
    searched = tuple(map(_weights, rays))
    return Reverse(worlds=worlds, breaks=asked.breaks, reach=asked.reach, searched=searched, plans=plans)


def _evaluate(search: Search, asks: list[tuple[Ray, float]]) -> list[list[Gap | None]]:
    """The gaps of every plan after each move."""
    scenes = []
    plain, limits = search.before.study, search.limits
    below = None if limits.low_pay is None else limits.low_pay.below
    for ray, distance in asks:
        changes = ray.changes(distance)
        moved = move_scenario(search.study.scenario, changes, "the reverse stress")
        scenes.append(Scene(replace(plain, scenario=moved.scenario), changes, below))
    totals = totals_of_scenes(scenes, search.worlds, search.workers, search.progress)
    return [
        gaps_of(Outcome(scene.study, total, None), search.before, search.asked.breaks, limits)
        for scene, total in zip(scenes, totals, strict=True)
    ]


def _singles(
    study: Study, found: Tornado, ranges: dict[str, Range], start: list[Gap | None]
) -> tuple[Ray, ...]:
    """Single inputs in the directions to search: those that the study names, both ways; else for each plan those that
    raise its cost most per step (or move it most, where what breaks is not cost). What describes the company's own book
    is no chance event and left out: moving it would draw another book.
    """
    asked = study.asked(Stress) or Stress()
    if asked.inputs:
        own = [ranges.get(path) or default_range(path, asked.step) for path in asked.inputs]
        return tuple(_ray(range_, sign) for range_ in own for sign in ENDS.values())
    chosen: dict[tuple[str, float], Ray] = {}
    for index, gap in enumerate(start):
        if gap is None or gap.gap >= 0.0:
            continue
        pulls = [
            (bar.effect(end, index), bar.range, sign)
            for bar in found.bars
            for end, sign in ENDS.items()
            if not describes_book(bar.range.input)
        ]
        if asked.breaks not in COSTS:
            pulls = [(abs(effect), range_, sign) for effect, range_, sign in pulls]
        best = sorted((pull for pull in pulls if pull[0] > RESIDUE), key=lambda each: -each[0])
        for _, range_, sign in best[:CANDIDATES]:
            chosen.setdefault((range_.input, sign), _ray(range_, sign))
    return tuple(chosen.values())


def _ray(range_: Range, sign: float) -> Ray:
    return Ray((Part(range_, sign),))


def _pair(
    study: Study,
    ranges: dict[str, Range],
    singles: Sequence[Ray],
    roots: list[list[Root | None]],
) -> tuple[Ray, ...]:
    """Directions between two inputs: those that the study names, every quadrant; else the two that break the baseline
    first (or, where it does not break, that break most plans), in the directions in which they do.
    """
    asked = study.asked(Stress) or Stress()
    if asked.pair is not None:
        first, second = (ranges.get(path) or default_range(path, asked.step) for path in asked.pair)
        return tuple(
            ray
            for one in ENDS.values()
            for other in ENDS.values()
            for ray in _fan(Part(first, one), Part(second, other))
        )
    base = study.baseline_index
    order = sorted(
        range(len(singles)), key=lambda at: (_nearness(roots[at][base]), -sum(map(bool, roots[at])))
    )
    parts: list[Part] = []
    for at in order:
        if any(roots[at]) and all(singles[at].parts[0].range.input != part.range.input for part in parts):
            parts.append(singles[at].parts[0])
    return _fan(*parts[:2]) if len(parts) > 1 else ()


def _nearness(root: Root | None) -> float:
    return float("inf") if root is None else root.high


def _fan(one: Part, other: Part) -> tuple[Ray, ...]:
    """Directions between two inputs, evenly spread over the right angle between them."""
    angles = [pi / 2.0 * step / (DIRECTIONS + 1) for step in range(1, DIRECTIONS + 1)]
    return tuple(
        Ray((Part(one.range, one.weight * cos(angle)), Part(other.range, other.weight * sin(angle))))
        for angle in angles
    )


def _entry(
    search: Search,
    plan: int,
    start: Gap | None,
    rays: Sequence[Ray],
    roots: list[list[Root | None]],
    singles: int,
) -> Nearest:
    """One plan: where it stands, its nearest break by one input and by two, and what else was found. [step]"""
    if start is None:
        return Nearest(status="not measured")
    if start.gap >= 0.0:
        return Nearest(gap=start.gap, gap_se=start.se, status="broken as it is")
    one, one_others = _nearest(search, plan, rays[:singles], roots[:singles])
    two, two_others = _nearest(search, plan, rays[singles:], roots[singles:])
    no_nearer = one is not None and two is not None and two.steps >= one.steps
    return Nearest(
        gap=start.gap,
        gap_se=start.se,
        one=one,
        one_others=one_others or None,
        two=None if no_nearer else two,
        two_others=two_others or None,
        two_no_nearer=two.steps if no_nearer and two is not None else None,
        status="none within reach" if one is None and two is None else "found",
    )


def _nearest(
    search: Search, plan: int, rays: Sequence[Ray], roots: Sequence[list[Root | None]]
) -> tuple[Break | None, tuple[Crossing, ...]]:
    """The nearest break among directions, and those in which the plan breaks farther away."""
    found = [(ray, root) for ray, each in zip(rays, roots, strict=True) if (root := each[plan]) is not None]
    exact = sorted((each for each in found if each[1].distance is not None), key=_distance)[:1]
    others = [each for each in sorted(found, key=lambda each: each[1].high) if each not in exact]
    nearest = _break(search, *exact[0]) if exact else None
    return nearest, tuple(
        Crossing(inputs=_weights(ray), low=root.low, high=root.high) for ray, root in others
    )


def _distance(each: tuple[Ray, Root]) -> float:
    assert each[1].distance is not None, "only exact roots are sorted"
    return each[1].distance


def _break(search: Search, ray: Ray, root: Root) -> Break:
    """The move of each input as a file would have it, and the numbers it leads from and to."""
    assert root.distance is not None, "only exact roots are told"
    changes = ray.changes(root.distance)
    moved = move_scenario(search.study.scenario, changes, "the reverse stress")
    steps = (
        Step.of(input=part.range.input, steps=part.weight * root.distance, **in_one_way(change))
        for part, change in zip(ray.parts, changes, strict=True)
    )
    return Break(
        steps=root.distance,
        steps_se=root.se,
        low=root.low,
        high=root.high,
        inputs=tuple(steps),
        moves=tuple(map(move_of, moved.effects)),
    )


def _weights(ray: Ray) -> tuple[Weight, ...]:
    return tuple(Weight(input=part.range.input, weight=part.weight) for part in ray.parts)
