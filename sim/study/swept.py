"""A sweep or a solution as a result: typed, and the directory that it leaves."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.engine.facts import study_facts
from sim.engine.study import Study
from sim.errors import InputError
from sim.plan.altered import value_at
from sim.plan.plan import Plan
from sim.questions.sweep.summary import Solution, SweepSuite, SweptRow
from sim.questions.sweep.tables import ERROR, MEAN_IS
from sim.study.directory import write_study
from sim.study.measured import measure_told
from sim.study.solve import Solved
from sim.study.worlds import Worlds
from sim.world.book import make_book

Document = Mapping[str, Any]


class SweepResult(NamedTuple):
    """What a sweep found, or what was solved for. command : that writes it, ``sweep`` or ``solve``."""

    study: Study
    suite: SweepSuite
    command: str

    def to_json(self) -> str:
        """What was found as JSON text; it holds no NaN and no infinity."""
        return json.dumps(self.suite.document(), indent=2, ensure_ascii=False, allow_nan=False)

    def fill(self, folder: Path) -> None:
        """Write ``sweep.json`` or ``solve.json``, the same as text, ``tables/*.csv``, the study, ready to be run again, and
        ``report.html`` where the extra ``report`` is installed, into a new, empty folder.
        """
        from sim.report.written import installed, report_text, write_reports

        document = self.suite.document()
        (folder / f"{self.command}.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / f"{self.command}.txt").write_text(report_text(document), encoding="utf-8")
        write_reports(document, folder, ("html", "csv") if installed("html") else ("csv",))
        write_study(self.study, folder)


def result_of_sweep(
    worlds: Worlds, plan: Plan, paths: Sequence[str], rows: Sequence[Document], measures: Sequence[str]
) -> SweepResult:
    """The rows of ``sim.sweep`` as a result."""
    return SweepResult(worlds.study, _suite(worlds, plan, paths, rows, measures, None), "sweep")


def result_of_solution(worlds: Worlds, plan: Plan, found: Solved) -> SweepResult:
    """A solution and its curve as a result."""
    path, measure = found.path, found.target.measure
    rows = [{path: along, measure: over} for along, over in found.curve]
    solution = Solution(
        target=found.target.value, value=found.value, se=found.se, reached=found.reached, said=found.sentence
    )
    suite = _suite(worlds, plan, [path], rows, [measure], solution)
    return SweepResult(worlds.study, suite, "solve")


def _suite(
    worlds: Worlds,
    plan: Plan,
    paths: Sequence[str],
    rows: Sequence[Document],
    measures: Sequence[str],
    solution: Solution | None,
) -> SweepSuite:
    return SweepSuite(
        study=study_facts(worlds.study, make_book(worlds.study.scenario)),
        plan=plan.name,
        worlds=len(worlds),
        vary=tuple(paths),
        today=tuple(_today(plan, path) for path in paths),
        told=tuple(measure_told(measure) for measure in measures),
        swept=tuple(_row(row, paths, measures) for row in rows),
        solution=solution,
    )


def _row(row: Document, paths: Sequence[str], measures: Sequence[str]) -> SweptRow:
    return SweptRow(
        values=tuple(row[path] for path in paths),
        measures=tuple(row[measure] for measure in measures),
        errors=tuple(row.get(f"{measure}{ERROR}") for measure in measures),
        mean_is=row.get(MEAN_IS),
    )


def _today(plan: Plan, path: str) -> Any:
    """The value in the plan as it is; None where that has none, or a whole table."""
    try:
        value = value_at(plan, path)
    except InputError:
        return None
    return value if isinstance(value, bool | int | float | str) else None
