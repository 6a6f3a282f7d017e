"""What a result rests on: its inputs, their sources, and what of the plans is not modelled."""

from typing import Final

from sim.questions.grounds.report import grounds_sections
from sim.questions.grounds.summary import Grounds
from sim.questions.question import Question

GROUNDS: Final = Question("grounds", of_whole=Grounds, sections=grounds_sections)
