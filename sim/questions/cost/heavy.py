"""Plans whose pay has no mean, where no run of the study is at hand."""

from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study
from sim.plan.tail import unbounded
from sim.questions.cost.tail import heavy_by_plan

WORLDS = 256
"""In which it is looked whether a quota comes near nothing; more worlds never take it back."""


def heavy_plans(study: Study, threads: int) -> frozenset[str]:
    """The plans that let pay have no mean, and do in the study's first worlds."""
    if not any(unbounded(plan) for plan in study.plans):
        return frozenset()
    totals = totals_of(prepare(study), min(WORLDS, study.worlds), threads)
    heavy = heavy_by_plan(study, totals)
    return frozenset(each.name for each, found in zip(study.sets, heavy, strict=True) if found)
