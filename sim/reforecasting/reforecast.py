"""Forecast the horizon anew on a day in it: one past for all worlds, the future drawn given it, one settlement over both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.agreed import agreed_of
from sim.engine.company_cost import cost_by_world
from sim.engine.facts import study_facts
from sim.engine.heavy_tail import tail_of_cost
from sim.engine.pool import Workers
from sim.engine.setting import days_ahead, prepare
from sim.engine.simulate import Progress, totals_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.frame import Frame
from sim.plan.plan import frame_for
from sim.questions.reforecast.summary import HistoryNow, PlanNow, Reforecast
from sim.records import NEVER
from sim.reforecasting.checked import Span, checked_history, checked_study
from sim.reforecasting.entry import plan_now
from sim.reforecasting.known import Told, known_on
from sim.reforecasting.replayed import with_replayed
from sim.replay.history_files import HistoryFiles
from sim.study.arguments import altered_study, workers_of
from sim.world.continued import Continued
from sim.world.known import CREDIT, EXPANSION
from sim.world.people import Persons
from sim.world.world import World

STEPS: Final = ("bookings", "openness", "market")
"""What changes from one forecast to the next, in this order."""


class Course(NamedTuple):
    """The forecasts from the last one to that of the day, each with one thing more that is known; the first one alone where
    they are of the same day.
    """

    steps: tuple[str, ...]
    totals: tuple[Totals, ...]

    @property
    def now(self) -> Totals:
        """That of the day."""
        return self.totals[-1]


def reforecast(
    study: Study,
    history: HistoryFiles,
    as_of: date,
    *,
    since: date | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Reforecast:
    """The cost of every plan over the whole horizon, given what is known at the start of a day.

    history : bookings, growth, readings and seats before the day are settled as they are; what is dated later is not read.
    since   : day of the last forecast, from which the changes are told; the first day of the horizon where left out.
    worlds, seed, threads : instead of the study's own, and of all processors.

    Raises: InputError with everything that is wrong with the study, the days or the files.
    """
    study = altered_study(study, worlds=worlds, seed=seed, threads=threads)
    span = checked_study(study, history, as_of, since)
    study = replace(study, tables=())
    base = World(study.scenario, study.seed)
    notes = checked_history(history, base, study.plans, span)
    found = course_of(study, history, base, span, workers_of(threads), progress)
    now = known_on(history, base.book, study.scenario, study.plans, span.as_of)
    return Reforecast(
        study=study_facts(study, base.book),
        as_of=span.as_of.isoformat(),
        since=span.since.isoformat() if span.since < span.as_of else None,
        ends=(study.scenario.calendar.first_day(study.scenario.periods) - timedelta(days=1)).isoformat(),
        history=history_now(study, base, now, span),
        notes=(*notes, *_notes(now, history)),
        plans=_plans(study, found, span),
    )


def course_of(
    study: Study,
    history: HistoryFiles,
    base: World,
    span: Span,
    workers: Workers,
    progress: Progress | None = None,
) -> Course:
    """Every plan settled on the same worlds, as they were known at the last forecast, and step by step as they are now."""
    known = (study.scenario, study.plans)
    last = known_on(history, base.book, *known, span.since)
    frame = frame_of_history(study, history)
    ways = [last]
    if span.since < span.as_of:
        ways += [
            known_on(history, base.book, *known, span.as_of, span.since),
            _unlearnt(known_on(history, base.book, *known, span.as_of)),
            known_on(history, base.book, *known, span.as_of),
        ]
    settled = []
    for place, told in enumerate(ways):
        world = Continued(study.scenario, study.seed, told.known)
        world.persons = persons_then(history, world)
        setting = prepare(study, world, frame)
        settled.append(totals_of(setting, study.worlds, workers, progress=_part(progress, place, len(ways))))
    if span.as_of == study.scenario.calendar.first_day(study.scenario.periods):
        with_replayed(study, settled[-1], history)
    return Course(STEPS[: len(ways) - 1], tuple(settled))


def persons_then(history: HistoryFiles, world: World) -> Persons:
    """What is agreed with people: by the history where it says so, else by the scenario. Since when they hold their seats is
    known by the day as it is.
    """
    people = history.people
    if people is None or not people.says("target_bonus", "ote", "quota"):
        return world.persons
    names = dict.fromkeys(people.csm)
    return Persons({csm: agreed_of(csm, people, world.calendar, dated=True) for csm in names}, {})


def _unlearnt(told: Told) -> Told:
    """What is known, without what it says of market and skill."""
    return told._replace(known=told.known._replace(learnt=False))


def _part(progress: Progress | None, place: int, parts: int) -> Progress | None:
    """Progress of one of several runs of as many worlds."""
    if progress is None:
        return None
    return lambda done, worlds: progress(place * worlds + done, parts * worlds)


def frame_of_history(study: Study, history: HistoryFiles) -> Frame | None:
    """Cells wide enough for what the scenario draws and for what was booked; None where the scenario's own are."""
    scenario, deals = study.scenario, history.deals
    dates = {"booking", *(plan.ledger_date for plan in study.plans)}
    moved = [
        (deals.credit_date[name] - deals.due_date).astype(np.int64)[~np.isnat(deals.credit_date[name])]
        for name in dates
        if name in deals.credit_date
    ]
    early = int(-min((each.min(initial=0) for each in moved), default=0))
    late = int(max((each.max(initial=0) for each in moved), default=0))
    latest = max(day for plan in study.plans for day in plan.late_edges)
    latest += scenario.billing.invoice_days + scenario.billing.payment_days
    if early <= days_ahead(scenario) and late <= latest:
        return None
    ahead = max(early, days_ahead(scenario))
    return frame_for(study.plans, scenario.calendar, ahead, max(late, latest))


def _plans(study: Study, course: Course, span: Span) -> dict[str, PlanNow]:
    return {
        role_set.name: plan_now(
            study,
            role_set.title or None,
            span,
            course.steps,
            [cost_by_world(study, totals, index) for totals in course.totals],
            tail_of_cost(study, course.now, index),
        )
        for index, role_set in enumerate(study.sets)
    }


def history_now(study: Study, base: World, told: Told, span: Span) -> HistoryNow:
    """What is known of the book on the day."""
    calendar = study.scenario.calendar
    world = Continued(study.scenario, study.seed, told.known)
    rows, growth, standing = told.known.bookings, told.known.growth, world.standing
    booked = rows.booked_day < NEVER
    fresh = booked & (rows.booked_day >= calendar.day(span.since))
    held = ~base.book.arrival & (standing.due_day < calendar.end)
    late = held & (standing.due_day < told.known.day)
    return HistoryNow(
        renewed=int(booked.sum()),
        renewed_arr=float(rows.booked_arr[booked].sum()),
        since=int(fresh.sum()),
        since_arr=float(rows.booked_arr[fresh].sum()),
        lost=int((~booked).sum()),
        grown_arr=float(growth.arr[np.isin(growth.kind, (EXPANSION, CREDIT))].sum()),
        open=int(held.sum()),
        open_arr=float(standing.arr[held].sum()),
        past_due=int(late.sum()),
        past_due_arr=float(standing.arr[late].sum()),
    )


def _notes(told: Told, history: HistoryFiles) -> Sequence[str]:
    """What the files have and the study's book does not, and what they do not tell."""
    found = []
    if history.book_events.expansions is None and told.known.bookings.account.size:
        found.append(
            "There is no events.csv: what has grown between renewals so far shows only when they are booked."
        )
    rows = told.known.bookings
    if rows.elsewhere is not None and history.deals.share is not None and (history.deals.share < 1.0).any():
        found.append(
            "What is still open of accounts that were shared is drawn for whoever holds them in the study's book."
        )
    if told.elsewhere:
        names = ", ".join(told.elsewhere[:3]) + (", ..." if len(told.elsewhere) > 3 else "")
        found.append(
            f"{len(told.elsewhere):,} of the accounts in deals.csv are not in the study's book ({names}): what they have "
            "booked is settled, and nothing more of them is drawn."
        )
    if told.moved:
        found.append(
            f"{len(told.moved):,} of the open renewals are due on another day in deals.csv than in the study's book, "
            f"which counts (first: {told.moved[0]})."
        )
    return found
