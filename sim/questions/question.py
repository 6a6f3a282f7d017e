"""What a question is to those who ask all of them: how it is answered, and how its answers are put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.summary.entry import Part
from sim.summary.summary import Summary

Document = dict[str, Any]


class Ran(NamedTuple):
    """A study whose worlds have been simulated.

    heavy : plans whose cost has no mean: told by medians.
    """

    study: Study
    setting: Setting
    totals: Totals
    threads: int
    heavy: frozenset[str]


@dataclass
class Answer:
    """Entries of the summary. plans : sections of the entries of plans, by plan. whole : entries beside ``plans``."""

    plans: dict[str, Document] = field(default_factory=dict)
    whole: Document = field(default_factory=dict)

    def add(self, plan: str, section: str, entry: Any) -> None:
        """A section of a plan's entry."""
        self.plans.setdefault(plan, {})[section] = entry

    def update(self, other: "Answer") -> None:
        """Add another question's answer."""
        for plan, sections in other.plans.items():
            self.plans.setdefault(plan, {}).update(sections)
        self.whole |= other.whole


def _nothing(_study: Study, _totals: Totals) -> Answer:
    return Answer()


def _no_pass(_ran: Ran) -> Answer:
    return Answer()


def _complete(_document: Document) -> None:
    return None


def _no_sentence(_summary: Summary) -> Iterable[Said]:
    return ()


def _no_section(_summary: Summary) -> Iterable[Section]:
    return ()


class Nothing(Part):
    """What a question writes that writes nothing."""


@dataclass(frozen=True)
class Question:
    """One question. Its folder holds its table of the study file, its pass, its theory, and what reports show of it.

    read     : what the totals of the study's worlds say; asked when the summary is.
    measure  : what needs a pass of its own, where the study asks for it.
    combine  : works out, in the complete summary, what needs the answers of several plans or questions.
    of_plan, of_whole : what it writes into the entry of a plan, and beside the plans.
    short    : its sentences at the head of a report, where it has one to say.
    sections : its sections of a report, in reading order.
    """

    name: str
    read: Callable[[Study, Totals], Answer] = _nothing
    measure: Callable[[Ran], Answer] = _no_pass
    combine: Callable[[Document], None] = _complete
    of_plan: type[Part] = Nothing
    of_whole: type[Part] = Nothing
    short: Callable[[Summary], Iterable[Said]] = _no_sentence
    sections: Callable[[Summary], Iterable[Section]] = _no_section
