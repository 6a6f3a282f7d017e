"""What more effort is worth to a CSM on each task, from switch contrasts in the worlds of the efforts in force."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.measure.incentive.certain import Worth, worth_of
from sim.measure.incentive.switch import (
    AHEAD,
    BEHIND,
    GROWN,
    KEPT,
    LOST,
    ON_DUE_DAY,
    Step,
    due_period,
    total_pay,
)
from sim.measure.response.effort import TASKS
from sim.plan.plan import Plan
from sim.plan.salary import earnings_of
from sim.questions.incentive.scene import (
    OpenBook,
    Scene,
    late_inside,
    make_scene,
    move_scene,
    open_book,
    sample,
)
from sim.questions.incentive.switched_book import Picked, pick, scene_pay
from sim.questions.response.effort_world import (
    EARLY,
    EXPAND,
    LATE,
    ON_TIME,
    SAVE,
    mean_days,
    mean_uplift,
    odds_of,
    with_effort,
)
from sim.world.scenario import Scenario

Floats = NDArray[np.float64]

SWITCHES = 3_072
"""Switches worked out in each book, about: more worlds with fewer renewals in each tell more. [pair]"""
WHOLE_SWITCHES = 512
"""The same where each is settled on the whole book. [pair]"""


class PayAtEffort(NamedTuple):
    """What effort and pay are worth to a CSM of a segment. gain : of one more log odd of each task [task] [usd/period];
    certain : pay as good as certain [usd/yr].
    """

    gain: Floats
    certain: float


class SegmentBooks(NamedTuple):
    """The sampled books of one segment under one plan.

    segment  : its position.
    others   : segments that no CSM is of, as they come second in mixed books: whoever holds them works alike on them.
    csms     : of the books.
    earnings : of each of them at target. [usd/yr]
    """

    study: Study
    scene: Scene
    segment: int
    others: tuple[int, ...]
    csms: tuple[int, ...]
    worlds: int
    earnings: tuple[float, ...]

    @property
    def switches(self) -> int:
        """To be worked out in each book, about, as its plan needs. [pair]"""
        return WHOLE_SWITCHES if self.scene.reads else SWITCHES


def sample_books(csm_segment: NDArray[np.int64], segments: int, most: int) -> tuple[tuple[int, ...], ...]:
    """At most so many books of each segment, evenly spread. csm_segment : [csm]"""
    of_segments = [np.flatnonzero(csm_segment == segment) for segment in range(segments)]
    return tuple(tuple(csms[sample(len(csms), most)].tolist()) for csms in of_segments)


def segment_books(
    study: Study, plan: Plan, segment: int, sampled: Sequence[tuple[int, ...]], worlds: int
) -> SegmentBooks:
    """The books of a segment under a plan. sampled : of every segment, see ``sample_books``.

    Where the book is drawn, only this segment's CSMs are laid out: names, and so draws, stay.
    """
    scenario, csms, laws = study.scenario, sampled[segment], study.scenario.segment
    if scenario.book.file is None:
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
    scene = make_scene(study, [plan], Step(late, 0.0))
    agreed = (scene.world.persons.of(scene.world.book, csm) for csm in csms)
    earnings = tuple(earnings_of(plan, each, scenario.calendar) for each in agreed)
    others = tuple(place for place, chosen in enumerate(sampled) if not chosen)
    return SegmentBooks(study, scene, segment, others, csms, worlds, earnings)


def pay_at_effort(
    books: SegmentBooks, strength: Floats, effort: Floats, risk_aversion: float, switches: int
) -> PayAtEffort:
    """dCE/d log odds of a CSM and period, CE being the certain pay, at an effort.

    effort, strength : [task]
    risk_aversion    : relative, over earnings at target. [1]
    switches         : worked out in each book, about. [pair]

    G = sum over renewals of p (1 - p) x E[D], D being what a switch of that outcome adds to utility; times the log odds
    of a unit of effort it is the gain of that unit.

    Source: METHOD.md, response of CSMs.
    """
    study = books.study
    every = np.ones((len(study.scenario.segment), len(TASKS)))
    every[[books.segment, *books.others]] = effort
    scenario, shifts = with_effort(study.scenario, every, strength)
    scene = move_scene(books.scene, replace(study, scenario=scenario), shifts)
    gains, certain = [], []
    for csm, earnings in zip(books.csms, books.earnings, strict=True):
        aversion = risk_aversion / earnings if earnings > 0.0 else 0.0
        book = open_book(scene, csm, 0, books.worlds)
        worth = worth_of(total_pay(scene.plans, book.ledger)[0], aversion)
        gains.append(_gains(scene, books.segment, book, pick(scene, book, switches), worth))
        certain.append(worth.certain)
    return PayAtEffort(np.mean(gains, axis=0) / scenario.periods, float(np.mean(certain)) / scene.years)


def _gains(scene: Scene, segment: int, book: OpenBook, picked: Picked, worth: Worth) -> Floats:
    """Gains over the horizon, mean over worlds, for one log odd of each task. [task] [usd]"""
    law = scene.world.scenario.segment[segment]
    odds = odds_of(law, scene.world.scenario.period_months)
    _, returning = mean_days(law)
    timed, ahead, larger = (0.0 < share < 1.0 for share in (odds.late, odds.early, odds.larger))
    arms = [LOST, KEPT, *([GROWN] if larger else [])]
    arms += [
        *([ON_DUE_DAY] if timed or ahead else []),
        *([BEHIND] if timed else []),
        *([AHEAD] if ahead else []),
    ]
    p, size, due_day = book.churn, book.kept.booked_arr, book.renewals.due_day
    growth = mean_uplift(law)
    step = scene.step._replace(expansion=growth * size[picked.pairs])
    u = _utility(scene, book, picked, worth, step, arms)
    out = np.zeros(len(TASKS))
    out[SAVE] = _total(picked, p * (1.0 - p) * size, u[KEPT] - u[LOST])
    if timed:
        inside = late_inside(scene, due_day, step.days_late)
        weight = odds.late * (1.0 - odds.late) * (1.0 - p) * size * inside
        out[ON_TIME] = _total(picked, weight, u[ON_DUE_DAY] - u[BEHIND])
    if ahead:
        inside = due_period(due_day, scene.frame.calendar) > 0
        weight = odds.early * (1.0 - odds.early) * (1.0 - p) * size * inside
        out[EARLY] = _total(picked, weight, u[AHEAD] - u[ON_DUE_DAY])
    if 0.0 < odds.returning < 1.0:
        back = _utility(scene, book, picked, worth, Step(returning, 0.0), [BEHIND])
        inside = late_inside(scene, due_day, returning)
        weight = odds.returning * (1.0 - odds.returning) * p * size * inside
        out[LATE] = _total(picked, weight, back[BEHIND] - u[LOST])
    if larger and growth > 0.0:
        weight = odds.larger * (1.0 - odds.larger) * (1.0 - p) * growth * size
        out[EXPAND] = _total(picked, weight, (u[GROWN] - u[KEPT]) / growth)
    per_world: Floats = out / size.shape[1]
    return per_world


def _utility(
    scene: Scene, book: OpenBook, picked: Picked, worth: Worth, step: Step, arms: list[int]
) -> Floats:
    """Utility of pay in some arms, per usd of the renewal; NaN in the others. [arm, pair] [usd/usd]"""
    pay = scene_pay(scene, book, step, picked.pairs, arms)[0]
    utility: Floats = np.full(pay.shape, np.nan)
    utility[arms] = worth.utility(pay[arms]) / book.kept.booked_arr[picked.pairs]
    return utility


def _total(picked: Picked, weight: Floats, per_usd: Floats) -> float:
    """Sum over all renewals of weight times what a usd is worth, from the picked ones: a ratio estimate, exact where each
    usd is worth the same.

    Source: Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
    """
    of_picked = np.broadcast_to(weight, picked.counted.shape)[picked.pairs]
    below = float(of_picked.sum())
    if below <= 0.0:
        return 0.0
    return float((of_picked * per_usd).sum()) / below * float(np.where(picked.counted, weight, 0.0).sum())
