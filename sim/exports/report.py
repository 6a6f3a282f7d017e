"""What a reader sees of an intake: what was recognised and how, and totals to hold against the system's own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.exports.proposal import Proposal
from sim.exports.reading import History
from sim.exports.sheet import Sheet
from sim.shapes.table import Column, Table, Value, table

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN: Final = 40
"""Rows of totals; of further ones the sum."""
AMOUNTS: Final = (
    Column("due", "Due", "count", note="Due: renewals, by the quarter in which they are due."),
    Column("due_arr", "ARR due", "dollar"),
    Column("booked", "Booked", "count", note="Booked: those renewed, by the quarter of booking."),
    Column("booked_arr", "ARR booked", "dollar"),
    Column("events", "Events", "count", note="Events: changes of ARR between renewals and new business."),
    Column("events_arr", "ARR change", "dollar", signed=True),
    Column("book", "In force", "count"),
    Column("book_arr", "ARR in force", "dollar"),
)


def tables(sheet: Sheet, made: Proposal | None, history: History | None) -> list[Table]:
    """Everything that is printed, as tables."""
    found = [_recognised(sheet), _matched(made), _files(history), _aside(sheet, history)]
    if history is not None:
        found += [by_quarter(history), by_owner(history)]
    return [each for each in found if each is not None]


def document(sheet: Sheet, made: Proposal | None, history: History | None) -> dict[str, Any]:
    """What ``--json`` prints. Amounts in the plans' currency per year."""
    shown = {
        each.name: [dict(zip([c.key for c in each.columns], row, strict=True)) for row in each.rows]
        for each in tables(sheet, made, history)
    }
    notes = {} if history is None else {"notes": list(history.notes)}
    return {"export": str(sheet.path), **shown, **notes}


def _recognised(sheet: Sheet) -> Table | None:
    rows: list[dict[str, Value]] = [{"what": what, "is": how} for what, how in sheet.evidence]
    rows.append({"what": "records", "is": f"{len(sheet):,} rows of {len(sheet.header)} columns"})
    return _words(
        "file", f"{sheet.path.name}: how it was read", (Column("what", "What"), Column("is", "As")), rows
    )


def _matched(made: Proposal | None) -> Table | None:
    if made is None:
        return None
    columns = (Column("role", "Role"), Column("is", "Is"), Column("why", "How it is known"))
    rows: list[dict[str, Value]] = [
        {"role": role, "is": name, "why": why} for role, name, why in made.evidence
    ]
    rows += [{"role": "not read", "is": ", ".join(made.unused), "why": None}] if made.unused else []
    title = f"Columns, as {made.system} names them" if made.system else "Columns"
    return _words("columns", title, columns, rows)


def _files(history: History | None) -> Table | None:
    if history is None:
        return None
    columns = (Column("file", "File"), Column("rows", "Rows", "count"), Column("columns", "Columns"))
    rows: list[dict[str, Value]] = [
        {"file": f"{name}.csv", "rows": len(frame), "columns": ", ".join(frame.columns)}
        for name, frame in history.tables.items()
    ]
    return _words("files", f"Written: {history.used:,} rows used", columns, rows)


def _aside(sheet: Sheet, history: History | None) -> Table | None:
    columns = (
        Column("reason", "Set aside, as"),
        Column("rows", "Rows", "count"),
        Column("first", "First row", "count"),
    )
    listed = sheet.aside if history is None else history.aside
    # Rows that name another row in their reason are told together.
    reasons = [
        (each.reason.split(" row ")[0] + " another row" if " row " in each.reason else each.reason, each.row)
        for each in listed
    ]
    counts = Counter(reason for reason, _ in reasons)
    first: dict[str, int] = {}
    for reason, row in reasons:
        first.setdefault(reason, row)
    rows: list[dict[str, Value]] = [
        {"reason": reason, "rows": number, "first": first[reason]} for reason, number in counts.items()
    ]
    if sheet.blank:
        rows.append({"reason": "blank (not listed in intake.csv)", "rows": sheet.blank, "first": None})
    return _words("aside", "Rows set aside, each listed in intake.csv", columns, rows)


def by_quarter(history: History) -> Table | None:
    """What is due, booked and changed, by quarter of the calendar year; its last row is the sum."""
    return _totals(
        history, "by_quarter", "By quarter of the calendar year", Column("quarter", "Quarter"), _quarter
    )


def by_owner(history: History) -> Table | None:
    """The same by owner, splits by their shares."""
    return _totals(history, "by_owner", "By owner", Column("csm", "Owner"), lambda frame, _: frame["csm"])


def _totals(history: History, name: str, title: str, first: Column, key: Any) -> Table | None:
    sums: dict[str, dict[str, float]] = {}
    for prefix, frame, date, arr in _parts(history):
        share = frame.get("share", 1.0)
        whole = frame.assign(_key=key(frame, date), _arr=frame[arr] * share, _one=share).groupby(
            "_key", sort=True
        )
        for each, (number, amount) in whole[["_one", "_arr"]].sum().iterrows():
            row = sums.setdefault(str(each), {})
            row[prefix] = row.get(prefix, 0.0) + float(number)
            row[f"{prefix}_arr"] = row.get(f"{prefix}_arr", 0.0) + float(amount)
    if not sums:
        return None
    largest = sorted(sums, key=lambda each: -sum(map(abs, sums[each].values())))
    shown, others = sorted(largest[:MOST_SHOWN]), largest[MOST_SHOWN:]
    rows: list[dict[str, Value]] = [{first.key: each, **sums[each]} for each in shown]
    if others:
        rows.append({first.key: f"{len(others):,} others", **_added(sums[each] for each in others)})
    rows.append({first.key: "Total", **_added(sums.values())})
    # Half a shared renewal is half a one, so that owners add up to the company.
    parts = {
        each
        for row in sums.values()
        for each, value in row.items()
        if value % 1.0 and not each.endswith("arr")
    }
    columns = [replace(each, kind="ratio") if each.key in parts else each for each in AMOUNTS]
    return table(name, title, (first, *columns), rows, brief=[first.key, *(each.key for each in AMOUNTS)])


def _added(rows: Iterable[dict[str, float]]) -> dict[str, Value]:
    """The sum of rows, key by key."""
    total: dict[str, float] = {}
    for row in rows:
        for key, value in row.items():
            total[key] = total.get(key, 0.0) + value
    return dict(total)


def _parts(history: History) -> Iterator[tuple[str, "pd.DataFrame", str, str]]:
    """What is added up: the prefix of its columns, its rows, the date and the amount that count."""
    if (deals := history.tables.get("deals")) is not None:
        yield "due", deals, "due_date", "arr"
        yield "booked", deals[deals["booked_date"].notna()], "booked_date", "booked_arr"
    if (events := history.tables.get("events")) is not None:
        yield "events", events, "date", "arr"
    if (book := history.tables.get("book")) is not None:
        yield "book", book, "", "arr"


def _quarter(frame: "pd.DataFrame", date: str) -> Any:
    if not date:
        return "in force"
    days = frame[date]
    return days.dt.year.astype(str) + " Q" + days.dt.quarter.astype(str)


def _words(name: str, title: str, columns: tuple[Column, ...], rows: list[dict[str, Value]]) -> Table | None:
    return table(name, title, columns, rows, brief=[each.key for each in columns])
