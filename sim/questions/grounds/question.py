"""What a result rests on: its inputs, their sources, and what of the plans is not modelled."""

from typing import Final

from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.grounds.report import grounds_sections
from sim.questions.grounds.summary import Grounds
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question


def _read(study: Study, _setting: Setting, _totals: Totals, _paths: Paths) -> Answer:
    return Answer(Grounds(assumptions=dict(study.scenario.sources)))


GROUNDS: Final = Question("grounds", read=_read, of_whole=(Grounds,), sections=grounds_sections)
