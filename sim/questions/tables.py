"""The tables of the study file, each declared by the question that reads it."""

from typing import Final

from sim.engine.study import StudyTable
from sim.errors import InputError, Problem, shown
from sim.extensions import QUESTIONS, extensions
from sim.questions.forecast.setting import Forecast
from sim.questions.gaming.setting import Gaming
from sim.questions.incentive.setting import Incentive
from sim.questions.ownership.setting import Ownership
from sim.questions.question import Question
from sim.questions.response.setting import Response
from sim.questions.search.setting import Search
from sim.questions.stress.limits import Limits
from sim.questions.stress.setting import Stress

SHIPPED: Final[tuple[type[StudyTable], ...]] = (
    Ownership,
    Incentive,
    Response,
    Gaming,
    Limits,
    Stress,
    Forecast,
    Search,
)


def added_questions() -> tuple[Question, ...]:
    """The questions of other packages.

    Raises: InputError when one cannot be used: it must be asked by a table of the study file, of its own name.
    """
    found = extensions(QUESTIONS, tuple(kind.key for kind in SHIPPED))
    wrong = [
        Problem(
            f"question {name} of {each.package}", f"one with a table whose key is {name!r}", shown(each.value)
        )
        for name, each in found.items()
        if not isinstance(each.value, Question) or each.value.table is None or each.value.table.key != name
    ]
    if wrong:
        raise InputError(wrong)
    return tuple(each.value for each in found.values())


TABLES: Final = (*SHIPPED, *(each.table for each in added_questions() if each.table is not None))
"""With those of other packages: no result changes unless its study asks."""
