"""The ``[response]`` table of a study: what is assumed of people."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from sim.engine.study import Declared, StudyTable
from sim.errors import Problem
from sim.files.share import PartShare, PositiveShare, Share
from sim.files.toml import refuse
from sim.questions.incentive.setting import Books, Worlds
from sim.questions.response.checks import check_points, check_reference


class Response(StudyTable):
    """The ``[response]`` table: how CSMs answer a plan, and what the answer is worth. All values are assumptions, each is
    varied in the result (``tornado``).

    points       : gross-retention points that zero incentive would cost; a range, the middle one is reported first.
                   [percentage points]
    substitution : cross cost of two tasks over the smallest own cost: effort on one makes another dearer. [share]
    other_strength : log odds per unit of effort on the other tasks, over that of saving. [1]
    risk_aversion : relative, of a CSM who chooses effort; 0 for one who does not mind risk. [1]
    effort_limit : the largest effort on a task, today's being 1. [effort]
    propensity   : share of the gaming exposure that CSMs take; read where the study has a ``[gaming]`` table. [share]
    worlds, books : effort is worked out in so many worlds, on so many books of each segment.
    value_worlds : value is worked out in so many worlds, on all books.
    gross_margin : of ARR kept and grown. [share]
    lifetime     : years that a kept usd of ARR stays; 1 is a view of one year. [yr]
    early_value  : worth of a usd signed early to the company. [usd/usd]
    lapse_loss   : of a usd of revenue between due day and late booking, what is lost for good. [usd/usd]
    unpaid_value : worth to the company of a unit of effort on work that nobody is paid for. [usd per CSM-year]
    tooling      : what variable pay costs to run, tools and work; read against no variable pay. [usd per CSM-year]
    discount     : given to the customer per usd that is moved on purpose. [usd/usd]
    reference    : name of the plan whose efforts are 1; the study's baseline where left out.

    Source: effort of about a fifth of output as in Lazear (2000), American Economic Review 90, supports a few points.
    """

    key: ClassVar[str] = "response"

    points: Annotated[
        tuple[Annotated[float, Field(ge=0.001, le=50.0)], ...], Field(min_length=1, max_length=9)
    ] = (
        1.0,
        2.0,
        4.0,
    )
    substitution: PartShare = 0.3
    other_strength: Annotated[float, Field(ge=0.0, le=10.0)] = 1.0
    risk_aversion: Annotated[float, Field(ge=0.0, le=100.0)] = 2.0
    effort_limit: Annotated[float, Field(ge=1.0, le=100.0)] = 4.0
    propensity: Share = 0.0
    worlds: Worlds = 256
    books: Books = 2
    value_worlds: Worlds = 256
    gross_margin: PositiveShare = 0.8
    lifetime: Annotated[float, Field(ge=0.01, le=50.0)] = 1.0
    early_value: Share = 0.0
    lapse_loss: Share = 1.0
    unpaid_value: Annotated[float, Field(ge=0.0, le=1e9)] = 0.0
    tooling: Annotated[float, Field(ge=0.0, le=1e6)] = 0.0
    discount: Share = 0.0
    reference: str | None = None

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if list(self.points) != sorted(set(self.points)):
            raise refuse("in ascending order, each once", list(self.points), key="points")
        return self

    @property
    def central_points(self) -> float:
        """The value of ``points`` that is reported first. [percentage points]"""
        return self.points[(len(self.points) - 1) // 2]

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong with the plan whose efforts are 1, and with the range of what effort can do."""
        if study.scenario is None:
            return []
        reference = self.reference or study.baseline
        problems = check_reference(f"{where}.reference", reference, study.sets)
        return problems + check_points(f"{where}.points", self.points, study.scenario)
