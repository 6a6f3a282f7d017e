"""The single expansions of an account in one world: the world keeps what a period adds up to, its words tell the parts."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import NEVER
from sim.world.growth import MOST_EXPANSIONS
from sim.world.segment import Segment
from sim.world.streams import EXPANSION_EVENT, FIRST_PERIOD, fill_uniforms, tag_of
from sim.world.world import World

SIZE_WORD, DAY_WORD = 0, 2
"""The last is one that no draw of the world reads."""


class Deal(NamedTuple):
    """One renewal. ``NEVER`` where something does not happen. [day], [usd/yr], [month]"""

    due: int
    booked: int
    notice: int
    arr: float
    booked_arr: float
    term: int
    booked_term: int


class Grown(NamedTuple):
    """One expansion. contract : how many renewals of the account came due before it. [day], [usd/yr]"""

    day: int
    arr: float
    contract: int


def grown_events(
    world: World,
    number: int,
    identity: NDArray[np.uint64],
    segment: Segment,
    start: tuple[float, int],
    deals: Sequence[Deal],
    grown: NDArray[np.float64],
) -> Iterator[Grown]:
    """Every expansion of an account, on a day of its period after the contract that grows has begun, all days alike.

    start : ARR when it is met, and the day on which it joined. [usd/yr], [day]
    grown : what each due period adds. [due period] [usd/yr]
    """
    from scipy.special import ndtri

    calendar, size = world.calendar, segment.expansion.size
    mu = np.log(size.mean) - size.sigma**2 / 2
    level, joined = start
    contract, begins = 0, joined
    for period in np.flatnonzero(grown > 0.0).tolist():
        first, last = int(calendar.bounds[period]), int(calendar.bounds[period + 1]) - 1
        while contract < len(deals) and _begins_by(deals[contract], last):
            level, begins = deals[contract].booked_arr, max(deals[contract].due, deals[contract].booked)
            contract += 1
        added = 0.0
        parts: list[tuple[float, float]] = []
        while added < grown[period] * (1.0 - 1e-4) and len(parts) < int(MOST_EXPANSIONS):
            words = _words(world, number, identity, period, len(parts))
            share = float(np.exp(mu + size.sigma * ndtri(float(words[SIZE_WORD]))))
            parts.append((share, float(words[DAY_WORD])))
            added += level * share
        whole = sum(share for share, _ in parts)
        first = max(first, min(begins + 1, last))
        days = sorted(first + int(where * (last - first + 1)) for _, where in parts)
        for day, (share, _) in zip(days, parts, strict=True):
            yield Grown(min(day, last), float(grown[period]) * share / whole, contract)
        level += float(grown[period])


def _begins_by(deal: Deal, day: int) -> bool:
    """Whether the contract that a deal signs has begun on a day."""
    return deal.booked != NEVER and max(deal.due, deal.booked) <= day


def _words(
    world: World, number: int, identity: NDArray[np.uint64], period: int, further: int
) -> NDArray[np.float32]:
    """The words of one expansion, as ``sim.world.growth`` draws them. [word] [share]"""
    out = np.empty((4, 1, 1), dtype=np.float32)
    drawn = np.array([[FIRST_PERIOD - world.calendar.lead + period]], dtype=np.int32)
    worlds = np.array([number], dtype=np.uint64)
    fill_uniforms(*world.key, tag_of(EXPANSION_EVENT, 0, further), drawn, identity, worlds, out)
    return out[:, 0, 0]
