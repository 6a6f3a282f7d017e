"""Every question, in the order in which answers are put together. A new question is its folder and one line here."""

from typing import Final

from sim.questions.cost.question import COST
from sim.questions.forecast.question import FORECAST
from sim.questions.gaming.question import GAMING
from sim.questions.incentive.question import INCENTIVE
from sim.questions.lint.question import LINT
from sim.questions.ownership.question import OWNERSHIP
from sim.questions.question import Question
from sim.questions.response.question import RESPONSE

QUESTIONS: Final[tuple[Question, ...]] = (
    COST,
    FORECAST,
    LINT,
    GAMING,
    INCENTIVE,
    RESPONSE,
    OWNERSHIP,
)
