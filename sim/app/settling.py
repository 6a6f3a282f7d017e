"""Variants settled on kept worlds, one question at a time; worlds that tell a new clause apart are kept as it is asked."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, NamedTuple

from sim.app.variants import Refused, Variant, plans_of
from sim.engine.study import Study
from sim.errors import InputError
from sim.plan.plan import Plan
from sim.study.worlds import Worlds, simulate
from sim.summary.summary import Summary

LOG: Final = logging.getLogger(__name__)


class SupersededError(Exception):
    """The same page has asked something newer meanwhile."""


class Found(NamedTuple):
    """summary : of the baseline and the variants; None while worlds are simulated that tell them apart, or
    where one of them is ``refused``. names : of the variants in it.
    """

    summary: Summary | None
    names: tuple[str, ...]
    refused: tuple[Refused, ...] = ()


class Settling:
    """The worlds of a study, and whoever asks for plans on them, one after another; the newest question goes first."""

    def __init__(self, study: Study, worlds: Worlds, threads: int | None) -> None:
        self.study = study
        self.threads = threads
        self._worlds = worlds
        self._turn = Lock()
        self._newest: dict[str, int] = {}
        self._finer = ThreadPoolExecutor(1, thread_name_prefix="finer worlds")
        self._wanted: tuple[Plan, ...] | None = None
        self._failed: tuple[tuple[Plan, ...], InputError] | None = None

    @property
    def worlds(self) -> Worlds:
        """Those that are kept now."""
        return self._worlds

    def settle(self, variants: Sequence[Variant], page: str = "", number: int = 0) -> Found:
        """The summary of the baseline and the variants.

        page, number : who asks, and how often before: what a page has asked again meanwhile is not settled.

        Raises: SupersededError where it has.
        """
        self._newest[page] = max(number, self._newest.get(page, 0))
        plans, refused = plans_of(self.study, variants)
        if refused:
            return Found(None, (), tuple(refused))
        with self._turn:
            if number < self._newest[page]:
                raise SupersededError
            return self._settled(plans)

    def _settled(self, plans: Sequence[Plan]) -> Found:
        study, names = self.study, tuple(plan.name for plan in plans)
        others = [plan for plan in plans if plan.name != study.baseline]
        try:
            summary = self._worlds.settle(study.baseline, *others, baseline=study.baseline).answers
        except InputError:
            return self._finer_worlds(tuple(others))
        return Found(summary, names)

    def _finer_worlds(self, plans: tuple[Plan, ...]) -> Found:
        """Keep worlds that tell these plans apart, in the background; what they cannot be kept for is refused."""
        if self._failed is not None and self._failed[0] == plans:
            problems = self._failed[1].problems
            return Found(None, (), tuple(Refused(0, "", str(problem)) for problem in problems))
        if self._wanted is None:
            self._wanted = plans
            self._finer.submit(self._keep, plans)
        return Found(None, ())

    def _keep(self, plans: tuple[Plan, ...]) -> None:
        try:
            self._worlds = simulate(self.study, worlds=len(self._worlds), threads=self.threads, also=plans)
            self._worlds.settle(self.study.baseline, *plans, baseline=self.study.baseline)
        except InputError as error:
            self._failed = (plans, error)
        except Exception:
            LOG.exception("worlds could not be kept")
            raise
        finally:
            self._wanted = None

    def close(self) -> None:
        """Let what is under way come to its end, and begin nothing more."""
        self._finer.shutdown(wait=False, cancel_futures=True)
