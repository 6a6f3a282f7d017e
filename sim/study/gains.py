"""What one more unit of effort gains a CSM on each task, from switch contrasts in the worlds of the efforts in force."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.incentive.switch import (
    AHEAD,
    BEHIND,
    GROWN,
    KEPT,
    LOST,
    ON_DUE_DAY,
    Kept,
    Step,
    due_period,
    switch_pay,
)
from sim.measure.response.effort import TASKS
from sim.plan.plan import Plan
from sim.records import NEVER, Renewals
from sim.study.effort_world import EARLY, EXPAND, LATE, ON_TIME, SAVE, mean_days, odds_of, with_effort
from sim.study.study import Study
from sim.study.switch_scene import Scene, churn_odds, make_scene, open_book

Floats = NDArray[np.float64]

EXPANSION = 10_000.0
"""Size of the deal that tells what growth pays. [usd]"""


class Sample(NamedTuple):
    """The books of each segment that effort is worked out on, and in how many worlds."""

    books: tuple[tuple[int, ...], ...]
    worlds: int


def sample_books(csm_segment: NDArray[np.int64], segments: int, most: int) -> tuple[tuple[int, ...], ...]:
    """At most so many books of each segment, evenly spread. csm_segment : [csm]"""
    chosen = []
    for each in range(segments):
        books = np.flatnonzero(csm_segment == each)
        count = min(len(books), most)
        places = [(2 * position + 1) * len(books) // (2 * count) for position in range(count)]
        chosen.append(tuple(int(books[place]) for place in places))
    return tuple(chosen)


def gains(study: Study, plan: Plan, sample: Sample, strength: float, effort: Floats) -> Floats:
    """dE[pay]/d effort of a CSM and period, by segment. effort : [segment, task] -> [segment, task] [usd/period]

    G = sum over renewals of strength x p (1 - p) x E[D], D being what a switch of that outcome pays.

    Source: METHOD.md, response of CSMs.
    """
    scenario, shifts = with_effort(study.scenario, effort, strength)
    shifted = replace(study, scenario=scenario)
    found = np.zeros((len(scenario.segment), len(TASKS)))
    scene = make_scene(shifted, [plan], Step(1, EXPANSION), shifts)
    for index, books in enumerate(sample.books):
        if not books:
            continue
        late, returning = mean_days(scenario.segment[index])
        scene = scene._replace(step=Step(late, EXPANSION))
        total = sum(_book_gain(scene, index, csm, sample.worlds, returning) for csm in books)
        found[index] = strength * total / (len(books) * scenario.periods)
    return found


def segment_churn(study: Study, plan: Plan, sample: Sample) -> tuple[Floats, Floats]:
    """Mean odds of churn and ARR due in the sampled books of each segment. [segment] [share], [usd/yr]"""
    scene = make_scene(study, [plan], Step(30, EXPANSION))
    churn, arr = np.zeros(len(sample.books)), np.zeros(len(sample.books))
    held = np.bincount(_segments(scene), minlength=len(sample.books))
    for index, books in enumerate(sample.books):
        for csm in books:
            renewals, _, _ = open_book(scene, csm, 0, sample.worlds)
            p = churn_odds(scene, csm, 0, sample.worlds, renewals)
            arr[index] += float(renewals.arr.sum())
            churn[index] += float((p * renewals.arr).sum())
        if books:
            churn[index] /= max(arr[index], 1e-300)
            arr[index] *= held[index] / len(books)
    return churn, arr


def _segments(scene: Scene) -> NDArray[np.int64]:
    book = scene.world.book
    return book.segment[book.csm_start[:-1]]


def _book_gain(scene: Scene, segment: int, csm: int, worlds: int, returning: int) -> Floats:
    """Gains of one book over the horizon, mean over worlds, before the strength. [task] [usd]"""
    renewals, kept, ledger = open_book(scene, csm, 0, worlds)
    p = churn_odds(scene, csm, 0, worlds, renewals)
    law = scene.world.scenario.segment[segment]
    odds = odds_of(law, scene.world.scenario.period_months)
    settle = (renewals, kept, ledger, scene.frame, scene.dates, scene.plans)
    pay = switch_pay(*settle, scene.step).pay[0]
    counted = _counted(scene, renewals, kept)
    out = np.zeros(len(TASKS))
    saved = pay[KEPT] - pay[LOST]
    out[SAVE] = np.where(counted, p * (1.0 - p) * saved, 0.0).sum()
    if 0.0 < odds.late < 1.0:
        inside = counted & _inside(scene, renewals, scene.step.days_late)
        contrast = (1.0 - p) * (pay[ON_DUE_DAY] - pay[BEHIND])
        out[ON_TIME] = odds.late * (1.0 - odds.late) * np.where(inside, contrast, 0.0).sum()
    if 0.0 < odds.early < 1.0:
        inside = counted & (due_period(renewals.due_day, scene.frame.calendar) > 0)
        contrast = (1.0 - p) * (pay[AHEAD] - pay[ON_DUE_DAY])
        out[EARLY] = odds.early * (1.0 - odds.early) * np.where(inside, contrast, 0.0).sum()
    if 0.0 < odds.returning < 1.0:
        back = switch_pay(*settle, Step(returning, EXPANSION), (BEHIND,)).pay[0, BEHIND]
        inside = counted & _inside(scene, renewals, returning)
        contrast = p * (back - pay[LOST])
        out[LATE] = odds.returning * (1.0 - odds.returning) * np.where(inside, contrast, 0.0).sum()
    uplift = np.maximum(kept.booked_arr - renewals.arr, 0.0)
    grown = (1.0 - p) * uplift * (pay[GROWN] - pay[KEPT]) / scene.step.expansion
    out[EXPAND] = (1.0 - odds.larger) * np.where(counted, grown, 0.0).sum()
    return out / worlds


def _counted(scene: Scene, renewals: Renewals, kept: Kept) -> NDArray[np.bool_]:
    """Due and, when kept, booked inside the horizon. [renewal, world]"""
    calendar = scene.frame.calendar
    last_day = int(calendar.bounds[calendar.lead + calendar.periods])
    inside = (kept.booked_day >= 0) & (kept.booked_day < last_day)
    return np.asarray((due_period(renewals.due_day, calendar) >= 0) & inside & (renewals.arr > 0.0))


def _inside(scene: Scene, renewals: Renewals, days: int) -> NDArray[np.bool_]:
    """Whether a booking so many days late falls inside the horizon. [renewal, world]"""
    calendar = scene.frame.calendar
    last_day = int(calendar.bounds[calendar.lead + calendar.periods])
    return np.asarray(np.minimum(renewals.due_day, NEVER - days) + days < last_day)
