"""What the error of the efforts solved for adds to that of net value: they rest on the worlds in which gains are seen."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAYS_PER_YEAR
from sim.measure.estimate import Centre, student
from sim.measure.response.effort import TASKS, best_efforts
from sim.questions.response.added_value import valuation_of
from sim.questions.response.effort_world import EARLY, EXPAND, GROW, LATE, ON_TIME, SAVE, UNPAID, mean_days
from sim.questions.response.efforts import TODAY, Efforts
from sim.questions.response.respond import Responded

Floats = NDArray[np.float64]

MOST_FEEDBACK = 0.5
"""Of a change of effort, at most so much comes back through what effort gains. [share]"""
MOVED = 0.02
"""Efforts closer to today's show nothing of that. [effort]"""
PART = 0.2
"""Of the way from today's efforts over which it is seen. [share]"""


def effort_error(responded: Responded, name: str) -> float:
    """Standard error of net value from that of the efforts, under the middle assumptions. [usd per CSM-year]

    Source: jackknife over parts of the worlds (Efron and Tibshirani 1993, section 11.5) of the best answer to gains and
    costs at the efforts solved for, both from the same worlds; times what one unit of effort changes of net value there
    (delta method), and 1 / (1 - k), k of a change of effort coming back through gains.
    """
    efforts = responded.efforts
    weights = efforts.csms / efforts.csms.sum()
    parts = [
        weights[segment] * np.array(_of_segment(responded, name, segment)) for segment in efforts.staffed
    ]
    left_out = np.sum(parts, axis=0)
    count = len(left_out)
    return float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))


def widened(centre: Centre, extra: float, parts: int) -> Centre:
    """An estimate whose error has a second, independent part, from so many parts of the worlds."""
    if not extra or centre.ci95 is None:
        return centre._replace(se=float(np.hypot(centre.se, extra)))
    low, high = (
        centre.value + sign * float(np.hypot(end - centre.value, student(parts - 1) * extra))
        for sign, end in zip((-1, 1), centre.ci95, strict=True)
    )
    return Centre(centre.value, float(np.hypot(centre.se, extra)), (low, high))


def _of_segment(responded: Responded, name: str, segment: int) -> list[float]:
    """What net value of a segment's CSM-year would change by with each part of the worlds left out. [part] [usd]"""
    efforts, crew = responded.efforts, responded.efforts.crew(name, segment)
    if not crew.roles:
        return [0.0] * efforts.parts
    central, solved = efforts.central, efforts.equilibrium(name, segment, efforts.central).effort
    at = efforts.pay_at(name, segment, central, solved)
    strength = efforts.strength(central)
    whole = best_efforts((strength * at.gain).ravel(), efforts.costs(name, segment, central))
    value, back = value_of_effort(responded, name, segment), 1.0 / (1.0 - _feedback(efforts, name, segment))
    found = []
    for part, gain in enumerate(at.without):
        costs = efforts.costs_without(name, segment, part)
        moved = best_efforts((strength * gain).ravel(), costs) - whole
        found.append(back * float(value @ efforts.change_on_book(name, segment, moved)))
    return found


def value_of_effort(responded: Responded, name: str, segment: int) -> Floats:
    """What one more unit of effort on a book adds to net value of a CSM-year, pay with on-costs taken off. [task] [usd]"""
    efforts, valuation = responded.efforts, valuation_of(responded)
    central = efforts.central
    at = efforts.pay_at(name, segment, central, efforts.equilibrium(name, segment, central).effort)
    late, returning = mean_days(efforts.study.scenario.segment[segment])
    margin, lapse = valuation.gross_margin * valuation.lifetime, valuation.lapse_loss / DAYS_PER_YEAR
    usd = np.zeros(len(TASKS))
    usd[[SAVE, EXPAND, GROW]] = margin
    usd[ON_TIME], usd[EARLY], usd[LATE] = lapse * late, valuation.early_value, margin - lapse * returning
    books = efforts.crew(name, segment).books
    paid = (at.paid / books[:, np.newaxis]).sum(axis=0) * (1.0 + valuation.on_cost)
    a_year = efforts.study.scenario.periods / efforts.study.scenario.calendar.years
    value: Floats = a_year * efforts.strength(central) * (usd * at.arr - paid)
    value[UNPAID] = valuation.unpaid_value
    return value


def _feedback(efforts: Efforts, name: str, segment: int) -> float:
    """How much of a change of effort comes back through what effort gains: over the last part of the way from today's, of
    efforts that are free to move.
    """
    central, solved = efforts.central, efforts.equilibrium(name, segment, efforts.central).effort
    free = (solved > 0.0) & (solved < efforts.asked.effort_limit)
    way = np.where(free, solved - np.tile(TODAY, len(solved) // len(TASKS)), 0.0)
    length = float(way @ way)
    if length < MOVED**2:
        return 0.0
    costs, strength = efforts.costs(name, segment, central), efforts.strength(central)
    ends = [efforts.pay_at(name, segment, central, at).gain for at in (solved, solved - PART * way)]
    then, now = (best_efforts((strength * gain).ravel(), costs) for gain in ends)
    return min(float((then - now) @ way) / (PART * length), MOST_FEEDBACK)
