"""Every medium of a result as the text that a reader meets, and its tables as they were rendered."""

import csv
import html
import io
import re
from pathlib import Path

import openpyxl

from sim.report.html import fragment
from sim.report.office import deck as decks
from sim.report.office import workbook as workbooks
from sim.report.page import page as pages
from sim.report.reported import reported
from sim.report.terminal.fitted import Fitted
from sim.report.terminal.report import plain_text, printed_report
from sim.report.written import csv_of


def printed(document):
    """What the terminal is given to print."""
    return printed_report(reported(document))


def terminal(document, width=100):
    return plain_text(printed(document), width)


def tables(document):
    return reported(document).tables


def by_name(document):
    return {table.name: table for table in tables(document)}


def page(document):
    return pages.page(reported(document))


def workbook(document):
    return workbooks.workbook(reported(document))


def deck(document):
    return decks.deck(reported(document))


def plain(markup):
    """The text of a page, without scripts and styles."""
    markup = re.sub(r"<(script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def sheets(document):
    return openpyxl.load_workbook(io.BytesIO(workbook(document)))


def texts(document):
    """By medium, everything that it says, in reading order."""
    stressed = "stresses" in document
    found = {
        "terminal": " ".join(terminal(document).split()),
        "page": plain(page(document)),
        "workbook": " ".join(
            str(cell.value)
            for sheet in sheets(document)
            for row in sheet
            for cell in row
            if cell.value is not None
        ),
        "tables": " ".join(csv_of(each) + each.note + each.title for each in tables(document)),
    }
    if not stressed:
        from pptx import Presentation

        slides = Presentation(io.BytesIO(deck(document))).slides
        found["deck"] = " ".join(
            shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
        )
        found["notebook"] = plain(fragment(document))
    return found


def first_sentences(document):
    """By medium, the text from its first sentence on: what follows the title and the size of the study."""
    stressed = "stresses" in document
    lines = terminal(document).splitlines()
    found = {
        "terminal": " ".join(" ".join(lines[lines.index("") + 1 :]).split()),
        "page": plain(re.search(r"<li>.*", page(document), re.DOTALL)[0]),
        "workbook": sheets(document)["read_me"]["B3"].value,
    }
    if not stressed:
        from pptx import Presentation

        first = next(iter(Presentation(io.BytesIO(deck(document))).slides))
        found["deck"] = [shape for shape in first.shapes if shape.has_text_frame][1].text_frame.text
        found["notebook"] = plain(fragment(document).split("</b>: ", 1)[1])
    return found


def fitted(document):
    """Every table of the terminal."""

    def walk(part):
        if isinstance(part, Fitted):
            yield part
        for each in getattr(part, "renderables", ()):
            yield from walk(each)

    return list(walk(printed(document)))


def rows_of(table):
    """A table's CSV as it is written: cells by column key, without units."""
    head, *rows = csv.reader(io.StringIO(csv_of(table)))
    return [dict(zip([title.split(" [")[0] for title in head], row, strict=True)) for row in rows]


def written_to(folder: Path) -> str:
    """All text files of a result."""
    return " ".join(
        each.read_text() for each in folder.rglob("*") if each.suffix in (".txt", ".html", ".csv")
    )
