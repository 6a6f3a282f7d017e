"""The summary of a run: what every question says, put together."""

from collections.abc import Iterator, Set

from sim.engine.facts import study_facts
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.cost.question import COST
from sim.questions.paths import EVERY, Paths, paths_of
from sim.questions.question import Answer, Question, Ran
from sim.questions.registry import OF_PLAN, OF_WHOLE, QUESTIONS
from sim.summary.entry import Part
from sim.summary.summary import PlanSummary, Summary


def measured(ran: Ran) -> Answer:
    """What every question finds in passes of its own, where the study asks it."""
    answer = Answer()
    for question in QUESTIONS:
        answer.update(question.measure(ran))
    return answer


def summarise(study: Study, setting: Setting, totals: Totals, passes: Answer) -> Summary:
    """The whole summary. passes : what questions found in passes of their own."""
    answer = Answer()
    for question in QUESTIONS:
        answer.update(question.read(study, setting, totals, EVERY))
    answer.update(passes)
    summary = Summary(
        study_facts(study, setting.world.book),
        (answer.whole.get(kind) or kind() for kind in OF_WHOLE),
        (PlanSummary(role_set.name, _parts(answer, role_set.name)) for role_set in study.sets),
    )
    for question in QUESTIONS:
        summary = question.combine(summary)
    return summary


def some_of(study: Study, setting: Setting, totals: Totals, asked: Set[str]) -> dict[str, PlanSummary]:
    """What every plan's entry says at these paths, or in whole sections, as far as the totals say it; a mean that does not
    exist is absent.
    """
    answer, paths = Answer(), paths_of(asked)
    questions = [question for question in QUESTIONS if question is COST or _has(question, paths)]
    for question in questions:
        answer.update(question.read(study, setting, totals, paths))
    plans = (PlanSummary(role_set.name, answer.plans[role_set.name].values()) for role_set in study.sets)
    summary = Summary(study_facts(study, setting.world.book), (), plans)
    for question in questions:
        summary = question.combine(summary)
    return summary.plans


def _has(question: Question, paths: Paths) -> bool:
    """Whether a question writes what is asked."""
    return any(paths.within(part.model_fields.keys()) for part in question.of_plan)


def _parts(answer: Answer, plan: str) -> Iterator[Part]:
    """What every question says of a plan; empty where it was not asked."""
    parts = answer.plans[plan]
    return (parts.get(kind) or kind() for kind in OF_PLAN)
