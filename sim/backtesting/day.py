"""The company of a past day as a scenario: its real book, and whatever else a scenario says of it."""

import csv
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from sim.backtesting.survivors import MOST_TOLD, after, apart
from sim.errors import InputError, Problem, shown
from sim.replay.history_files import HistoryFiles
from sim.replay.open_contracts import DayBook, OpenContract
from sim.world.book_source import BookSource
from sim.world.scenario import Scenario
from sim.world.segment import LONGEST_TERM, Due, Segment

BOOK_FILE: Final = "book.csv"
HEADER: Final = ("csm", "account", "segment", "arr", "due_date", "term_months")
LEAST_ARR: Final = 0.01


class DayScenario(NamedTuple):
    """What is simulated from a day on.

    scenario : with the book of the day.
    left_out : contracts that no segment of the scenario would still book, so long are they past due.
    """

    scenario: Scenario
    left_out: int


def on_day(
    scenario: Scenario, book: DayBook, history: HistoryFiles, periods: int, folder: Path
) -> DayScenario:
    """The scenario from a day on with the book of that day, which is written into a folder.

    Raises: InputError when an account is of no segment of the scenario.
    """
    rows: list[tuple[object, ...]] = []
    left_out = 0
    problems: dict[str, OpenContract] = {}
    segments = {segment.name: segment for segment in scenario.segment}
    names: set[str] = set()
    counts: dict[str, set[int]] = {}
    for each in sorted(book.contracts, key=lambda contract: (contract.csm, contract.account, contract.due)):
        segment = each.segment or (scenario.segment[0].name if len(segments) == 1 else "")
        if segment not in segments:
            problems.setdefault(segment, each)
            continue
        if (book.day - each.due).days > segments[segment].latest_lag or each.arr < LEAST_ARR:
            left_out += 1
            continue
        name = each.name if each.name not in names else f"{each.name} {each.csm} {each.due}"
        names.add(name)
        renewals = min(each.renewals, MOST_TOLD)
        counts.setdefault(segment, set()).add(renewals)
        part, term = after(segment, renewals), min(each.term, LONGEST_TERM)
        rows.append((each.csm, name, part, repr(each.arr), each.due.isoformat(), term))
    if problems:
        raise InputError(_strangers(problems, segments, history))
    if not rows:
        fix = "Choose a later --cut, or check the dates of the deals."
        raise InputError([Problem(f"--cut {book.day}", "a day with contracts in force", "none", fix)])
    path = folder / BOOK_FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    told = _with_book(apart(scenario, counts), book.day, history, periods, path)
    return DayScenario(told, left_out)


def _strangers(
    problems: dict[str, OpenContract], segments: dict[str, Segment], history: HistoryFiles
) -> list[Problem]:
    where = f"{history.deals.path}: column segment"
    found = []
    for name, each in problems.items():
        allowed = f"one of the segments of the scenario ({', '.join(segments)})"
        received = shown(name) if name else f"nothing of {shown(each.account)}"
        fix = "Give the deals or the book the column, or a scenario of one segment."
        found.append(Problem(where, allowed, received, fix))
    return found


def _with_book(scenario: Scenario, day: date, history: HistoryFiles, periods: int, path: Path) -> Scenario:
    """The scenario with another first day and a book that is read; keys of a drawn book taken out."""

    def changed(each: Scenario) -> Scenario:
        return each.with_(
            start=day,
            periods=periods,
            period_months=history.periods.period_months,
            fiscal_year=history.periods.fiscal_year,
            book=BookSource(file=str(path.resolve())),
            segment=tuple(map(_of_a_read_book, each.segment)),
        )

    return scenario.in_each(changed)


def _of_a_read_book(segment: Segment) -> Segment:
    held = {"12": 1.0} if segment.renewed_term_months else segment.term_months
    return segment.model_copy(update={"csms": None, "arr": None, "due": Due(), "term_months": held})
