"""What a search found, put together: the content of ``search.json``."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.facts import study_facts
from sim.engine.study import Study
from sim.plan.plan import Plan
from sim.questions.search.measure import Bound, Objective
from sim.questions.search.setting import Search, Value, Vary
from sim.questions.search.summary import (
    Finalist,
    Holds,
    KeptBound,
    Moving,
    OfFront,
    OnBound,
    OnFresh,
    Purchase,
    SearchSuite,
    Trials,
    WantedMeasure,
)
from sim.searching.dear import Dear
from sim.searching.fresh import WIDE, Estimated, screened
from sim.searching.front import spread
from sim.searching.rounding import Signed
from sim.searching.settled import Tried
from sim.searching.space import Space
from sim.world.book import make_book

Floats = NDArray[np.float64]

MOST_OF_FRONT: Final = 400
"""Plans of the front that are kept in the result. [count]"""
COSTS: Final = ("cost", "vs_baseline", "cost_parts")
"""Sections whose usd the company pays."""


class Found(NamedTuple):
    """The plan as it is, and the finalists after it.

    today : measures of the plan as it is on the worlds of the search, by path.
    tried : the finalists as they were found.
    fresh : measures on fresh worlds, by path. dear: those of passes of their own.
    quality : of predictions, by path. sections : parts of the fresh worlds.
    """

    space: Space
    plans: tuple[Plan, ...]
    knee: tuple[bool, ...]
    today: Mapping[str, float]
    tried: tuple[Tried, ...]
    fresh: Mapping[str, Estimated]
    dear: Dear
    quality: Mapping[str, float]
    sections: int

    def value(self, path: str, place: int) -> float | None:
        """A measure of a plan on fresh worlds, or in a pass of its own; None where it has none."""
        value = self.fresh[path].whole[place] if path in self.fresh else self.dear.values[path][place]
        return float(value) if np.isfinite(value) else None

    def error(self, path: str, place: int) -> float:
        """Its standard error."""
        return self.fresh[path].error(place) if path in self.fresh else float(self.dear.errors[path][place])

    def error_of_gap(self, path: str, one: int, other: int) -> float:
        """Standard error of the difference of two plans; of measures of a pass of their own as if they were independent."""
        if path in self.fresh:
            return self.fresh[path].error_of_gap(one, other)
        return float(np.hypot(self.error(path, one), self.error(path, other)))


def suite_of(
    study: Study, asked: Search, tried: Sequence[Tried], complete: bool, signed: Signed, found: Found
) -> SearchSuite:
    """The result of a search."""
    objectives, space = asked.asked_objectives, found.space
    finalists, today_beaten_by, comparisons = _finalists(asked, found)
    cost = _cost(objectives)
    kept = [
        place
        for place, each in enumerate(finalists.values(), start=1)
        if not each.dropped and each.objectives
    ]
    return SearchSuite(
        study=study_facts(study, make_book(study.scenario)),
        plan=space.plan.name,
        worlds=asked.worlds or study.worlds,
        fresh_worlds=asked.fresh_worlds,
        sections=found.sections,
        seed=asked.seed,
        objectives=tuple(
            WantedMeasure(
                path=each.measure.path,
                large=each.large,
                unit=each.measure.unit,
                meaning=each.measure.meaning,
                predicted=found.quality.get(each.measure.path),
            )
            for each in objectives
        ),
        bounds=tuple(
            KeptBound(
                path=each.measure.path,
                sense=each.sense,
                limit=each.limit,
                unit=each.measure.unit,
                asked=each.text,
            )
            for each in asked.bounds
        ),
        vary={
            path: _moving(each, today)
            for (path, each), today in zip(space.vary.items(), space.today, strict=True)
        },
        trials=_trials(asked, tried, complete, signed),
        today=_objectives(objectives, found, 0),
        today_bounds={each.text: bound for each in asked.bounds if (bound := _bound(each, found, 0))},
        today_beaten_by=today_beaten_by,
        finalists=finalists,
        front=_front(signed, objectives),
        cost=cost,
        buys=() if cost is None else tuple(_buys(cost, objectives, found, [0, *kept])),
        comparisons=comparisons,
    )


def _moving(vary: Vary, today: Value | None) -> Moving:
    values = vary.values
    shown: Any = today if isinstance(today, bool | int | float | str) else None
    return Moving(today=shown, values=len(values), low=values[0], high=values[-1])


def _trials(asked: Search, tried: Sequence[Tried], complete: bool, signed: Signed) -> Trials:
    no_plan = [each for each in tried if each.why and not each.values]
    without = [each for each in tried if each.why and each.values]
    return Trials(
        combinations=asked.combinations,
        tried=len(tried),
        complete=complete,
        no_plan=len(no_plan),
        no_plan_why=no_plan[0].why if no_plan else None,
        beyond=sum(each.beyond > 0.0 and not each.why for each in tried),
        without=len(without),
        fitting=sum(each.fits for each in tried),
        front=len(signed.front),
        moved=signed.moved,
        not_signed=signed.not_signed,
    )


def _front(signed: Signed, objectives: Sequence[Objective]) -> tuple[OfFront, ...]:
    front = signed.front
    if len(front) > MOST_OF_FRONT:
        places = sorted(spread(np.array([each.worse for each in front]), MOST_OF_FRONT))
        front = tuple(front[place] for place in places)
    return tuple(
        OfFront(values=each.point, objectives=tuple(each.values[one.measure.path] for one in objectives))
        for each in front
    )


def _cost(objectives: Sequence[Objective]) -> str | None:
    """The first objective that is money the company pays."""
    paths = (each.measure for each in objectives if not each.large)
    return next((each.path for each in paths if each.section in COSTS and each.unit == "usd"), None)


def _objectives(objectives: Sequence[Objective], found: Found, place: int) -> dict[str, OnFresh]:
    """Each objective of a plan beside the plan as it is; without those that it has not."""
    entries = {}
    for each in objectives:
        path = each.measure.path
        value, today = found.value(path, place), found.value(path, 0)
        if value is None or today is None:
            continue
        before = found.today.get(path, today)
        kept = before if place == 0 else found.tried[place - 1].values[path]
        entries[path] = OnFresh(
            value=value,
            se=found.error(path, place),
            kept=kept,
            gain=each.sign * (today - value),
            gain_se=found.error_of_gap(path, 0, place),
            gain_kept=each.sign * (before - kept),
        )
    return entries


def _bound(bound: Bound, found: Found, place: int) -> OnBound | None:
    """A bound of a plan on fresh worlds; None where it has no such measure."""
    value = found.value(bound.measure.path, place)
    if value is None:
        return None
    error = found.error(bound.measure.path, place)
    ends = [bound.beyond(value + side * WIDE * error) for side in (-1.0, 0.0, 1.0)]
    verdict: Holds = "kept" if not any(ends) else "broken" if all(ends) else "undecided"
    return OnBound(value=value, se=error, verdict=verdict)


def _finalists(asked: Search, found: Found) -> tuple[dict[str, Finalist], str | None, int]:
    """Every finalist on fresh worlds, which of them beats the plan as it is, and among how many differences the chance of a
    mistake is shared.
    """
    objectives, plans = asked.asked_objectives, found.plans
    of = [_objectives(objectives, found, place) for place in range(len(plans))]
    bounds = [
        {each.text: bound for each in asked.bounds if (bound := _bound(each, found, place)) is not None}
        for place in range(len(plans))
    ]
    rivals = [
        place
        for place in range(len(plans))
        if len(of[place]) == len(objectives)
        and not any(each.verdict == "broken" for each in bounds[place].values())
        and len(bounds[place]) == len(asked.bounds)
    ]
    dear = {path: (values, found.dear.errors[path]) for path, values in found.dear.values.items()}
    result = screened(objectives, found.fresh, dear, rivals)
    names = [found.space.plan.name, *(plan.name for plan in plans[1:])]
    beaten = {
        rivals[at]: (names[rivals[rival]], tuple(objectives[each].measure.path for each in better))
        for at, (rival, better) in enumerate(zip(result.beaten_by, result.better_on, strict=True))
        if rival >= 0
    }
    finalists = {}
    for place in range(1, len(plans)):
        by, better_on = beaten.get(place, (None, ()))
        alike = None if place in beaten or place not in rivals else _alike(found, objectives, place, rivals)
        why = found.dear.why.get(place)
        finalists[names[place]] = Finalist(
            title=plans[place].title,
            knee=found.knee[place - 1],
            values=dict(zip(found.space.vary, found.tried[place - 1].point, strict=True)),
            objectives=of[place],
            bounds=bounds[place],
            beaten_by=by,
            better_on=better_on,
            like=None if alike is None else names[alike],
            dropped=place in beaten or place not in rivals,
            dear=_told(found.dear.values, place),
            dear_se=_told(found.dear.errors, place),
            not_measured={} if why is None else {"why": why},
        )
    return finalists, beaten.get(0, (None, ()))[0], result.comparisons


def _alike(found: Found, objectives: Sequence[Objective], place: int, rivals: Sequence[int]) -> int | None:
    """A plan that is as good by every objective and better by one, by its values on fresh worlds; None without any."""

    def worse(at: int) -> Floats:
        return np.array([each.sign * (found.value(each.measure.path, at) or 0.0) for each in objectives])

    mine = worse(place)
    return next(
        (at for at in rivals if at != place and (worse(at) <= mine).all() and (worse(at) < mine).any()), None
    )


def _told(values: Mapping[str, Floats], place: int) -> dict[str, float]:
    return {path: float(each[place]) for path, each in values.items() if np.isfinite(each[place])}


def _buys(cost: str, objectives: Sequence[Objective], found: Found, places: Sequence[int]) -> list[Purchase]:
    """From each plan to the next dearer one, what the money buys."""
    names = [found.space.plan.name, *(plan.name for plan in found.plans[1:])]
    known = [
        place
        for place in places
        if all(found.value(each.measure.path, place) is not None for each in objectives)
    ]
    ordered = sorted(known, key=lambda place: found.value(cost, place) or 0.0)
    others = [each for each in objectives if each.measure.path != cost]
    bought = []
    for cheaper, dearer in pairwise(ordered):

        def gap(path: str, one: int = cheaper, other: int = dearer) -> float:
            return (found.value(path, one) or 0.0) - (found.value(path, other) or 0.0)

        bought.append(
            Purchase(
                plan=names[dearer],
                over=names[cheaper],
                added=-gap(cost),
                added_se=found.error_of_gap(cost, cheaper, dearer),
                buys={each.measure.path: each.sign * gap(each.measure.path) for each in others},
                buys_se={
                    each.measure.path: found.error_of_gap(each.measure.path, cheaper, dearer)
                    for each in others
                },
            )
        )
    return bought
