"""What reports show of what a result rests on."""

from collections.abc import Iterator

from sim.questions.comparable import unmodelled
from sim.questions.cost.summary import CostOfPlan
from sim.questions.grounds.calm import calm_sentence
from sim.questions.grounds.summary import Grounds
from sim.questions.grounds.tables import assumptions, inputs, normalised, not_measured, plans
from sim.shapes.section import Section
from sim.shapes.table import by_name
from sim.shapes.words import counted
from sim.summary.summary import Summary

TABLES = (not_measured, assumptions, plans, normalised, inputs)


def grounds_sections(summary: Summary) -> Iterator[Section]:
    """What is assumed and on what grounds; what was run."""
    found = by_name(make(summary) for make in TABLES)
    yield Section(
        "assumptions",
        "What is assumed, and on what grounds",
        assumption_finding(summary),
        tables=tuple(found[name] for name in ("not_measured", "assumptions") if name in found),
        rests=tuple(_rests(summary)),
    )
    study = summary.study
    yield Section(
        "inputs",
        found["inputs"].title,
        f"Seed {study.seed}, {study.worlds:,} worlds, csmsim {study.version}, hash {study.hash[:16]}: "
        "study.toml in the result directory runs again to the same numbers.",
        tables=tuple(found[name] for name in ("plans", "normalised", "inputs") if name in found),
    )


def _rests(summary: Summary) -> Iterator[str]:
    yield assumption_finding(summary)
    yield from unmodelled(summary.where(CostOfPlan, lambda part: part.not_modelled))


def assumption_finding(summary: Summary) -> str:
    """Whether CSMs react to the plan, and how many inputs stand without a source."""
    grounds, calm = summary.of(Grounds), calm_sentence(summary)
    if not grounds.assumptions:
        return calm
    inputs = counted(len(grounds.assumptions), "documented input")
    return (
        f"{calm} {grounds.without_source} of {inputs} of scenario {summary.study.scenario} rest on an assumption, not on a "
        "source; a result is as good as these."
    )
