"""What a result says in a few sentences, at the head of every medium: what is broken first."""

from typing import Any

from sim.questions.cost.budget import broken_sentences, kept_sentences
from sim.questions.cost.comparable import normalised_sentence
from sim.questions.cost.differences import verdict
from sim.questions.gaming.tables import measured
from sim.questions.ownership.findings import ownership_finding
from sim.questions.response.findings import exposure_finding, response_finding
from sim.questions.stress.findings import broken_stress, heat_finding, reverse_finding, tornado_finding
from sim.shapes.tail import tail_lines

Document = dict[str, Any]


def in_short(document: Document) -> list[tuple[str, str]]:
    """The sentences that decide between plans, and the section of the page that says more."""
    return _of_stress(document) if "stresses" in document else _of_run(document)


def _of_run(document: Document) -> list[tuple[str, str]]:
    compared = "differences" if len(document["plans"]) > 1 else "cost"
    found = [("cost", sentence) for sentence in broken_sentences(document)]
    found += [(compared, verdict(document))]
    found += [("cost", sentence) for sentence in kept_sentences(document)]
    found += [(compared, sentence) for sentence in tail_lines(document)]
    found += [(compared, sentence) for sentence in normalised_sentence(document)]
    asked = [("exposure", exposure_finding), ("response", response_finding)]
    found += [(key, finding(document)) for key, finding in asked if measured(document, key)]
    found += [("ownership", ownership_finding(document))] if "ownership" in document else []
    return found


def _of_stress(document: Document) -> list[tuple[str, str]]:
    found = [("heat", sentence) for sentence in broken_stress(document)]
    found.append(("heat", heat_finding(document)))
    found += [("heat", sentence) for sentence in normalised_sentence(document)]
    if document.get("tornado", {}).get("inputs"):
        found.append(("tornado", tornado_finding(document)))
    if "reverse" in document:
        found.append(("reverse", reverse_finding(document)))
    return [(key, sentence) for key, sentence in found if sentence]


def said(document: Document) -> str:
    """The same as one text."""
    return " ".join(sentence for _, sentence in in_short(document))
