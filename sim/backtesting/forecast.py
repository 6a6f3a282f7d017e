"""What a forecast made on a day says: worlds from the real book of that day, settled under the plan."""

from datetime import date
from functools import reduce
from typing import Final, NamedTuple

import numpy as np

from sim.backtesting.ahead import Ahead, booked_ahead, change_of_kept, with_ahead
from sim.backtesting.day_world import DayWorld
from sim.backtesting.outcome import BOOKING, BookOutcome, Outcome, book_outcome, salary_of, side_by_side
from sim.backtesting.seen import Ended
from sim.engine.chunks import WORLDS_IN_CHUNK
from sim.engine.chunks import side_by_side as activities_side_by_side
from sim.engine.pool import Workers, spans
from sim.engine.setting import days_ahead, frame_of
from sim.engine.territories import add_activities
from sim.files.people import People
from sim.frame import Frame
from sim.ledger import count_renewals, credit_date_of, no_counts
from sim.measure.moments import TILE
from sim.plan.plan import Plan, cohorts_of, kpis_of
from sim.plan.settle import CompiledPlan, compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Activity, FloatPW, Ledger
from sim.replay.history_files import HistoryFiles
from sim.replay.seats import with_seat
from sim.world.scenario import Scenario
from sim.world.world import World

WORLDS_IN_BLOCK: Final = 256


class Lived(NamedTuple):
    """What has happened.

    known : the history as it was known on the first day of the forecast.
    ended : the renewals before it whose end was known.
    until : the last day of which files tell, when they are held against the forecast.
    """

    known: HistoryFiles
    ended: tuple[Ended, ...]
    until: date


class _Setting(NamedTuple):
    """What every block of worlds needs."""

    world: World
    plan: Plan
    rules: CompiledPlan
    frame: Frame
    ahead: dict[str, Ahead]
    people: People | None
    activity: bool


class _Book(NamedTuple):
    """One book in a block of worlds. kept : ARR at the start of each period, and what is kept of it."""

    ledger: Ledger
    kept: tuple[FloatPW, FloatPW]


def forecast_outcome(
    scenario: Scenario, lived: Lived, plan: Plan, seed: int, worlds: int, workers: Workers
) -> Outcome:
    """Simulate from the scenario's first day on, and settle the plan on every world: of those who hold an open contract on
    that day.

    lived   : the history as it was known on that day; what had been booked ahead by then is in every world, who has a seat
              is who had one then, and market and skills are what they have made of the renewals before.
    workers : no result depends on them.
    """
    setting = _setting(scenario, lived, plan, seed)
    names = setting.world.book.csms
    _block((setting, names[:1]), (0, TILE))  # numba compiles here, once, and not in every thread
    parts: dict[str, list[BookOutcome]] = {csm: [] for csm in names}
    tasks = spans(worlds, WORLDS_IN_BLOCK)
    for found in workers.in_order(_block, (setting, names), tasks):
        for csm, part in found.items():
            parts[csm].append(part)
    books = {csm: side_by_side(each) for csm, each in parts.items()}
    return Outcome(names, books, salary_of(plan, setting.frame.calendar), scenario.employer.on_cost)


def _setting(scenario: Scenario, lived: Lived, plan: Plan, seed: int) -> _Setting:
    known, calendar = lived.known, scenario.calendar
    world = DayWorld(scenario, seed, lived.ended, calendar.day(lived.until))
    ahead = booked_ahead(known.deals, scenario.start, calendar)
    earliest = max(
        (int((each.renewals.due_day - each.renewals.booked_day).max()) for each in ahead.values()), default=0
    )
    frame = frame_of(scenario, [plan], max(earliest, days_ahead(scenario)))
    comes_and_goes = scenario.team.turnover_per_year > 0.0
    activity = bool(plan.reads - {"team"}) or comes_and_goes or known.people is not None
    return _Setting(world, plan, compile_plan(plan, frame), frame, ahead, known.people, activity)


def _block(shared: tuple[_Setting, tuple[str, ...]], task: tuple[int, int]) -> dict[str, BookOutcome]:
    (setting, names), (first, worlds) = shared, task
    books = {csm: _open(setting, place, csm, first, worlds) for place, csm in enumerate(names)}
    company: Activity | None = None
    if "company" in setting.plan.reads:
        activities = [book.ledger.activity for book in books.values() if book.ledger.activity is not None]
        company = reduce(add_activities, activities)
    found = {}
    sheet: Worksheet | None = None
    for csm, book in books.items():
        ledger = book.ledger._replace(company=company)
        if sheet is None:
            sheet = Worksheet(ledger)
        else:
            sheet.turn_to(ledger)
        settlement = settle_on(sheet, setting.rules)
        found[csm] = book_outcome(setting.plan, settlement, ledger, book.kept, setting.frame)
    return found


def _open(setting: _Setting, place: int, csm: str, first: int, worlds: int) -> _Book:
    """One book: what is drawn, and what had been booked ahead."""
    calendar, amounts = setting.frame.calendar, tuple(dict.fromkeys((BOOKING, *setting.plan.amounts)))
    dates = tuple(sorted({credit_date_of(name) for name in amounts}))
    counts, activities = no_counts(setting.frame, amounts, worlds), []
    opening, gross = np.zeros((2, calendar.periods, worlds))
    cohorts = (*cohorts_of([setting.plan], calendar), *cohorts_of([setting.plan], calendar, company=True))
    for start, count in spans(worlds, WORLDS_IN_CHUNK):
        chunk = (place, first + start, count, dates)
        if setting.activity:
            renewals, bridge, activity = setting.world.simulate_all(*chunk, kpis_of([setting.plan]), cohorts)
            activities.append(activity)
        else:
            renewals, bridge = setting.world.simulate(*chunk)
        assert bridge.kept is not None, "accounts of a simulation are followed"
        here = slice(start, start + count)
        opening[:, here], gross[:, here] = bridge.kept.opening, bridge.kept.gross
        count_renewals(renewals, setting.frame, start, counts)
    found = activities_side_by_side(activities) if activities else None
    if csm in setting.ahead:
        ahead = setting.ahead[csm]
        count_renewals(ahead.in_worlds(worlds), setting.frame, 0, counts)
        more, kept = change_of_kept(ahead, calendar.periods)
        opening, gross = opening + more, gross + kept
        found = None if found is None else with_ahead(found, ahead, calendar)
    if found is not None and setting.people is not None:
        found = _seated(found, csm, setting.people, setting.frame, worlds)
    return _Book(counts.ledger._replace(activity=found), (opening, gross))


def _seated(activity: Activity, csm: str, people: People, frame: Frame, worlds: int) -> Activity:
    """The activity with the seat of whoever holds it on the first day."""
    known = with_seat(activity, csm, people, frame.calendar)
    return known._replace(
        seat=np.repeat(known.seat, worlds, axis=1), tenure=np.repeat(known.tenure, worlds, axis=1)
    )
