"""The tables of the study file, each declared by the question that reads it."""

from typing import Final

from sim.engine.study import StudyTable
from sim.questions.added import added_questions
from sim.questions.forecast.setting import Forecast
from sim.questions.gaming.setting import Gaming
from sim.questions.incentive.setting import Incentive
from sim.questions.ownership.setting import Ownership
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


TABLES: Final = (*SHIPPED, *(each.table for each in added_questions(SHIPPED) if each.table is not None))
"""With those of other packages: no result changes unless its study asks."""
