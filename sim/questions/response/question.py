"""The question of response: how CSMs answer a plan, and what the company gets."""

from typing import Any, Final

from sim.questions.incentive.measurable import not_measured_entries
from sim.questions.question import Answer, Question, Ran
from sim.questions.response.card import card_of
from sim.questions.response.setting import Response


def _measure(ran: Ran) -> Answer:
    if ran.study.asked(Response) is None:
        return Answer()
    from sim.questions.response.entry import response_entries

    answer = Answer(not_measured_entries(ran.study.sets))
    for name, entry in response_entries(ran.study, ran.threads, ran.heavy).items():
        answer.add(name, "response", entry)
    return answer


def _combine(document: dict[str, Any]) -> None:
    from sim.questions.response.tornado import with_ranks

    plans = document["plans"]
    for entry in plans.values():
        _gamed(entry, 1.0 + document["study"].get("on_cost", 0.0))
    responses = {name: entry["response"] for name, entry in plans.items() if "response" in entry}
    for name, response in with_ranks(responses).items():
        plans[name]["response"] = response
    for entry in plans.values():
        if (card := card_of(entry)) is not None:
            entry["card"] = card


def _gamed(entry: dict[str, Any], on_cost: float) -> None:
    """What gaming costs the company per CSM-year where CSMs take a share of what they can, out of net value.

    Source: METHOD.md, gaming propensity: a dial of its own, apart from effort. Pay taken with on-costs, and discounts on
    what is moved; nothing is gained, as no customer's odds change.
    """
    from sim.questions.response.tornado import gaming_rows

    exposure, response = entry.get("exposure", {}), entry.get("response", {})
    if "lower" not in exposure or not response:
        return
    rows = gaming_rows(entry, on_cost)
    gamed = response | {"tornado": response["tornado"] | rows}
    propensity = response["assumed"]["propensity"]
    if propensity:
        discount = response["assumed"]["discount"] * exposure.get("moved_arr", 0.0)
        cost = propensity * (exposure["lower"] * on_cost + discount)
        gamed |= {"gaming_cost": cost, "net_value_gamed": response["net_value"] - cost}
    entry["response"] = gamed


RESPONSE: Final = Question("response", measure=_measure, combine=_combine)
