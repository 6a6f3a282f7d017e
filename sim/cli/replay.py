"""``csmsim replay``: settle real deals under one or more plans."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sim.cli.run import FORCE
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.replay.replay import Replay


class Units(StrEnum):
    """What a terminal's amounts are in."""

    auto = "auto"
    usd = "usd"


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
        "the last of a period counts.",
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
TransfersFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="CSV", help="Accounts that change hands: account, from_csm, to_csm, date."),
]
CalendarFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="TOML",
        help="How the company cuts its years: period_months (1, 3, 6 or 12) and a table fiscal_year; quarters from --start "
        "where left out.",
    ),
]
XlsxFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE.xlsx", help="Also write a workbook: a sheet a plan, totals as formulas."),
]
OutDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Also write statements to the cent: CSV, Parquet, a workbook, a page and JSON."
    ),
]
UnitsOf: TypeAlias = Annotated[
    Units, typer.Option(help="Amounts in a unit that reads well, or in usd to the cent.", show_default=True)
]
ExplainCsm: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CSM",
        help="Print instead how one CSM's pay comes about under every plan, account by account.",
    ),
]


def replay(
    deals: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="What was due, and what was booked when: a file DEALS.csv, or a folder as csmsim intake writes it.",
        ),
    ],
    plan: Annotated[list[Path], typer.Option(metavar="PLAN.toml", help="A plan; give it again for more.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="First day of the first period, YYYY-MM-DD.")],
    periods: Annotated[
        int, typer.Option(metavar="N", help="Number of periods: quarters, where no calendar says else.")
    ],
    more: Annotated[list[Path] | None, typer.Argument(metavar="PLAN.toml", help="Further plans.")] = None,
    book: BookFile = None,
    expansions: ExpansionsFile = None,
    kpis: KpisFile = None,
    people: PeopleFile = None,
    transfers: TransfersFile = None,
    calendar: CalendarFile = None,
    xlsx: XlsxFile = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Mask the names of people: CSM 01, CSM 02, ...")
    ] = False,
    out: OutDir = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    units: UnitsOf = Units.auto,
    explain: ExplainCsm = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the statements as JSON.")] = False,
) -> None:
    """Settle real deals under each plan: what every CSM is asked, credited and paid, period by period.

    A folder holds deals.csv and, where known, book.csv, events.csv, kpis.csv, people.csv, transfers.csv and calendar.toml.
    DEALS.csv has the columns csm, account, arr, due_date, booked_date and booked_arr (dates as YYYY-MM-DD; a blank
    booked_date is a renewal that was lost), and where a plan needs them service_start_date, invoice_date, cash_date,
    notice_date (when a customer said that it leaves or shrinks) and multi_year (1 where a longer term was signed).
    An account with several contracts names them (contract); a deal that several share has a row for each, with their share.
    A deal booked after its due date whose service_start_date is the due date, or before it, has no lapse: it is not late.
    An exception granted by hand has a reason (exception), who granted it (exception_by) and the booking date that counts
    instead (exception_date); what it is worth is shown.
    """
    from sim.calls.replay import settle
    from sim.calls.statements import check_libraries, write_statements
    from sim.cli.run import say_where, terminal
    from sim.replay.report import document

    if xlsx is not None:
        check_workbook(xlsx)
    if out is not None:
        check_libraries()
    others = (book, expansions, kpis, people, transfers, calendar)
    result = settle(deals, (*plan, *(more or ())), start, periods, others, anonymous)
    if xlsx is not None:
        write_workbook(xlsx, result)
    kept = None if out is None else write_statements(result, out, force=force).kept
    if explain is not None:
        tell(result, explain, as_json)
    elif as_json:
        typer.echo(json.dumps(document(result), indent=2, allow_nan=False))
    else:
        show(result, units)
        if out is not None:
            say_where(terminal(), out, kept)


def tell(result: "Replay", csm: str, as_json: bool) -> None:
    """Print how one CSM's pay comes about under every plan.

    Raises: InputError when there is no such CSM, or where names are masked.
    """
    from sim.calls.explained import explain_replay
    from sim.cli.explain import show as show_explanation
    from sim.explain.report import document

    plans = dict.fromkeys(each.plan.name for each in result.settled)
    found = [explain_replay(result, csm, plan) for plan in plans]
    if as_json:
        typer.echo(json.dumps([document(each) for each in found], indent=2, allow_nan=False))
        return
    for number, each in enumerate(found):
        if number:
            typer.echo()
        show_explanation(each)


def check_workbook(path: Path) -> None:
    """Raises: InputError when the library for workbooks is not there, or when no new file can lie there."""
    from sim.files.new_file import check_new_file
    from sim.report.written import installed

    if not installed("xlsx"):
        fix = "pip install 'csm-compensation-simulator[report]'"
        raise InputError([Problem("the library xlsxwriter", "installed to write workbooks", "none", fix)])
    check_new_file("--xlsx", path, ".xlsx")


def write_workbook(path: Path, result: "Replay") -> None:
    """A sheet a plan, totals as formulas.

    Raises: InputError when it cannot be written there.
    """
    from sim.files.new_file import write_new_file
    from sim.replay.report import cases, winners_sections
    from sim.report.office.cases import case_workbook

    tables = [table for section in winners_sections(result) for table in section.tables]
    write_new_file("--xlsx", path, case_workbook(cases(result), result.calendar.labels, tables))


def show(result: "Replay", units: Units = Units.auto) -> None:
    """Print a table for every plan and CSM, then what is to be told beside them."""
    from sim.cli.run import terminal
    from sim.replay.changes import changes_table
    from sim.replay.report import heading, rows, sentences, winners_sections
    from sim.replay.slips import slips_of
    from sim.report.terminal.printed import printed
    from sim.report.terminal.statement import TO_THE_CENT, statement
    from sim.shapes.statement import exhausted_note, unasked_notes

    console = terminal()
    for each in result.settled:
        lead = each.plan.lead
        notes = (
            exhausted_note(each.statement, result.calendar, each.plan.has_quota, lead.nothing_due),
            unasked_notes(each.settlement, each.plan, result.calendar),
        )
        note = " ".join(filter(None, notes))
        console.print()
        console.print(heading(each, result), style="bold", markup=False, highlight=False)
        unit = TO_THE_CENT if units is Units.usd else None
        console.print(statement(rows(each), result.calendar, note, console.width, unit))
    tables = [table for section in winners_sections(result) for table in section.tables if table.brief]
    if units is Units.usd and (changes := changes_table(result, slips_of(result))) is not None:
        tables.insert(0, changes)
    for table in tables:
        console.print()
        console.print(printed(table))
    told = sentences(result)
    if told:
        console.print()
    for line in told:
        console.print(line, markup=False, highlight=False, style="yellow")
