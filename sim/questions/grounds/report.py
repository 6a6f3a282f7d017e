"""What reports show of what a result rests on."""

from collections.abc import Iterator
from typing import Any

from sim.questions.grounds.calm import calm_sentence
from sim.questions.grounds.tables import assumptions, inputs, normalised, not_measured, plans
from sim.shapes.section import Section
from sim.shapes.table import by_name
from sim.shapes.words import counted
from sim.summary.summary import Summary

Document = dict[str, Any]
TABLES = (not_measured, assumptions, plans, normalised, inputs)


def grounds_sections(summary: Summary) -> Iterator[Section]:
    """What is assumed and on what grounds; what was run."""
    document = summary.document
    found = by_name(make(document) for make in TABLES)
    yield Section(
        "assumptions",
        "What is assumed, and on what grounds",
        assumption_finding(document),
        tables=tuple(found[name] for name in ("not_measured", "assumptions") if name in found),
    )
    study = document["study"]
    yield Section(
        "inputs",
        found["inputs"].title,
        f"Seed {study['seed']}, {study['worlds']:,} worlds, csmsim {study['version']}, hash {study['hash'][:16]}: "
        "study.toml in the result directory runs again to the same numbers.",
        tables=tuple(found[name] for name in ("plans", "normalised", "inputs") if name in found),
    )


def assumption_finding(document: Document) -> str:
    """Whether CSMs react to the plan, and how many inputs stand without a source."""
    texts = document.get("assumptions", {}).values()
    marked = sum("assumption" in text.lower() for text in texts)
    rests = (
        f"{marked} of {counted(len(texts), 'documented input')} of scenario {document['study']['scenario']}"
    )
    known = f"{rests} rest on an assumption, not on a source; a result is as good as these."
    calm = calm_sentence(document)
    return f"{calm} {known}" if texts else calm
