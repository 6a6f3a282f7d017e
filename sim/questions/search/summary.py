"""What a search finds, typed: the content of ``search.json``."""

from typing import Any, Literal

from sim.questions.search.measure import Sense
from sim.questions.search.setting import Value
from sim.summary.entry import ABSENT, Entry, count, measured, text, usd
from sim.summary.facts import Facts
from sim.summary.model import schema_of

Holds = Literal["kept", "undecided", "broken"]
AMOUNT = "in the measure's unit"


class WantedMeasure(Entry):
    """An objective."""

    path: str = text("Of the measure in a plan's summary.")
    large: bool = text("Whether it is to be large; else small.")
    unit: str = text("Of the measure.")
    meaning: str = text("Of the measure.")
    predicted: float | None = measured(
        "1",
        "Of a measure that the search predicts: correlation of predictions with what was left out.",
        ABSENT,
    )


class KeptBound(Entry):
    """What every plan must keep."""

    path: str = text("Of the measure.")
    sense: Sense = text("How the value stands to the limit.")
    limit: float = measured(AMOUNT, "What is allowed.")
    unit: str = text("Of the measure.")
    asked: str = text("As the study writes it.")


class Moving(Entry):
    """A clause that moves."""

    today: Value | None = text("Its value in the plan as it is; absent where that has none.", ABSENT)
    values: int = count("Values that it may take.")
    low: Value = text("The first of them.")
    high: Value = text("The last of them.")


class Trials(Entry):
    """How plans were tried."""

    combinations: int = count("Of all values.")
    tried: int = count("Plans of the search.")
    complete: bool = text("Whether every combination was tried.")
    no_plan: int = count("Of those tried, combinations that make no plan.")
    no_plan_why: str | None = text("Why the first of them makes none.", ABSENT)
    beyond: int = count("Of those tried, plans that break a bound.")
    without: int = count("Of those tried, plans without a value of some measure that is asked.")
    fitting: int = count("Of those tried, plans that keep all bounds.")
    front: int = count("Of those, plans that none beats, once rounded.")
    moved: int = count("Plans of the front whose numbers were rounded.")
    not_signed: int = count("Plans of the front that no rounding lets keep the bounds.")


class OnFresh(Entry):
    """A measure on fresh worlds."""

    value: float = measured(AMOUNT, "On all of them.")
    se: float = measured(AMOUNT, "Its standard error, from parts of the worlds.")
    kept: float = measured(AMOUNT, "The same on the worlds of the search.")
    gain: float = measured(AMOUNT, "What is better than under the plan as it is, on fresh worlds.")
    gain_se: float = measured(AMOUNT, "Its standard error, world by world.")
    gain_kept: float = measured(AMOUNT, "The same on the worlds of the search.")


class OnBound(Entry):
    """A bound on fresh worlds."""

    value: float = measured(AMOUNT, "On all of them.")
    se: float = measured(AMOUNT, "Its standard error.")
    verdict: Holds = text("Of the 95 % interval beside the limit.")


class Finalist(Entry):
    """A plan of the front, settled on fresh worlds."""

    title: str = text("What it is.")
    knee: bool = text(
        "Whether it is a knee of the front: more of one objective costs much of another on both sides."
    )
    values: dict[str, Value | None] = text("Of each clause that moves.")
    objectives: dict[str, OnFresh] = text("By path.")
    bounds: dict[str, OnBound] = text("By what was asked.")
    beaten_by: str | None = text("The plan that is as good everywhere and clearly better somewhere.", ABSENT)
    better_on: tuple[str, ...] = text("Objectives on which that plan is clearly better.", ())
    like: str | None = text("A plan that is as good everywhere, and not told apart from it.", ABSENT)
    dropped: bool = text("Whether it is beaten, or clearly breaks a bound.")
    dear: dict[str, float] = measured("in the measure's unit", "Measures of a pass of their own.", {})
    dear_se: dict[str, float] = measured("in the measure's unit", "Their standard errors.", {})
    not_measured: dict[str, str] = text("Why one of those is not there.", {})


class OfFront(Entry):
    """A plan of the front, on the worlds of the search."""

    values: tuple[Value | None, ...] = text("Of each clause, in order.")
    objectives: tuple[float, ...] = measured(AMOUNT, "In order.")


class Purchase(Entry):
    """What a dearer finalist buys over the next cheaper one, on fresh worlds."""

    plan: str = text("The dearer one.")
    over: str = text("The cheaper one; today's plan among them.")
    added: float = usd("Cost more.")
    added_se: float = usd("Its standard error, world by world.")
    buys: dict[str, float] = measured(AMOUNT, "What is better, by objective; negative where it is worse.")
    buys_se: dict[str, float] = measured(AMOUNT, "Its standard error, world by world.")


class SearchSuite(Entry):
    """A search over the clauses of a plan."""

    study: Facts = text("What was run.")
    plan: str = text("The plan that was varied.")
    worlds: int = count("Of the search.")
    fresh_worlds: int = count("Other worlds, in which finalists were settled.")
    sections: int = count("Parts of the fresh worlds, from which errors are worked out.")
    seed: int = text("Of the search.")
    objectives: tuple[WantedMeasure, ...] = text("What is wanted.")
    bounds: tuple[KeptBound, ...] = text("What is kept.")
    vary: dict[str, Moving] = text("The clauses that move, by path.")
    trials: Trials = text("How plans were tried.")
    today: dict[str, OnFresh] = text("The plan as it is, by path of the objective.")
    today_bounds: dict[str, OnBound] = text("The same beside each bound.")
    today_beaten_by: str | None = text(
        "A finalist that is as good everywhere and clearly better somewhere.", ABSENT
    )
    finalists: dict[str, Finalist] = text("By name, knees first.")
    front: tuple[OfFront, ...] = text("The front, of many plans those that stand for it.")
    cost: str | None = text("The objective that is money paid by the company.", ABSENT)
    buys: tuple[Purchase, ...] = text("From the cheapest finalist to the dearest.")
    comparisons: int = count("Among which the chance of a mistake of the screening is shared.")

    @property
    def kept(self) -> dict[str, Finalist]:
        """The finalists that are not dropped."""
        return {name: each for name, each in self.finalists.items() if not each.dropped}

    @property
    def holding(self) -> float | None:
        """Of the finalists, those that hold on fresh worlds; None without any. [share]"""
        return len(self.kept) / len(self.finalists) if self.finalists else None


def search_schema() -> dict[str, Any]:
    """The JSON Schema of ``search.json``: every number with its unit and its meaning."""
    return schema_of(SearchSuite)
