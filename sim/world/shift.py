"""Other odds in the same worlds: a scenario whose customers renew, pay and grow a little differently, on the same draws."""

from collections.abc import Mapping
from math import exp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fiscal_year import MONTHS_PER_YEAR
from sim.world.scenario import Scenario
from sim.world.segment import Change, Churn, Expansion, LognormalSize, Segment, Size
from sim.world.stack import each_draw
from sim.world.world import World


class Shift(NamedTuple):
    """How outcomes differ from those of the scenario; zeros change nothing.

    churn     : added to the log odds that a renewal is lost.
    uplift    : added to the logarithm of the size of an uplift.
    expansion : added to the logarithm of the rate of expansion.
    multi_year : added to the log odds that a renewal is signed for more than a year.
    """

    churn: float = 0.0
    uplift: float = 0.0
    expansion: float = 0.0
    multi_year: float = 0.0

    def __add__(self, other: object) -> "Shift":
        """One shift after another."""
        if not isinstance(other, Shift):
            return NotImplemented
        return Shift(*(one + more for one, more in zip(self, other, strict=True)))


NO_SHIFT = Shift()
Shifts = Mapping[str, Shift]
"""By name of the segment; segments that are not named stay as they are."""


def shift_scenario(scenario: Scenario, shifts: Shifts) -> Scenario:
    """The scenario with shifted odds; itself where nothing is shifted.

    Books, names and lag bands stay, so that ``World(shifted, seed)`` reads the same words for the same decisions:
    a renewal that is kept at higher odds of churn is kept at lower ones.

    Source: proportional odds for probabilities, log-linear for rates and sizes (McCullagh and Nelder 1989,
    "Generalized Linear Models", 2nd ed., chapters 4 to 6).
    """
    if all(shifts.get(each.name, NO_SHIFT) == NO_SHIFT for each in scenario.segment):
        return scenario

    def shifted(one: Scenario) -> Scenario:
        segments = (_segment(each, shifts.get(each.name, NO_SHIFT)) for each in one.segment)
        return one.with_(segment=tuple(segments))

    return scenario.in_each(shifted)


def shift_world(scenario: Scenario, seed: int, shifts: Shifts) -> World:
    """The world of the shifted scenario; churn probabilities of a CRM export are shifted too."""
    world = World(shift_scenario(scenario, shifts), seed)
    given = world.book.given
    if "churn_probability" in given:
        odds = np.array([shifts.get(each.name, NO_SHIFT).churn for each in scenario.segment])
        moved = shift_each(given["churn_probability"], odds[world.book.segment])
        world.give_churn(moved)
    return world


def shift_odds(probability: float, log_odds: float) -> float:
    """The probability whose log odds are larger by ``log_odds``; 0 and 1 stay.

    Source: logit(p') = logit(p) + d, so p' = p e^d / (1 - p + p e^d).
    """
    raised = probability * exp(log_odds)
    return raised / (1.0 - probability + raised)


def shift_each(probability: NDArray[np.float64], log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of many; where nothing is shifted they stay to the bit."""
    raised = probability * np.exp(log_odds)
    return np.where(log_odds != 0.0, raised / (1.0 - probability + raised), probability)


def _segment(segment: Segment, shift: Shift) -> Segment:
    if shift == NO_SHIFT:
        return segment
    update = {
        "churn": _churn(segment.churn, shift.churn),
        "uplift": _uplift(segment.uplift, shift.uplift),
        "expansion": _expansion(segment.expansion, shift.expansion),
        "renewed_term_months": _terms(segment, shift.multi_year),
    }
    return segment.model_copy(update=update)


def _churn(churn: Churn, log_odds: float) -> Churn:
    if log_odds == 0.0:
        return churn
    by_term = {term: shift_odds(probability, log_odds) for term, probability in churn.by_term.items()}
    return churn.model_copy(
        update={"probability": shift_odds(churn.probability, log_odds), "by_term": by_term}
    )


def _uplift(uplift: Change, log_size: float) -> Change:
    if log_size == 0.0:
        return uplift
    factor, size = exp(log_size), uplift.size
    names = ("mean",) if isinstance(size, LognormalSize) else ("low", "high")
    grown: Size = size.model_copy(update={name: factor * getattr(size, name) for name in names})
    return uplift.model_copy(update={"size": grown})


def _expansion(expansion: Expansion, log_rate: float) -> Expansion:
    if log_rate == 0.0:
        return expansion
    return expansion.model_copy(update={"events_per_year": exp(log_rate) * expansion.events_per_year})


def _terms(segment: Segment, log_odds: float) -> dict[str, float]:
    """The mix of contracts signed at renewal, those of more than a year at other odds; in proportion among themselves.

    Where there are none of one kind the odds are 0 or infinite, and stay.
    """
    mix = dict(segment.renewed_term_months or segment.term_months)
    longer: Any = sum(share for months, share in mix.items() if int(months) > MONTHS_PER_YEAR)
    if isinstance(longer, np.ndarray):
        return each_draw(lambda one: _mixed(one, log_odds), mix)
    return _mixed(mix, log_odds) if log_odds != 0.0 and 0.0 < longer < 1.0 else segment.renewed_term_months


def _mixed(mix: dict[str, float], log_odds: float) -> dict[str, float]:
    longer = sum(share for months, share in mix.items() if int(months) > MONTHS_PER_YEAR)
    if log_odds == 0.0 or not 0.0 < longer < 1.0:
        return mix
    moved = shift_odds(longer, log_odds)
    factor = {True: moved / longer, False: (1.0 - moved) / (1.0 - longer)}
    return {months: share * factor[int(months) > MONTHS_PER_YEAR] for months, share in mix.items()}
