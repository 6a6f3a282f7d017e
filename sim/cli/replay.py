"""``csmsim replay``: settle real deals under one or more plans."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer

from sim.errors import InputError, Problem, shown

if TYPE_CHECKING:
    from sim.replay.settled import Replay

T = TypeVar("T")


BookFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV", help="ARR on the first day: csm, account, arr; for plans on retention or growth."
    ),
]
ExpansionsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV", help="Growth between renewals: csm, account, date, arr; for plans on expansion."
    ),
]
KpisFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV",
        help="Readings of health, nps, adoption or onboarding: csm, date (or period, from 0), kpi, value; "
        "the last of a quarter counts.",
    ),
]
PeopleFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV",
        help="Who holds a seat from when until when: csm, from, and until and role where given; for ramps, draws and "
        "guarantees of newcomers, and pay that ends with the last day.",
    ),
]


def replay(
    deals: Annotated[
        Path, typer.Argument(metavar="DEALS.csv", help="What was due, and what was booked when.")
    ],
    plan: Annotated[list[Path], typer.Option(metavar="PLAN.toml", help="A plan; give it again for more.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="First day of the first quarter, YYYY-MM-DD.")],
    periods: Annotated[int, typer.Option(metavar="N", help="Number of quarters.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="PLAN.toml", help="Further plans.")] = None,
    book: BookFile = None,
    expansions: ExpansionsFile = None,
    kpis: KpisFile = None,
    people: PeopleFile = None,
    xlsx: Annotated[
        Path | None,
        typer.Option(metavar="FILE.xlsx", help="Also write a workbook: a sheet a plan, totals as formulas."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the statements as JSON.")] = False,
) -> None:
    """Settle real deals under each plan: what every CSM is asked, credited and paid, quarter by quarter.

    DEALS.csv has the columns csm, account, arr, due_date, booked_date and booked_arr (dates as YYYY-MM-DD; a blank
    booked_date is a renewal that was lost), and where a plan needs them service_start_date, invoice_date, cash_date,
    notice_date (when a customer said that it leaves or shrinks) and multi_year (1 where a longer term was signed).
    A deal booked after its due date whose service_start_date is the due date, or before it, has no lapse: it is not late.
    An exception granted by hand has a reason (exception), who granted it (exception_by) and the booking date that counts
    instead (exception_date); what it is worth is shown.
    """
    from sim.files.book_events import read_expansions, read_opening, read_readings
    from sim.files.deals import read_deals
    from sim.files.people import read_people
    from sim.plan.plan import load_plan
    from sim.replay.needs import BookEvents
    from sim.replay.settled import replay as settle_deals

    first = parse_start(start)
    read = AllAtOnce()
    plans = [read(load_plan, path) for path in (*plan, *(more or ()))]
    history = read(read_deals, deals)
    book_events = BookEvents(
        read(read_opening, book), read(read_expansions, expansions), read(read_readings, kpis)
    )
    team = read(read_people, people)
    read.check()
    if xlsx is not None:
        check_new_file(xlsx)
    assert history is not None, "checked"
    result = settle_deals(
        history, [each for each in plans if each is not None], first, periods, book_events, team
    )
    if xlsx is not None:
        from sim.report.office.cases import case_workbook

        write_new_file(xlsx, case_workbook(result))
    if as_json:
        typer.echo(json.dumps(document_of(result), indent=2, allow_nan=False))
    else:
        show(result)


def document_of(result: "Replay") -> dict[str, Any]:
    """What ``--json`` prints."""
    from sim.report.terminal.exceptions import exception_entries

    return {
        "statements": statements(result),
        "totals": totals(result),
        "notes": [asdict(note) for note in result.notes],
        "exceptions": exception_entries(result.exceptions),
        **({"roles": dict(result.roles)} if result.roles else {}),
    }


def check_new_file(path: Path) -> None:
    """Raises: InputError when the library for workbooks is not there, or when something lies at the path already."""
    from sim.report.written import installed

    if not installed("xlsx"):
        fix = "pip install 'csm-compensation-simulator[report]'"
        raise InputError([Problem("the library xlsxwriter", "installed to write workbooks", "none", fix)])
    if path.suffix != ".xlsx":
        raise InputError([Problem("--xlsx", "a file name that ends with .xlsx", shown(str(path)))])
    if path.exists() or path.is_symlink():
        fix = "Nothing is replaced: give another name, or remove it."
        raise InputError([Problem("--xlsx", "a path where nothing lies", shown(str(path)), fix)])


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and over nothing.

    Raises: InputError when it cannot be written there.
    """
    import os

    from sim.files.place import put_down
    from sim.files.staging import NEW, staging

    try:
        with staging(path) as folder:
            staged = folder / NEW / path.name
            staged.write_bytes(content)
            try:
                os.link(staged, path)
            finally:
                # An interrupt can come between the link and the next line: the file system says what happened.
                if path.exists() and path.samefile(staged):
                    put_down(path)
    except OSError as error:
        why = f"{error.strerror or error}.".capitalize()
        raise InputError([Problem("--xlsx", "a path that can be written", shown(str(path)), why)]) from None


class AllAtOnce:
    """Reads files one by one, and keeps what is wrong with each until all have been read."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def __call__(self, reader: Callable[[Path], T], path: Path | None) -> T | None:
        """What is in the file; None without one, or where it cannot be read."""
        if path is None:
            return None
        try:
            return reader(path)
        except InputError as error:
            self._problems += error.problems
            return None

    def check(self) -> None:
        """Raises: InputError with the problems of all files."""
        if self._problems:
            raise InputError(dict.fromkeys(self._problems))


def parse_start(text: str) -> date:
    """The date of ``--start``.

    Raises: InputError when it is not an ISO date.
    """
    from sim.files.cells import Column, Wrong, parse_cell

    when = parse_cell(Column("--start", "date"), text.strip())
    if isinstance(when, Wrong):
        raise InputError([Problem("--start", when.allowed, shown(text), when.fix)])
    assert isinstance(when, date)
    return when


def statements(result: "Replay") -> list[dict[str, Any]]:
    """The entries of every plan and CSM."""
    from sim.shapes.entries import settlement_entries, statement_entries, tidy

    found = []
    for each in result.settled:
        entries = statement_entries(each.plan.name, each.csm, each.statement)
        components = settlement_entries(each.settlement)
        for period, entry in enumerate(entries):
            if not each.plan.has_quota:
                entry["quota_exhausted"] = False
            if not each.plan.on_renewals_alone:
                entry |= components[period]
            if each.neutral is not None:
                entry["attainment_timing_neutral"] = tidy(float(each.neutral.statement.attainment[period, 0]))
            found.append(entry)
    return found


def totals(result: "Replay") -> list[dict[str, Any]]:
    """Pay of the horizon [usd], and attainments of it [share]: absent where there is no such thing."""
    from sim.shapes.entries import tidy

    found = []
    for each in result.settled:
        shares = {
            "attainment": each.total_attainment,
            "attainment_timing_neutral": each.neutral_attainment,
        }
        known = {name: tidy(share) for name, share in shares.items() if share is not None}
        paid = tidy(float(each.settlement.paid.sum()))
        found.append({"plan": each.plan.name, "csm": each.csm, "paid": paid, **known})
    return found


def _role(result: "Replay", csm: str) -> str:
    return f" ({result.roles[csm]})" if csm in result.roles else ""


def show(result: "Replay") -> None:
    """Print a founding table for every plan and CSM; of a plan of more than one curve on renewals, its components."""
    from sim.cli.run import terminal
    from sim.report.terminal.components import attainments, component_rows
    from sim.report.terminal.exceptions import exception_sentences
    from sim.report.terminal.statement import exhausted_note, founding_rows, statement_tables

    console = terminal()
    for settled in result.settled:
        console.print()
        console.print(
            f"{settled.plan.title or settled.plan.name} · {settled.csm}" + _role(result, settled.csm),
            style="bold",
            markup=False,
            highlight=False,
        )
        alone = settled.plan.on_renewals_alone
        if alone:
            rows = founding_rows(settled.statement) + attainments(settled.settlement, settled.neutral)
        else:
            rows = component_rows(settled.settlement, settled.neutral)
        for table in statement_tables(rows, result.calendar, console.width):
            console.print(table)
        if note := exhausted_note(settled.statement, result.calendar, settled.plan.has_quota):
            console.print(note)
    told = [f"Exception: {sentence}" for sentence in exception_sentences(result.exceptions)]
    told += [f"Note: {note.text}" for note in result.notes]
    if told:
        console.print()
    for line in told:
        console.print(line, markup=False, highlight=False, style="yellow")
