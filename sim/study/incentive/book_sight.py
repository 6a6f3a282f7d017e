"""What one book shows of incentives: the switches of its renewals, and pay beside what was kept."""

from functools import reduce
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.incentive.strength import Strength, join_worlds, strength_of
from sim.measure.incentive.switch import ARMS, Kept, due_period, next_save, switch_pay
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Ledger, Renewals
from sim.study.incentive.scene import Scene, churn_odds, due_and_kept, facts_of, open_book
from sim.study.incentive.switched_book import pick, scene_pay

Floats = NDArray[np.float64]

WORLDS_AT_A_TIME: Final = 128
WHOLE_LOOKS: Final = 4
"""Switches worked out in each world of a book where each is settled on the whole book, about. [pair]"""


class BookSight(NamedTuple):
    """What one book shows in some worlds.

    strength  : by plan.
    pay, kept : accrued pay over target bonus; kept of what was due over base quota. [plan, period, world]
    total     : pay over the horizon. [plan, world] [usd]
    saved, size, linear : of one more average renewal; see ``next_save_entry``. [plan, period, world]
    skill     : of the CSM. [period, world]
    """

    strength: tuple[Strength, ...]
    pay: Floats
    kept: Floats
    total: Floats
    saved: Floats
    size: Floats
    linear: Floats
    skill: Floats


def see_book(scene: Scene, csm: int, worlds: int) -> BookSight:
    """One book in all worlds of the pass, in pieces that bound memory."""
    first = range(0, worlds, WORLDS_AT_A_TIME)
    pieces = [_see(scene, csm, each, min(WORLDS_AT_A_TIME, worlds - each)) for each in first]
    strength = tuple(
        reduce(join_worlds, (piece.strength[plan] for piece in pieces)) for plan in range(len(scene.plans))
    )
    return BookSight(
        strength, *(np.concatenate(parts, axis=-1) for parts in zip(*(p[1:] for p in pieces), strict=True))
    )


def _see(scene: Scene, csm: int, first: int, worlds: int) -> BookSight:
    renewals, kept, ledger = open_book(scene, csm, first, worlds)
    p = churn_odds(scene, csm, first, worlds, renewals)
    pay, looked = _switched(scene, csm, first, (renewals, kept, ledger), p)
    calendar, sheet = scene.frame.calendar, Worksheet(ledger)
    due, outcome = due_and_kept(renewals, calendar.periods, due_period(renewals.due_day, calendar))
    strengths, paid, kept_share, total, rates = [], [], [], [], []
    for position, plan in enumerate(scene.plans):
        settled = settle_on(sheet, plan)
        on_renewals = isinstance(plan.components[plan.lead].reading, RenewalBookings)
        base = settled.statement.base_quota if on_renewals else due[0]
        target = plan.bonus_at_target
        with np.errstate(divide="ignore", invalid="ignore"):
            known = (base > 0.0) & (target > 0.0) & on_renewals
            linear = np.where(known, target / base, np.nan)
            kept_share.append(np.where(base > 0.0, outcome / base, 0.0))
        facts = facts_of(scene, renewals, kept, p * (1.0 - p), linear, settled.statement.attainment)
        facts = facts._replace(counted=facts.counted & looked)
        segments = len(scene.world.scenario.segment)
        strengths.append(strength_of(pay[position], facts, float(scene.step.expansion), segments))
        accrued = settled.accrued
        unit = target or 1.0
        paid.append(accrued / unit)
        total.append(accrued.sum(axis=0))
        rates.append(np.full_like(linear, np.nan) if scene.reads else linear)
    mean_size = np.divide(due[0], due[1], out=np.zeros_like(due[0]), where=due[1] > 0.0)
    if scene.reads:  # one more renewal changes more of such a book than its bookings
        saved = np.zeros((len(scene.plans), *mean_size.shape))
    else:
        saved = next_save(ledger, scene.frame, scene.dates, scene.plans, mean_size)
    lead = calendar.lead
    skill = scene.world.seat(csm, first, worlds).skill[lead : lead + calendar.periods].astype(np.float64)
    sizes = np.broadcast_to(mean_size, saved.shape)
    stacked = (np.stack(paid), np.stack(kept_share), np.stack(total), saved, sizes, np.stack(rates))
    return BookSight(tuple(strengths), *stacked, skill)


def _switched(
    scene: Scene, csm: int, first: int, book: tuple[Renewals, Kept, Ledger], chance: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Pay of every switch [plan, arm, renewal, world], and which renewals were looked at [renewal, world]: all, or a few
    in each world where each is settled on the whole book.
    """
    renewals, kept, ledger = book
    if not scene.reads:
        plain = switch_pay(renewals, kept, ledger, scene.frame, scene.dates, scene.plans, scene.step).pay
        return plain, np.ones(renewals.arr.shape, dtype=np.bool_)
    shape = renewals.arr.shape
    picked = pick(scene, csm, renewals, kept, chance, WHOLE_LOOKS * shape[1])
    pay, looked = np.full((len(scene.plans), len(ARMS), *shape), np.nan), np.zeros(shape, dtype=np.bool_)
    looked[picked.pairs] = True
    every = tuple(range(len(ARMS)))
    pay[:, :, *picked.pairs] = scene_pay(scene, csm, first, book, scene.step, picked.pairs, every)
    return pay, looked
