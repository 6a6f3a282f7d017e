"""What more effort is worth to a CSM on each task, from switch contrasts in the worlds of the efforts in force."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
)
from sim.measure.response.effort import TASKS
from sim.questions.incentive.scene import (
    OpenBook,
    Scene,
    late_inside,
    open_book,
    total_paid,
    whole_book,
)
from sim.questions.incentive.switched_book import Picked, pick, scene_pay
from sim.questions.response.effort_world import (
    EARLY,
    EXPAND,
    GROW,
    LATE,
    ON_TIME,
    SAVE,
    mean_days,
    mean_uplift,
    odds_of,
)
from sim.questions.response.segment_books import SegmentBooks, at_log_odds

Floats = NDArray[np.float64]

STEP: Final = 0.25
"""Log odds by which tasks beside renewals are moved, up and down, to see what they gain."""
PARTS: Final = 10
"""Parts of the worlds, each left out once, for the error of what effort gains. [count]"""


class PayAtEffort(NamedTuple):
    """What effort and pay are worth to the payees of a segment's books.

    gain     : of one more log odd of each task. [role, task] [usd/period]
    without  : the same with each part of the worlds left out. [part, role, task] [usd/period]
    paid     : what one more log odd adds to expected pay. [role, task] [usd/period]
    arr      : ARR that one more log odd moves: kept, on time, early, back or larger. [task] [usd/period]
    certain  : pay as good as certain. [role] [usd/yr]
    """

    gain: Floats
    without: Floats
    paid: Floats
    arr: Floats
    certain: Floats


class Total(NamedTuple):
    """One task over the horizon, mean over worlds, for one log odd.

    gain    : of utility. [role] [usd]
    without : the same with each part of the worlds left out. [part, role] [usd]
    paid    : of pay. [role] [usd]
    arr     : ARR that it moves. [usd]
    """

    gain: Floats
    without: Floats
    paid: Floats
    arr: float


def pay_at_effort(
    books: SegmentBooks, strength: Floats, effort: Floats, risk_aversion: float, switches: int
) -> PayAtEffort:
    """dCE/d log odds of each payee and period, CE being the certain pay, at an effort.

    effort, strength : [task]
    risk_aversion    : relative, over earnings at target. [1]
    switches         : worked out in each book, about. [pair]

    G = sum over renewals of p (1 - p) x E[D], D being what a switch of that outcome adds to utility; times the log odds
    of a unit of effort it is the gain of that unit. Of tasks that change no single renewal G is a central difference of
    utility over worlds on the same draws.

    Source: METHOD.md, response of CSMs.
    """
    log_odds = strength * (effort - 1.0)
    scene, roles = at_log_odds(books, log_odds), len(books.scene.plans)
    parts = min(PARTS, books.worlds)
    shapes = ((roles, len(TASKS)), (parts, roles, len(TASKS)), (roles, len(TASKS)), (len(TASKS),))
    sums, certain = [np.zeros(shape) for shape in shapes], []
    for csm, of_payees in zip(books.csms, books.earnings, strict=True):
        book = open_book(scene, csm, 0, books.worlds)
        paid = total_paid(scene, book.beside, book.ledger)
        worths = [
            worth_of(own, risk_aversion / earnings if earnings > 0.0 else 0.0)
            for own, earnings in zip(paid, of_payees, strict=True)
        ]
        found = _gains(scene, books.segment, book, pick(scene, book, switches), worths)
        for task in books.beside:
            found[task] = beside_renewals(books, book, log_odds, task, worths)
        for task, total in found.items():
            for one, more in zip(sums, total, strict=True):
                one[..., task] += np.asarray(more)
        certain.append([worth.certain for worth in worths])
    a_period = len(books.csms) * books.study.scenario.periods
    gain, without, paid, arr = (each / a_period for each in sums)
    return PayAtEffort(gain, without, paid, arr, np.mean(certain, axis=0) / scene.years)


def beside_renewals(
    books: SegmentBooks, book: OpenBook, log_odds: Floats, task: int, worths: Sequence[Worth]
) -> Total:
    """What a task that changes no single renewal adds: the book at a little more of it less that at a little less."""
    step = np.zeros(len(TASKS))
    step[task] = STEP
    ends = []
    for at in (log_odds + step, log_odds - step):
        scene = at_log_odds(books, at)
        _, bridge, ledger = whole_book(scene, book.csm, book.first, books.worlds)
        ends.append((total_paid(scene, book.beside, ledger), bridge.expansion.sum(axis=0)))
    (more, grown), (less, before) = ends
    utility = np.stack(
        [
            worth.utility(one) - worth.utility(other)
            for worth, one, other in zip(worths, more, less, strict=True)
        ]
    ) / (2.0 * STEP)
    arr = float((grown - before).mean()) / (2.0 * STEP) if task == GROW else 0.0
    paid = (more - less).mean(axis=1) / (2.0 * STEP)
    part = np.arange(books.worlds) % min(PARTS, books.worlds)
    without = np.stack([utility[:, part != each].mean(axis=1) for each in range(part.max() + 1)])
    return Total(utility.mean(axis=1), without, paid, arr)


def _gains(
    scene: Scene, segment: int, book: OpenBook, picked: Picked, worths: Sequence[Worth]
) -> dict[int, Total]:
    """What one log odd of each task on renewals adds, by task."""
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
    now = _switched(scene, book, picked, worths, step, arms)
    out = {SAVE: _total(picked, p * (1.0 - p) * size, now.less(KEPT, LOST))}
    if timed:
        inside = late_inside(scene, due_day, step.days_late)
        weight = odds.late * (1.0 - odds.late) * (1.0 - p) * size * inside
        out[ON_TIME] = _total(picked, weight, now.less(ON_DUE_DAY, BEHIND))
    if ahead:
        inside = due_period(due_day, scene.frame.calendar) > 0
        weight = odds.early * (1.0 - odds.early) * (1.0 - p) * size * inside
        out[EARLY] = _total(picked, weight, now.less(AHEAD, ON_DUE_DAY))
    if 0.0 < odds.returning < 1.0:
        back = _switched(scene, book, picked, worths, Step(returning, 0.0), [BEHIND])
        inside = late_inside(scene, due_day, returning)
        weight = odds.returning * (1.0 - odds.returning) * p * size * inside
        out[LATE] = _total(picked, weight, _difference(back, BEHIND, now, LOST))
    if larger and growth > 0.0:
        weight = odds.larger * (1.0 - odds.larger) * (1.0 - p) * growth * size
        out[EXPAND] = _total(picked, weight, now.less(GROWN, KEPT, 1.0 / growth))
    return out


class Switched(NamedTuple):
    """Utility and pay in some arms, per usd of the renewal; NaN in the others. Both [role, arm, pair] [usd/usd]"""

    utility: Floats
    pay: Floats

    def less(self, one: int, other: int, factor: float = 1.0) -> "Switched":
        """One arm less another one. Both [role, pair]"""
        return _difference(self, one, self, other, factor)


def _difference(one: Switched, arm: int, other: Switched, base: int, factor: float = 1.0) -> Switched:
    return Switched(*((a[:, arm] - b[:, base]) * factor for a, b in zip(one, other, strict=True)))


def _switched(
    scene: Scene, book: OpenBook, picked: Picked, worths: Sequence[Worth], step: Step, arms: list[int]
) -> Switched:
    pay, size = scene_pay(scene, book, step, picked.pairs, arms), book.kept.booked_arr[picked.pairs]
    utility = np.full(pay.shape, np.nan)
    for role, worth in enumerate(worths):
        utility[role, arms] = worth.utility(pay[role, arms]) / size
    return Switched(utility, pay / size)


def _total(picked: Picked, weight: Floats, per_usd: Switched) -> Total:
    """Sum over all renewals of weight times what a usd is worth, from the picked ones: a ratio estimate, exact where each
    usd is worth the same.

    Source: Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
    """
    world, worlds = picked.pairs[1], picked.counted.shape[1]
    of_picked = np.broadcast_to(weight, picked.counted.shape)[picked.pairs]
    below, parts, roles = float(of_picked.sum()), min(PARTS, worlds), len(per_usd.utility)
    if below <= 0.0:
        return Total(np.zeros(roles), np.zeros((parts, roles)), np.zeros(roles), 0.0)
    by_world = np.where(picked.counted, weight, 0.0).sum(axis=0)
    of_all = float(np.where(picked.counted, weight, 0.0).sum())
    products = of_picked * per_usd.utility
    gain = np.array([float(each.sum()) / below * of_all / worlds for each in products])
    paid = np.array([float((of_picked * each).sum()) / below * of_all / worlds for each in per_usd.pay])

    def without(values: Floats, at: NDArray[np.int64]) -> Floats:
        sums = np.bincount(at % parts, values, parts)
        rest: Floats = sums.sum() - sums
        return rest

    left, held = without(of_picked, world), without(by_world, np.arange(worlds))
    count = without(np.ones(worlds), np.arange(worlds))
    rest = np.stack([without(each, world) for each in products], axis=1)
    known = (left > 0.0) & (count > 0.0)
    share = np.divide(held, left * count, out=np.zeros(parts), where=known)
    return Total(gain, rest * share[:, np.newaxis], paid, of_all / worlds)
