"""The question of response: how CSMs answer a plan, and what the company gets."""

from typing import Final

from sim.questions.gaming.summary import exposures
from sim.questions.question import Answer, Question, Ran
from sim.questions.response.card import card_of
from sim.questions.response.report import response_sections, response_short
from sim.questions.response.setting import Response
from sim.questions.response.summary import ResponseOfPlan, responses
from sim.summary.summary import PlanSummary, Summary


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Response) is None:
        return Answer()
    from sim.questions.response.entry import responses_of_plans

    answer = Answer()
    for name, response in responses_of_plans(ran.study, ran.workers, ran.heavy).items():
        answer.add(name, ResponseOfPlan(response=response))
    return answer


def _combine(summary: Summary) -> Summary:
    """What gaming takes out of net value, the places of plans, and their cards."""
    from sim.questions.response.gamed import gamed
    from sim.questions.response.tornado import with_ranks

    answered, bounded = responses(summary), exposures(summary)
    for name in answered.keys() & bounded.keys():
        answered[name] = gamed(answered[name], bounded[name], 1.0 + summary.study.on_cost)
    ranked = with_ranks(answered)

    def complete(plan: PlanSummary) -> PlanSummary:
        part = ResponseOfPlan(response=ranked.get(plan.name))
        return plan.with_(part.model_copy(update={"card": card_of(plan.with_(part))}))

    return summary.with_plans(complete)


RESPONSE: Final = Question(
    "response",
    measure=_measure,
    combine=_combine,
    of_plan=(ResponseOfPlan,),
    short=response_short,
    sections=response_sections,
)
