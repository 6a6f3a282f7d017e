"""The question of ownership: who should own renewals and expansion."""

from typing import Final

from sim.questions.ownership.report import ownership_sections, ownership_short
from sim.questions.ownership.setting import Ownership
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Ownership) is None:
        return Answer()
    from sim.questions.ownership.entry import ownership_entry

    return Answer(whole={"ownership": ownership_entry(ran.study, ran.totals, ran.threads)})


OWNERSHIP: Final = Question("ownership", measure=_measure, short=ownership_short, sections=ownership_sections)
