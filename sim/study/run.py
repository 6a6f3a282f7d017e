"""Run a study: blocks of worlds on threads, every plan on the same worlds, the same bits for any split of the
work.
"""

import os
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Final, NamedTuple

from sim.errors import InputError, Problem
from sim.frame import Frame, make_frame
from sim.ledger import credit_date_of
from sim.measure.moments import TILE
from sim.measure.pay import PayMarks, Tally, new_tally
from sim.measure.retention import RetentionTally, new_retention_tally
from sim.measure.seats import SeatTally, new_seat_tally
from sim.plan.plan import cohorts_of
from sim.plan.settle import Terms, terms
from sim.records import Activity, CohortTerms
from sim.study.arguments import MOST_THREADS, check_arguments
from sim.study.marks import marks_of
from sim.study.ownership.deciding import deciding
from sim.study.ownership.setting import company_study, variants_of
from sim.study.payroll import Group, PayRole, Payroll
from sim.study.pieces import open_activity, open_book
from sim.study.pods import Pods, add_activities, make_pods
from sim.study.reach import reach_faults
from sim.study.results import Result
from sim.study.sections import sections_of
from sim.study.study import Study
from sim.study.tail import tail_of_cost
from sim.study.totals import Block, Shape, Totals, block_of
from sim.world.shift import shift_world
from sim.world.world import World

WORLDS_IN_BLOCK: Final = 2048
BLOCK_BYTES: Final = 128 * 1024 * 1024
"""Pay by plan, CSM and world is held for one block; blocks shrink to keep it below this. [byte]"""
MOST_BOOKS: Final = 2_000_000
"""Plans x CSMs whose pay is held for the smallest block. [count]"""

Progress = Callable[[int, int], None]
"""Called with the number of worlds done and of all worlds, from the thread that called ``run``."""


class Variant(NamedTuple):
    """Worlds of the same outcomes, and the roles that live in them."""

    world: World
    groups: tuple[Group, ...]


class Setting(NamedTuple):
    """What every block needs: the worlds, and the plans as arrays.

    world    : of the scenario as it is.
    terms    : of the plan of each role, role set after role set.
    marks    : target bonus and cap of each. [usd]
    pods     : books of the payees of each.
    dates    : the credit dates that some plan reads.
    amounts  : names of the amounts that some plan reads.
    reads    : what else some plan reads of a Ledger; see ``Plan.reads``.
    cohorts  : the accounts that some plan follows.
    variants : the worlds to simulate, and who is paid in them.
    """

    world: World
    frame: Frame
    terms: tuple[Terms, ...]
    marks: tuple[PayMarks, ...]
    pods: tuple[Pods, ...]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]
    reads: frozenset[str]
    cohorts: tuple[CohortTerms, ...]
    variants: tuple[Variant, ...]
    stop: Event

    @property
    def seats_change(self) -> bool:
        """Whether CSMs come and go, so that books can be without one."""
        return self.world.scenario.team.turnover_per_year > 0.0

    @property
    def needs_activity(self) -> bool:
        """Whether some plan reads more of a book than its bookings."""
        return bool(self.reads - {"team"}) or self.seats_change

    @property
    def needs_kpis(self) -> bool:
        """Whether some plan reads a KPI."""
        return any(read.startswith("kpi:") for read in self.reads)

    @property
    def shape(self) -> Shape:
        """What the totals of a run have to hold."""
        payees = tuple(len(pods.last) for pods in self.pods)
        periods = self.frame.calendar.periods
        return Shape(len(self.world.book.csms), payees, periods, len(self.variants), self.seats_change)


def run(
    study: Study,
    *,
    threads: int | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate the worlds of a study once, and settle every plan on them.

    threads : number of threads; all processors by default. No result depends on it, nor on ``block``.
    block   : worlds simulated in one piece, a multiple of 64. [world]
    worlds, seed : instead of the study's own.

    Raises: InputError when one of the arguments is out of bounds.
    """
    check_arguments(study, worlds=worlds, seed=seed, threads=threads, block=block)
    study = study.altered(seed=seed, worlds=worlds)
    threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
    setting = prepare(study)
    size = _block(block, study, setting, threads)
    totals = Totals(setting.shape, study.worlds)
    # One small block first: numba compiles here, once, and not in every thread of the pool.
    simulate(setting, range(1), 0, TILE)
    with closing(_blocks(setting, study.worlds, size, threads)) as blocks:
        for each in blocks:
            totals.add(each)
            if progress is not None:
                progress(each.first + each.variable.shape[2], study.worlds)
    wanted = study.ownership.company if study.ownership else ()
    companies = [run(company_study(study, each), threads=threads, block=block) for each in wanted]
    heavy = {
        each.name for index, each in enumerate(study.sets) if tail_of_cost(study, totals, index) is not None
    }
    sections = sections_of(study, threads, frozenset(heavy))
    for name, faults in reach_faults(study, setting).items():
        sections.setdefault(name, {})["reach"] = faults
    decides = deciding(study, threads)
    return Result(study, setting.world.book, setting.pods, totals, tuple(companies), sections, decides)


def prepare(study: Study) -> Setting:
    """Draw the book and turn the plans into arrays.

    Raises: InputError when the scenario's book cannot be used, or has too many CSMs for so many plans.
    """
    plans = study.plans
    world = World(study.scenario, study.seed)
    csms = len(world.book.csms)
    if csms * len(plans) > MOST_BOOKS:
        allowed = f"at most {MOST_BOOKS // csms:,} plans for {csms:,} CSMs"
        raise InputError([Problem(f"{study.path}: plans", allowed, str(len(plans)))])
    frame = frame_of(study)
    roles = [role for each in study.sets for role in each.roles]
    pods = tuple(make_pods(role, world.book, study.scenario) for role in roles)
    return Setting(
        world=world,
        frame=frame,
        terms=tuple(terms(plan, frame) for plan in plans),
        marks=tuple(marks_of(plan, study.scenario.calendar) for plan in plans),
        pods=pods,
        dates=tuple(sorted({credit_date_of(name) for plan in plans for name in plan.amounts})),
        amounts=tuple(sorted({name for plan in plans for name in plan.amounts})),
        reads=frozenset().union(*(plan.reads for plan in plans)),
        cohorts=cohorts_of(plans, study.scenario.calendar),
        variants=_variants(study, world, pods),
        stop=Event(),
    )


def _variants(study: Study, world: World, pods: tuple[Pods, ...]) -> tuple[Variant, ...]:
    """Role sets by their worlds, and their roles by the books of a payee."""
    shifts, variant_of = variants_of(study)
    groups: list[dict[bytes, Group]] = [{} for _ in shifts]
    role = 0
    for each, variant in zip(study.sets, variant_of, strict=True):
        for _ in each.roles:
            own = pods[role]
            key = own.payee.tobytes() + bytes([own.holds_book])
            before = groups[variant].get(key, Group(own, ()))
            groups[variant][key] = before._replace(roles=(*before.roles, role))
            role += 1
    worlds = [shift_world(study.scenario, study.seed, each) if each else world for each in shifts]
    return tuple(Variant(each, tuple(by_key.values())) for each, by_key in zip(worlds, groups, strict=True))


def frame_of(study: Study) -> Frame:
    """The cells that tell apart every plan of the study, as far as the scenario's bookings reach."""
    scenario, plans = study.scenario, study.plans
    late_edges = [plan.late_edges for plan in plans]
    billing = scenario.billing
    return make_frame(
        scenario.calendar,
        [plan.early_edges for plan in plans],
        late_edges,
        earliest=max(0, *(-band.days[0] for segment in scenario.segment for band in segment.lag)),
        latest=max(day for days in late_edges for day in days) + billing.invoice_days + billing.payment_days,
        credit_dates=[plan.credit_date for plan in plans],
    )


def simulate(setting: Setting, csms: range, first: int, worlds: int) -> Block:
    """Simulate ``worlds`` worlds from ``first`` on, book by book, and settle every plan on each payee's books."""
    periods = setting.frame.calendar.periods
    tallies = [new_tally(periods, len(pods.last), worlds) for pods in setting.pods]
    seats = [new_seat_tally(periods, worlds) for _ in setting.pods] if setting.seats_change else None
    retentions = []
    for variant in setting.variants:
        retention = new_retention_tally(periods, worlds)
        _simulate_variant(setting, variant, csms, first, worlds, tallies, seats, retention)
        retentions.append(retention)
    return block_of(first, setting.shape, tallies, seats, retentions)


def _simulate_variant(
    setting: Setting,
    variant: Variant,
    csms: range,
    first: int,
    worlds: int,
    tallies: list[Tally],
    seats: list[SeatTally] | None,
    retention: RetentionTally,
) -> None:
    """Add every book of one variant of the worlds to the tallies."""
    company = _company(setting, variant.world, csms, first, worlds) if "company" in setting.reads else None
    payrolls = [
        Payroll(
            group.pods,
            [
                PayRole(
                    setting.terms[role],
                    setting.marks[role],
                    tallies[role],
                    None if seats is None else seats[role],
                )
                for role in group.roles
            ],
        )
        for group in variant.groups
    ]
    for csm in csms:
        if setting.stop.is_set():
            break
        asked = (setting.frame, setting.amounts, setting.dates)
        beyond = (setting.needs_activity, setting.needs_kpis, setting.cohorts)
        ledger = open_book(variant.world, csm, first, worlds, *asked, *beyond, retention)
        ledger = ledger._replace(company=company)
        for payroll in payrolls:
            payroll.add(csm, ledger)


def _company(setting: Setting, world: World, csms: range, first: int, worlds: int) -> Activity | None:
    """The activity of all books together, from a pass of its own: no book is kept for the second one."""
    company = None
    for csm in csms:
        if setting.stop.is_set():
            break
        activity = open_activity(world, csm, first, worlds, setting.cohorts)
        company = activity if company is None else add_activities(company, activity)
    return company


def _blocks(setting: Setting, worlds: int, size: int, threads: int) -> Generator[Block, None, None]:
    """All blocks, in order; a few more than there are threads are under way at a time."""
    csms = range(len(setting.world.book.csms))
    pending: deque[Future[Block]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for first in range(0, worlds, size):
                if len(pending) > threads:
                    yield pending.popleft().result()
                pending.append(pool.submit(simulate, setting, csms, first, min(size, worlds - first)))
            while pending:
                yield pending.popleft().result()
        finally:
            # After an error or Ctrl-C: threads leave at their next book instead of finishing their blocks.
            setting.stop.set()
            pool.shutdown(cancel_futures=True)


def _block(block: int | None, study: Study, setting: Setting, threads: int) -> int:
    """Worlds in a block: as told, or so that every thread has work and memory stays small."""
    if block is not None:
        return block
    fitting = BLOCK_BYTES // (8 * sum(setting.shape.payees))
    even = -(-study.worlds // threads)
    return max(TILE, min(WORLDS_IN_BLOCK, fitting, even + TILE - 1) // TILE * TILE)
