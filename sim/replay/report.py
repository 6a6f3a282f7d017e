"""What a reader sees of a replay: a table a plan and CSM, what is told beside them, and all of it as plain values."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from sim.calendar import Calendar
from sim.questions.payees.report import sections_of
from sim.questions.payees.tables import Told
from sim.replay.replay import Replay, Settled
from sim.replay.slips import slip_of
from sim.shapes.case import Case, case_of
from sim.shapes.entries import STATEMENT_COLUMNS, settlement_entries, statement_entries, tidy
from sim.shapes.section import Section
from sim.shapes.statement import Row, attainments, component_rows, founding_rows
from sim.shapes.table import PLAN, Column, table


def heading(settled: Settled, result: Replay) -> str:
    """Which plan, and whose statement; with their role where one is known."""
    role = f" ({result.roles[settled.csm]})" if settled.csm in result.roles else ""
    return f"{settled.plan.title or settled.plan.name} · {settled.csm}{role}"


def rows(settled: Settled) -> list[Row]:
    """A founding table; of a plan of more than one curve on renewals, its components."""
    if settled.plan.on_renewals_alone:
        return founding_rows(settled.statement) + attainments(settled.settlement, settled.neutral)
    counting = [each.name for each in settled.plan.component if each.kind_of_measure.kind == "events"]
    return component_rows(settled.settlement, settled.neutral, counting=counting)


def sentences(result: Replay) -> list[str]:
    """Exceptions and notes."""
    exceptions = [f"Exception: {each.sentence}" for each in result.exceptions]
    return exceptions + [f"Note: {each.text}" for each in result.notes]


def cases(result: Replay) -> list[Case]:
    """Every table as plain numbers."""
    return [
        case_of(each.plan.name, each.plan.title or each.plan.name, each.csm, each.statement)
        for each in result.settled
    ]


def document(result: Replay) -> dict[str, Any]:
    """What ``--json`` prints. Amounts in usd, attainments as shares, periods from 0."""
    return {
        "periods": _periods(result.calendar),
        "statements": [entry for each in result.settled for entry in _statements(each)],
        "totals": [_total(each) for each in result.settled],
        "notes": [asdict(note) for note in result.notes],
        "exceptions": [each.document() for each in result.exceptions],
        **({"roles": dict(result.roles)} if result.roles else {}),
        **(
            {"payees": {name: each.document() for name, each in result.winners.items()}}
            if result.winners
            else {}
        ),
    }


def _periods(calendar: Calendar) -> list[dict[str, str]]:
    """Name, first and last day of each period."""
    return [
        {
            "label": label,
            "starts": calendar.first_day(period).isoformat(),
            "ends": (calendar.first_day(period + 1) - timedelta(days=1)).isoformat(),
        }
        for period, label in enumerate(calendar.labels)
    ]


STATEMENTS: Final = (
    PLAN,
    Column("csm", "CSM"),
    *STATEMENT_COLUMNS,
    Column("bonus_early", "Early", "dollar"),
    Column("bonus_late", "Late", "dollar"),
    Column("bonus_on_time", "On time", "dollar"),
)


def replay_sections(result: Replay) -> list[Section]:
    """Every statement, a row a period from 0; then who gains and who loses, and what is told beside them."""
    rows = [entry for each in result.settled for entry in _statements(each)]
    statements = table("statements", "Statements", STATEMENTS, rows)
    assert statements is not None, "a replay has statements"
    told = " ".join(sentences(result))
    return [Section("statements", "Statements", told, tables=(statements,)), *winners_sections(result)]


def winners_sections(result: Replay) -> list[Section]:
    """Who would have been paid more and who less than under the first plan; nothing of a single plan."""
    if not result.winners:
        return []
    return list(sections_of(Told(result.settled[0].plan.name, result.winners, worlds=1)))


def _statements(settled: Settled) -> Iterator[dict[str, Any]]:
    components = settlement_entries(settled.settlement)
    entries = statement_entries(settled.plan.name, settled.csm, settled.statement)
    for period, entry in enumerate(entries):
        if not settled.plan.has_quota:
            entry["quota_exhausted"] = False
        if not settled.plan.on_renewals_alone:
            entry |= components[period]
        if settled.neutral is not None:
            attainment = settled.neutral.statement.attainment[period, 0]
            entry["attainment_timing_neutral"] = tidy(float(attainment))
        yield entry


def _total(settled: Settled) -> dict[str, Any]:
    """Pay of the horizon to the cent [usd], and attainments of it [share]: absent where there is no such thing."""
    shares = {
        "attainment": settled.total_attainment,
        "attainment_timing_neutral": settled.neutral_attainment,
    }
    known = {name: tidy(share) for name, share in shares.items() if share is not None}
    return {"plan": settled.plan.name, "csm": settled.csm, "paid": slip_of(settled).total, **known}
