"""Net value that a plan adds to the reference's, world by world, under any values of the assumptions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.value import Parts, Worth, net_value
from sim.questions.response.effort_world import UNPAID
from sim.questions.response.respond import Responded
from sim.questions.response.traits import Traits

Floats = NDArray[np.float64]


class Valuation(NamedTuple):
    """What the parts of a company's value are worth; the first four as in ``Worth``.

    on_cost      : share of pay that comes on top of it. [share]
    unpaid_value : of a unit of effort on unpaid work. [usd per CSM-year]
    """

    gross_margin: float
    lifetime: float
    early_value: float
    lapse_loss: float
    on_cost: float
    unpaid_value: float

    @property
    def worth(self) -> Worth:
        """Of what is kept, grown, early and late."""
        return Worth(self.gross_margin, self.lifetime, self.early_value, self.lapse_loss)


def valuation_of(responded: Responded) -> Valuation:
    """The values of the study."""
    asked, employer = responded.efforts.asked, responded.efforts.study.scenario.employer
    worth = (asked.gross_margin, asked.lifetime, asked.early_value, asked.lapse_loss)
    return Valuation(*worth, employer.on_cost, asked.unpaid_value)


def added_value(
    responded: Responded, name: str, traits: Traits | None = None, valuation: Valuation | None = None
) -> Floats:
    """Net value per CSM-year less that of the reference at today's efforts, in the same worlds; under the middle
    assumptions and the study's values where none are given. [world] [usd]
    """
    simulated, efforts = valuation_of(responded), responded.efforts
    traits, valuation = traits or efforts.central, valuation or simulated
    share = (1.0 + valuation.on_cost) / (1.0 + simulated.on_cost)
    parts = responded.parts[name][traits]
    answered, today = (
        net_value(one._replace(cost=one.cost * share), valuation.worth) / responded.csm_years
        for one in (parts, first_worlds(responded.today, len(parts.cost)))
    )
    unpaid = valuation.unpaid_value * (float(efforts.mean(efforts.effort(name, traits))[UNPAID]) - 1.0)
    added: Floats = answered - today + unpaid
    return added


def first_worlds(parts: Parts, worlds: int) -> Parts:
    """The same in the first worlds alone."""
    return Parts(*(part[:worlds] for part in parts))
