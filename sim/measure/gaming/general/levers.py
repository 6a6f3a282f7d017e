"""The bookings that one payee could move, and what each of them does to every component, by itself."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.gauges import Gauge
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Levers(NamedTuple):
    """Possible moves of a payee's bookings, each alone. All [item].

    world, boundary : of the block; boundary b lies between periods b and b + 1.
    book, row : whose renewal it is, of the payee's books.
    booked    : day after the move. [day]
    pulled    : into the period before; else held into the next one.
    natural   : it was early of its own accord, and an early cap decides what becomes of it: no choice of the CSM's.
    amount    : booked ARR. [usd]
    """

    world: IntP
    boundary: IntP
    book: IntP
    row: IntP
    booked: IntP
    pulled: Bools
    natural: Bools
    amount: Floats

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.world)

    def some(self, which: NDArray[np.bool_] | IntP) -> "Levers":
        """Some of them."""
        return Levers(**{name: each[which] for name, each in self._asdict().items()})


class Effects(NamedTuple):
    """What each move does to each component. [item, component, window]"""

    value: Floats
    asked: Floats

    def put(self, items: IntP, other: "Effects") -> None:
        """Write those of some moves."""
        self.value[items], self.asked[items] = other

    def some(self, which: NDArray[np.bool_] | IntP) -> "Effects":
        """Those of some moves."""
        return Effects(self.value[which], self.asked[which])


def effects_between(honest: tuple[Gauge, ...], moved: tuple[Gauge, ...]) -> Effects:
    """The effects of moves, lane by lane, from gauges of accounts alone without and with them."""
    value = [after.value - before.value for before, after in zip(honest, moved, strict=True)]
    asked = [after.asked - before.asked for before, after in zip(honest, moved, strict=True)]
    return Effects(np.stack(value).transpose(2, 0, 1), np.stack(asked).transpose(2, 0, 1))


def joined(pieces: list[tuple[Levers, Effects]]) -> tuple[Levers, Effects]:
    """Moves of several books together."""
    levers = Levers(*(np.concatenate(each) for each in zip(*(one for one, _ in pieces), strict=True)))
    effects = Effects(*(np.concatenate(each) for each in zip(*(two for _, two in pieces), strict=True)))
    return levers, effects


def after(gauged: tuple[Gauge, ...], levers: Levers, effects: Effects, chosen: Bools) -> tuple[Gauge, ...]:
    """Gauges once the chosen moves are made."""
    worlds, found = gauged[0].value.shape[1], []
    for place, each in enumerate(gauged):
        sums = []
        for flow in effects:
            total = np.zeros((worlds, flow.shape[2]))
            np.add.at(total, levers.world[chosen], flow[chosen, place])
            sums.append(total.T)
        found.append(each._replace(value=each.value + sums[0], asked=each.asked + sums[1]))
    return tuple(found)
