"""What a result rests on: its inputs, their sources, and what of the plans is not modelled."""

from typing import Final

from sim.questions.grounds.report import grounds_sections
from sim.questions.question import Question

GROUNDS: Final = Question("grounds", sections=grounds_sections)
