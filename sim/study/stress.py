"""The stress suite of a study as one document, and the directory it leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.engine.executor import Executor
from sim.engine.facts import study_facts
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.files.place import reserved
from sim.questions.stress.limits import Limits, Verdict
from sim.questions.stress.reverse import reverse
from sim.questions.stress.setting import Stress
from sim.questions.stress.suite import cases_of, stressed
from sim.questions.stress.summary import Asked, StressSuite
from sim.questions.stress.tornado import ranges_of, tornado, tornado_entry
from sim.report.documented import Documented
from sim.study.arguments import altered_study, workers_of
from sim.study.directory import write_study
from sim.world.book import make_book


class StressResult(Documented):
    """What stresses found."""

    def __init__(self, study: Study, suite: StressSuite) -> None:
        self.study = study
        self.suite = suite

    def __repr__(self) -> str:
        return f"StressResult of {self.study!r}: {len(self.suite.stresses)} stresses, {self.verdict}"

    @property
    def document(self) -> dict[str, Any]:
        """The suite as plain values: the content of ``stress.json``."""
        return self.suite.document()

    @property
    def verdict(self) -> Verdict:
        """Fail where some plan fails some limit under some stress, else undecided where one is undecided."""
        return self.suite.verdict

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
        from sim.report.written import installed, report_text, write_reports

        (folder / "stress.json").write_text(self.to_json() + "\n", encoding="utf-8")
        (folder / "stress.txt").write_text(report_text(self.document), encoding="utf-8")
        write_reports(self.document, folder, ("html", "csv") if installed("html") else ("csv",))
        write_study(self.study, folder)


def stress(
    study: Study,
    *,
    threads: int | None = None,
    executor: Executor | Workers | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    only: tuple[str, ...] = (),
    with_tornado: bool = True,
    progress: Callable[[], None] | None = None,
) -> StressResult:
    """Every plan under every stress; then, unless told otherwise, the tornado and the reverse stress.

    threads  : all processors by default; no result depends on it.
    executor : does the tasks in the place of threads, as many at once as ``threads`` says: a pool of processes, or what
               ``dask.distributed.Client.get_executor()`` or ``mpi4py.futures`` gives.
    worlds, seed : instead of the study's own.
    only     : stresses by name; all of the study where none is given.
    progress : called whenever the plans have been settled in one more scenario.

    Raises: InputError when a stress or a range cannot be applied to the study's scenario.
    """
    study = altered_study(study, worlds=worlds, seed=seed, threads=threads, only=only)
    workers = workers_of(threads, executor)
    if with_tornado:
        ranges_of(study)  # what is refused is so before the first world
    stresses = stressed(study, cases_of(study, only), workers, progress)
    found = tornado(study, workers, progress) if with_tornado else None
    suite = StressSuite(
        study=study_facts(study, make_book(study.scenario)),
        asked=_asked(study),
        limits=study.asked(Limits) or Limits(),
        not_modelled={
            role_set.name: role_set.not_modelled for role_set in study.sets if role_set.not_modelled
        },
        stresses=stresses,
        tornado=None if found is None else tornado_entry(study, found),
        reverse=None if found is None else reverse(study, found, workers, progress),
    )
    return StressResult(study, suite)


def _asked(study: Study) -> Asked:
    asked = study.asked(Stress) or Stress()
    return Asked.of(**{name: getattr(asked, name) for name in Asked.model_fields})
