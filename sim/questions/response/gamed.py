"""What gaming takes out of net value where CSMs take a share of what they can: a dial of its own, apart from effort."""

from typing import Final

from sim.questions.gaming.summary import Exposure
from sim.questions.response.summary import PlanResponse
from sim.questions.response.tornado import swing

DISCOUNT: Final = 0.05
"""The higher value that the discount on what is moved is varied to, at least. [usd/usd] (assumption)"""


def gamed(response: PlanResponse, exposure: Exposure, on_cost: float) -> PlanResponse:
    """The response with what gaming costs the company per CSM-year. on_cost : pay with on-costs over pay. [1]

    Nothing is gained, as no customer's odds change.

    Source: METHOD.md, gaming propensity: pay taken with on-costs, and discounts on what is moved.
    """
    propensity, discount = response.assumed.propensity, response.assumed.discount
    net, pay, arr = response.net_value, exposure.lower * on_cost, exposure.moved_arr
    high = max(DISCOUNT, 2.0 * discount)
    swings = {
        "propensity": swing((0.0, 1.0), (net, net - pay - discount * arr)),
        "discount_if_all_game": swing((0.0, high), (net - pay, net - pay - high * arr)),
    }
    cost = propensity * (pay + discount * arr)
    of_gaming = {"gaming_cost": cost, "net_value_gamed": net - cost} if propensity else {}
    return response.model_copy(update={"tornado": response.tornado | swings, **of_gaming})
