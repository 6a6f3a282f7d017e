"""Finalists on fresh worlds: their measures with errors from parts of the worlds, and which of them another one beats."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.kept import KeptWorlds, settled
from sim.engine.pool import ALONE, Workers
from sim.measure.screening import Criterion, Screened, screen
from sim.plan.plan import Plan
from sim.questions.lint.reach import faults_of_set
from sim.questions.lint.summary import LintOfPlan
from sim.questions.search.measure import LINT, Measure, Objective
from sim.searching.settled import AT_ONCE, study_of
from sim.study.summary import some_of
from sim.summary.summary import Parts

Floats = NDArray[np.float64]

MOST_PARTS: Final = 32
TILE: Final = 64
WIDE: Final = 1.959964
"""Standard errors from a value that is known with an error to each end of its bracket, at 95 %."""


class Estimated(NamedTuple):
    """A measure of several plans on the same worlds; NaN where a plan has none.

    whole : on all worlds. [plan]
    parts : what each part of the worlds says, moved so that the mean of the parts is ``whole``. [plan, part]
    """

    whole: Floats
    parts: Floats

    def error(self, place: int) -> float:
        """Standard error of a plan's measure."""
        return _error(self.parts[place])

    def error_of_gap(self, one: int, other: int) -> float:
        """Standard error of the difference of two plans' measures, taken part by part."""
        return _error(self.parts[one] - self.parts[other])


def part_of(worlds: int) -> int:
    """Worlds of a part, so that there are enough parts for an error and each is large enough for a measure. [world]"""
    return max(TILE, -(-worlds // MOST_PARTS) // TILE * TILE)


def estimated(
    kept: KeptWorlds, plans: Sequence[Plan], measures: Sequence[Measure], workers: Workers
) -> dict[str, Estimated]:
    """Measures of plans, by path, with what each part of the worlds says; a block of the kept worlds is a part.

    Any measure of the summary has an error so, quantiles and ratios too: each part is measured alone, and the spread of the
    parts is that of the mean of so many of them.

    Source: sectioning, Asmussen and Glynn (2007), "Stochastic Simulation", section III.5; of quantiles: Nakayama (2014),
    ACM Transactions on Modeling and Computer Simulation 24(4), article 19.
    """
    cases = [kept, *(replace(kept, blocks=(block,)) for block in kept.blocks if block.worlds >= TILE)]
    tasks = [
        (case, plans[first : first + AT_ONCE]) for case in cases for first in range(0, len(plans), AT_ONCE)
    ]
    found = workers.in_order(_values, tuple(measures), tasks)
    columns = np.concatenate(list(found), axis=1).reshape(len(measures), len(cases), len(plans))
    return {
        each.path: _estimate(columns[place, 0], columns[place, 1:].T) for place, each in enumerate(measures)
    }


def _values(measures: Sequence[Measure], task: tuple[KeptWorlds, Sequence[Plan]]) -> Floats:
    """[measure, plan]"""
    kept, plans = task
    study = study_of(kept.study, plans)
    setting, totals = settled(kept, study, ALONE)
    paths = frozenset(each.path for each in measures if each.section != LINT)
    of_worlds = some_of(study, setting, totals, paths)
    out = np.full((len(measures), len(plans)), np.nan)
    for column, (plan, role_set) in enumerate(zip(plans, study.sets[1:], strict=True)):
        of_file: Parts | None = None
        for row, each in enumerate(measures):
            if each.section == LINT:
                of_file = of_file or Parts([LintOfPlan(lints=faults_of_set(study, role_set))])
                value = each.value(of_file)
            else:
                value = each.value(of_worlds[plan.name])
            out[row, column] = np.nan if value is None else value
    return out


def _estimate(whole: Floats, parts: Floats) -> Estimated:
    """Parts that say nothing are taken as the others say."""
    known = np.where(np.isnan(parts), whole[:, np.newaxis], parts)
    return Estimated(whole, known - known.mean(axis=1, keepdims=True) + whole[:, np.newaxis])


def _error(parts: Floats) -> float:
    return float(parts.std(ddof=1) / np.sqrt(len(parts))) if len(parts) > 1 else 0.0


def screened(
    objectives: Sequence[Objective],
    estimates: Mapping[str, Estimated],
    dear: Mapping[str, tuple[Floats, Floats]],
    places: Sequence[int],
) -> Screened:
    """Which of the plans at ``places`` another one of them clearly beats: it is as good by every objective and better by one
    beyond chance, in paired differences over parts of the same fresh worlds. What cannot be told apart is not beaten, so
    that the plans that none truly beats all stay, but in one search of twenty.

    dear : values and standard errors of the objectives that take a pass of their own, as brackets. [plan]

    Source: subset selection with paired differences, Nelson, Swann, Goldsman and Song (2001), Operations Research 49(6),
    over all pairs and objectives (Bonferroni); see ``sim.measure.screening``.
    """
    sections = max((each.parts.shape[1] for each in estimates.values()), default=2)
    criteria = []
    for each in objectives:
        path, better = each.measure.path, -each.sign
        if path in dear:
            value, error = (part[list(places), np.newaxis] for part in dear[path])
            ends = np.sort(better * np.stack([value - WIDE * error, value + WIDE * error]), axis=0)
            low, high = (np.repeat(end, sections, axis=1) for end in ends)
            criteria.append(Criterion(low, high))
        else:
            values = better * estimates[path].parts[list(places)]
            criteria.append(Criterion(values, values))
    return screen(criteria)
