"""The stress suite of a study as one document, and the directory it leaves."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.engine.facts import study_facts
from sim.engine.study import Study
from sim.files.place import reserved
from sim.questions.stress.limits import FAIL, UNDECIDED, Limits, Verdict
from sim.questions.stress.reverse import reverse
from sim.questions.stress.setting import Stress
from sim.questions.stress.suite import cases_of, stressed
from sim.questions.stress.tornado import tornado, tornado_entry
from sim.study.arguments import altered_study
from sim.study.directory import write_study
from sim.world.book import make_book

Document = dict[str, Any]


class StressResult:
    """What stresses found. ``document`` is the content of ``stress.json``."""

    def __init__(self, study: Study, document: Document) -> None:
        self.study = study
        self.document = document

    def __repr__(self) -> str:
        return f"StressResult of {self.study!r}: {len(self.document['stresses'])} stresses, {self.verdict}"

    @property
    def verdict(self) -> Verdict:
        """Fail where some plan fails some limit under some stress, else undecided where one is undecided."""
        found = {
            plan.get("verdict")
            for stress in self.document["stresses"].values()
            for plan in stress.get("plans", {}).values()
        }
        return FAIL if FAIL in found else UNDECIDED if UNDECIDED in found else "pass"

    def to_json(self) -> str:
        """The document as JSON text; it holds no NaN and no infinity."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)

    def write(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write ``stress.json``, ``stress.txt``, ``tables/*.csv`` and the study, ready to be run again, and ``report.html``
        where the extra ``report`` is installed: whole or not at all, and never over anything but an unchanged earlier suite.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, "stress", study=self.study.path, force=force) as place:
            place.publish(self.fill)
        return Path(directory)

    def fill(self, folder: Path) -> None:
        """Write all files of the suite into a new, empty folder."""
        from sim.report.terminal.stress import as_text
        from sim.report.written import installed, write_reports

        (folder / "stress.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "stress.txt").write_text(as_text(self.document), encoding="utf-8")
        write_reports(self.document, folder, ("html", "csv") if installed("html") else ("csv",))
        write_study(self.study, folder)


def stress(
    study: Study,
    *,
    threads: int | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    only: tuple[str, ...] = (),
    with_tornado: bool = True,
    progress: Callable[[], None] | None = None,
) -> StressResult:
    """Every plan under every stress; then, unless told otherwise, the tornado and the reverse stress.

    threads  : all processors by default; no result depends on it.
    worlds, seed : instead of the study's own.
    only     : stresses by name; all of the study where none is given.
    progress : called whenever the plans have been settled in one more scenario.

    Raises: InputError when a stress or a range cannot be applied to the study's scenario.
    """
    study = altered_study(study, worlds=worlds, seed=seed, threads=threads, only=only)
    threads = threads or os.cpu_count() or 1
    cases = cases_of(study, only)
    document: Document = {
        "study": study_facts(study, make_book(study.scenario)),
        "asked": (study.asked(Stress) or Stress()).model_dump(
            mode="json", exclude={"files", "range"}, exclude_none=True
        ),
        "limits": (study.asked(Limits) or Limits()).model_dump(mode="json", exclude_none=True),
        "not_modelled": {each.name: list(each.not_modelled) for each in study.sets if each.not_modelled},
        "stresses": stressed(study, cases, threads, progress),
    }
    if with_tornado:
        found = tornado(study, threads, progress)
        document["tornado"] = tornado_entry(study, found)
        broken = reverse(study, found, threads, progress)
        if broken is not None:
            document["reverse"] = broken
    return StressResult(study, document)
