"""What the page shows first: the study, its plans, and what they are held against."""

from typing import Any

from sim.app.settling import Settling
from sim.shapes.amounts import amount
from sim.shapes.words import counted

Document = dict[str, Any]


def opening(settling: Settling, start: str | None) -> Document:
    """The study in a sentence, and the plans that can be chosen. start : the one that is shown first."""
    study, worlds = settling.study, settling.worlds
    plain = [each for each in study.sets if each.plain]
    others = [each.name for each in plain if each.name != study.baseline]
    budget = "" if study.budget is None else f", a budget of {amount(study.budget)}"
    return {
        "title": study.title or study.name,
        "size": (
            f"{counted(worlds.books, 'CSM')}, {len(worlds):,} kept worlds, {counted(study.scenario.periods, 'period')} from "
            f"{study.scenario.start.isoformat()}{budget}; held against {study.baseline}."
        ),
        "plans": [{"name": each.name, "title": each.title} for each in plain],
        "start": start or (others or [plain[0].name])[-1],
        "baseline": study.baseline,
        "role_sets": len(study.sets) - len(plain),
    }
