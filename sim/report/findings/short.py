"""What a result says in a few sentences, for the head of a page, the cover of a workbook and the first slide."""

from typing import Any

from sim.report.findings import cost as findings
from sim.report.findings.behaviour import exposure_finding, response_finding
from sim.report.findings.differences import verdict
from sim.report.findings.stress import heat_finding, reverse_finding, tornado_finding
from sim.report.tables.timing import measured

Document = dict[str, Any]


def in_short(document: Document) -> list[tuple[str, str]]:
    """What decides between plans of which more than the cost was measured: sentences, and the sections that say more."""
    if "stresses" in document:
        return []
    said = [("exposure", exposure_finding), ("response", response_finding)]
    known = [(key, finding(document)) for key, finding in said if measured(document, key)]
    if not known:
        return []
    costs = [("differences", verdict(document)), ("cost", findings.cost_finding(document))]
    return [*costs[len(document["plans"]) < 2 :], *known]


def said(document: Document) -> str:
    """The same as one text, of any result or stress suite."""
    if "stresses" in document:
        sentences = [heat_finding(document)]
        sentences += [tornado_finding(document)] if document.get("tornado", {}).get("inputs") else []
        sentences += [reverse_finding(document)] if "reverse" in document else []
        return " ".join(sentences)
    return " ".join(sentence for _, sentence in in_short(document)) or verdict(document)
