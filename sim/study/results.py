"""The result of a run: its summary, its tables, and the directory of files it leaves."""

from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.engine.company_cost import costs_of
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.files.masks import Masks
from sim.files.place import reserved
from sim.questions.question import Answer
from sim.report.documented import Shown
from sim.report.linked import Links
from sim.report.written import masked_document
from sim.study.directory import write_study, write_tables
from sim.study.summary import summarise
from sim.study.tables import (
    BOOK_UNITS,
    WORLD_UNITS,
    as_frame,
    books_columns,
    masked,
    names_of,
    summary_frame,
    worlds_columns,
)
from sim.summary.summary import Summary

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Settled(Shown):
    """Plans settled on worlds. In a notebook it shows itself as a table.

    ``summary``, ``worlds`` and ``books`` are DataFrames whose ``attrs["units"]`` says what each column is;
    ``document`` holds every measure as plain numbers.
    """

    def __init__(self, study: Study, setting: Setting, totals: Totals, passes: Answer) -> None:
        self.study = study
        self.totals = totals
        self.setting = setting
        self.book = setting.world.book
        self.territories = setting.territories
        self._passes = passes
        self._masks: Masks | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__} of {self.study!r}"

    @cached_property
    def answers(self) -> Summary:
        """What every question says of every plan."""
        return summarise(self.study, self.setting, self.totals, self._passes)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The same as plain values: the content of ``summary.json``."""
        found = self.answers.document()
        return found if self._masks is None else masked_document(found, self._masks)

    @property
    def summary(self) -> "pd.DataFrame":
        """The main measures, one row per plan."""
        return summary_frame(self.answers)

    @property
    def worlds(self) -> "pd.DataFrame":
        """Cost of every world, plan and period: the rows of ``worlds.parquet``."""
        columns = worlds_columns(self.study, self.totals, 0, self.study.worlds)
        return as_frame(columns, names_of(self.study, self.book), WORLD_UNITS)

    @property
    def books(self) -> "pd.DataFrame":
        """Pay and attainment of every plan and CSM: the rows of ``books.parquet``."""
        columns = books_columns(self.study, self.book, self.territories, self.totals)
        names = names_of(self.study, self.book, self.territories)
        if self._masks is not None:
            columns, names = masked(columns, names, self._masks)
        return as_frame(columns, names, BOOK_UNITS)

    def anonymous(self) -> Self:
        """The same with people's names masked, CSM 01 and so on, in everything that it shows and writes: the same mask in
        every result of the same book, in an order that says nothing of that of the names.
        """
        found = copy(self)
        found.__dict__.pop("document", None)
        found._masks = Masks(self.book.csms, self.study.files.book or self.study.hash)
        return found

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The main measures as an Arrow stream (PyCapsule interface)."""
        return self.summary.reset_index().__arrow_c_stream__(requested_schema)

    def plot(self, axes: "Axes | None" = None) -> "Figure":
        """How company cost of every plan is distributed over worlds, and the budget.

        Raises: InputError when matplotlib is not installed.
        """
        from sim.report.plot import distributions

        costs = dict(
            zip((each.name for each in self.study.sets), costs_of(self.study, self.totals), strict=True)
        )
        return distributions(costs, self.study.budget, self.study.baseline, axes)


class Result(Settled):
    """What a run found: plans settled on its worlds, and the passes that its study asked for; it can be written."""

    def write(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write the result directory: whole or not at all, and never over anything but an unchanged earlier result.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        It holds ``summary.json``, ``report.txt``, ``worlds.parquet``, ``retention.parquet``, ``books.parquet``,
        ``payees.parquet``, ``study.toml`` with the scenario and plans beside it, ready to be run again, and ``report.html``
        where the extra ``report`` is installed. Where names are masked, a book that was read from a file is left out, and
        the study cannot be run again.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, "run", study=self.study.path, force=force) as place:
            place.publish(self.fill)
        return Path(directory)

    def fill(self, folder: Path) -> None:
        """Write all files of the result into a new, empty folder."""
        from sim.report.written import installed, report_text, write_reports

        (folder / "summary.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "report.txt").write_text(report_text(self.document), encoding="utf-8")
        if installed("html"):
            write_reports(self.document, folder, ("html",), self._explained(folder))
        write_tables(self.study, self.book, self.territories, self.totals, folder, self._masks)
        write_study(self.study, folder, with_book=self._masks is None)

    def _explained(self, folder: Path) -> Links:
        """Write the pages that explain the pay of those whom the report names, and where it leads to them; none where names
        are masked, as explanations name customers.
        """
        from sim.study.explanations import explanations_of

        if self._masks is not None:
            return {}
        links, pages = explanations_of(self.study, self.setting, self.totals, self.answers)
        for name, content in pages.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        return links
