"""What reports show of what a plan costs and pays."""

from collections.abc import Iterator
from typing import Any

from sim.questions.cost import findings
from sim.questions.cost.budget import broken_sentences, kept_sentences
from sim.questions.cost.differences import verdict
from sim.questions.cost.panels import cost_fans, performances
from sim.questions.cost.pay_tables import curves, density, pay, pay_entries, retention
from sim.questions.cost.ranges import cost_ranges, difference_ranges, pay_stack
from sim.questions.cost.rows import cost_rows
from sim.questions.cost.tables import by_period, costs, differences, parts, roles
from sim.questions.grounds.comparable import normalised_sentence
from sim.shapes.fragile import MARK
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table, by_name
from sim.shapes.tail import tail_lines
from sim.shapes.words import listed, payee_of, period_of
from sim.summary.summary import Summary

Document = dict[str, Any]
TABLES = (differences, costs, by_period, parts, roles, pay, density, curves, retention)


def cost_short(summary: Summary) -> Iterator[Said]:
    """What is broken first, then who costs more, then who keeps the budget and whose means do not exist."""
    document = summary.document
    compared = "differences" if len(summary.plans) > 1 else "cost"
    yield from (Said("cost", sentence) for sentence in broken_sentences(document))
    yield Said(compared, verdict(document))
    yield from (Said("cost", sentence) for sentence in kept_sentences(document))
    yield from (Said(compared, sentence) for sentence in tail_lines(document))
    yield from (Said(compared, sentence) for sentence in normalised_sentence(document))


def cost_sections(summary: Summary) -> Iterator[Section]:
    """Cost against the baseline, of each plan, by period; what pay is for, how evenly it falls; what the company keeps."""
    document = summary.document
    found = by_name(make(document) for make in TABLES)
    yield from _costs(document, found)
    yield from _pays(document, found)
    yield Section(
        "retention",
        found["retention"].title,
        findings.retention_finding(document),
        tables=(found["retention"],),
    )


def _costs(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    if "differences" in found:
        note = (
            "What may happen: light bar, 90 % of worlds; upright line, median. Estimate: dot, the mean, with two simulation "
            "errors each way."
        )
        yield Section(
            "differences",
            found["differences"].title,
            verdict(document),
            (Figure("ranges", difference_ranges(document), note + _dotless(document)),),
            (found["differences"],),
            open=True,
        )
    note = (
        "What may happen: light bar, 90 % of worlds; dark bar, the middle half; upright line, median. Dot: mean."
        + _dotless(document)
    )
    yield Section(
        "cost",
        "What each plan costs, and the budget" if "budget" in document["study"] else "What each plan costs",
        findings.cost_finding(document),
        (Figure("ranges", cost_ranges(document), note),),
        (found["cost"],),
    )
    note = "Area: P10 to P90. Line: median. All panels share one scale."
    yield Section(
        "periods",
        f"Cost by {period_of(document)}",
        findings.fan_finding(document),
        (Figure("fans", cost_fans(document), note),),
        (found["cost_by_period"],),
    )


def _dotless(document: Document) -> str:
    """Why some plans have no dot; nothing where all have one."""
    without = [row.plan for row in cost_rows(document) if row.fragile or row.mean is None]
    return f" No dot: {listed(without)}, without a mean to be relied on." if without else ""


def _few_worlds(document: Document) -> str:
    """Whose means rest on a few worlds; nothing where none does."""
    names = [row.plan for row in cost_rows(document) if row.fragile]
    return f" Resting on a few worlds ({MARK}): {listed(names)}." if names else ""


def _pays(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    stack = pay_stack(document)
    note = "Means over worlds."
    if any(part == "uncredited" for part, _ in stack.parts):
        note += " No credit: paid in periods in which nothing was there to renew."
    yield Section(
        "parts",
        "What variable pay is paid on",
        findings.parts_finding(document),
        (Figure("stack", stack, note + _few_worlds(document)),),
        tuple(found[name] for name in ("cost_parts", "cost_by_role") if name in found),
    )
    if (shape := performances(document)) is not None:
        note = (
            f"Line: bonus as a share of target, by attainment. Area: how often a {payee_of(document)} reaches it in a "
            f"{period_of(document)}; the last column holds all that lies higher. All panels share one scale."
            + _lineless(document)
        )
        yield Section(
            "performance",
            "Pay for performance",
            findings.performance_finding(document),
            (Figure("performance", shape, note),),
            tuple(found[name] for name in ("curves", "attainment") if name in found),
        )
    yield Section(
        "pay",
        found["pay"].title,
        " ".join([findings.pay_finding(document), findings.exhausted_finding(document)]).strip(),
        tables=(found["pay"],),
        open=True,
    )


def _lineless(document: Document) -> str:
    """Why some plans have no line; nothing where all have one."""
    why: dict[str, list[str]] = {}
    for name, role, entry in pay_entries(document):
        if "performance" in entry and "curve" not in entry["performance"]:
            reason = entry["performance"].get("no_curve", "no one curve is all that pays")
            why.setdefault(reason, []).append(name if role is None else f"{name} · {role}")
    told = "; ".join(f"{listed(names)} ({reason})" for reason, names in why.items())
    return f" No line: {told}." if told else ""
