"""The summary of a run: every question's answer as plain numbers, the content of ``summary.json``."""

from typing import Any

from sim.engine.facts import study_facts
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.question import Answer, Ran
from sim.questions.registry import QUESTIONS
from sim.world.book import Book

Document = dict[str, Any]


def measured(ran: Ran) -> Answer:
    """What every question finds in passes of its own, where the study asks it."""
    answer = Answer()
    for question in QUESTIONS:
        answer.update(question.measure(ran))
    return answer


def summarise(study: Study, book: Book, totals: Totals, passes: Answer) -> Document:
    """The whole summary; plain dicts, lists and numbers. passes : what questions found in passes of their own."""
    answer = Answer()
    for question in QUESTIONS:
        answer.update(question.read(study, totals))
    answer.update(passes)
    document = {
        "study": study_facts(study, book),
        "assumptions": dict(study.scenario.sources),
        **answer.whole,
        "plans": {each.name: answer.plans[each.name] for each in study.sets},
    }
    for question in QUESTIONS:
        question.combine(document)
    return document
