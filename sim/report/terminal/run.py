"""The report of a run for a terminal."""

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.questions.response.card_terminal import card, left_out
from sim.questions.response.terminal import response_tables
from sim.report.reported import reported
from sim.report.terminal.report import WIDTH, plain_text, printed_report

Document = dict[str, Any]


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    return plain_text(report(document), width)


def report(document: Document) -> RenderableType:
    """The whole report, from the content of ``summary.json``."""
    return printed_report(reported(document), _of_their_own(document))


def _of_their_own(document: Document) -> list[RenderableType]:
    """Tables of questions that do not yet say what a narrow screen has room for."""
    tables = (*response_tables(document), card(document), left_out(document))
    return [Group(each, Text()) for each in tables if each is not None]
