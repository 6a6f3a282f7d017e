"""What a backtest found, and the directory that it leaves."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files.masks import Masks
from sim.files.place import reserved
from sim.plan.plan import Plan
from sim.questions.backtest.summary import Backtest
from sim.report.documented import Shown

if TYPE_CHECKING:
    import pandas as pd

COMMAND = "backtest"


class BacktestResult(Shown):
    """What a backtest found. In a notebook it shows itself as a table."""

    def __init__(self, found: Backtest, plan: Plan) -> None:
        self.found = found
        self.plan = plan

    def __repr__(self) -> str:
        return f"Backtest of {self.found.plan!r}: {len(self.found.cuts)} cuts, {self.found.coverage90:.1%} inside"

    @property
    def document(self) -> dict[str, Any]:
        """What was found as plain values: the content of ``backtest.json``."""
        return self.found.document()

    @property
    def rows(self) -> "pd.DataFrame":
        """Every number that was forecast, and what it was. Amounts in usd, the others as shares."""
        import pandas as pd

        entries = ({"cut": cut.cut, **row.model_dump()} for cut in self.found.cuts for row in cut.rows)
        return pd.DataFrame(entries)

    @property
    def verdict(self) -> str:
        """In words."""
        return self.found.verdict

    def anonymous(self, secret: str) -> "BacktestResult":
        """The same with people's names masked, CSM 01 and so on, in an order that says nothing of that of the names.

        secret : what decides the order, and no report tells.
        """
        names = [row.csm for cut in self.found.cuts for row in cut.rows if row.csm is not None]
        masks = Masks(dict.fromkeys(names), secret)
        cuts = (
            cut.model_copy(
                update={
                    "rows": tuple(
                        row if row.csm is None else row.model_copy(update={"csm": masks.of(row.csm)})
                        for row in cut.rows
                    )
                }
            )
            for cut in self.found.cuts
        )
        masked = [
            cut.model_copy(update={"rows": tuple(sorted(cut.rows, key=lambda row: row.csm or ""))})
            for cut in cuts
        ]
        return BacktestResult(self.found.model_copy(update={"cuts": tuple(masked)}), self.plan)

    def write(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write ``backtest.json``, ``backtest.txt``, ``tables/*.csv`` and the plan, and ``report.html`` and
        ``workbook.xlsx`` where the extra ``report`` is installed: whole or not at all.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, COMMAND, force=force) as place:
            place.publish(self.fill)
        return Path(directory)

    def fill(self, folder: Path) -> None:
        """Write all files of the result into a new, empty folder."""
        from sim.report.written import BACKTEST, NO_DECK, installed, report_text, write_reports

        (folder / BACKTEST).write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "backtest.txt").write_text(report_text(self.document), encoding="utf-8")
        (folder / "plan.toml").write_text(self.plan.to_toml(), encoding="utf-8")
        formats = tuple(each for each in NO_DECK if each != "parquet" and installed(each))
        write_reports(self.document, folder, formats)
