"""Every question, in the order in which reports show them. A new question is its folder and one line here."""

from functools import cache
from typing import Any, Final, get_args

from sim.questions.added import added_questions
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
from sim.questions.uncertainty.question import UNCERTAINTY
from sim.summary.entry import Entry
from sim.summary.model import model_of, schema_of
from sim.summary.summary import Summary, summary_of

SHIPPED: Final[tuple[Question, ...]] = (
    COST,
    PAYEES,
    UNCERTAINTY,
    FORECAST,
    GAMING,
    INCENTIVE,
    RESPONSE,
    OWNERSHIP,
    LINT,
    GROUNDS,
)
QUESTIONS: Final = (*SHIPPED[:-1], *added_questions(), SHIPPED[-1])
"""With those of other packages, before what a result rests on."""

OF_WHOLE: Final = tuple(part for question in QUESTIONS for part in question.of_whole)
OF_PLAN: Final = tuple(part for question in QUESTIONS for part in question.of_plan)


def unit_of(measure: str) -> str:
    """The unit of a number of a plan's entry by its path, such as ``cost.p90``; empty where no question writes it."""
    section, _, key = measure.partition(".")
    fields = [part.model_fields[section] for part in OF_PLAN if section in part.model_fields]
    for kind in (each for field in fields for each in (field.annotation, *get_args(field.annotation))):
        if isinstance(kind, type) and issubclass(kind, Entry):
            return kind.unit_of(key)
    return ""


def typed(document: dict[str, Any]) -> Summary:
    """The summary of plain values.

    Raises: pydantic.ValidationError when a value is not what its question says.
    """
    return summary_of(document, OF_WHOLE, OF_PLAN)


@cache
def summary_model() -> type[Entry]:
    """The model of ``summary.json``; a key that no question claims is an error."""
    return model_of(OF_WHOLE, OF_PLAN)


def summary_schema() -> dict[str, Any]:
    """The JSON Schema of ``summary.json``: every number with its unit and its meaning."""
    return schema_of(summary_model())
