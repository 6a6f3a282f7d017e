"""The report of a run for a terminal."""

from typing import Any

from rich.console import RenderableType

from sim.report.reported import reported
from sim.report.terminal.report import WIDTH, plain_text, printed_report

Document = dict[str, Any]


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    return plain_text(report(document), width)


def report(document: Document) -> RenderableType:
    """The whole report, from the content of ``summary.json``."""
    return printed_report(reported(document))
