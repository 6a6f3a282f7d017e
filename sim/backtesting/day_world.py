"""Worlds from the book of a past day: given what was seen before it, and as files tell them on a later day."""

from collections.abc import Iterator

import numpy as np

from sim.backtesting.seen import Ended
from sim.records import NEVER
from sim.world.evidence import Evidence, amounts_of, odds_of
from sim.world.learnt import Piece
from sim.world.opened import NOTHING, asked_of
from sim.world.renewal import Held, Path
from sim.world.scenario import Scenario
from sim.world.seen import prior_of
from sim.world.world import World


class DayWorld(World):
    """Market and skills go on from what they have made of the renewals before the first day. A renewal that is booked after
    the last day that the history tells of is not booked yet, as it would not be in the files.
    """

    def __init__(self, scenario: Scenario, seed: int, ended: tuple[Ended, ...], until: int) -> None:
        """Until : the last day of which the history tells. [day]"""
        super().__init__(scenario, seed)
        self._until = until
        others = sorted({each.csm for each in ended} - set(self.book.csms))
        place = {csm: at for at, csm in enumerate((*self.book.csms, *others))}
        lead = self.calendar.lead
        before = [Piece(each.evidence, -1, place[each.csm], lead + each.period) for each in ended]
        earliest = min((each.period for each in before), default=0)
        own = scenario.without_draws
        prior = prior_of(self.book, own, max(-earliest, 0), len(others))
        self.give_learnt([*before, *self._open(own)], prior)

    def _open(self, scenario: Scenario) -> Iterator[Piece]:
        """What is past due on the first day, or late for an early booking."""
        book, bounds = self.book, self.calendar.bounds
        holder = np.searchsorted(book.csm_start, np.arange(len(book.accounts)), side="right") - 1
        for account in np.flatnonzero(~book.arrival).tolist():
            segment, due = scenario.segment[int(book.segment[account])], int(book.given["due_day"][account])
            asked = NOTHING if due >= NEVER else asked_of(segment, due)
            if asked is not NOTHING:
                term = book.terms.index(int(book.given["term_months"][account]))
                odds = odds_of(segment, book.terms, np.nan)
                evidence = Evidence(odds, term, (), None, asked, NOTHING, amounts_of(segment))
                period = int(np.searchsorted(bounds, due, side="right")) - 1
                yield Piece(evidence, account, int(holder[account]), period)

    def lived(self, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> tuple[Held, Path]:
        """As in ``World``, up to the last day that is told."""
        held, path = super().lived(csm, first_world, worlds, with_grown)
        late = (path.booked_day > self._until) & (path.booked_day < NEVER)
        path.booked_day[late], path.booked_arr[late], path.term[late] = NEVER, 0.0, -1
        return held, path
