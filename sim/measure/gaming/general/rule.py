"""A rule that a payee could follow under any plan, and the best dates that are found with hindsight.

At the end of a period the payee knows its results, what was moved before and what can be moved now. Each set of moves is
worth what the plan has paid by then, with all its rules, and what it adds later on the mean of the worlds on which the rule
was learnt: a dynamic programme on the state after the decision, backward over boundaries (Tsitsiklis and Van Roy 2001).
Beside it stands a rule that moves the same share at a boundary in every world. Whatever is chosen is paid by ``settle``.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.gauges import Gauge
from sim.measure.gaming.general.options import LEVELS, STAY, Options
from sim.measure.gaming.general.scored import Gauged, lanes_of, scored
from sim.plan.worksheet import Worksheet
from sim.records import IntP, Ledger

Floats = NDArray[np.float64]
LEARNT: Final = (0, STAY // 2, STAY, STAY + STAY // 2, LEVELS - 1)
"""Options whose worth is learnt; it is linear between them."""
PASSES: Final = 2


class Table(NamedTuple):
    """One book in a block of worlds, as a rule plays it. ledger : with honest dates."""

    plan: Gauged
    gauges: tuple[Gauge, ...]
    options: Options
    ledger: Ledger

    @property
    def worlds(self) -> int:
        """How many there are."""
        return len(self.gauges[0].value[0])

    @property
    def boundaries(self) -> int:
        """How many there are."""
        return len(self.options.value)


class Learnt(NamedTuple):
    """What options are worth later. [boundary, option] [usd]"""

    worth: Floats


class Lanes:
    """Pay of a table where every world is played in several ways side by side: lane l is world l modulo worlds."""

    def __init__(self, table: Table, ways: int) -> None:
        self.table, self.ways = table, ways
        self.world = np.tile(np.arange(table.worlds), ways)
        self._ledger = lanes_of(table.ledger, self.world)

    def pay(self, option: IntP) -> Floats:
        """Pay of each period. option : [boundary, lane] -> [period, way, world] [usd]"""
        options, found = self.table.options, []
        boundary = np.arange(len(option))[:, np.newaxis]
        value = options.value[boundary, option, :, :, self.world].sum(axis=0)  # [lane, component, window]
        asked = options.asked[boundary, option, :, :, self.world].sum(axis=0)
        for place, gauge in enumerate(self.table.gauges):
            wide = gauge._replace(
                value=np.ascontiguousarray(gauge.value[:, self.world] + value[:, place].T),
                asked=np.ascontiguousarray(gauge.asked[:, self.world] + asked[:, place].T),
                base=gauge.base[:, self.world],
                least=gauge.least[:, self.world],
            )
            found.append(wide)
        pay = scored(self.table.plan, found, Worksheet(self._ledger))
        return pay.reshape(len(pay), self.ways, self.table.worlds)


def stays(table: Table) -> IntP:
    """Nothing moved anywhere. [boundary, world]"""
    return np.full((table.boundaries, table.worlds), STAY)


def learn(table: Table) -> Learnt:
    """Learn what options are worth later, from the last boundary on: each is made alone, and the rule followed on."""
    worth = np.zeros((table.boundaries, LEVELS))
    for b in range(table.boundaries - 1, -1, -1):
        lanes = Lanes(table, len(LEARNT))
        option = np.full((table.boundaries, len(lanes.world)), STAY)
        option[b] = np.repeat(LEARNT, table.worlds)
        option = _followed(table, lanes.world, Learnt(worth), option, b + 1)
        later = lanes.pay(option)[b + 1 :].sum(axis=0).mean(axis=1)
        worth[b] = np.interp(np.arange(LEVELS), LEARNT, later)
    return Learnt(worth)


def follow(table: Table, learnt: Learnt) -> IntP:
    """The options of a payee who follows the rule. [boundary, world]"""
    return _followed(table, np.arange(table.worlds), learnt, stays(table), 0)


def _followed(table: Table, world: IntP, learnt: Learnt, option: IntP, first: int) -> IntP:
    """The options with those from boundary ``first`` on by the rule. world : of each lane; option : [boundary, lane]"""
    lanes_worlds = len(world) // table.worlds
    lanes = Lanes(table, LEVELS * lanes_worlds)
    option = option.copy()
    for b in range(first, table.boundaries):
        tried = np.tile(option, LEVELS)
        tried[b] = np.repeat(np.arange(LEVELS), option.shape[1])
        now = lanes.pay(tried)[: b + 1].sum(axis=0).reshape(LEVELS, -1)
        option[b] = _best(now + learnt.worth[b][:, np.newaxis])
    return option


def _best(value: Floats) -> IntP:
    """The best option of each lane; nothing is moved where that is as good. value : [option, lane]"""
    best: IntP = np.argmax(value, axis=0)
    return np.where(value.max(axis=0) > value[STAY] + 0.01, best, STAY)


def same_everywhere(table: Table) -> IntP:
    """The option of each boundary that pays most on the mean of all worlds, boundary by boundary. [boundary]"""
    lanes, found = Lanes(table, LEVELS), np.full(table.boundaries, STAY)
    for _ in range(PASSES):
        before = found.copy()
        for b in range(table.boundaries):
            option = np.repeat(found[:, np.newaxis], len(lanes.world), axis=1)
            option[b] = np.repeat(np.arange(LEVELS), table.worlds)
            mean = lanes.pay(option).sum(axis=0).mean(axis=1)
            found[b] = int(np.argmax(mean)) if mean.max() > mean[STAY] + 0.01 else STAY
        if (found == before).all():
            break
    return found


def in_hindsight(table: Table, start: IntP, cost: Callable[[IntP], Floats] | None = None) -> IntP:
    """The options that pay most in each world, boundary by boundary, from some on. start, and found : [boundary, world]

    cost : of options [boundary, lane] to the payee, by lane. [usd]
    """
    lanes, found = Lanes(table, LEVELS), start.copy()
    for _ in range(PASSES):
        before = found.copy()
        for b in range(table.boundaries):
            option = np.tile(found, LEVELS)
            option[b] = np.repeat(np.arange(LEVELS), table.worlds)
            value = lanes.pay(option).sum(axis=0)
            if cost is not None:
                value = value - cost(option).reshape(value.shape)
            better = np.argmax(value, axis=0)
            own = np.take_along_axis(value, found[b][np.newaxis], axis=0)[0]
            found[b] = np.where(value.max(axis=0) > own + 0.01, better, found[b])
        if (found == before).all():
            break
    return found
