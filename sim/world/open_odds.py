"""How likely an open renewal is lost, given what market and skills are drawn to be.

``sim.world.opened`` takes the chance that an open renewal is lost as if the part of its latent that is shared had its prior
law. Where market and skills are learnt from what is open too, its being open would count twice, and for as much in good
times as in bad. The odds of staying are therefore multiplied, value by value of what is shared, so that the chance is
what it is by Bayes' theorem.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world.evidence import Shared, odds_by_shared
from sim.world.laws import Loadings
from sim.world.learnt import Piece
from sim.world.opened import Opened

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


class OpenOdds(NamedTuple):
    """By kind of open account, as ``sim.world.opened`` has them: accounts of a kind are alike.

    period : in which it is due.
    factor : on the odds of staying, by value of what is shared. [value]
    values : of that.
    """

    period: Mapping[int, int]
    factor: Mapping[int, Floats]
    values: Floats

    def of_book(
        self, opened: Opened, kinds: NDArray[np.int32], load: Loadings, market: Singles, skill: Singles
    ) -> Opened:
        """What is asked of the accounts of one book, of these kinds, where market and skill are those of its worlds.
        market, skill : [due period, world]
        """
        late_enough = opened.late_enough.copy()
        for kind in np.unique(kinds).tolist():
            if kind in self.factor:
                period = min(max(self.period[kind], 0), len(market) - 1)
                c = load.market * market[period] + load.skill * skill[period]
                late_enough[kind] *= np.interp(c, self.values, self.factor[kind]).astype(np.float32)
        return opened._replace(late_enough=late_enough)


def open_odds(pieces: Sequence[Piece], kind: NDArray[np.int32], shared: Shared) -> OpenOdds:
    """Of the renewals that are open. kind : of each account."""
    period, factor = dict[int, int](), dict[int, Floats]()
    for piece in pieces:
        place = int(kind[piece.account]) if piece.account >= 0 and piece.evidence.seen is None else 0
        if place and place not in factor:
            period[place] = piece.period
            factor[place] = np.array(odds_by_shared(piece.evidence, shared))
    return OpenOdds(period, factor, np.array(shared.values))
