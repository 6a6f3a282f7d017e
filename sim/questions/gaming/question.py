"""The question of gaming: what CSMs gain by choosing booking dates."""

from typing import Final

from sim.questions.gaming.report import gaming_sections, gaming_short
from sim.questions.gaming.setting import Gaming
from sim.questions.gaming.summary import GamingOfPlan
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    gaming = ran.study.asked(Gaming)
    if gaming is None:
        return Answer()
    from sim.questions.gaming.entry import gaming_of_plans

    answer = Answer()
    for name, part in gaming_of_plans(ran.study, gaming, ran.workers, ran.heavy).items():
        answer.add(name, part)
    return answer


GAMING: Final = Question(
    "gaming", measure=_measure, of_plan=(GamingOfPlan,), short=gaming_short, sections=gaming_sections
)
