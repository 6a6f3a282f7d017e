"""What reports show of how CSMs answer a plan and what the company gets."""

from collections.abc import Iterator

from sim.questions.incentive.summary import rewards
from sim.questions.response.figures import tradeoffs, value_ranges, value_swings
from sim.questions.response.findings import card_finding, response_finding, rests_finding
from sim.questions.response.summary import PlanResponse, responses
from sim.questions.response.tables import response_tables
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.swings import MOST_PANELS
from sim.shapes.table import by_name
from sim.summary.summary import Summary

WORTH = ("response", "no_pay", "effort", "pace", "rests_first", "rests_on")
"""Tables behind what a plan is worth."""


def response_short(summary: Summary) -> Iterator[Said]:
    """What the best plan is worth, of a study that asked."""
    found = responses(summary)
    if found:
        yield Said("response", response_finding(found))


def response_sections(summary: Summary) -> Iterator[Section]:
    """The card of the plans, and what they are worth once CSMs respond."""
    found = responses(summary)
    tables = by_name(response_tables(summary))
    if "card" in tables:
        yield Section(
            "card",
            tables["card"].title,
            card_finding(rewards(summary)),
            _tradeoffs(summary),
            (tables["card"],),
            open=True,
        )
    if "response" in tables:
        yield Section(
            "response",
            tables["response"].title,
            response_finding(found),
            tuple(_figures(found)),
            tuple(tables[name] for name in WORTH if name in tables),
        )


def _tradeoffs(summary: Summary) -> tuple[Figure, ...]:
    shapes = tradeoffs(summary)
    if not shapes:
        return ()
    note = (
        "Up: more net value per CSM-year, with two simulation errors each way. Left: less exposure, or less risk to the "
        "CSM. Dark: no other plan is as good on both by its mean and better on one. Chance is not counted here: csmsim rank "
        "says which plans another one clearly beats."
    )
    return (Figure("tradeoffs", shapes, note),)


def _figures(found: dict[str, PlanResponse]) -> Iterator[Figure]:
    yield Figure(
        "ranges",
        value_ranges(found),
        "Per CSM-year. Bar: over the gross retention assumed to be lost without any incentive. Dot: in the middle of that "
        "range, with two simulation errors each way.",
    )
    if (shape := value_swings(found)) is not None:
        note = (
            "Net value per CSM-year from the lower to the higher value of one assumption, the others as they are; the dot "
            "is at the lower value. All panels share one scale."
        )
        if len(shape.panels) == MOST_PANELS:
            note += f" The {MOST_PANELS} plans of the highest net value."
        yield Figure("swings", shape, note, rests_finding(found))
