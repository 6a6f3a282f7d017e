"""The question of what is not known: how much of the spread of cost, and which inputs."""

from typing import Final

from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question
from sim.questions.uncertainty.entry import uncertainty_entries, unknown_inputs
from sim.questions.uncertainty.report import KEY, uncertainty_sections, uncertainty_short
from sim.questions.uncertainty.summary import UncertaintyOfPlan, UncertaintyOfStudy


def _read(study: Study, _setting: Setting, totals: Totals, paths: Paths) -> Answer:
    draws = study.scenario.draws
    if draws is None or len(draws) < 2 or not paths.within({KEY}):
        return Answer()
    answer = Answer(UncertaintyOfStudy(uncertainty=unknown_inputs(draws, totals.variable.shape[2])))
    for name, entry in uncertainty_entries(study, totals, draws).items():
        answer.add(name, UncertaintyOfPlan(uncertainty=entry))
    return answer


UNCERTAINTY: Final = Question(
    "uncertainty",
    read=_read,
    of_plan=(UncertaintyOfPlan,),
    of_whole=(UncertaintyOfStudy,),
    short=uncertainty_short,
    sections=uncertainty_sections,
)
