"""The team: who holds the book when. CSMs leave, by the draw or on a day that is known; a cover renews the book, and a
successor with a skill of their own follows.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agreed import ALWAYS, Stretch, since_of
from sim.calendar import DAYS_PER_YEAR, Calendar
from sim.records import FloatPW
from sim.world.scenario import Team
from sim.world.streams import SKILL, TURNOVER, Key, normal_scores, uniforms

Singles = NDArray[np.float32]
MOST_TENURES = 60
SETTLED_PERIODS = 99.0
"""Tenure of the CSM who holds the book when the study opens: long enough that no rule for newcomers applies."""


class Seat(NamedTuple):
    """Who holds one book, [due period, world].

    filled : share of the period in which a CSM, and not a cover, holds it. [share]
    tenure : periods since the CSM who holds it at the end of the period (or holds it next) took over. [period]
    skill  : in force in the middle of the period; standard normal, times ``cover`` in a vacancy.
    """

    filled: FloatPW
    tenure: FloatPW
    skill: Singles


def draw_seat(
    team: Team,
    calendar: Calendar,
    opening: float,
    key: Key,
    csm_id: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
    given: float | NDArray[np.float64] = np.nan,
    held: Sequence[Stretch] = ALWAYS,
) -> Seat:
    """The tenures of one seat in each world. Whoever holds it on the day ``opening`` has held it since before the study,
    where nothing else is known of them.

    Tenure lengths are exponential with the rate of turnover; each CSM's skill is a standard normal, keyed by world, seat
    and number of the tenure: nobody knows it, so it differs between worlds.

    given : skill of the first CSM who holds the seat, where it is known, or in each world; else NaN.
    held  : the days on which it is known to be held, one holder after another; the last leaves by the draw. In between the
            cover is as ever; a seat that is yet to be taken is covered without anybody's skill. Who is there on the first
            day of the horizon has been in every period before.

    Source: constant hazard (assumption); 20 % a year, 90 days and a quarter of ramp are common planning figures.
    """
    shape = (calendar.span, len(worlds))
    starts = [each.first if each.first > 0.0 else -np.inf for each in held]
    if team.turnover_per_year == 0.0 and starts == [-np.inf]:
        same = _skill(key, csm_id, worlds, 0, given).astype(np.float32)
        always = np.broadcast_to(1.0, shape)
        return Seat(always, _since(held[0], calendar, shape), np.broadcast_to(same, shape))
    bounds = calendar.bounds.astype(np.float64)
    middle = (bounds[1:] + bounds[:-1]) / 2
    filled, skill = np.zeros(shape), np.zeros(shape)
    tenure = _since(held[0], calendar, shape).copy()
    if starts[0] > 0.0:
        tenure[tenure == 0.0] = SETTLED_PERIODS  # nobody is new in a seat that is yet to be taken
    start = np.full(len(worlds), starts[0])
    for number in range(MOST_TENURES):
        own = _skill(key, csm_id, worlds, number, given)
        if number + 1 < len(held):
            end, following = (
                np.full(len(worlds), day) for day in (held[number].beyond, held[number + 1].first)
            )
        else:
            end, following = _leave(team, key, csm_id, worlds, number, start, opening)
        filled += _overlap(bounds, start, end)
        there = (middle[:, None] >= start) & (middle[:, None] < end)
        vacant = (middle[:, None] >= end) & (middle[:, None] < following)
        skill += np.where(there, own, 0.0) + np.where(vacant, team.cover * own, 0.0)
        if 0 < number < len(held):
            known = _since(held[number], calendar, shape)
            np.copyto(tenure, known, where=known > 0.0)
        elif number > 0:
            _count_tenure(bounds, start, tenure)
        start = following
        if (start >= bounds[-1]).all():
            break
    return Seat(filled, tenure, skill.astype(np.float32))


def _since(known: Stretch, calendar: Calendar, shape: tuple[int, int]) -> FloatPW:
    """Periods, in days, from a first day that is known to the end of each period; of one that is not, as settled.
    [period, world]
    """
    since = since_of(known.first, calendar)
    if since is None:
        return np.broadcast_to(SETTLED_PERIODS, shape)
    tenure = np.arange(1, calendar.span + 1) - calendar.lead - since
    return np.broadcast_to(np.clip(tenure, 0.0, SETTLED_PERIODS)[:, np.newaxis], shape)


def _skill(
    key: Key,
    csm_id: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
    number: int,
    given: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Skill of the CSM of one tenure, [world]; that of the first may be given."""
    if number == 0 and not np.isnan(given).any():
        return np.full(len(worlds), given)
    return normal_scores(uniforms(key, SKILL, number, csm_id, worlds)[0, 0])


def _leave(
    team: Team,
    key: Key,
    csm_id: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
    number: int,
    start: NDArray[np.float64],
    opening: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Day on which a tenure ends, and the first day of the next; whole days, so that a period's share is exact. [day]"""
    if team.turnover_per_year == 0.0:
        never = np.full(len(worlds), np.inf)
        return never, never
    share = uniforms(key, TURNOVER, number, csm_id, worlds)[0, 0].astype(np.float64)
    stay = -np.log(share) * DAYS_PER_YEAR / team.turnover_per_year
    end = np.floor(np.maximum(start, opening) + stay)
    return end, end + team.vacancy_days


def _overlap(bounds: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]) -> FloatPW:
    """Share of each period that lies between two days of each world. [period, world]"""
    first, last = bounds[:-1, None], bounds[1:, None]
    days = np.minimum(last, end) - np.maximum(first, start)
    share: FloatPW = np.maximum(days, 0.0) / (last - first)
    return share


def _count_tenure(bounds: NDArray[np.float64], start: NDArray[np.float64], tenure: FloatPW) -> None:
    """Count periods from the one in which this tenure starts (0); a later tenure overwrites it."""
    began: NDArray[np.int64] = np.searchsorted(bounds, start, side="right") - 1
    periods = np.arange(len(bounds) - 1)[:, None] - began
    since = periods >= 0
    tenure[since] = np.broadcast_to(periods, tenure.shape)[since]
