"""What gaming takes out of net value where CSMs take a share of what they can: a dial of its own, apart from effort."""

from collections.abc import Mapping
from typing import Any, Final

from sim.questions.response.tornado import tornado_row

Entry = dict[str, Any]

DISCOUNT: Final = 0.05
"""The higher value that the discount on what is moved is varied to, at least. [usd/usd] (assumption)"""


def gamed(plan: Mapping[str, Any], on_cost: float) -> Entry | None:
    """The ``response`` of a plan with what gaming costs the company per CSM-year; None where exposure or response is not
    known. on_cost : pay with on-costs over pay. [1]

    Nothing is gained, as no customer's odds change.

    Source: METHOD.md, gaming propensity: pay taken with on-costs, and discounts on what is moved.
    """
    exposure, response = plan.get("exposure", {}), plan.get("response", {})
    if "lower" not in exposure or not response:
        return None
    propensity, discount = response["assumed"]["propensity"], response["assumed"]["discount"]
    net, pay, arr = response["net_value"], exposure["lower"] * on_cost, exposure.get("moved_arr", 0.0)
    high = max(DISCOUNT, 2.0 * discount)
    rows = {
        "propensity": tornado_row((0.0, 1.0), [net, net - pay - discount * arr]),
        "discount_if_all_game": tornado_row((0.0, high), [net - pay, net - pay - high * arr]),
    }
    taken: Entry = response | {"tornado": response["tornado"] | rows}
    if propensity:
        cost = propensity * (pay + discount * arr)
        taken |= {"gaming_cost": cost, "net_value_gamed": net - cost}
    return taken
