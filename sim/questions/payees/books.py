"""How large and how concentrated books are, and how they fall into thirds."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.setting import Setting
from sim.measure.moments import TILE
from sim.world.world import World

Floats = NDArray[np.float64]
Places = NDArray[np.bool_]

MOST_LOOKED_AT: Final = 50_000
"""Books drawn anew that are looked at. [csm x world]"""
THIRDS: Final = (1.0 / 3.0, 2.0 / 3.0)


class Traits(NamedTuple):
    """Of every book when the study opens; the world axis has length 1 where all worlds have the same. [csm, world]

    arr     : of its accounts. [usd/yr]
    largest : of it, that of the largest account; 0 where there is nothing. [share]
    """

    arr: Floats
    largest: Floats


class Third(NamedTuple):
    """Books of a kind. low, high : their ends, None of the first and of the last. mine : which. [csm, world]"""

    low: float | None
    high: float | None
    mine: Places


class Books(NamedTuple):
    """What is asked of the books of a setting. thirds : by the name of each of the traits."""

    traits: Traits
    thirds: dict[str, tuple[Third, ...]]


def books_of(setting: Setting, worlds: int) -> Books:
    """The books of a setting and how they fall into thirds, once for all plans."""
    traits = traits_of(setting, worlds)
    return Books(traits, {name: tuple(thirds(getattr(traits, name))) for name in Traits._fields})


def traits_of(setting: Setting, worlds: int) -> Traits:
    """The books of a setting, in its first ``worlds`` where they are drawn anew, or fewer where there are many books."""
    books = len(setting.world.book.csms)
    fitting = max(TILE, MOST_LOOKED_AT // books // TILE * TILE)
    return _traits(setting.world, min(worlds, fitting))


@lru_cache(maxsize=4)
def _traits(world: World, worlds: int) -> Traits:
    book = world.book
    width = worlds if world.scenario.book.drawn_anew else 1
    arr, largest = np.zeros((2, len(book.csms), width))
    for csm in range(len(book.csms)):
        held = ~book.arrival[book.accounts_of(csm)]
        if held.any():
            each = world.facts(csm, 0, width).arr[held]
            arr[csm] = each.sum(axis=0)
            largest[csm] = each.max(axis=0)
    return Traits(arr, np.divide(largest, arr, out=np.zeros_like(arr), where=arr > 0.0))


def thirds(values: Floats) -> Iterator[Third]:
    """The thirds of the values that hold any; nothing where all are alike."""
    low, high = (float(each) for each in np.quantile(values, THIRDS))
    kinds = ((None, low), (low, high), (high, None))
    place = np.searchsorted(np.array([low, high]), values, side="left")
    found = [Third(*ends, place == number) for number, ends in enumerate(kinds) if (place == number).any()]
    return iter(found if len(found) > 1 else ())
