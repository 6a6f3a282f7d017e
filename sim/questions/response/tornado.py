"""What the value of a plan rests on: net value, and the order of plans, at a lower and a higher value of every input."""

from collections.abc import Mapping, Sequence
from typing import Final

from sim.measure.estimate import centre_of
from sim.questions.response.added_value import added_value, valuation_of
from sim.questions.response.respond import Responded
from sim.questions.response.summary import PlanResponse, Swing
from sim.questions.response.traits import Traits, at_points, variants

MARGIN: Final = (0.8, 1.2)
LIFETIME: Final = (0.5, 2.0)
EARLY_VALUE: Final = 0.10
ON_COST: Final = 0.30
"""How far inputs are varied: factors on margin and lifetime, and higher values of the others (assumption)."""


def tornado(responded: Responded, name: str, by_median: bool = False) -> dict[str, Swing]:
    """For each input of ``[response]`` and the on-cost: its lower and higher value, and net value there, the others as
    they are. What CSMs do is answered anew where it depends on the input. [usd per CSM-year]
    """
    asked, valuation = responded.efforts.asked, valuation_of(responded)
    points = (asked.points[0], asked.points[-1])
    added = [added_value(responded, name, at_points(asked, value)) for value in points]
    rows = {"points": swing(points, [centre_of(one, by_median).value for one in added])}
    for key, traits in variants(asked).items():
        varied = [getattr(end, key) for end in traits]
        rows[key] = swing(varied, [_answered(responded, name, end, by_median) for end in traits])
    for key, values in _varied_values(responded).items():
        valued = [valuation._replace(**{key: value}) for value in values]
        added = [added_value(responded, name, valuation=one) for one in valued]
        rows[key] = swing(values, [centre_of(one, by_median).value for one in added])
    return rows


def swing(values: Sequence[float], net: Sequence[float]) -> Swing:
    """The lower and the higher value of an input, and net value there. [usd per CSM-year]"""
    (low, high), (worse, better) = values, net
    return Swing(low=low, high=high, net_value=(worse, better))


def with_ranks(responses: Mapping[str, PlanResponse]) -> dict[str, PlanResponse]:
    """The responses of all plans with the place of each plan by net value, 1 for the highest: as reported, and at each end
    of each input that all of them have.
    """
    places = _places({name: response.net_value for name, response in responses.items()})
    inputs = [set(response.tornado) for response in responses.values()]
    at_ends = {
        key: [
            _places({name: response.tornado[key].net_value[end] for name, response in responses.items()})
            for end in (0, 1)
        ]
        for key in (set.intersection(*inputs) if inputs else ())
    }
    return {
        name: response.model_copy(
            update={
                "rank": places[name],
                "tornado": {
                    key: each.model_copy(update={"rank": tuple(end[name] for end in at_ends[key])})
                    if key in at_ends
                    else each
                    for key, each in response.tornado.items()
                },
            }
        )
        for name, response in responses.items()
    }


def _places(values: Mapping[str, float]) -> dict[str, int]:
    return {name: 1 + sum(other > value for other in values.values()) for name, value in values.items()}


def _answered(responded: Responded, name: str, traits: Traits, by_median: bool) -> float:
    """Net value where CSMs answer under other assumptions. In fewer worlds than the reported value, what it differs by in
    those same worlds is added to that. [usd per CSM-year]
    """
    reported, varied = added_value(responded, name), added_value(responded, name, traits)
    if len(varied) == len(reported):
        return centre_of(varied, by_median).value
    difference = varied - reported[: len(varied)]
    return centre_of(reported, by_median).value + centre_of(difference, by_median).value


def _varied_values(responded: Responded) -> dict[str, tuple[float, float]]:
    """The lower and higher value of what changes what outcomes are worth, and nothing that CSMs do."""
    efforts, valuation = responded.efforts, valuation_of(responded)
    calendar = efforts.study.scenario.calendar
    bonus = efforts.a_book(efforts.reference, lambda crew: crew.bonus(calendar))
    bonus = bonus or float(responded.today.cost.mean()) / responded.csm_years  # a commission names none
    least, most = (min(factor * valuation.gross_margin, 1.0) for factor in MARGIN)
    shortest, longest = (factor * valuation.lifetime for factor in LIFETIME)
    return {
        "gross_margin": (least, most),
        "lifetime": (shortest, longest),
        "early_value": (0.0, max(EARLY_VALUE, 2.0 * valuation.early_value)),
        "lapse_loss": (0.0, 1.0),
        "on_cost": (0.0, max(ON_COST, 2.0 * valuation.on_cost)),
        "unpaid_value": (0.0, max(bonus, 2.0 * valuation.unpaid_value)),
    }
