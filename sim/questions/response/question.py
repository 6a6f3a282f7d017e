"""The question of response: how CSMs answer a plan, and what the company gets."""

from typing import Any, Final

from sim.questions.incentive.measurable import not_measured_entries
from sim.questions.question import Answer, Question, Ran
from sim.questions.response.card import card_of
from sim.questions.response.report import response_sections, response_short
from sim.questions.response.setting import Response
from sim.questions.response.summary import ResponseOfPlan


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Response) is None:
        return Answer()
    from sim.questions.response.entry import responses_of_plans

    answer = Answer(not_measured_entries(ran.study.sets))
    for name, response in responses_of_plans(ran.study, ran.threads, ran.heavy).items():
        answer.add(name, "response", response.document())
    return answer


def _combine(document: dict[str, Any]) -> None:
    from sim.questions.response.gamed import gamed
    from sim.questions.response.tornado import with_ranks

    plans, on_cost = document["plans"], 1.0 + document["study"].get("on_cost", 0.0)
    for entry in plans.values():
        if (response := gamed(entry, on_cost)) is not None:
            entry["response"] = response
    responses = {name: entry["response"] for name, entry in plans.items() if "response" in entry}
    for name, response in with_ranks(responses).items():
        plans[name]["response"] = response
    for entry in plans.values():
        if (card := card_of(entry)) is not None:
            entry["card"] = card.document()


RESPONSE: Final = Question(
    "response",
    measure=_measure,
    combine=_combine,
    of_plan=ResponseOfPlan,
    short=response_short,
    sections=response_sections,
)
