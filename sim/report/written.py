"""Reports as files: read a result directory, and make the content of what was asked."""

import csv
import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

from sim.errors import InputError, Problem, shown
from sim.files.masks import BETWEEN, Masks
from sim.files.result_file import result_model
from sim.files.text import read_text
from sim.questions.backtest.summary import Backtest
from sim.questions.reforecast.summary import Reforecast
from sim.questions.registry import summary_model
from sim.questions.search.summary import SearchSuite
from sim.questions.stress.summary import StressSuite
from sim.questions.sweep.summary import SweepSuite
from sim.report.linked import NO_LINKS, Links, linked
from sim.report.parquet import parquet_of
from sim.report.reported import reported
from sim.report.terminal.report import WIDTH, plain_text, printed_report
from sim.shapes.report import Report
from sim.shapes.table import Table, inert, with_marks

Document = dict[str, Any]

FORMATS: Final = ("html", "xlsx", "pptx", "csv", "parquet")
NO_DECK: Final = ("html", "xlsx", "csv", "parquet")
"""What is written of a stress suite, of a search, of a forecast in mid-year and of a backtest, which have no deck."""
NEEDED: Final = {"html": "jinja2", "xlsx": "xlsxwriter", "pptx": "pptx"}
"""The library that writes a format; all are in the extra ``report``."""
SUITES: Final = ("stresses", "finalists", "as_of", "swept", "coverage90")
"""Keys that tell those from a run."""
SUMMARY: Final = "summary.json"
STRESS: Final = "stress.json"
SEARCH: Final = "search.json"
REFORECAST: Final = "reforecast.json"
BACKTEST: Final = "backtest.json"
Found: TypeAlias = StressSuite | SearchSuite | Reforecast | SweepSuite | Backtest
WITHOUT_DECK: Final[dict[str, tuple[type[Found], str]]] = {
    STRESS: (StressSuite, "stress"),
    SEARCH: (SearchSuite, "search"),
    REFORECAST: (Reforecast, "reforecast"),
    BACKTEST: (Backtest, "backtest"),
    "sweep.json": (SweepSuite, "sweep"),
    "solve.json": (SweepSuite, "solve"),
}
"""By its file, the model of a result that has no deck, and the command that writes it."""


def read_document(directory: Path) -> Document:
    """The content of a result directory's ``summary.json``.

    Raises: InputError when there is none, and with every key whose value is not what its question writes, or that none does.
    """
    path = directory / SUMMARY
    document = result_model(summary_model(), path, "run").document()
    baseline = document["study"]["baseline"]
    if baseline not in document["plans"]:
        names = ", ".join(document["plans"])
        raise InputError([Problem(f"{path}: study.baseline", f"one of the plans ({names})", shown(baseline))])
    return document


def read_result(directory: Path) -> Document:
    """What ``csmsim run``, ``csmsim stress``, ``csmsim search``, ``csmsim sweep`` or ``csmsim solve`` left in a directory.

    Raises: InputError when there is none of them, or when it is not one of ours.
    """
    if not (directory / SUMMARY).exists():
        for name, (model, command) in WITHOUT_DECK.items():
            if (directory / name).exists():
                return result_model(model, directory / name, command).document()
    return read_document(directory)


def masked_document(document: Document, masks: Masks) -> Document:
    """The content of a result with names of people masked."""
    found: Document = masks.document(document)
    return found | {"study": {**found["study"], "anonymous": True}}


def without_names(document: Document, directory: Path) -> Document:
    """The content of a result directory with people's names masked, as the run that wrote it would have masked them.

    Raises: InputError when the book of the result cannot be read.
    """
    if document["study"].get("anonymous"):
        return document
    return masked_document(document, masks_of(document, directory))


def masks_of(document: Document, directory: Path) -> Masks:
    """Masks of the people in a result directory.

    Raises: InputError when it does not hold them.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path, book = directory / "books.parquet", directory / "book.csv"
    try:
        rows = pq.read_table(path, columns=["csm"])
        names = rows["csm"].combine_chunks().dictionary.to_pylist()
    except (OSError, ArrowException, KeyError, AttributeError):
        raise InputError([Problem(str(path), "the books of a result", "something else")]) from None
    people = [name for name in names if BETWEEN not in name]
    return Masks(people, read_text(book) if book.exists() else document["study"]["hash"])


def reports_of(
    document: Document, formats: tuple[str, ...] = FORMATS, links: Links = NO_LINKS
) -> dict[str, bytes]:
    """The reports of a result: content by path in its folder. links : that the page has to others beside it.

    Raises: InputError when a library is missing.
    """
    lacking = [NEEDED[each] for each in formats if each in NEEDED and not installed(each)]
    if lacking:
        fix = "pip install 'csm-compensation-simulator[report]'"
        raise InputError(
            [Problem(f"the library {name}", "installed to write reports", "none", fix) for name in lacking]
        )
    report = linked(reported(document), links)
    writers: dict[str, Callable[[], dict[str, bytes]]] = {
        "html": lambda: {"report.html": _page(report)},
        "xlsx": lambda: {"workbook.xlsx": _workbook(report)},
        "pptx": lambda: {"deck.pptx": _deck(report)},
        "csv": lambda: {f"tables/{each.name}.csv": csv_of(each).encode() for each in report.tables},
        "parquet": lambda: {f"tables/{each.name}.parquet": parquet_of(each) for each in report.tables},
    }
    return {name: content for each in formats for name, content in writers[each]().items()}


def report_text(document: Document, width: int = WIDTH) -> str:
    """The report of a result as plain text of at most ``width`` columns."""
    return plain_text(printed_report(reported(document)), width)


def write_reports(
    document: Document, directory: Path, formats: tuple[str, ...] = FORMATS, links: Links = NO_LINKS
) -> None:
    """Write the reports of a result into a folder that nobody has seen yet.

    Raises: InputError as ``reports_of``; OSError when the folder cannot be written.
    """
    for name, content in reports_of(document, formats, links).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def installed(kind: str) -> bool:
    """Whether the library that writes a format is there."""
    return kind not in NEEDED or find_spec(NEEDED[kind]) is not None


def csv_of(table: Table) -> str:
    """A table as CSV: plain numbers with their units in the header, text that no spreadsheet takes for a formula."""
    out = io.StringIO()
    table = with_marks(table)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"{each.key} [{each.unit}]" if each.unit else each.key for each in table.columns])
    writer.writerows(
        [inert(value) if isinstance(value, str) else "" if value is None else value for value in row]
        for row in table.rows
    )
    return out.getvalue()


def _page(report: Report) -> bytes:
    from sim.report.page.page import page

    return page(report).encode("utf-8", "replace")


def _workbook(report: Report) -> bytes:
    from sim.report.office.workbook import workbook

    return workbook(report)


def _deck(report: Report) -> bytes:
    from sim.report.office.deck import deck

    return deck(report)
