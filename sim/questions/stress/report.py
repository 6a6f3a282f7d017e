"""What reports show of a stress suite."""

from collections.abc import Iterator
from typing import Any

from sim.questions.grounds.comparable import normalised_sentence
from sim.questions.stress.figures import cost_swings, heat
from sim.questions.stress.findings import broken_stress, heat_finding, reverse_finding, tornado_finding
from sim.questions.stress.tables import marks_mean, stress_tables
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table, by_name

Document = dict[str, Any]


def stress_short(document: Document) -> Iterator[Said]:
    """What is broken first."""
    yield from (Said("heat", sentence) for sentence in broken_stress(document))
    yield Said("heat", heat_finding(document))
    yield from (Said("heat", sentence) for sentence in normalised_sentence(document))
    if document.get("tornado", {}).get("inputs"):
        yield Said("tornado", tornado_finding(document))
    if "reverse" in document:
        yield Said("reverse", reverse_finding(document))


def stress_sections(document: Document) -> Iterator[Section]:
    """Every section that the suite has something to say in."""
    return _sections(document, by_name(stress_tables(document)))


def _sections(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    note = (
        "Mean company cost against the same plan without the stress, world by world. "
        f"{marks_mean(document)}The colour is full at a tenth. –: not measured."
    )
    behind = tuple(found[name] for name in ("stresses", "limits") if name in found)
    yield Section(
        "heat",
        "Every plan under every stress",
        " ".join([*broken_stress(document), heat_finding(document)]),
        (Figure("heat", heat(document), note),),
        behind,
    )
    if (shape := cost_swings(document)) is not None:
        note = (
            "Mean company cost from the lower to the higher end of an input's range, less that of the scenario as it is; "
            "the dot is at the lower end. All panels share one scale."
        )
        yield Section(
            "tornado",
            "What moves the cost",
            tornado_finding(document),
            (Figure("swings", shape, note),),
            (found["tornado"],),
        )
    if "reverse" in found:
        yield Section(
            "reverse",
            found["reverse"].title,
            reverse_finding(document),
            tables=(found["reverse"],),
            open=True,
        )
    for name, sentence in (
        ("cases", "A stress moves inputs of the scenario; the same random numbers are drawn in all of them."),
        ("moves", f"{len(found['moves'].rows)} inputs are moved." if "moves" in found else ""),
    ):
        if name in found:
            yield Section(name, found[name].title, sentence, tables=(found[name],), open=name == "cases")
