"""The summary of a run: what every question says, put together."""

from collections.abc import Iterator, Set

from sim.engine.facts import study_facts
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.cost.question import COST, costs_answered
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
        answer.update(question.read(study, setting, totals))
    answer.update(passes)
    summary = Summary(
        study_facts(study, setting.world.book),
        (answer.whole.get(kind) or kind() for kind in OF_WHOLE),
        (PlanSummary(role_set.name, _parts(answer, role_set.name)) for role_set in study.sets),
    )
    for question in QUESTIONS:
        summary = question.combine(summary)
    return summary


def some_of(study: Study, setting: Setting, totals: Totals, sections: Set[str]) -> dict[str, PlanSummary]:
    """What every plan's entry says in these sections, as far as the totals say it; a mean that does not exist is absent."""
    asked = [question for question in QUESTIONS if question is not COST and _has(question, sections)]
    answer = costs_answered(study, totals, sections)
    for question in asked:
        answer.update(question.read(study, setting, totals))
    plans = (PlanSummary(role_set.name, answer.plans[role_set.name].values()) for role_set in study.sets)
    summary = Summary(study_facts(study, setting.world.book), (), plans)
    for question in (COST, *asked):
        summary = question.combine(summary)
    return summary.plans


def _has(question: Question, sections: Set[str]) -> bool:
    """Whether a question writes one of the sections."""
    return any(sections & part.model_fields.keys() for part in question.of_plan)


def _parts(answer: Answer, plan: str) -> Iterator[Part]:
    """What every question says of a plan; empty where it was not asked."""
    parts = answer.plans[plan]
    return (parts.get(kind) or kind() for kind in OF_PLAN)
