"""A result as small HTML tables, for notebooks."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from sim.report.reported import reported
from sim.report.terminal.fitted import Fitted
from sim.report.terminal.printed import printed
from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.table import Table

Document = dict[str, Any]

MOST_TABLES: Final = 2
"""The first ones of a report; the others are in its files."""


MOST_ROWS: Final = 20
"""Of a table; the others are in its frame."""


def fragment(document: Document) -> str:
    """What the report says in short, and its first tables."""
    report = reported(document)
    said = " ".join(each.sentence for each in report.short)
    brief = [printed(table) for table in report.tables if table.brief][:MOST_TABLES]
    tables = "".join(_table(each) for each in brief if isinstance(each, Fitted))
    return (
        f"<p><b>{escape(report.title)}</b>: {escape(said)}</p>{tables}<p><small>{escape(ERROR_NOTE)}</small></p>"
        f"<p><small>{escape(report.size)}; {escape(report.origin)}</small></p>"
    )


def tables_html(title: str, findings: Iterable[str], tables: Iterable[Table]) -> str:
    """What a call found: its sentences, and each table up to ``MOST_ROWS`` rows."""
    said = "".join(f"<p>{escape(each)}</p>" for each in findings)
    return f"<p><b>{escape(title)}</b></p>{said}{''.join(map(_plain, tables))}"


def _plain(table: Table) -> str:
    titles = [
        f"{each.title} [{table.unit.name}]" if each.kind == "usd" else each.title for each in table.columns
    ]
    rows = "".join(f"<tr>{_cells('td', row)}</tr>" for row in table.shown()[:MOST_ROWS])
    more = len(table.rows) - MOST_ROWS
    left = f"<p><small>{more:,} more rows: .frame({table.name!r})</small></p>" if more > 0 else ""
    return (
        f"<table><caption>{escape(table.title)}</caption><thead><tr>{_cells('th', titles)}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{left}<p><small>{escape(table.note)}</small></p>"
    )


def _table(table: Fitted) -> str:
    head = _cells("th", table.columns)
    rows = "".join(f"<tr>{_cells('td', row)}</tr>" for row in table.rows)
    return (
        f"<table><caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p><small>{escape(table.caption)}</small></p>"
    )


def _cells(tag: str, texts: list[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
