"""What reports show of how CSMs answer a plan and what the company gets."""

from collections.abc import Iterator
from typing import Any

from sim.questions.response.figures import tradeoffs, value_ranges, value_swings
from sim.questions.response.findings import card_finding, response_finding, rests_finding
from sim.questions.response.tables import response_tables
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.swings import MOST_PANELS
from sim.shapes.table import Table, by_name
from sim.summary.summary import Summary, measured

Document = dict[str, Any]


def response_short(summary: Summary) -> Iterator[Said]:
    """What the best plan is worth, of a study that asked."""
    if measured(summary.document, "response"):
        yield Said("response", response_finding(summary.document))


def response_sections(summary: Summary) -> Iterator[Section]:
    """The card of the plans, and what they are worth once CSMs respond."""
    document = summary.document
    found = by_name(response_tables(document))
    if "card" in found:
        yield Section(
            "card",
            found["card"].title,
            card_finding(document),
            _tradeoffs(document),
            (found["card"],),
            open=True,
        )
    if "response" in found:
        yield from _responses(document, found)


def _tradeoffs(document: Document) -> tuple[Figure, ...]:
    shapes = tradeoffs(document)
    if not shapes:
        return ()
    note = (
        "Up: more net value per CSM-year, with two simulation errors each way. Left: less exposure, or less risk to the "
        "CSM. Dark: no other plan is as good on both by its mean and better on one. Chance is not counted here: csmsim rank "
        "says which plans another one clearly beats."
    )
    return (Figure("tradeoffs", shapes, note),)


def _responses(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    note = (
        "Per CSM-year. Bar: over the gross retention assumed to be lost without any incentive. Dot: in the middle of that "
        "range, with two simulation errors each way."
    )
    figures = [Figure("ranges", value_ranges(document), note)]
    if (shape := value_swings(document)) is not None:
        note = (
            "Net value per CSM-year from the lower to the higher value of one assumption, the others as they are; the dot "
            "is at the lower value. All panels share one scale."
            + (
                ""
                if len(shape.panels) < MOST_PANELS
                else f" The {MOST_PANELS} plans of the highest net value."
            )
        )
        figures.append(Figure("swings", shape, note, rests_finding(document)))
    yield Section(
        "response",
        found["response"].title,
        response_finding(document),
        tuple(figures),
        tuple(found[name] for name in ("response", "no_pay", "effort", "rests_on") if name in found),
    )
