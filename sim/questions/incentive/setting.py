"""The ``[incentive]`` table of a study: what is asked of incentives."""

from typing import Annotated, ClassVar, Final

from pydantic import Field

from sim.engine.study import StudyTable

MOST_WORLDS: Final = 100_000
MOST_BOOKS: Final = 10_000
LONGEST: Final = 365

Worlds = Annotated[int, Field(ge=2, le=MOST_WORLDS)]
Books = Annotated[int, Field(ge=1, le=MOST_BOOKS)]


class Incentive(StudyTable):
    """The ``[incentive]`` table. Every value but the first two is an assumption to be varied.

    worlds, books : contrasts are worked out in so many worlds, on so many books, evenly spread over the company; no more
                    than there are.
    days_late     : of the late booking that ``on_time`` and ``late`` compare with. [day]
    expansion     : size of the deal that ``expand`` adds. [usd/yr]
    risk_aversion : relative risk aversion of a CSM (2 is a common value). [1]
    """

    key: ClassVar[str] = "incentive"

    worlds: Worlds = 128
    books: Books = 60
    days_late: Annotated[int, Field(ge=1, le=LONGEST)] = 30
    expansion: Annotated[float, Field(ge=0.01, le=1e9)] = 10_000.0
    risk_aversion: Annotated[float, Field(ge=0.0, le=100.0)] = 2.0
