"""The files of a history: a folder that holds them all, or each by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import InputError, Problem
from sim.files.all_at_once import AllAtOnce
from sim.files.book_events import read_events, read_expansions, read_opening, read_readings
from sim.files.deals import Deals, read_deals
from sim.files.people import People, read_people
from sim.files.transfers import Transfers, read_transfers
from sim.fiscal_year import PeriodsFile, read_periods
from sim.replay.required import NO_BOOK_EVENTS, BookEvents

DEALS_FILE: Final = "deals.csv"
FOLDER_FILES: Final = {
    "book": "book.csv",
    "expansions": "events.csv",
    "kpis": "kpis.csv",
    "people": "people.csv",
    "transfers": "transfers.csv",
    "calendar": "calendar.toml",
}
"""What each file is called in a folder; a folder with deals alone is a history too."""


class HistoryFiles(NamedTuple):
    """What really happened, as files tell it.

    book_events : what happened besides renewals; which of its files are needed depends on what plans pay on.
    people      : who is new, who leaves, and what is agreed; without it every seat is taken, and nobody is new.
    transfers   : which accounts change hands.
    periods     : the calendar; quarters of calendar months where no file says else.
    """

    deals: Deals
    book_events: BookEvents = NO_BOOK_EVENTS
    people: People | None = None
    transfers: Transfers | None = None
    periods: PeriodsFile = PeriodsFile()


def read_history(source: Path, given: dict[str, Path | None], read: AllAtOnce) -> Callable[[], HistoryFiles]:
    """Read a folder, or a file of deals. What is wrong is kept by ``read``; call what is returned after its ``check``.

    given : by the names of ``FOLDER_FILES``; a file that is given stands for the one in the folder.

    Raises: InputError when a folder has no deals.
    """
    events = read_expansions
    if source.is_dir():
        if not (source / DEALS_FILE).exists():
            fix = "A history is a folder with deals.csv, as csmsim intake writes it."
            raise InputError([Problem(str(source), f"a folder with {DEALS_FILE}", "none in it", fix)])
        if given["expansions"] is None:
            events = read_events
        lying = {role: source / name for role, name in FOLDER_FILES.items() if (source / name).exists()}
        given = given | {role: path for role, path in lying.items() if given[role] is None}
        source /= DEALS_FILE
    deals = read(read_deals, source)
    book_events = BookEvents(
        read(read_opening, given["book"]),
        read(events, given["expansions"]),
        read(read_readings, given["kpis"]),
    )
    people, transfers = read(read_people, given["people"]), read(read_transfers, given["transfers"])
    periods = read(read_periods, given["calendar"]) or PeriodsFile()

    def whole() -> HistoryFiles:
        assert deals is not None, "checked"
        return HistoryFiles(deals, _with_typed(deals, book_events), people, transfers, periods)

    return whole


def _with_typed(deals: Deals, book_events: BookEvents) -> BookEvents:
    """The events that deals of another type than a renewal tell, where no file of events does.

    Raises: InputError when both do.
    """
    if deals.between is None or book_events.expansions is None:
        return book_events if deals.between is None else book_events._replace(expansions=deals.between)
    told = (deals.between, deals.between.newcomers)
    row = min(row for each in told if each is not None for row in each.row)
    name = book_events.expansions.path.name
    fix = f"What is no renewal stands in {name}: put it there, or leave that file out."
    raise InputError(
        [Problem(f"{deals.path}, row {row}, column type", "'renewal' or blank", "another type", fix)]
    )
