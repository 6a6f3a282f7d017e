"""Every question, in the order in which reports show them. A new question is its folder and one line here."""

from typing import Any, Final

from sim.questions.cost.question import COST
from sim.questions.forecast.question import FORECAST
from sim.questions.gaming.question import GAMING
from sim.questions.grounds.question import GROUNDS
from sim.questions.incentive.question import INCENTIVE
from sim.questions.lint.question import LINT
from sim.questions.ownership.question import OWNERSHIP
from sim.questions.payees.question import PAYEES
from sim.questions.question import Question
from sim.questions.response.question import RESPONSE
from sim.summary.summary import Summary, summary_of

QUESTIONS: Final[tuple[Question, ...]] = (
    COST,
    PAYEES,
    FORECAST,
    GAMING,
    INCENTIVE,
    RESPONSE,
    OWNERSHIP,
    LINT,
    GROUNDS,
)


def typed(document: dict[str, Any]) -> Summary:
    """The summary of plain values.

    Raises: pydantic.ValidationError when a value is not what its question says.
    """
    of_whole, of_plan = ([getattr(each, which) for each in QUESTIONS] for which in ("of_whole", "of_plan"))
    return summary_of(document, of_whole, of_plan)
