"""The report of a replay, as a page shows it: the company, who gains and who loses, notes, and everybody's statements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sim.replay.changes import changes_table
from sim.replay.person import person_table
from sim.replay.replay import Replay
from sim.replay.report import sentences, winners_sections
from sim.replay.slips import Slip, summed
from sim.replay.statements import company_table, plan_names
from sim.shapes.report import Report, Said
from sim.shapes.section import Section
from sim.shapes.table import Table
from sim.shapes.words import counted
from sim.version import __version__

MOST_PEOPLE: Final = 200
"""People whose statements a page has room for; all are in the workbook and the files."""


def replay_report(result: Replay, slips: Sequence[Slip]) -> Report:
    """Everything, in reading order."""
    people = list(dict.fromkeys(slip.settled.csm for slip in slips))
    plans, calendar = plan_names(result), result.calendar
    company = Section(
        "company", "The company", " ".join(_paid(slips, plan) for plan in plans),
        tables=(_linked(company_table(result, slips), people),), open=True,
    )  # fmt: skip
    told = sentences(result)
    notes = [Section("notes", "Notes and exceptions", " ".join(told))] if told else []
    left = len(people) - MOST_PEOPLE
    statements = [_person(csm, at, slips, result) for at, csm in enumerate(people[:MOST_PEOPLE])]
    if left > 0:
        rest = f"Statements of {counted(left, 'more CSM')} are in statements.xlsx and statements.csv."
        statements.append(Section("others", "Others", rest))
    last = calendar.date(int(calendar.bounds[calendar.lead + calendar.periods]) - 1)
    return Report(
        kind="Statements on real deals",
        title=f"Statements, {calendar.labels[0]} to {calendar.labels[-1]}",
        size=f"{counted(len(people), 'CSM')}, {counted(calendar.periods, 'period')} from {calendar.start} to {last}",
        plans=tuple(plans),
        short=tuple(Said("company", _paid(slips, plan)) for plan in plans),
        sections=(company, *_winners(result, slips), *notes, *statements),
        origin=f"csmsim {__version__}, settled on real deals",
        certain=True,
        files="they are in {name}.csv",
    )


def _paid(slips: Sequence[Slip], plan: str) -> str:
    whole = summed([slip.total for slip in slips if slip.settled.plan_name == plan])
    return f"{plan} pays {whole:,.2f} usd."


def _winners(result: Replay, slips: Sequence[Slip]) -> Iterator[Section]:
    """By name and to the cent first."""
    for section in winners_sections(result):
        changes = changes_table(result, slips)
        assert changes is not None, "of several plans"
        yield replace(section, tables=(changes, *section.tables))


def _person(csm: str, at: int, slips: Sequence[Slip], result: Replay) -> Section:
    """One person's statement under every plan."""
    mine = [slip for slip in slips if slip.settled.csm == csm]
    role = f" ({result.roles[csm]})" if csm in result.roles else ""
    said = " ".join(_paid(mine, slip.settled.plan_name) for slip in mine)
    tables = tuple(person_table(slip, result) for slip in mine)
    return Section(_key(at), f"{csm}{role}", said, tables=tables, open=True)


def _linked(company: Table, people: Sequence[str]) -> Table:
    """The table with a link from everybody's row to their statements."""
    keys = {csm: _key(at) for at, csm in enumerate(people[:MOST_PEOPLE])}
    links = tuple(
        (("statement", f"#{keys[str(row[1])]}"),) if str(row[1]) in keys else () for row in company.rows
    )
    return replace(company, links=links)


def _key(at: int) -> str:
    return f"csm-{at + 1}"
