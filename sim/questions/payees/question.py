"""The question of who gains and who loses by a plan."""

from typing import Final

from sim.engine.heavy_tail import without_mean
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.paths import Paths
from sim.questions.payees.entry import most_lose, payee_entries
from sim.questions.payees.report import payees_sections, payees_short
from sim.questions.payees.summary import PayeesOfPlan, PayeesOfStudy
from sim.questions.question import Answer, Question


def _read(study: Study, setting: Setting, totals: Totals, paths: Paths) -> Answer:
    """Who gains and who loses by every plan; under which most lose where all of it is asked."""
    if not setting.watch.compares:
        return Answer()
    keys = paths.keys("payees")
    entries = payee_entries(study, setting, totals, without_mean(study, totals), keys)
    answer = Answer()
    if keys is None:
        answer = Answer(PayeesOfStudy(most_lose=most_lose(study, totals, entries)))
    for name, entry in entries.items():
        answer.add(name, PayeesOfPlan(payees=entry))
    return answer


PAYEES: Final = Question(
    "payees",
    read=_read,
    of_plan=(PayeesOfPlan,),
    of_whole=(PayeesOfStudy,),
    short=payees_short,
    sections=payees_sections,
)
