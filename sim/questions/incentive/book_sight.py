"""What one book shows of incentives: the switches of its renewals, and pay beside what was kept."""

from collections.abc import Sequence
from functools import reduce
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import spans
from sim.measure.incentive.strength import Strength, join_worlds, strength_of
from sim.measure.incentive.switch import ARMS, due_period, next_save, switch_pay
from sim.plan.settle import CompiledPlan, settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.incentive.scene import Due, OpenBook, Scene, due_in_periods, facts_of, open_book
from sim.questions.incentive.switched_book import pick, scene_pay

Floats = NDArray[np.float64]

WORLDS_AT_A_TIME: Final = 128
WHOLE_SWITCHES: Final = 4
"""Switches worked out in each world of a book where each is settled on the whole book, about. [pair]"""


class PlanSight(NamedTuple):
    """What one book shows of one plan in some worlds.

    pay, kept : accrued pay over target bonus; kept of what was due over base quota. [period, world]
    total     : pay over the horizon. [world] [usd]
    saved, linear : pay for one more average renewal, and per usd at 100 %; see ``next_save_entry``. [period, world]
    """

    strength: Strength
    pay: Floats
    kept: Floats
    total: Floats
    saved: Floats
    linear: Floats


class BookSight(NamedTuple):
    """What one book shows in some worlds.

    plans : in the order of the scene's.
    size  : of an average renewal due in the period. [period, world] [usd/yr]
    skill : of the CSM. [period, world]
    """

    plans: tuple[PlanSight, ...]
    size: Floats
    skill: Floats


def see_book(scene: Scene, csm: int, worlds: int) -> BookSight:
    """One book in all worlds of the pass, in chunks that bound memory."""
    chunks = [_see(scene, csm, *span) for span in spans(worlds, WORLDS_AT_A_TIME)]
    plans = tuple(_join_plan(sights) for sights in zip(*(chunk.plans for chunk in chunks), strict=True))
    return BookSight(plans, _join([chunk.size for chunk in chunks]), _join([chunk.skill for chunk in chunks]))


def _join_plan(sights: Sequence[PlanSight]) -> PlanSight:
    strengths, *arrays = zip(*sights, strict=True)
    return PlanSight(reduce(join_worlds, strengths), *map(_join, arrays))


def _join(chunks: Sequence[Floats]) -> Floats:
    return np.concatenate(chunks, axis=-1)


def _see(scene: Scene, csm: int, first: int, worlds: int) -> BookSight:
    book = open_book(scene, csm, first, worlds)
    calendar, sheet = scene.frame.calendar, Worksheet(book.ledger)
    due = due_in_periods(book.renewals, calendar.periods, due_period(book.renewals.due_day, calendar))
    size = np.divide(due.arr, due.number, out=np.zeros_like(due.arr), where=due.number > 0.0)
    pay, looked = _switched(scene, book)
    if scene.reads:  # one more renewal changes more of such a book than its bookings
        saved = np.zeros((len(scene.plans), *size.shape))
    else:
        saved = next_save(book.ledger, scene.frame, scene.dates, scene.plans, size)
    plans = []
    for plan, of_switches, of_one_more in zip(scene.plans, pay, saved, strict=True):
        settled = settle_on(sheet, plan)
        accrued, statement = settled.accrued, settled.statement
        target = settled.component[plan.components[plan.lead].name].target.column(len(accrued))
        linear, kept = _per_quota(plan, target, statement.base_quota, due)
        facts = facts_of(scene, book, linear, statement.attainment)
        facts = facts._replace(counted=facts.counted & looked)
        segments = len(scene.world.scenario.segment)
        strength = strength_of(of_switches, facts, float(scene.step.expansion), segments)
        rate = np.full_like(linear, np.nan) if scene.reads else linear
        over_target = accrued / (plan.components[plan.lead].target or 1.0)
        plans.append(PlanSight(strength, over_target, kept, accrued.sum(axis=0), of_one_more, rate))
    lead = calendar.lead
    skill = scene.world.seat(csm, first, worlds).skill[lead : lead + calendar.periods].astype(np.float64)
    return BookSight(tuple(plans), size, skill)


def _per_quota(
    plan: CompiledPlan, target: float | Floats, base_quota: Floats, due: Due
) -> tuple[Floats, Floats]:
    """Pay per usd at 100 %, NaN where there is none, and what was kept; over the base quota, or over what was due where the
    plan's lead component is not on bookings. [period, world]
    """
    on_renewals = plan.renewals is not None
    base = base_quota if on_renewals else due.arr
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (base > 0.0) & (np.asarray(target) > 0.0) & on_renewals
        return np.where(known, target / base, np.nan), np.where(base > 0.0, due.kept / base, 0.0)


def _switched(scene: Scene, book: OpenBook) -> tuple[Floats, NDArray[np.bool_]]:
    """Pay of every switch [plan, arm, renewal, world], and which renewals were looked at [renewal, world]: all, or a few
    in each world where each is settled on the whole book.
    """
    renewals, shape = book.renewals, book.renewals.arr.shape
    if not scene.reads:
        cells = (scene.frame, scene.dates, scene.plans)
        pay = switch_pay(renewals, book.kept, book.ledger, *cells, scene.step)
        return pay, np.ones(shape, dtype=np.bool_)
    picked = pick(scene, book, WHOLE_SWITCHES * shape[1])
    pay, looked = np.full((len(scene.plans), len(ARMS), *shape), np.nan), np.zeros(shape, dtype=np.bool_)
    looked[picked.pairs] = True
    pay[:, :, *picked.pairs] = scene_pay(scene, book, scene.step, picked.pairs, tuple(range(len(ARMS))))
    return pay, looked
