"""Measures of a pass of their own (dates, rewards, responses, stresses): of finalists, and predicted in the search."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study, StudyTable
from sim.errors import InputError, Problem
from sim.plan.plan import Plan
from sim.questions.gaming.setting import Gaming
from sim.questions.response.setting import Response
from sim.questions.search.measure import DEAR, STRESS, Measure, measure_of
from sim.questions.search.setting import Search
from sim.questions.stress.limits import FAIL, Limits
from sim.questions.stress.setting import Stress
from sim.searching.settled import asked_of, study_of
from sim.searching.space import Point, Space

Floats = NDArray[np.float64]

BROKEN: Final = f"{STRESS}.broken"
FEWEST: Final = 8
"""Plans of which a measure must be known before it can be predicted. [count]"""
OF_TABLE: Final[Mapping[type[StudyTable], tuple[str, ...]]] = {
    Gaming: ("exposure.lower", "exposure.upper"),
    Response: ("response.net_value", "response.csm_gain"),
    Limits: (BROKEN,),
}
"""What finalists are measured by where the study has a table."""


class Dear(NamedTuple):
    """Measures of plans, by path and by place. [plan]

    values, errors : NaN where a plan has none; errors are 0 where none is told.
    why            : why a plan was not measured, by place.
    """

    values: dict[str, Floats]
    errors: dict[str, Floats]
    why: dict[int, str]


def dear_of(study: Study, search: Search) -> tuple[Measure, ...]:
    """The measures of a pass of their own: those that are asked, and of the study's own tables those that finalists have."""
    asked = [each for each in asked_of(search).measures if each.dear]
    own = [measure_of(path) for kind, paths in OF_TABLE.items() if study.asked(kind) for path in paths]
    return tuple(dict.fromkeys([*asked, *own]))


def measured(
    study: Study, plans: Sequence[Plan], measures: Sequence[Measure], worlds: int, workers: Workers
) -> Dear:
    """Measures of plans in passes of their own, on the study's first worlds; a table that the study lacks has its defaults.

    Raises: InputError as the passes do.
    """
    from sim.study.run import run

    values = {each.path: np.full(len(plans), np.nan) for each in measures}
    errors = {each.path: np.zeros(len(plans)) for each in measures}
    why: dict[int, str] = {}
    if not measures or not plans:
        return Dear(values, errors, why)
    sections = {each.section for each in measures}
    kinds = {DEAR[section] for section in sections - {STRESS}}
    bare = replace(study_of(study, plans), tables=())
    kept = [table for table in study.tables if type(table) in kinds]
    defaults = [kind() for kind in kinds if study.asked(kind) is None]
    if kinds:
        answers = run(bare.asking(*kept, *defaults), worlds=worlds, executor=workers).answers
        for place, plan in enumerate(plans):
            found = answers.plans[plan.name]
            for each in measures:
                if each.section == STRESS:
                    continue
                value = each.value(found)
                if value is None:
                    why[place] = f"{each.path} has no value"
                    continue
                values[each.path][place] = value
                error = each._replace(path=f"{each.path}_se").value(found)
                errors[each.path][place] = error or 0.0
    if STRESS in sections:
        values[BROKEN][:] = _broken(study, plans, worlds, workers)
    return Dear(values, errors, why)


def _broken(study: Study, plans: Sequence[Plan], worlds: int, workers: Workers) -> Floats:
    """Limits that each plan breaks, over all stresses and the scenario as it is. [plan] [count]"""
    from sim.study.stress import stress

    tables = [table for table in study.tables if isinstance(table, Limits | Stress)]
    bare = replace(study_of(study, plans), tables=()).asking(*tables)
    suite = stress(bare, worlds=worlds, executor=workers, with_tornado=False).suite
    counts = dict.fromkeys((plan.name for plan in plans), 0)
    for _, name, outcome in suite.measured():
        if name in counts:
            counts[name] += sum(each.verdict == FAIL for each in outcome.limits.values())
    return np.array([counts[plan.name] for plan in plans], dtype=np.float64)


class Predictor:
    """Predicts measures of a pass of their own from those of a few plans of the space.

    quality : correlation of each prediction with what was left out of it, by path. [1]

    Source: thin-plate splines (Duchon 1977), leave-one-out; surrogate-assisted search as in Jin (2011), Swarm and
    Evolutionary Computation 1(2): 61-70.
    """

    def __init__(self, space: Space, points: Sequence[Point], dear: Dear) -> None:
        self._places = [{value: place for place, value in enumerate(values)} for values in space.values]
        self._sizes = np.array([max(len(values) - 1, 1) for values in space.values], dtype=np.float64)
        at = np.array([self._at(point) for point in points])
        self._fits, self.quality = {}, dict[str, float]()
        for path, values in dear.values.items():
            known = np.isfinite(values)
            if known.sum() < max(FEWEST, at.shape[1] + 2):
                received = f"one that {int(known.sum())} of {len(points)} plans of the space have"
                fix = "Raise search.measured, or ask for another measure."
                raise InputError([Problem(path, "a measure that can be predicted", received, fix)])
            fit = _fitted(at[known], values[known])
            self._fits[path] = (fit, float(values[known].min()), float(values[known].max()))
            self.quality[path] = _left_out(at[known], values[known])

    def predict(self, point: Point) -> Mapping[str, float]:
        """Every measure at a point, within what was measured."""
        at = np.array([self._at(point)])
        return {path: float(np.clip(fit(at)[0], low, high)) for path, (fit, low, high) in self._fits.items()}

    def _at(self, point: Point) -> list[float]:
        """From 0 to 1 along each clause; numbers between two values lie between their places."""
        found = []
        for places, size, value in zip(self._places, self._sizes, point, strict=True):
            if len(places) == 1:
                continue  # a clause that cannot move tells nothing, and no plane leans on it
            place = places[value] if value in places else _between(list(places), value)
            found.append(place / size)
        return found


def _between(values: list[object], value: object) -> float:
    return float(np.interp(float(str(value)), [float(str(each)) for each in values], np.arange(len(values))))


def _fitted(at: Floats, values: Floats):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from scipy.interpolate import RBFInterpolator

    return RBFInterpolator(at, values, kernel="thin_plate_spline", smoothing=1e-3 * len(values), degree=1)


def _left_out(at: Floats, values: Floats) -> float:
    """Correlation of each value with what the others predict. [1]"""
    every = np.arange(len(values))
    told = [float(_fitted(at[every != each], values[every != each])(at[[each]])[0]) for each in every]
    if np.ptp(values) == 0.0 or np.ptp(told) == 0.0:
        return 0.0
    return float(np.corrcoef(told, values)[0, 1])


def drawn(space: Space, count: int, seed: int) -> list[Point]:
    """Points spread over the space that make plans: a Latin hypercube, without those that make none.

    Source: McKay, Beckman and Conover (1979), Technometrics 21(2): 239-245.
    """
    from scipy.stats import qmc

    values = space.values
    rows = qmc.LatinHypercube(len(values), rng=np.random.default_rng(seed)).random(2 * count)
    points = dict.fromkeys(
        tuple(each[int(at * len(each))] for each, at in zip(values, row, strict=True)) for row in rows
    )
    found = []
    for point in points:
        try:
            space.at(point, space.plan.name)
        except InputError:
            continue
        found.append(point)
    return found[:count]
