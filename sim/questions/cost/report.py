"""What reports show of what a plan costs and pays."""

from collections.abc import Iterator

from sim.questions.comparable import scaled_sentence
from sim.questions.cost import findings
from sim.questions.cost.budget import broken_sentences, kept_sentences
from sim.questions.cost.differences import verdict
from sim.questions.cost.panels import cost_fans, performances
from sim.questions.cost.pay_tables import curves, density, pay, pay_entries, payee_of, retention
from sim.questions.cost.ranges import cost_ranges, difference_ranges, pay_stack
from sim.questions.cost.role_tables import roles, seats
from sim.questions.cost.slides import cost_slide, course_slide, difference_slide
from sim.questions.cost.summary import costs_of_plans
from sim.questions.cost.tables import by_period, costs, differences, no_means, parts
from sim.shapes.fragile import MARK
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table, by_name
from sim.shapes.words import listed
from sim.summary.summary import Summary

TABLES = (differences, costs, by_period, parts, roles, seats, pay, density, curves, retention)


def cost_short(summary: Summary) -> Iterator[Said]:
    """What is broken first, then who costs more, then who keeps the budget and whose means do not exist."""
    compared = "differences" if len(summary.plans) > 1 else "cost"
    yield from (Said("cost", sentence) for sentence in broken_sentences(summary))
    yield Said(compared, verdict(summary))
    yield from (Said("cost", sentence) for sentence in kept_sentences(summary))
    yield from (Said(compared, sentence) for sentence in no_means(summary))
    yield from (Said(compared, sentence) for sentence in scaled_sentence(summary.study))


def cost_sections(summary: Summary) -> Iterator[Section]:
    """Cost against the baseline, of each plan, by period; what pay is for, how evenly it falls; what the company keeps."""
    found = by_name(make(summary) for make in TABLES)
    yield from _costs(summary, found)
    yield from _pays(summary, found)
    kept = findings.retention_finding(summary)
    yield Section("retention", found["retention"].title, kept, tables=(found["retention"],), rests=(kept,))


def _costs(summary: Summary, found: dict[str, Table]) -> Iterator[Section]:
    if "differences" in found:
        note = (
            "What may happen: light bar, 90 % of worlds; upright line, median. Estimate: dot, the mean, with two simulation "
            "errors each way."
        )
        yield Section(
            "differences",
            found["differences"].title,
            verdict(summary),
            (Figure("ranges", difference_ranges(summary), note + _dotless(summary)),),
            (found["differences"],),
            open=True,
            slide=difference_slide(summary),
        )
    note = (
        "What may happen: light bar, 90 % of worlds; dark bar, the middle half; upright line, median. Dot: mean."
        + _dotless(summary)
    )
    yield Section(
        "cost",
        "What each plan costs, and the budget"
        if summary.study.budget is not None
        else "What each plan costs",
        findings.cost_finding(summary),
        (Figure("ranges", cost_ranges(summary), note),),
        (found["cost"],),
        slide=cost_slide(summary),
    )
    note = "Area: P10 to P90. Line: median. All panels share one scale."
    yield Section(
        "periods",
        f"Cost by {summary.study.period}",
        findings.fan_finding(summary),
        (Figure("fans", cost_fans(summary), note),),
        (found["cost_by_period"],),
        slide=course_slide(summary),
    )


def _dotless(summary: Summary) -> str:
    """Why some plans have no dot; nothing where all have one."""
    without = [name for name, cost in costs_of_plans(summary).items() if not cost.sound]
    return f" No dot: {listed(without)}, without a mean to be relied on." if without else ""


def _few_worlds(summary: Summary) -> str:
    """Whose means rest on a few worlds; nothing where none does."""
    names = [name for name, cost in costs_of_plans(summary).items() if cost.fragile]
    return f" Resting on a few worlds ({MARK}): {listed(names)}." if names else ""


def _pays(summary: Summary, found: dict[str, Table]) -> Iterator[Section]:
    stack = pay_stack(summary)
    note = "Means over worlds."
    if any(part == "uncredited" for part, _ in stack.parts):
        note += " No credit: paid in periods in which nothing was there to renew."
    yield Section(
        "parts",
        "What variable pay is paid on",
        findings.parts_finding(summary),
        (Figure("stack", stack, note + _few_worlds(summary)),),
        tuple(found[name] for name in ("cost_parts", "cost_by_role", "seats") if name in found),
    )
    if (shape := performances(summary)) is not None:
        note = (
            f"Line: bonus as a share of target, by attainment. Area: how often a {payee_of(summary)} reaches it in a "
            f"{summary.study.period}; the last column holds all that lies higher. All panels share one scale."
            + _lineless(summary)
        )
        yield Section(
            "performance",
            "Pay for performance",
            findings.performance_finding(summary),
            (Figure("performance", shape, note),),
            tuple(found[name] for name in ("curves", "attainment") if name in found),
        )
    exhausted = findings.exhausted_finding(summary)
    yield Section(
        "pay",
        found["pay"].title,
        " ".join([findings.pay_finding(summary), exhausted]).strip(),
        tables=(found["pay"],),
        open=True,
        rests=(exhausted,) if exhausted else (),
    )


def _lineless(summary: Summary) -> str:
    """Why some plans have no line; nothing where all have one."""
    why: dict[str, list[str]] = {}
    for name, role, entry in pay_entries(summary):
        if entry.performance is not None and entry.performance.curve is None:
            reason = entry.performance.no_curve or "no one curve is all that pays"
            why.setdefault(reason, []).append(name if role is None else f"{name} · {role}")
    told = "; ".join(f"{listed(names)} ({reason})" for reason, names in why.items())
    return f" No line: {told}." if told else ""
