"""The question of who gains and who loses by a plan."""

from typing import Final

from sim.engine.heavy_tail import without_mean
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.payees.entry import payee_entries
from sim.questions.payees.report import payees_sections, payees_short
from sim.questions.payees.summary import PayeesOfPlan
from sim.questions.question import Answer, Question


def _read(study: Study, setting: Setting, totals: Totals) -> Answer:
    answer = Answer()
    if setting.watch.compares:
        no_mean = without_mean(study, totals)
        for name, entry in payee_entries(study, setting, totals, no_mean).items():
            answer.add(name, PayeesOfPlan(payees=entry))
    return answer


PAYEES: Final = Question(
    "payees", read=_read, of_plan=(PayeesOfPlan,), short=payees_short, sections=payees_sections
)
