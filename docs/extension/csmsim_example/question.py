"""A question: ``[regret]`` in a study file asks how much dearer each plan is than the cheapest one, world by world."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from sim.engine.company_cost import costs_of
from sim.engine.setting import Setting
from sim.engine.study import Study, StudyTable
from sim.engine.totals import Totals
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question
from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, table
from sim.summary.entry import Part, usd
from sim.summary.summary import Summary


class Regret(StudyTable):
    """How much dearer than the cheapest plan of each world. quantile : that is told. [share]"""

    key: ClassVar[str] = "regret"
    quantile: float = 0.95


class RegretOfPlan(Part):
    """What the question writes into a plan's entry."""

    regret: float | None = usd(
        "Quantile over worlds of cost above that of the cheapest plan of the world.", None
    )


def read(study: Study, setting: Setting, totals: Totals, paths: Paths) -> Answer:
    """The answer, from the totals of every world."""
    answer, asked, costs = Answer(), study.asked(Regret), costs_of(study, totals)  # [plan, world] [usd]
    if asked is not None:
        above = np.quantile(costs - costs.min(axis=0), asked.quantile, axis=1)
        for role_set, value in zip(study.sets, above, strict=True):
            answer.add(role_set.name, RegretOfPlan(regret=float(value)))
    return answer


def sections(summary: Summary) -> Iterator[Section]:
    """Its section of every report."""
    found = summary.where(RegretOfPlan, lambda part: part.regret)
    rows = [{"plan": plan, "regret": value} for plan, value in found.items()]
    columns = (PLAN, Column("regret", "Regret", "usd"))
    title = "Above the cheapest plan of the world"
    shown = table("regret", title, columns, rows, brief=("plan", "regret"))  # what a narrow screen shows, too
    if shown is not None:
        least = min(found, key=found.__getitem__)
        yield Section(
            "regret",
            "Which plan is never far from the best?",
            f"{least} has the least regret.",
            tables=(shown,),
        )


REGRET = Question("regret", read=read, of_plan=(RegretOfPlan,), sections=sections, table=Regret)
