"""The question of ownership: who should own renewals and expansion."""

from typing import Final

from sim.questions.ownership.report import ownership_sections, ownership_short
from sim.questions.ownership.setting import Ownership
from sim.questions.ownership.summary import OwnershipOfStudy
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    ownership = ran.study.asked(Ownership)
    if ownership is None:
        return Answer()
    from sim.questions.ownership.entry import ownership_entry

    entry = ownership_entry(ran.study, ownership, ran.totals, ran.workers)
    return Answer(OwnershipOfStudy(ownership=entry))


OWNERSHIP: Final = Question(
    "ownership",
    measure=_measure,
    of_whole=(OwnershipOfStudy,),
    short=ownership_short,
    sections=ownership_sections,
)
