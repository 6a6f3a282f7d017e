"""The question of who gains and who loses by a plan."""

from typing import Final

from sim.questions.payees.report import payees_sections
from sim.questions.payees.summary import PayeesOfPlan
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    from sim.questions.payees.entry import payee_entries

    answer = Answer()
    for name, entry in payee_entries(ran.study, ran.setting, ran.totals, ran.threads).items():
        answer.add(name, PayeesOfPlan(payees=entry))
    return answer


PAYEES: Final = Question("payees", measure=_measure, of_plan=(PayeesOfPlan,), sections=payees_sections)
