"""The sections of what CSMs may do because of a plan: the card, dates, rewards, responses and what they are worth."""

from collections.abc import Iterator
from typing import Any

from sim.questions.gaming.figures import exposure_ranges, friction_lines, movable_lines, split_stack
from sim.questions.response.figures import MOST_PANELS, contrast_dots, tradeoffs, value_ranges, value_swings
from sim.questions.response.findings import (
    card_finding,
    exposure_finding,
    friction_finding,
    leak_finding,
    movable_finding,
    response_finding,
    rests_finding,
    reward_finding,
    split_finding,
)
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table

Document = dict[str, Any]


def behaviour_sections(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    """Of everything that a study asked for, a section."""
    if "card" in found:
        yield Section(
            "card",
            found["card"].title,
            card_finding(document),
            _tradeoffs(document),
            (found["card"],),
            open=True,
        )
    if "exposure" in found:
        yield from _dates(document, found)
    if "incentive" in found:
        note = "Cents of pay for one more dollar of ARR. Left of zero the plan takes pay away for it."
        yield Section(
            "incentive",
            found["incentive"].title,
            reward_finding(document),
            (Figure("dots", contrast_dots(document), note),),
            tuple(found[name] for name in ("incentive", "incentive_zones") if name in found),
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


def _dates(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    note = "Means over worlds, all CSMs over the horizon. Upright line: pay if every renewal is credited to its due period."
    if "split" in found:
        yield Section(
            "split",
            found["split"].title,
            split_finding(document),
            (Figure("stack", split_stack(document), note),),
            (found["split"],),
        )
    note = (
        "Per CSM-year. Bar: from what a rule without foresight obtains (dot, with two simulation errors each way) to what "
        "no choice of dates exceeds (upright line); it fades out where no such bound is known."
    )
    curves = []
    if (shape := friction_lines(document)) is not None:
        note_of = "What is left of the exposure, by cents that moving a dollar costs the CSM; dates chosen in hindsight."
        curves.append(Figure("lines", shape, note_of, friction_finding(document)))
    if (shape := movable_lines(document)) is not None:
        note_of = (
            "Exposure where fewer or more renewals can be moved than assumed; dates chosen in hindsight."
        )
        curves.append(Figure("lines", shape, note_of, movable_finding(document)))
    yield Section(
        "exposure",
        found["exposure"].title,
        exposure_finding(document),
        (Figure("ranges", exposure_ranges(document), note), *curves),
        tuple(found[name] for name in ("exposure", "friction", "movable", "bunching") if name in found),
    )
    if "leak" in found:
        yield Section(
            "leak",
            "The most profitable schedule found",
            leak_finding(document),
            tables=tuple(found[name] for name in ("leak", "leak_pay") if name in found),
            open=len(found["leak"].rows) <= 20,
        )


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
