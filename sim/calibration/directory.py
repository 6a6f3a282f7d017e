"""The directory that a calibration leaves."""

from pathlib import Path

from sim.calibration.report import report_of
from sim.calibration.result import Calibration
from sim.calibration.scenario import POSTERIOR


def fill(found: Calibration, folder: Path) -> None:
    """Write all files of a calibration into a new, empty folder; the page where its library is installed."""
    from sim.report.page.page import page
    from sim.report.terminal.report import plain_text, printed_report
    from sim.report.written import csv_of, installed

    report = report_of(found)
    (folder / "scenario.toml").write_text(found.scenario, encoding="utf-8")
    (folder / POSTERIOR).write_bytes(found.posterior())
    (folder / "calibration.json").write_text(found.to_json() + "\n", encoding="utf-8")
    (folder / "calibration.txt").write_text(plain_text(printed_report(report)), encoding="utf-8")
    if installed("html"):
        (folder / "report.html").write_bytes(page(report).encode("utf-8", "replace"))
    (folder / "tables").mkdir()
    for table in report.tables:
        (folder / "tables" / f"{table.name}.csv").write_text(csv_of(table), encoding="utf-8")
