"""The question of incentives: what a plan rewards, in cents per dollar."""

from typing import Final

from sim.questions.gaming.summary import GamingOfPlan
from sim.questions.incentive.report import incentive_sections
from sim.questions.incentive.setting import Incentive
from sim.questions.incentive.summary import IncentiveOfPlan
from sim.questions.question import Answer, Question, Ran
from sim.summary.summary import PlanSummary, Summary


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Incentive) is None:
        return Answer()
    from sim.questions.incentive.measured import rewards_of_plans

    answer = Answer()
    for name, part in rewards_of_plans(ran.study, ran.workers).items():
        answer.add(name, part)
    return answer


def _combine(summary: Summary) -> Summary:
    return summary.with_plans(_with_timing)


def _with_timing(plan: PlanSummary) -> PlanSummary:
    """Pay per usd moved over pay per usd saved, where both are known. Above 1 the plan pays more for moving a dollar.

    Source: METHOD.md, timing-to-saving ratio.
    """
    incentive, exposure = plan.of(IncentiveOfPlan), plan.of(GamingOfPlan).exposure
    reward, moved = incentive.incentive, None if exposure is None else exposure.pay_per_usd
    if reward is None or not reward.save or moved is None:
        return plan
    timed = reward.model_copy(update={"timing_to_saving": moved / reward.save})
    return plan.with_(incentive.model_copy(update={"incentive": timed}))


INCENTIVE: Final = Question(
    "incentive", measure=_measure, combine=_combine, of_plan=(IncentiveOfPlan,), sections=incentive_sections
)
