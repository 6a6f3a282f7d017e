"""What a search found, and the directory that it leaves: the report, its tables, and every finalist as a plan file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.study import Study
from sim.files.place import reserved
from sim.plan.plan import Plan
from sim.questions.search.summary import Finalist, SearchSuite
from sim.questions.search.words import clause
from sim.report.documented import Shown
from sim.study.directory import write_study

if TYPE_CHECKING:
    import pandas as pd


class SearchResult(Shown):
    """What a search found. In a notebook it shows itself as a table.

    plans : the finalists, by name, knees first.
    """

    def __init__(self, study: Study, suite: SearchSuite, plans: Mapping[str, Plan]) -> None:
        self.study = study
        self.suite = suite
        self.plans = dict(plans)

    def __repr__(self) -> str:
        held = f"{len(self.suite.kept)} of {len(self.suite.finalists)} finalists hold"
        return f"SearchResult of {self.study!r}: {held}"

    @property
    def document(self) -> dict[str, Any]:
        """What was found as plain values: the content of ``search.json``."""
        return self.suite.document()

    @property
    def finalists(self) -> "pd.DataFrame":
        """A row for each finalist: its clauses, its objectives on fresh worlds, and what they are better by."""
        import pandas as pd

        rows = {
            name: {
                **each.values,
                **{path: found.value for path, found in each.objectives.items()},
                **{f"{path}_gain": found.gain for path, found in each.objectives.items()},
                "knee": each.knee,
                "dropped": each.dropped,
            }
            for name, each in self.suite.finalists.items()
        }
        frame = pd.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "plan"
        return frame

    def write(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write ``search.json``, ``search.txt``, ``tables/*.csv``, the finalists as plan files, and the study, ready to be
        run again, and ``report.html`` where the extra ``report`` is installed: whole or not at all.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, "search", study=self.study.path, force=force) as place:
            place.publish(self.fill)
        return Path(directory)

    def fill(self, folder: Path) -> None:
        """Write all files of the result into a new, empty folder."""
        from sim.report.written import installed, report_text, write_reports

        (folder / "search.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "search.txt").write_text(report_text(self.document), encoding="utf-8")
        write_reports(self.document, folder, ("html", "csv") if installed("html") else ("csv",))
        write_study(self.study, folder)
        (folder / "finalists").mkdir()
        for name, plan in self.plans.items():
            text = _told(self.suite.finalists[name], self.suite) + plan.to_toml()
            (folder / "finalists" / f"{name}.toml").write_text(text, encoding="utf-8")


def _told(found: Finalist, suite: SearchSuite) -> str:
    """What a finalist changes, as comments at the head of its file."""
    moved = [
        f"# {path}: {clause(suite.vary[path].today)} -> {clause(value)}\n"
        for path, value in found.values.items()
        if value != suite.vary[path].today
    ]
    return f"# {suite.plan}, changed by a search of study {suite.study.name}:\n{''.join(moved)}"
