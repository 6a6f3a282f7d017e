"""What one book shows of incentives: the switches of its renewals, and pay beside what was kept."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import spans
from sim.measure.incentive.strength import Strength, join_worlds, strength_of
from sim.measure.incentive.switch import ARMS, due_period, next_save, switch_pay
from sim.plan.settle import CompiledPlan, settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.incentive.due import Due, due_in_periods
from sim.questions.incentive.scene import (
    OpenBook,
    Scene,
    facts_of,
    open_book,
    paid_ledgers,
)
from sim.questions.incentive.switched_book import pick, scene_pay

Floats = NDArray[np.float64]

WORLDS_AT_A_TIME: Final = 128
WHOLE_SWITCHES: Final = 4
"""Switches worked out in each world of a book where each is settled on the whole book, about. [pair]"""


class PlanSight(NamedTuple):
    """What one book shows of one plan, or of all roles of a role set together, in some worlds.

    pay, kept : accrued pay over target bonus; kept of what was due over base quota. [period, world]
    total     : pay over the horizon. [world] [usd]
    saved, linear : pay for one more average renewal, and per usd at 100 %; see ``next_save_entry``. [period, world]
    target    : that pay is told in; 1 where there is none. [usd/period]
    """

    strength: Strength
    pay: Floats
    kept: Floats
    total: Floats
    saved: Floats
    linear: Floats
    target: float


class BookSight(NamedTuple):
    """What one book shows in some worlds.

    paid  : in the order of what was asked; None where nobody is paid on the book.
    size  : of an average renewal due in the period. [period, world] [usd/yr]
    skill : of the CSM. [period, world]
    """

    paid: tuple[PlanSight | None, ...]
    size: Floats
    skill: Floats


BY_WORLD: Final = ("pay", "kept", "total", "saved", "linear")
"""What of a ``PlanSight`` has a value in every world."""


class _Role(NamedTuple):
    """What one role's payee of a book is paid.

    accrued, attainment, linear, kept, saved : as in ``PlanSight``; accrued in usd. [period, world]
    target : bonus at 100 %. [usd/period]
    books  : that the payee is paid on. [book]
    """

    accrued: Floats
    attainment: Floats
    linear: Floats
    kept: Floats
    saved: Floats
    target: float
    books: int


def see_book(scene: Scene, csm: int, worlds: int, asked: Sequence[tuple[int, ...]]) -> BookSight:
    """One book in all worlds of the pass, in chunks that bound memory.

    asked : roles by their places: one by itself, or several whose pay for this book is added up.
    """
    chunks = [_see(scene, csm, asked, *span) for span in spans(worlds, WORLDS_AT_A_TIME)]
    paid = tuple(_join_paid(sights) for sights in zip(*(chunk.paid for chunk in chunks), strict=True))
    return BookSight(paid, _join([chunk.size for chunk in chunks]), _join([chunk.skill for chunk in chunks]))


def _join_paid(sights: Sequence[PlanSight | None]) -> PlanSight | None:
    there = [sight for sight in sights if sight is not None]
    if not there:
        return None
    joined: dict[str, Any] = {name: _join([getattr(sight, name) for sight in there]) for name in BY_WORLD}
    strength = reduce(join_worlds, [sight.strength for sight in there])
    return there[0]._replace(strength=strength, **joined)


def _join(chunks: Sequence[Floats]) -> Floats:
    return np.concatenate(chunks, axis=-1)


def _see(scene: Scene, csm: int, asked: Sequence[tuple[int, ...]], first: int, worlds: int) -> BookSight:
    book = open_book(scene, csm, first, worlds)
    calendar = scene.frame.calendar
    due = due_in_periods(book.renewals, calendar.periods, due_period(book.renewals.due_day, calendar))
    size = np.divide(due.arr, due.number, out=np.zeros_like(due.arr), where=due.number > 0.0)
    pay, looked = _switched(scene, book)
    roles = _roles(scene, book, due, size)
    paid = tuple(_paid(scene, book, pay, looked, due, roles, places) for places in asked)
    lead = calendar.lead
    skill = scene.world.seat(csm, first, worlds).skill[lead : lead + calendar.periods].astype(np.float64)
    return BookSight(paid, size, skill)


def _roles(scene: Scene, book: OpenBook, due: Due, size: Floats) -> dict[int, _Role]:
    """The roles that are paid on a book, by their places."""
    found = {}
    for places, ledger in paid_ledgers(scene, book.beside, book.ledger):
        plans = [scene.plans[place] for place in places]
        if scene.reads:  # one more renewal changes more of such a book than its bookings
            saved = np.zeros((len(plans), *size.shape))
        else:
            saved = next_save(ledger, scene.frame, scene.dates, plans, size)
        sheet = Worksheet(ledger)
        for place, plan, of_one_more in zip(places, plans, saved, strict=True):
            settled, territory = settle_on(sheet, plan), scene.territories[place]
            lead = plan.components[plan.lead]
            target = settled.component[lead.name].target.column(len(settled.accrued))
            linear, kept = _per_quota(plan, target, settled.statement.base_quota, due)
            books = territory.books_with(book.csm)
            attainment = settled.statement.attainment
            found[place] = _Role(settled.accrued, attainment, linear, kept, of_one_more, lead.target, books)
    return found


def _paid(
    scene: Scene,
    book: OpenBook,
    pay: Floats,
    looked: NDArray[np.bool_],
    due: Due,
    roles: Mapping[int, _Role],
    places: tuple[int, ...],
) -> PlanSight | None:
    """What some roles are paid for one book; None where none of them has anybody there."""
    there = [place for place in places if place in roles]
    if not there:
        return None
    first, segments = roles[there[0]], len(scene.world.scenario.segment)
    of_switches = pay[there[0]] if len(there) == 1 else pay[there].sum(axis=0)
    if len(there) == 1:
        one = first
    else:  # of what all are paid, what belongs to this book
        accrued = sum(np.asarray(roles[place].accrued / roles[place].books) for place in there)
        target = sum(roles[place].target / roles[place].books for place in there)
        unknown = np.full_like(first.linear, np.nan)
        share = np.divide(due.kept, due.arr, out=np.zeros_like(due.arr), where=due.arr > 0.0)
        one = _Role(np.asarray(accrued), first.attainment, unknown, share, first.saved, target, 1)
    facts = facts_of(scene, book, one.linear, one.attainment)
    facts = facts._replace(counted=facts.counted & looked)
    strength = strength_of(of_switches, facts, float(scene.step.expansion), segments)
    unit = one.target or 1.0
    rate = np.full_like(one.linear, np.nan) if scene.reads else one.linear
    return PlanSight(strength, one.accrued / unit, one.kept, one.accrued.sum(axis=0), one.saved, rate, unit)


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
        pay = np.zeros((len(scene.plans), len(ARMS), *shape))
        for places, ledger in paid_ledgers(scene, book.beside, book.ledger):
            cells = (scene.frame, scene.dates, [scene.plans[place] for place in places])
            pay[list(places)] = switch_pay(renewals, book.kept, ledger, *cells, scene.step)
        return pay, np.ones(shape, dtype=np.bool_)
    picked = pick(scene, book, WHOLE_SWITCHES * shape[1])
    pay, looked = np.full((len(scene.plans), len(ARMS), *shape), np.nan), np.zeros(shape, dtype=np.bool_)
    looked[picked.pairs] = True
    pay[:, :, *picked.pairs] = scene_pay(scene, book, scene.step, picked.pairs, tuple(range(len(ARMS))))
    return pay, looked
