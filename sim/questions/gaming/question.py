"""The question of gaming: what CSMs gain by choosing booking dates."""

from typing import Final

from sim.questions.gaming.report import gaming_sections, gaming_short
from sim.questions.gaming.setting import Gaming
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    gaming = ran.study.asked(Gaming)
    if gaming is None:
        return Answer()
    from sim.questions.gaming.entry import gaming_entries

    return Answer(gaming_entries(ran.study, gaming, ran.threads, ran.heavy))


GAMING: Final = Question("gaming", measure=_measure, short=gaming_short, sections=gaming_sections)
