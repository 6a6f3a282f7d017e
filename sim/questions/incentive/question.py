"""The question of incentives: what a plan rewards, in cents per dollar."""

from typing import Any, Final

from sim.questions.incentive.measurable import not_measured_entries
from sim.questions.incentive.report import incentive_sections
from sim.questions.incentive.setting import Incentive
from sim.questions.incentive.summary import IncentiveOfPlan
from sim.questions.question import Answer, Question, Ran


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Incentive) is None:
        return Answer()
    from sim.questions.incentive.measured import rewards_of_plans

    answer = Answer(not_measured_entries(ran.study.sets))
    for name, reward in rewards_of_plans(ran.study, ran.threads).items():
        answer.add(name, "incentive", reward.document())
    return answer


def _combine(document: dict[str, Any]) -> None:
    """Pay per usd moved over pay per usd saved, where both are known. Above 1 the plan pays more for moving a dollar.

    Source: METHOD.md, timing-to-saving ratio.
    """
    for entry in document["plans"].values():
        moved, save = entry.get("exposure", {}).get("yield"), entry.get("incentive", {}).get("save")
        if moved is not None and save:
            entry["incentive"] = entry["incentive"] | {"timing_to_saving": moved / save}


INCENTIVE: Final = Question(
    "incentive", measure=_measure, combine=_combine, of_plan=IncentiveOfPlan, sections=incentive_sections
)
