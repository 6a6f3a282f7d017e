"""Net value that a plan adds to the reference's, world by world, under any values of the assumptions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.value import Parts, Worth, net_value
from sim.questions.response.effort_world import UNPAID
from sim.questions.response.respond import Responded
from sim.questions.response.traits import Traits

Floats = NDArray[np.float64]


class Terms(NamedTuple):
    """What the parts of a company's value are worth.

    on_cost      : share of pay that comes on top of it. [share]
    unpaid_value : of a unit of effort on unpaid work. [usd per CSM-year]
    """

    worth: Worth
    on_cost: float
    unpaid_value: float


def terms_of(found: Responded) -> Terms:
    """The values of the study."""
    asked = found.efforts.asked
    worth = Worth(asked.gross_margin, asked.lifetime, asked.early_value, asked.lapse_loss)
    return Terms(worth, found.efforts.study.scenario.employer.on_cost, asked.unpaid_value)


def added_value(
    found: Responded, name: str, traits: Traits | None = None, terms: Terms | None = None
) -> Floats:
    """Net value per CSM-year less that of the reference at today's efforts, in the same worlds; under the middle
    assumptions and the study's values where none are told. [world] [usd]
    """
    own_terms = terms_of(found)
    traits, terms = traits or found.efforts.central, terms or own_terms
    share = (1.0 + terms.on_cost) / (1.0 + own_terms.on_cost)
    own = found.parts[name][traits]
    today = first_worlds(found.today, len(own.cost))
    values = [
        net_value(each._replace(cost=each.cost * share), terms.worth) / found.csm_years
        for each in (own, today)
    ]
    unpaid = terms.unpaid_value * (float(mean_effort(found, name, traits)[UNPAID]) - 1.0)
    added: Floats = values[0] - values[1] + unpaid
    return added


def first_worlds(parts: Parts, worlds: int) -> Parts:
    """The same in the first worlds alone."""
    return Parts(*(each[:worlds] for each in parts))


def mean_effort(found: Responded, name: str, traits: Traits) -> Floats:
    """Mean effort of the company's CSMs. [task]"""
    effort: Floats = np.average(found.efforts.effort(name, traits), axis=0, weights=found.efforts.csms)
    return effort
