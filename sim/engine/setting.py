"""One study as arrays: its worlds, its plans compiled, who is paid on which books, and what the plans read of a book."""

import pickle
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event
from typing import Any, Final, NamedTuple

from sim.engine.agreements import check_agreements
from sim.engine.changes import Watch, against_of, watch_of
from sim.engine.executor import remade
from sim.engine.marks import marks_of
from sim.engine.payroll import Group
from sim.engine.salaries import Salaries, salaries_of
from sim.engine.study import Study, variants_of
from sim.engine.territories import Territories, make_territories
from sim.engine.totals import Shape
from sim.errors import InputError, Problem
from sim.frame import Frame
from sim.ledger import credit_date_of
from sim.measure.pay import PayMarks
from sim.plan.clauses import Steps, steps_between
from sim.plan.plan import Plan, cohorts_of, deals_of, frame_for, kpis_of
from sim.plan.settle import CompiledPlan, compile_plan
from sim.records import CohortTerms, DealTerms
from sim.world.scenario import Scenario
from sim.world.shift import shift_world
from sim.world.world import World

MOST_BOOKS: Final = 2_000_000
"""Plans x CSMs whose pay is held for the smallest block. [count]"""


class Variant(NamedTuple):
    """Worlds of the same outcomes, and the roles that live in them."""

    world: World
    groups: tuple[Group, ...]


class Setting(NamedTuple):
    """What every block needs: the worlds, and the plans as arrays.

    world    : of the scenario as it is.
    plans    : compiled, of the plan of each role, role set after role set.
    marks    : target bonus and cap of each. [usd]
    territories     : books of the payees of each.
    salaries : of the payees of each, where not everybody's is the plan's.
    dates    : the credit dates that some plan reads.
    amounts  : names of the amounts that some plan reads.
    reads    : what else some plan reads of a Ledger; see ``Plan.reads``.
    kpis     : the KPIs that some plan reads.
    cohorts  : the accounts of a book that some plan follows.
    company  : the accounts of all books together that some plan follows.
    deals    : the parts of deals that some plan reads.
    variants : the worlds to simulate, and who is paid in them.
    watch    : what is kept of changes against the baseline.
    steps    : of each role, the way to it from the baseline's plan; None where nobody asks, or of one held against nothing.
    pieces   : the plans between, compiled, of all roles in order; settled in the first worlds alone.
    made     : makes the same setting again: it travels to other processes as what it is made of, which is little.
    """

    world: World
    frame: Frame
    plans: tuple[CompiledPlan, ...]
    marks: tuple[PayMarks, ...]
    territories: tuple[Territories, ...]
    salaries: tuple[Salaries | None, ...]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]
    reads: frozenset[str]
    kpis: tuple[str, ...]
    cohorts: tuple[CohortTerms, ...]
    company: tuple[CohortTerms, ...]
    deals: tuple[DealTerms, ...]
    variants: tuple[Variant, ...]
    watch: Watch
    steps: tuple[Steps | None, ...]
    pieces: tuple[CompiledPlan, ...]
    stop: Event
    made: Callable[[], Any]

    def __reduce__(self) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
        """What it is made of."""
        return remade, (pickle.dumps(self.made, protocol=5),)

    @property
    def seats_change(self) -> bool:
        """Whether CSMs come and go, so that books can be without one."""
        return self.world.scenario.team.turnover_per_year > 0.0 or self.world.persons.come_and_go

    @property
    def needs_activity(self) -> bool:
        """Whether some plan reads more of a book than its bookings."""
        newcomers = self.world.persons.tenures and "team" in self.reads
        return bool(self.reads - {"team"}) or self.seats_change or newcomers

    @property
    def shape(self) -> Shape:
        """What the totals of a run have to hold."""
        payees = tuple(len(territory.last) for territory in self.territories)
        periods = self.frame.calendar.periods
        books, watched = len(self.world.book.csms), (self.watch, len(self.pieces))
        return Shape(books, payees, periods, len(self.variants), self.seats_change, self.salaries, *watched)


def prepare(
    study: Study, world: World | None = None, frame: Frame | None = None, clauses: bool = False
) -> Setting:
    """Draw the book and turn the plans into arrays.

    world, frame : of the same scenario and seed, where they are known already.
    clauses      : whether it is asked which clause moves pay against the baseline.

    Raises: InputError when the scenario's book cannot be used, or has too many CSMs for so many plans; ValueError when
    the frame cannot tell a plan's bands apart.
    """
    made = partial(prepare, study, world, frame, clauses)
    plans = study.plans
    world = world or World(study.scenario, study.seed)
    check_agreements(plans, world.persons.agreed, world.book.csms, study.scenario)
    csms = len(world.book.csms)
    if csms * len(plans) > MOST_BOOKS:
        allowed = f"at most {MOST_BOOKS // csms:,} plans for {csms:,} CSMs"
        raise InputError([Problem(f"{study.path}: plans", allowed, str(len(plans)))])
    frame = frame or frame_of(study.scenario, plans)
    roles = [role for role_set in study.sets for role in role_set.roles]
    territories = tuple(make_territories(role, world.book, study.scenario) for role in roles)
    pairs = zip(roles, territories, strict=True)
    salaries = tuple(salaries_of(role, territory, world) for role, territory in pairs)
    steps = _steps(study) if clauses else (None,) * len(roles)
    pieces = tuple(compile_plan(plan, frame) for step in steps if step is not None for plan in step.between)
    return Setting(
        world=world,
        frame=frame,
        plans=tuple(compile_plan(plan, frame) for plan in plans),
        marks=tuple(marks_of(plan, study.scenario.calendar) for plan in plans),
        territories=territories,
        salaries=salaries,
        dates=tuple(sorted({credit_date_of(name) for plan in plans for name in plan.amounts})),
        amounts=tuple(sorted({name for plan in plans for name in plan.amounts})),
        reads=frozenset().union(*(plan.reads for plan in plans)),
        kpis=kpis_of(plans),
        cohorts=cohorts_of(plans, study.scenario.calendar),
        company=cohorts_of(plans, study.scenario.calendar, company=True),
        deals=deals_of(plans),
        variants=_variants(study, world, territories, steps),
        watch=watch_of(study, territories, salaries, len(pieces)),
        steps=steps,
        pieces=pieces,
        stop=Event(),
        made=made,
    )


def _steps(study: Study) -> tuple[Steps | None, ...]:
    """The way to each plan file's plan from the baseline's, where that is one: plans of role sets share few clauses."""
    calendar, files = study.scenario.calendar, study.sets[study.baseline_index].plain
    plain = [files and role_set.plain for role_set in study.sets for _ in role_set.roles]
    return tuple(
        None if against is None or not file else steps_between(study.plans[against.role], plan, calendar)
        for against, plan, file in zip(against_of(study), study.plans, plain, strict=True)
    )


def _variants(
    study: Study, world: World, territories: tuple[Territories, ...], steps: tuple[Steps | None, ...]
) -> tuple[Variant, ...]:
    """Role sets by their worlds, and their roles by the books of a payee."""
    shifts, variant_of = variants_of(study)
    groups: list[dict[bytes, Group]] = [{} for _ in shifts]
    role = piece = 0
    for each, variant in zip(study.sets, variant_of, strict=True):
        for _ in each.roles:
            own = territories[role]
            key = own.payee.tobytes() + bytes([own.holds_book])
            before = groups[variant].get(key, Group(own, (), ()))
            way = steps[role]
            between = tuple(range(piece, piece + len(way.between))) if way is not None else ()
            groups[variant][key] = Group(own, (*before.roles, role), (*before.pieces, *between))
            role, piece = role + 1, piece + len(between)
    worlds = [shift_world(study.scenario, study.seed, shift) if shift else world for shift in shifts]
    return tuple(Variant(each, tuple(by_key.values())) for each, by_key in zip(worlds, groups, strict=True))


def frame_of(scenario: Scenario, plans: Sequence[Plan], earliest: int | None = None) -> Frame:
    """The cells that tell apart every one of the plans, as far as bookings reach.

    earliest : the most days that a booking is ahead of its due day; of the scenario's own bookings where left out. [day]
    """
    latest = max(day for plan in plans for day in plan.late_edges)
    until_paid = scenario.billing.invoice_days + scenario.billing.payment_days
    ahead = days_ahead(scenario) if earliest is None else earliest
    return frame_for(plans, scenario.calendar, ahead, latest + until_paid)


def days_ahead(scenario: Scenario) -> int:
    """The most days that a renewal of the scenario is booked ahead of its due day. [day]"""
    return max(0, *(-band.days[0] for segment in scenario.segment for band in segment.lag))
