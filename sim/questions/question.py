"""What a question is to those who ask all of them: how it is answered, and how its answers are put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sim.engine.pool import Workers
from sim.engine.setting import Setting
from sim.engine.study import Study, StudyTable
from sim.engine.totals import Totals
from sim.questions.paths import Paths
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.summary.entry import Part
from sim.summary.summary import Summary


class Ran(NamedTuple):
    """A study whose worlds have been simulated.

    heavy : plans whose cost has no mean: told by medians.
    """

    study: Study
    setting: Setting
    totals: Totals
    workers: Workers
    heavy: frozenset[str]


class Answer:
    """Parts of the summary. plans : of the entries of plans, by plan; whole : beside ``plans``."""

    def __init__(self, whole: Part | None = None) -> None:
        self.plans: dict[str, dict[type[Part], Part]] = {}
        self.whole: dict[type[Part], Part] = {} if whole is None else {type(whole): whole}

    def add(self, plan: str, part: Part) -> None:
        """A part of a plan's entry; joined with what it has of the same question."""
        parts = self.plans.setdefault(plan, {})
        before = parts.get(type(part))
        parts[type(part)] = part if before is None else before.joined(part)

    def update(self, other: "Answer") -> None:
        """Add another question's answer."""
        for plan, parts in other.plans.items():
            for part in parts.values():
                self.add(plan, part)
        self.whole |= other.whole


def _nothing(_study: Study, _setting: Setting, _totals: Totals, _paths: Paths) -> Answer:
    return Answer()


def _no_pass(_ran: Ran) -> Answer:
    return Answer()


def _complete(summary: Summary) -> Summary:
    return summary


def _no_sentence(_summary: Summary) -> Iterable[Said]:
    return ()


def _no_section(_summary: Summary) -> Iterable[Section]:
    return ()


@dataclass(frozen=True)
class Question:
    """One question. Its folder holds its table of the study file, its pass, its theory, and what reports show of it.

    read     : what the totals of the study's worlds say, as far as paths of plans' entries are asked; asked when the summary
               is. It may say more.
    measure  : what needs a pass of its own, where the study asks for it.
    combine  : the complete summary with needs the answers of several plans or questions worked out.
    of_plan, of_whole : what it writes into the entry of a plan, and beside the plans.
    short    : its sentences at the head of a report, where it has one to say.
    sections : its sections of a report, in reading order.
    table    : of a question of another package: the table of the study file by which it is asked.
    """

    name: str
    read: Callable[[Study, Setting, Totals, Paths], Answer] = _nothing
    measure: Callable[[Ran], Answer] = _no_pass
    combine: Callable[[Summary], Summary] = _complete
    of_plan: tuple[type[Part], ...] = ()
    of_whole: tuple[type[Part], ...] = ()
    short: Callable[[Summary], Iterable[Said]] = _no_sentence
    sections: Callable[[Summary], Iterable[Section]] = _no_section
    table: type[StudyTable] | None = None
