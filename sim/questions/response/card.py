"""The card of a plan for a CFO: eight numbers of what all questions say of it, those that were measured."""

from typing import Any, Final, TypeVar

from sim.questions.cost.summary import Cost, CostOfPlan
from sim.questions.gaming.summary import Exposure, GamingOfPlan, Split
from sim.questions.incentive.summary import IncentiveOfPlan, Reward
from sim.questions.response.summary import (
    Card,
    CardCost,
    CardEven,
    CardExposure,
    CardRisk,
    CardSave,
    CardSplit,
    CardTiming,
    CardValue,
    PlanResponse,
    ResponseOfPlan,
)
from sim.summary.entry import Entry
from sim.summary.summary import PlanSummary

E = TypeVar("E", bound=Entry)
OF_RISK: Final = {
    "premium": "risk_premium_certain",
    "by_variance": "risk_premium",
    "certain_pay": "certain_pay",
}
OF_VALUE: Final = {
    "low": "net_value_low",
    "high": "net_value_high",
    "if_made_whole": "net_value_whole",
    "csm_gain": "csm_gain",
}
"""What numbers of the card are called where they come from."""


def card_of(plan: PlanSummary) -> Card | None:
    """The card of a plan; None where neither rewards, nor timing, nor a response were measured. Money is per CSM-year but
    in ``split`` (the company over the horizon), pay per usd in usd.

    Source: METHOD.md, the eight numbers.
    """
    gaming, reward = plan.of(GamingOfPlan), plan.of(IncentiveOfPlan).incentive
    response = plan.of(ResponseOfPlan).response
    if (gaming.exposure, reward, response) == (None, None, None):
        return None
    return Card(
        cost=_cost(plan.of(CostOfPlan).cost),
        split=_split(gaming.split),
        exposure=_exposure(gaming.exposure),
        save=None if reward is None else _save(reward),
        even=None if reward is None else _known(CardEven(**_same(CardEven, reward))),
        timing_to_saving=None if reward is None else _timing(reward),
        risk=None if reward is None else _risk(reward),
        net_value=_value(response),
    )


def _same(kind: type[Entry], source: Entry) -> dict[str, Any]:
    """The fields of the card that have the name that they have where they come from."""
    return {name: getattr(source, name) for name in kind.model_fields if name in type(source).model_fields}


def _cost(cost: Cost) -> CardCost:
    """Of a CSM-year: quantiles of the company over the horizon scaled as the median is."""
    scale = cost.per_csm_year_p50 / cost.p50 if cost.p50 else 0.0
    scaled = {
        name: None if value is None or not scale else scale * value
        for name, value in (("p50", cost.p50), ("p90", cost.p90), ("cvar95", cost.cvar95))
    }
    return CardCost(**_same(CardCost, cost) | scaled | {"mean": cost.per_csm_year})


def _split(split: Split | None) -> CardSplit | None:
    return None if split is None else CardSplit(**_same(CardSplit, split))


def _exposure(exposure: Exposure | None) -> CardExposure | None:
    return None if exposure is None else CardExposure(**_same(CardExposure, exposure))


def _save(reward: Reward) -> CardSave | None:
    spread = reward.spread.get("save")
    ends = {} if spread is None else {"p10": spread.p10, "p90": spread.p90}
    return _known(CardSave(mean=reward.save, **ends))


def _risk(reward: Reward) -> CardRisk | None:
    return _known(CardRisk(**{name: getattr(reward, key) for name, key in OF_RISK.items()}))


def _timing(reward: Reward) -> CardTiming | None:
    return None if reward.timing_to_saving is None else CardTiming(ratio=reward.timing_to_saving)


def _known(entry: E) -> E | None:
    """The entry; None where nothing of it is known."""
    return entry if entry.document() else None


def _value(response: PlanResponse | None) -> CardValue | None:
    if response is None:
        return None
    middle = "mean" if response.statistic is None else response.statistic
    numbers = {name: getattr(response, key) for name, key in OF_VALUE.items()}
    return CardValue(**numbers | {middle: response.net_value})
