"""Variants once more on many fresh worlds, in the background: with progress, and to be called off."""

from dataclasses import dataclass, field, replace
from threading import Event, Lock, Thread
from typing import Any, Final

from sim.app.confirmed import confirmed
from sim.engine.kept import set_of
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study
from sim.errors import InputError
from sim.plan.plan import Plan
from sim.questions.question import Answer
from sim.study.results import Settled
from sim.summary.summary import Summary

Document = dict[str, Any]

WORLDS: Final = 10_000
"""On which variants are confirmed. [world]"""


class _CallOffError(Exception):
    pass


@dataclass
class Run:
    """One confirmation.

    kept         : the summary on kept worlds; summary: on these.
    offset       : number of the first world.
    done, worlds : how far it is.
    """

    kept: Summary
    worlds: int
    offset: int
    done: int = 0
    summary: Summary | None = None
    problems: tuple[str, ...] = ()
    stop: Event = field(default_factory=Event)

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.summary is None and not self.problems and not self.stop.is_set()


class Confirming:
    """At most one run at a time; a new one calls off the one before."""

    def __init__(self, study: Study, workers: Workers, worlds: int = WORLDS) -> None:
        self._study = study
        self._workers = workers
        self._worlds = worlds
        self._lock = Lock()
        self.run: Run | None = None

    def start(self, plans: list[Plan], kept: Summary) -> Run:
        """Begin: the baseline and these plans, on worlds nobody has looked at. They are of the same seed, as another one
        may draw another book, and of higher numbers than a run of the study has.

        kept : the summary of the same plans on kept worlds.
        """
        with self._lock:
            self.cancel()
            run = Run(kept, self._worlds, max(self._study.worlds, kept.study.worlds))
            self.run = run
            Thread(target=self._confirm, args=(run, plans), name="confirming", daemon=True).start()
            return run

    def cancel(self) -> None:
        """Call off what is under way."""
        if self.run is not None and self.run.running:
            self.run.stop.set()

    def close(self) -> None:
        """Call off what is under way, as nobody waits for it any more."""
        self.cancel()

    def told(self) -> Document:
        """How far the run is, or what it found; nothing where there is none."""
        run = self.run
        if run is None:
            return {"state": "none"}
        if run.problems:
            return {"state": "failed", "sentences": run.problems}
        if run.summary is None:
            state = "stopped" if run.stop.is_set() else "running"
            return {"state": state, "done": run.done, "worlds": run.worlds}
        return {"state": "done", **confirmed(run.kept, run.summary)}

    def _confirm(self, run: Run, plans: list[Plan]) -> None:
        def progress(done: int, _worlds: int) -> None:
            run.done = done
            if run.stop.is_set():
                raise _CallOffError

        base = self._study.sets[self._study.baseline_index]
        sets = (base, *(set_of(plan, self._study) for plan in plans if plan.name != base.name))
        try:
            study = replace(self._study, sets=sets).altered(worlds=run.worlds)
            setting = prepare(study)
            totals = totals_of(setting, study.worlds, self._workers, SPAN, progress, run.offset)
            run.summary = Settled(study, setting, totals, Answer()).answers
        except _CallOffError:
            return
        except InputError as error:
            run.problems = tuple(map(str, error.problems))
        except Exception as error:
            run.problems = (f"Stopped by {type(error).__name__}: {error}. This is a fault of csmsim.",)
            raise


SPAN: Final = 512
"""Worlds between two looks at whether the run was called off. [world]"""
