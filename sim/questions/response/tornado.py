"""What the value of a plan rests on: net value, and the order of plans, at a lower and a higher value of every input."""

from collections.abc import Mapping
from typing import Any, Final

from sim.measure.estimate import centre_of
from sim.questions.response.added_value import Terms, added_value, terms_of
from sim.questions.response.respond import Responded
from sim.questions.response.traits import Traits, at_points, variants

Entry = dict[str, Any]

MARGIN: Final = (0.8, 1.2)
LIFETIME: Final = (0.5, 2.0)
EARLY_VALUE: Final = 0.10
ON_COST: Final = 0.30
DISCOUNT: Final = 0.05
"""How far inputs are varied: factors on margin and lifetime, and higher values of the others (assumption)."""


def tornado(found: Responded, name: str, by_median: bool = False) -> Entry:
    """For each input of ``[response]`` and the on-cost: its lower and higher value, and net value there, the others as
    they are. What CSMs do is answered anew where it depends on the input. [usd per CSM-year]
    """

    def value(*at: Any, **terms: Any) -> float:
        return centre_of(added_value(found, name, *at, **terms), by_median).value

    asked = found.efforts.asked
    ends = asked.points[0], asked.points[-1]
    rows = {"points": _row(ends, [value(at_points(asked, each)) for each in ends])}
    varied = variants(asked)
    for key in dict.fromkeys(key for key, _ in varied):
        pair = [varied[key, end] for end in (0, 1)]
        values = tuple(getattr(each, key) for each in pair)
        rows[key] = _row(values, [_answered(found, name, each, by_median) for each in pair])
    for key, cases in _worths(found).items():
        net = [value(terms=terms) for _, terms in cases]
        rows[key] = _row(tuple(value for value, _ in cases), net)
    return rows


def _answered(found: Responded, name: str, traits: Traits, by_median: bool) -> float:
    """Net value where CSMs answer under other assumptions. In fewer worlds than the reported value, what it differs by in
    those same worlds is added to that. [usd per CSM-year]
    """
    reported, varied = added_value(found, name), added_value(found, name, traits)
    if len(varied) == len(reported):
        return centre_of(varied, by_median).value
    differs = varied - reported[: len(varied)]
    return centre_of(reported, by_median).value + centre_of(differs, by_median).value


def gaming_rows(plan: Mapping[str, Any], on_cost: float) -> Entry:
    """Likewise for gaming propensity and for the discount on what is moved, where exposure is known; the discount where
    all CSMs game.

    Source: METHOD.md, gaming propensity: pay taken with on-costs, and discounts on what is moved.
    """
    exposure, response = plan["exposure"], plan["response"]
    discount = response["assumed"]["discount"]
    net, pay, arr = response["net_value"], exposure["lower"] * on_cost, exposure.get("moved_arr", 0.0)
    high = max(DISCOUNT, 2.0 * discount)
    return {
        "propensity": _row((0.0, 1.0), [net, net - pay - discount * arr]),
        "discount_if_all_game": _row((0.0, high), [net - pay, net - pay - high * arr]),
    }


def with_ranks(responses: Mapping[str, Entry]) -> dict[str, Entry]:
    """The responses of all plans with the place of each plan by net value, 1 for the highest: as reported, and at each end
    of each input that all of them have.
    """
    places = _places({name: each["net_value"] for name, each in responses.items()})
    every = [set(each["tornado"]) for each in responses.values()]
    shared = set.intersection(*every) if every else set()
    found = {
        name: each
        | {"rank": places[name], "tornado": {key: dict(row) for key, row in each["tornado"].items()}}
        for name, each in responses.items()
    }
    for key in shared:
        for end in (0, 1):
            values = {name: each["tornado"][key]["net_value"][end] for name, each in responses.items()}
            for name, place in _places(values).items():
                found[name]["tornado"][key].setdefault("rank", []).append(place)
    return found


def _places(values: Mapping[str, float]) -> dict[str, int]:
    return {name: 1 + sum(other > value for other in values.values()) for name, value in values.items()}


def _row(values: tuple[float, ...], net: list[float]) -> Entry:
    return {"low": values[0], "high": values[1], "net_value": net}


def _worths(found: Responded) -> dict[str, list[tuple[float, Terms]]]:
    """Inputs that change what outcomes are worth, and nothing that CSMs do: two values, and the terms at each."""
    terms, reference = terms_of(found), found.efforts.plans[found.efforts.reference]
    worth, calendar = terms.worth, found.efforts.study.scenario.calendar
    target = reference.target_bonus(calendar) * calendar.periods / calendar.years
    target = target or float(found.today.cost.mean()) / found.csm_years  # a commission names none
    margin = [min(factor * worth.gross_margin, 1.0) for factor in MARGIN]
    lifetime = [factor * worth.lifetime for factor in LIFETIME]
    early, lapse = (0.0, max(EARLY_VALUE, 2.0 * worth.early_value)), (0.0, 1.0)
    on_cost = (0.0, max(ON_COST, 2.0 * terms.on_cost))
    unpaid = (0.0, max(target, 2.0 * terms.unpaid_value))
    return {
        "gross_margin": [(each, terms._replace(worth=worth._replace(gross_margin=each))) for each in margin],
        "lifetime": [(each, terms._replace(worth=worth._replace(lifetime=each))) for each in lifetime],
        "early_value": [(each, terms._replace(worth=worth._replace(early_value=each))) for each in early],
        "lapse_loss": [(each, terms._replace(worth=worth._replace(lapse_loss=each))) for each in lapse],
        "on_cost": [(each, terms._replace(on_cost=each)) for each in on_cost],
        "unpaid_value": [(each, terms._replace(unpaid_value=each)) for each in unpaid],
    }
