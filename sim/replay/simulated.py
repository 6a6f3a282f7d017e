"""One simulated world as a history folder: the files that a company would have that lived it, up to any day."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.calendar import Calendar, add_months
from sim.records import NEVER
from sim.replay.history_files import DEALS_FILE, FOLDER_FILES
from sim.replay.simulated_growth import Deal, Grown, grown_events
from sim.world.credit_date import credit_day
from sim.world.scales import SCALED
from sim.world.streams import NOTICE, numbered_uniforms
from sim.world.world import World

DATES: Final = ("service_start", "invoice", "cash")
DEAL_COLUMNS: Final = (
    *("csm", "account", "contract", "segment", "arr", "due_date", "booked_date", "booked_arr"),
    *("term_months", "booked_term_months", "notice_date", *(f"{each}_date" for each in DATES)),
)
BOOK_COLUMNS: Final = ("csm", "account", "contract", "segment", "arr", "due_date", "term_months")
EVENT_COLUMNS: Final = ("csm", "account", "contract", "date", "arr", "kind", "term_months")
KPI_COLUMNS: Final = ("csm", "date", "kpi", "value")


class Lived(NamedTuple):
    """One account in one world.

    joined : day on which it became a customer; ``-NEVER`` where it was one all along. [day]
    arr    : when the study meets it, or when it joined. [usd/yr]
    term   : of the contract that it then holds. [month]
    due    : end of that contract; ``NEVER`` beyond the edges. [day]
    """

    csm: str
    account: str
    contract: str
    segment: str
    joined: int
    arr: float
    term: int
    due: int
    deals: tuple[Deal, ...]
    grown: tuple[Grown, ...]


def write_simulated(
    world: World, number: int, folder: Path, *, as_of: date | None = None, book_on: date | None = None
) -> None:
    """Write world ``number`` as a history folder: ``deals.csv``, ``book.csv``, ``events.csv``, ``kpis.csv`` and, where
    quarters are not those of the first day, ``calendar.toml``. Each seat is one person, whoever leaves it.

    Deals and events go from the first edge of the horizon to its last; what is told is what is known at the end of the
    day ``as_of``: later bookings are blank, contracts that they sign are not there, and what is open has the ARR of
    that day.

    as_of   : everything that the world holds where it is left out.
    book_on : day of ``book.csv``, the first of a period; of the horizon where it is left out.

    Raises: OSError when it cannot be written.
    """
    calendar = world.calendar
    known = NEVER - 1 if as_of is None else calendar.day(as_of)
    opening = 0 if book_on is None else calendar.day(book_on)
    lives = [life for csm in range(len(world.book.csms)) for life in lives_of(world, csm, number)]
    _write(folder / DEALS_FILE, DEAL_COLUMNS, _deals(lives, known, calendar, world))
    _write(folder / FOLDER_FILES["book"], BOOK_COLUMNS, _book(lives, opening, calendar))
    _write(folder / FOLDER_FILES["expansions"], EVENT_COLUMNS, _events(lives, known, calendar))
    _write(folder / FOLDER_FILES["kpis"], KPI_COLUMNS, _readings(world, number, known))
    _write_calendar(world, folder / FOLDER_FILES["calendar"])


def lives_of(world: World, csm: int, number: int) -> Iterator[Lived]:
    """The accounts of one book in one world."""
    path, facts = world.path(csm, number, 1, with_grown=True), world.facts(csm, number, 1)
    calendar, book, scenario = world.calendar, world.book, world.scenario
    first = int(book.csm_start[csm])
    row = 0
    slots = world.slots(csm)
    for account in range(first, int(book.csm_start[csm + 1])):
        a = account - first
        segment = scenario.segment[book.segment[account]]
        term, arrival = book.terms[int(facts.term[a, 0])], bool(book.arrival[account])
        due, active = int(facts.due_day[a, 0]), int(facts.active[a].flat[0])
        rows, row = range(row, row + int(slots[a])), row + int(slots[a])
        if arrival and active >= calendar.span:
            continue
        identity_ = book.account_ids[account : account + 1]
        numbers = np.array([[int(facts.number[a, 0]) + place] for place in range(len(rows))], dtype=np.int32)
        share = numbered_uniforms(
            world.key, NOTICE, numbers, np.repeat(identity_, len(rows)), np.array([number], np.uint64)
        )[0, :, 0]
        deals, held = [], term
        for place, r in enumerate(rows):
            if path.due_day[r, 0] == NEVER:
                continue
            day, booked = int(path.due_day[r, 0]), int(path.booked_day[r, 0])
            smaller = booked == NEVER or path.booked_arr[r, 0] < path.arr[r, 0]
            notice = day - int(share[place] * np.float32(segment.notice_days)) if smaller else NEVER
            signed = book.terms[int(path.term[r, 0])] if booked != NEVER else 0
            amounts = (float(path.arr[r, 0]), float(path.booked_arr[r, 0]))
            deals.append(Deal(day, booked, notice, *amounts, held, signed))
            held = signed or held
        joined = _joined(due, term, active, calendar) if arrival else -NEVER
        start = (float(facts.arr[a].flat[0]), joined)
        grown = grown_events(world, number, identity_, segment, start, deals, path.grown[a, :, 0])
        names = (book.csms[csm], book.customers[account], book.contracts[account], segment.name)
        yield Lived(*names, joined, start[0], term, due, tuple(deals), tuple(grown))


def _joined(due: int, term: int, active: int, calendar: Calendar) -> int:
    """The day on which a new account signed: a term before its first due day, in the period in which it joins. [day]"""
    first, last = int(calendar.bounds[active]), int(calendar.bounds[active + 1]) - 1
    if due == NEVER:
        return (first + last) // 2
    end = calendar.date(due)
    begin = add_months(end.replace(day=1), -term)
    day = min(end.day, (add_months(begin, 1) - begin).days)
    return min(max(calendar.day(begin) + day - 1, first), last)


def _deals(lives: Sequence[Lived], known: int, calendar: Calendar, world: World) -> Iterator[list[Any]]:
    for life in lives:
        for place, deal in enumerate(life.deals):
            if life.joined > known or (place and life.deals[place - 1].booked > known):
                break
            later = sum(each.arr for each in life.grown if each.day > known and each.contract == place)
            booked = deal.booked if deal.booked <= known else NEVER
            term = deal.booked_term if booked != NEVER else ""
            dates = [
                int(credit_day(each, world.scenario.billing, np.array([deal.due]), np.array([booked]))[0])
                for each in DATES
            ]
            yield [
                *(life.csm, life.account, life.contract, life.segment),
                *(deal.arr - later, _date(deal.due, calendar)),
                *(_date(booked, calendar), deal.booked_arr if booked != NEVER else "", deal.term, term),
                _date(deal.notice if deal.notice <= known else NEVER, calendar),
                *(_date(day, calendar) for day in dates),
            ]


def _book(lives: Sequence[Lived], opening: int, calendar: Calendar) -> Iterator[list[Any]]:
    """The customers on a day: who has joined, and whose last contract that came due was renewed, and runs."""
    for life in lives:
        arr, term, due, place = life.arr, life.term, life.due, 0
        in_force = life.joined < opening
        for deal in life.deals:
            if deal.due >= opening:
                break
            place += 1
            in_force = in_force and deal.booked != NEVER and deal.booked < opening
            following = life.deals[place].due if place < len(life.deals) else NEVER
            arr, term, due = deal.booked_arr, deal.booked_term, following
        arr += sum(each.arr for each in life.grown if each.contract == place and each.day < opening)
        if in_force:
            yield [life.csm, life.account, life.contract, life.segment, arr, _date(due, calendar), term]


def _events(lives: Sequence[Lived], known: int, calendar: Calendar) -> Iterator[list[Any]]:
    for life in lives:
        if -NEVER < life.joined <= known:
            yield [
                life.csm,
                life.account,
                life.contract,
                _date(life.joined, calendar),
                life.arr,
                "new",
                life.term,
            ]
        for each in life.grown:
            if each.day <= known:
                yield [
                    life.csm,
                    life.account,
                    life.contract,
                    _date(each.day, calendar),
                    each.arr,
                    "expansion",
                    "",
                ]


def _readings(world: World, number: int, known: int) -> Iterator[list[Any]]:
    """The readings of every book at the end of each period of the horizon."""
    calendar = world.calendar
    names = (*SCALED, *world.scenario.kpi.own, "onboarding")
    ends = calendar.bounds[calendar.lead + 1 : calendar.lead + calendar.periods + 1] - 1
    for csm, person in enumerate(world.book.csms):
        kpi = world.simulate_all(csm, number, 1, kpis=names)[2].kpi
        for name in names:
            for day, value in zip(ends.tolist(), kpi[name][:, 0].tolist(), strict=True):
                if day <= known:
                    yield [person, _date(day, calendar), name, value]


def _date(day: int, calendar: Calendar) -> str:
    """ISO date of a day; blank where there is none."""
    return "" if day == NEVER else (calendar.start + timedelta(days=day)).isoformat()


def _write(path: Path, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    """Write a table, without contracts where no account has several; none where it has no row, which a history says by
    leaving the file out.
    """
    found = list(rows)
    if not found:
        return
    if "contract" in columns and not any(row[columns.index("contract")] for row in found):
        at = columns.index("contract")
        columns, found = [*columns[:at], *columns[at + 1 :]], [[*row[:at], *row[at + 1 :]] for row in found]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(found)


def _write_calendar(world: World, path: Path) -> None:
    """Of a company whose periods are not quarters from the first day on."""
    scenario = world.scenario
    if scenario.period_months == 3 and scenario.fiscal_year is None:
        return
    import tomlkit

    document: dict[str, Any] = {"period_months": scenario.period_months}
    if scenario.fiscal_year is not None:
        document["fiscal_year"] = scenario.fiscal_year.model_dump(exclude_none=True)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
