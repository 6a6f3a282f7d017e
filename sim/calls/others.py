"""Explanations, rankings and comparisons."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calls.found import Found
from sim.engine.executor import Executor
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.shapes.words import counted
from sim.study.arguments import altered_study, workers_of

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison
    from sim.explain.explained import Explanation
    from sim.questions.response.rank import Ranking


def explain(
    study: Study, plan: str, *, world: int, csm: str | int, gamed: bool = False
) -> "Found[Explanation]":
    """One payee in one world: deals and accounts line by line, what each component reached, the rules in their order with
    amounts before and after, and payment.

    csm   : a payee's name, or their number from 0.
    gamed : with the dates that would have paid the CSM most.

    Raises: InputError when the study has no such plan, world or CSM.
    """
    from sim.explain.explain import explain as tell
    from sim.explain.report import document, explanation_sections

    found = tell(altered_study(study), plan, world, str(csm), gamed)
    said = f"Explanation({found.plan.name!r}, world {world}: {counted(len(found.deals), 'deal')})"
    return Found(said, found, explanation_sections(found), document(found))


def rank(
    study: Study,
    *,
    worlds: int | None = None,
    threads: int | None = None,
    executor: Executor | Workers | None = None,
    seed: int | None = None,
) -> "Found[Ranking]":
    """The plans of a study by what the company gets, and those that another plan clearly beats.

    worlds, seed : instead of the study's own.
    executor     : does the tasks in the place of threads, as in ``sim.run``.

    Raises: InputError when an argument is out of bounds, or where the reference plan cannot be answered.
    """
    from sim.questions.response.rank import ranking
    from sim.questions.response.rank_tables import ranking_sections

    altered = altered_study(study, worlds=worlds, seed=seed, threads=threads)
    found = ranking(altered, workers_of(threads, executor))
    beaten = sum(each.beaten_by is not None for each in found.plans.values())
    said = f"Ranking({altered.name!r}: {counted(len(found.plans), 'plan')}, {beaten} beaten)"
    return Found(said, found, ranking_sections(found), found.document())


def compare(
    before: str | PathLike[str], after: str | PathLike[str], *, anonymous: bool = False
) -> "Found[Comparison]":
    """What changed from one result directory to another, in inputs and outputs. anonymous : with people's names masked.

    Raises: InputError when one of them is not a result directory.
    """
    from sim.comparison.compare import compare as compared
    from sim.comparison.report import comparison_sections

    found = compared(Path(before), Path(after))
    found = found.anonymous(Path(before)) if anonymous else found
    clear = len({each.plan for each in found.outputs if each.significant})
    said = f"Comparison({counted(len(found.inputs), 'input')} differ, {counted(clear, 'plan')} told apart)"
    return Found(said, found, comparison_sections(found), found.to_json())
