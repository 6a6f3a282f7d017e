"""The sections of the page in reading order: a heading, a sentence, a figure and the tables behind it."""

from collections.abc import Iterator
from typing import Any

from sim.questions.cost import findings
from sim.questions.cost.differences import verdict
from sim.questions.cost.panels import cost_fans, performances
from sim.questions.cost.ranges import cost_ranges, difference_ranges, pay_stack
from sim.questions.cost.rows import cost_rows
from sim.questions.forecast.page import forecast_sections
from sim.questions.ownership.findings import ownership_finding
from sim.questions.response.page import behaviour_sections
from sim.report.tables.questions import by_name, pay_entries
from sim.shapes.fragile import MARK
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table
from sim.shapes.words import listed, payee_of, period_of

Document = dict[str, Any]


def sections(document: Document) -> list[Section]:
    """Every section that this result has something to say in."""
    found = by_name(document)
    return [
        *_costs(document, found),
        *forecast_sections(document, found),
        *_pays(document, found),
        *behaviour_sections(document, found),
        *_grounds(document, found),
    ]


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
        "pay", found["pay"].title, findings.pay_finding(document), tables=(found["pay"],), open=True
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


def _grounds(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    if "ownership" in found:
        finding = ownership_finding(document)
        tables = tuple(found[name] for name in ("ownership", "deciding", "survey") if name in found)
        yield Section("ownership", found["ownership"].title, finding, tables=tables, open=True)
    yield Section(
        "retention",
        found["retention"].title,
        findings.retention_finding(document),
        tables=(found["retention"],),
    )
    if "lints" in found:
        yield Section(
            "lints",
            found["lints"].title,
            findings.lint_finding(document),
            tables=(found["lints"],),
            open=len(found["lints"].rows) <= 12,
        )
    yield Section(
        "assumptions",
        "What is assumed, and on what grounds",
        " ".join([findings.assumption_finding(document), findings.exhausted_finding(document)]).strip(),
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
