"""What every medium shows of a result: the sections and sentences of all its questions, in reading order."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sim.questions.registry import QUESTIONS, typed
from sim.questions.stress.report import stress_sections, stress_short
from sim.shapes.fragile import fragile_plans
from sim.shapes.report import Report, Said
from sim.shapes.section import Section
from sim.shapes.words import counted, period_of, worlds_of

Document = dict[str, Any]


def reported(document: Document) -> Report:
    """The report of a run, or of a stress suite, from the content of ``summary.json`` or ``stress.json``."""
    if "stresses" in document:
        base, *_ = document["stresses"].values()
        return _report(
            document, "Stress test of compensation plans", base["plans"], stress_sections(document)
        )
    summary = typed(document)
    sections = (section for question in QUESTIONS for section in question.sections(summary))
    return _report(document, "Compensation plan report", document["plans"], sections)


def in_short(document: Document) -> tuple[Said, ...]:
    """The sentences that decide between plans, at the head of every medium: what is broken first."""
    if "stresses" in document:
        said = stress_short(document)
    else:
        summary = typed(document)
        said = (each for question in QUESTIONS for each in question.short(summary))
    return tuple(each for each in said if each.sentence)


def _report(document: Document, kind: str, plans: Iterable[str], sections: Iterable[Section]) -> Report:
    study, fragile = document["study"], fragile_plans(document)
    return Report(
        kind=kind,
        title=study.get("title") or study["name"],
        size=(
            f"{counted(study['csms'], 'CSM')}, {counted(study['accounts'], 'account')}, "
            f"{counted(study['periods'], period_of(document))} from {study['start']}, {worlds_of(study)}"
        ),
        plans=tuple(plans),
        short=in_short(document),
        sections=tuple(
            replace(section, tables=tuple(table.marked(fragile) for table in section.tables))
            for section in sections
        ),
        origin=(
            f"csmsim {study['version']}, seed {study['seed']}, draw plan {study['draw_plan']}, hash {study['hash']}"
        ),
    )
