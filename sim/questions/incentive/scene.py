"""The scene of a study's switches: its worlds, the same worlds with nobody lost, and cells that hold every switch."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.setting import days_ahead, frame_of
from sim.engine.study import Study
from sim.engine.territories import Territories, make_territories
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.measure.incentive.strength import Facts
from sim.measure.incentive.switch import Dates, Kept, Step, due_period, seat_alone, total_pay
from sim.plan.plan import Plan, cohorts_of, deals_of, kpis_of
from sim.plan.role_set import Role
from sim.plan.settle import CompiledPlan, compile_plan
from sim.questions.incentive.around import Around, Beside, paid_on
from sim.records import NEVER, Activity, Bridge, CohortTerms, Days, DealTerms, Ledger, Renewals
from sim.rows import only
from sim.world.scales import raised
from sim.world.scenario import Billing, Scenario
from sim.world.shift import Shift, shift_world
from sim.world.world import World

Floats = NDArray[np.float64]

SURE: Final = -60.0
"""Log odds at which nobody who can be kept is lost."""


class Scene(NamedTuple):
    """What every book of the pass needs.

    kept  : the worlds with the same draws in which every renewal is kept.
    plans : compiled, of each role.
    territories : books of the payees of each role.
    reads : what some plan reads of a book beyond bookings and seats; then a switch is settled on the whole book.
    kpis    : those that some plan reads.
    cohorts : the accounts that some plan follows, of the book or of all books together.
    deals   : the parts of deals that some plan reads.
    arounds : what is beside a book, by first world and number of worlds.
    lift    : by which the health that KPIs read is raised, by segment; empty where it is not. [segment] [sd]
    """

    world: World
    kept: World
    frame: Frame
    dates: Dates
    plans: tuple[CompiledPlan, ...]
    territories: tuple[Territories, ...]
    step: Step
    years: float
    amounts: tuple[str, ...]
    reads: frozenset[str]
    kpis: tuple[str, ...]
    cohorts: tuple[CohortTerms, ...]
    deals: tuple[DealTerms, ...]
    arounds: dict[tuple[int, int], Around]
    lift: tuple[float, ...]


class OpenBook(NamedTuple):
    """The renewals of one book that can be due in the horizon, in the worlds from ``first`` on.

    kept   : how each is booked when kept.
    ledger : of all renewals of the book.
    beside : what its payees are paid on besides it.
    churn  : odds of churn. [renewal, world] [share]
    """

    csm: int
    first: int
    renewals: Renewals
    kept: Kept
    ledger: Ledger
    beside: Beside
    churn: Floats

    @property
    def at_risk(self) -> Floats:
        """Information weight p (1 - p) of each renewal. [renewal, world]"""
        return self.churn * (1.0 - self.churn)


def make_scene(
    study: Study,
    roles: Sequence[Role],
    step: Step,
    shifts: dict[str, Shift] | None = None,
    lift: tuple[float, ...] = (),
) -> Scene:
    """The worlds of the study (with shifted odds, where given) and its roles, on cells that hold every switch."""
    plans = [role.plan for role in roles]
    frame = switch_frame(study, plans)
    calendar = study.scenario.calendar
    cohorts = (*cohorts_of(plans, calendar), *cohorts_of(plans, calendar, company=True))
    world, kept = _worlds(study, shifts or {})
    return Scene(
        world,
        kept,
        frame=frame,
        dates=credit_dates(plans, study.scenario.billing),
        plans=tuple(compile_plan(plan, frame) for plan in plans),
        territories=tuple(make_territories(role, world.book, study.scenario) for role in roles),
        step=step,
        years=calendar.years,
        amounts=tuple(sorted({amounts for plan in plans for amounts in plan.amounts})),
        reads=frozenset().union(*(reads_beyond(plan) for plan in plans)),
        kpis=kpis_of(plans),
        cohorts=tuple(dict.fromkeys(cohorts)),
        deals=deals_of(plans),
        arounds={},
        lift=lift,
    )


def reads_beyond(plan: Plan) -> frozenset[str]:
    """What a plan reads of a book beyond the sums of its bookings and who holds the seat."""
    alone = all(component.measure == "renewal_bookings" for component in plan.component)
    return plan.reads - {"team"} | (frozenset() if alone and not plan.caps_deals else frozenset({"flow"}))


def move_scene(scene: Scene, study: Study, shifts: dict[str, Shift], lift: tuple[float, ...] = ()) -> Scene:
    """The same roles and cells in other worlds: of a study whose bookings reach no farther, with shifted odds."""
    world, kept = _worlds(study, shifts)
    return scene._replace(world=world, kept=kept, arounds={}, lift=lift)


def _worlds(study: Study, shifts: dict[str, Shift]) -> tuple[World, World]:
    """The worlds of the study, and those with the same draws in which nobody is lost: odds of 0 in the segments, and as
    good as none for accounts whose own odds a CRM export gives.
    """
    scenario = study.scenario
    none = {"probability": 0.0, "by_term": {}}

    def loyal(one: Scenario) -> Scenario:
        laws = (law.model_copy(update={"churn": law.churn.model_copy(update=none)}) for law in one.segment)
        return one.with_(segment=tuple(laws))

    sure = {law.name: Shift(churn=SURE) for law in scenario.segment}
    staying = scenario.in_each(loyal)
    return shift_world(scenario, study.seed, shifts), shift_world(staying, study.seed, sure)


def switch_frame(study: Study, plans: list[Plan]) -> Frame:
    """The cells of the study's plans, as far as bookings of its scenario and switches reach."""
    longest = int(np.diff(study.scenario.calendar.bounds).max())
    return frame_of(study.scenario, plans, max(days_ahead(study.scenario), 2 * longest))


def credit_dates(plans: list[Plan], billing: Billing) -> Dates:
    """The dates that plans read, and how they follow the start of service: as in the scenario's world."""
    days = {
        "booking": 0,
        "service_start": 0,
        "invoice": billing.invoice_days,
        "cash": billing.invoice_days + billing.payment_days,
    }
    read = sorted({plan.ledger_date for plan in plans})
    return Dates({date: days[date] for date in read})


def sample(books: int, most: int) -> list[int]:
    """At most so many books, evenly spread over all; books are sorted by segment."""
    count = min(books, most)
    return [(2 * position + 1) * books // (2 * count) for position in range(count)]


def whole_book(scene: Scene, csm: int, first: int, worlds: int) -> tuple[Renewals, Bridge, Ledger]:
    """All renewals of a book, its bridge and its Ledger."""
    dates = tuple(scene.dates.later)
    agreed = scene.world.persons.of(scene.world.book, csm)
    if scene.reads:
        beyond = (scene.kpis, scene.cohorts, scene.deals)
        renewals, bridge, activity = scene.world.simulate_all(csm, first, worlds, dates, *beyond)
        ledger = fill_ledger(renewals, scene.frame, scene.amounts)
        activity = lifted(scene, csm, activity)
        return renewals, bridge, ledger._replace(activity=activity, agreed=agreed)
    renewals, bridge = scene.world.simulate(csm, first, worlds, dates)
    ledger = fill_ledger(renewals, scene.frame, dates)._replace(agreed=agreed)
    if scene.world.scenario.team.turnover_per_year > 0.0 or scene.world.persons.tenures:
        ledger = ledger._replace(activity=_seat(scene, csm, first, worlds))
    return renewals, bridge, ledger


def beside_book(scene: Scene, csm: int, first: int, worlds: int) -> Beside:
    """What the payees of a book are paid on besides it."""
    around = scene.arounds.get((first, worlds))
    if around is None:
        made = Around(lambda book: whole_book(scene, book, first, worlds)[2], len(scene.world.book.csms))
        around = scene.arounds.setdefault((first, worlds), made)
    return around.beside(csm, scene.territories, "company" in scene.reads)


def paid_ledgers(scene: Scene, beside: Beside, own: Ledger) -> Iterator[tuple[tuple[int, ...], Ledger]]:
    """By roles that are paid on the same books, the Ledger that they are paid on, one book of theirs being ``own``."""
    return paid_on(beside, own, "company" in scene.reads)


def total_paid(scene: Scene, beside: Beside, own: Ledger) -> Floats:
    """What the payees of a book in each role accrue over the horizon, on all that they are paid on; 0 where a role has
    nobody there. [role, column] [usd]
    """
    pay = np.zeros((len(scene.plans), own.renewable.shape[-1]))
    for places, ledger in paid_ledgers(scene, beside, own):
        pay[list(places)] = total_pay([scene.plans[place] for place in places], ledger)
    return pay


def lifted(scene: Scene, csm: int, activity: Activity) -> Activity:
    """The activity of a book as read where its accounts look healthier: by what a scale rises for accounts of all healths,
    and no farther than its end.
    """
    book = scene.world.book
    lift = scene.lift[book.segment[book.csm_start[csm]]] if scene.lift else 0.0
    if not lift:
        return activity
    kpis = scene.world.scenario.kpi
    read = {
        name: raised(kpis.of(name), value, lift) if name != "onboarding" else value
        for name, value in activity.kpi.items()
    }
    return activity._replace(kpi=read)


def open_book(scene: Scene, csm: int, first: int, worlds: int) -> OpenBook:
    """A book in so many worlds from ``first`` on, its renewals those that can be due in the horizon."""
    renewals, _, ledger = whole_book(scene, csm, first, worlds)
    inside = due_inside(scene, renewals.due_day)
    sure, _ = scene.kept.simulate(csm, first, worlds)
    open_renewals = only(renewals, inside)
    kept = kept_booking(open_renewals, only(sure, inside))
    churn = _churn(scene, csm, first, worlds, open_renewals)
    return OpenBook(csm, first, open_renewals, kept, ledger, beside_book(scene, csm, first, worlds), churn)


def due_inside(scene: Scene, due_day: Days) -> NDArray[np.bool_]:
    """Which renewals can be due in the horizon. [renewal]"""
    inside: NDArray[np.bool_] = np.any(due_period(due_day, scene.frame.calendar) >= 0, axis=1)
    return inside


def kept_booking(renewals: Renewals, sure: Renewals) -> Kept:
    """How each renewal is booked when kept: as it is where it was; as on the same draws with nobody lost where it was
    not; on the due day at its ARR where the two worlds have parted before.
    """
    booked = renewals.booked_day < NEVER
    same = (sure.due_day == renewals.due_day) & (sure.arr == renewals.arr) & (sure.booked_day < NEVER)
    other_day = np.where(same, sure.booked_day, renewals.due_day)
    other_arr = np.where(same, sure.booked_arr, renewals.arr)
    return Kept(
        np.where(booked, renewals.booked_day, other_day), np.where(booked, renewals.booked_arr, other_arr)
    )


def _churn(scene: Scene, csm: int, first: int, worlds: int, renewals: Renewals) -> Floats:
    """The account's own odds of churn under the contract it holds when the study opens. [renewal, world] [share]"""
    from scipy.special import ndtr

    facts = scene.world.facts(csm, first, worlds)
    score = np.take_along_axis(facts.churn, facts.term[:, np.newaxis].astype(np.int64), axis=1)[:, 0]
    p: Floats = ndtr(score.astype(np.float64))
    account = renewals.account - int(scene.world.book.csm_start[csm])
    return np.broadcast_to(p[account], renewals.arr.shape)


def facts_of(scene: Scene, book: OpenBook, linear: Floats, attainment: Floats) -> Facts:
    """What the sums over switches need. linear, attainment : [period, world]"""
    renewals, calendar = book.renewals, scene.frame.calendar
    period = due_period(renewals.due_day, calendar)
    column = np.arange(renewals.arr.shape[1])
    at = np.maximum(period, 0)
    return Facts(
        counted=counted_in(scene, book),
        early=period > 0,
        late=late_inside(scene, renewals.due_day, scene.step.days_late),
        at_risk=book.at_risk,
        size=book.kept.booked_arr,
        linear=linear[at, column],
        attainment=attainment[at, column],
        segment=scene.world.book.segment[renewals.account],
    )


def counted_in(scene: Scene, book: OpenBook) -> NDArray[np.bool_]:
    """Due and, when kept, booked inside the horizon. [renewal, world]"""
    renewals, kept, calendar = book.renewals, book.kept, scene.frame.calendar
    inside = (kept.booked_day >= 0) & (kept.booked_day < calendar.end)
    real = (renewals.arr > 0.0) & (kept.booked_arr > 0.0)
    return np.asarray((due_period(renewals.due_day, calendar) >= 0) & inside & real)


def late_inside(scene: Scene, due_day: Days, days_late: int) -> NDArray[np.bool_]:
    """Whether a booking so many days late falls inside the horizon. [renewal, world]"""
    return np.asarray(np.minimum(due_day, NEVER - days_late) + days_late < scene.frame.calendar.end)


def _seat(scene: Scene, csm: int, first: int, worlds: int) -> Activity:
    """Who holds the book in each period of the horizon."""
    calendar, seat = scene.frame.calendar, scene.world.seat(csm, first, worlds)
    inside = slice(calendar.lead, calendar.lead + calendar.periods)
    none = np.zeros((calendar.periods, worlds))
    return seat_alone(
        Activity(none, {}, {}, none, {}, seat.filled[inside].copy(), seat.tenure[inside].copy())
    )
