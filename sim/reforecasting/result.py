"""What a forecast in mid-year found, and the directory that it leaves."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.study import Study
from sim.files.place import reserved
from sim.questions.reforecast.summary import Reforecast
from sim.questions.reforecast.tables import year_end
from sim.report.documented import Shown
from sim.study.directory import write_study

if TYPE_CHECKING:
    import pandas as pd


class ReforecastResult(Shown):
    """What a forecast in mid-year found. In a notebook it shows itself as a table."""

    def __init__(self, study: Study, found: Reforecast) -> None:
        self.study = study
        self.found = found

    def __repr__(self) -> str:
        return f"Reforecast of {self.study!r} as of {self.found.as_of}"

    @property
    def document(self) -> dict[str, Any]:
        """What was found as plain values: the content of ``reforecast.json``."""
        return self.found.document()

    @property
    def summary(self) -> "pd.DataFrame":
        """A row for each plan: its cost over the horizon as it is forecast now, and as it was last. [usd]"""
        import pandas as pd

        table = year_end(self.found)
        assert table is not None, "a study has plans"
        frame = pd.DataFrame(table.rows, columns=[column.key for column in table.columns])
        frame.attrs["units"] = {column.key: column.unit for column in table.columns}
        return frame.set_index("plan")

    def write(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write ``reforecast.json``, ``reforecast.txt``, ``tables/*.csv`` and the study, and ``report.html`` and
        ``workbook.xlsx`` where the extra ``report`` is installed: whole or not at all.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, "reforecast", study=self.study.path, force=force) as place:
            place.publish(self.fill)
        return Path(directory)

    def fill(self, folder: Path) -> None:
        """Write all files of the result into a new, empty folder."""
        from sim.report.written import NO_DECK, installed, report_text, write_reports

        (folder / "reforecast.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "reforecast.txt").write_text(report_text(self.document), encoding="utf-8")
        formats = tuple(each for each in NO_DECK if each != "parquet" and installed(each))
        write_reports(self.document, folder, formats)
        write_study(self.study, folder)
