"""The worlds of a company of which a part has happened: one past, the same in all of them, and a future drawn given it."""

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.deal_sums import add_deals
from sim.records import NEVER, Activity, IntP, Renewals
from sim.world.arrivals import draw_arrivals
from sim.world.book import Book
from sim.world.deals import needs_growth
from sim.world.facts import Facts
from sim.world.known import Beside, Known, standing_of
from sim.world.opened import Opened, make_opened
from sim.world.past import past_of, records_with, with_readings
from sim.world.renewal import Held, Path
from sim.world.scenario import Scenario
from sim.world.seen import pieces_of, prior_of
from sim.world.world import World

Singles = NDArray[np.float32]


class Continued(World):
    """Worlds that agree in what is known on a day. Where nothing is known yet they are those of ``World``, to the bit.

    An account goes on from where it stands: its open renewal is drawn with the words that it has in ``World``, given that it
    was not booked before the day; growth, new accounts and departures go on from the day. The book must be read from a
    file. Whoever reads a book gets it whole, the past before the future.

    Source: ``sim.world.opened`` for what is open; exponential waiting times (growth, arrivals, tenures) have no memory.
    """

    def __init__(self, scenario: Scenario, seed: int, known: Known) -> None:
        self.known = known
        super().__init__(scenario, seed)
        if known.learnt:
            own = scenario.without_draws
            self.give_learnt(pieces_of(known, self.standing, self._met, own), prior_of(self._met, own))

    def _met_first(self, scenario: Scenario) -> Book:
        """As in ``World``, in the hands of whoever holds it on the day."""
        return super()._met_first(scenario).in_hands_of(self.known.holders)

    def _find_opened(self) -> tuple[NDArray[np.int32], Opened]:
        """As in ``World``, of the book as it stands on the day, which it is from here on."""
        known, self._met = self.known, self.book
        self.standing = now = standing_of(known, self._met, self.scenario)
        self._past = past_of(known, self._met, self.scenario)
        gone = now.due_day == NEVER
        held = np.where(self._met.arrival, 0, now.term)
        given = {
            **self._met.given,
            "arr": np.where(self._met.arrival, np.nan, now.arr),
            "due_day": np.where(self._met.arrival, np.nan, np.where(gone, NEVER, now.due_day)),
            "term_months": np.where(self._met.arrival, np.nan, nearest(held, self._met.terms)),
        }
        if known.bookings.account.size:
            self.book = replace(self._met, given=given)
        of_draws = (self._of_draws.load, self._of_draws.churn)
        return make_opened(self.scenario.stack, self.book, *of_draws, known.open_on, self._past.outcomes)

    @cached_property
    def _period(self) -> int:
        """Due period of the day."""
        return int(np.searchsorted(self.calendar.bounds, self.known.day, side="right")) - 1

    def lived(self, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> tuple[Held, Path]:
        """As in ``World``, what has become of the accounts first."""
        now, path = super().lived(csm, first_world, worlds, with_grown)
        mine = self._met.accounts_of(csm)
        return self._past.opened(now, mine, self._met), self._past.before(path, now.slot, mine)

    def _with_known(self, csm: int, held: Held, renewals: Renewals) -> Renewals:
        """The renewals with the days that the files have of what is booked, and what is known besides."""
        renewals = self._past.with_credit_days(renewals, held.slot, self._met.accounts_of(csm))
        beside = self._beside(csm).renewals
        return renewals if beside is None else records_with(renewals, beside)

    def _with_known_activity(self, csm: int, first_world: int, activity: Activity) -> Activity:
        """The activity with what is known besides; a KPI is read from the day on, of whoever is there then; deals by class
        are those of the files, one by one, and what is drawn.
        """
        if activity.kpi or activity.deals:
            asked, grown = (tuple(activity.kpi), tuple(activity.deals)), needs_growth(tuple(activity.deals))
            now, path = super().lived(csm, first_world, activity.opening.shape[1], grown)
            customer = self.book.customers_of(csm)
            read = self._read(now, customer, csm, first_world, path, (), asked[0], (), asked[1])[2]
            known = self._beside(csm)
            deals = add_deals(read.deals, known.deals) if known.deals else read.deals
            activity = activity._replace(kpi=with_readings(read.kpi, known.kpi), deals=deals)
        return self._past.with_beside(activity, self._beside(csm))

    def _before_losses(self, csm: int, first_world: int, worlds: int) -> Facts:
        facts, mine = super()._before_losses(csm, first_world, worlds), self.book.accounts_of(csm)
        old = ~self.book.arrival[mine]
        facts.number[old] += self.standing.before[mine][old, None].astype(np.int32)
        facts.active[old] = np.maximum(facts.active[old], np.int32(self._period))
        if self.known.day > self.calendar.bounds[self.calendar.lead] and not old.all():
            self._arrive(facts, csm, first_world, worlds)
        return facts

    def _arrive(self, facts: Facts, csm: int, first_world: int, worlds: int) -> None:
        """New accounts, from the day on."""
        mine, ids = self.book.accounts_of(csm), np.arange(first_world, first_world + worlds, dtype=np.uint64)
        segment, arrival = self.book.segment[mine], self.book.arrival[mine]
        parameters = self.parameters(self.draws(first_world, worlds))
        for index in np.unique(segment[arrival]):
            new = arrival & (segment == index)
            where = (parameters.arrivals, index, self.calendar, self.known.day, self._times)
            drawn = draw_arrivals(*where, self._key, self.book.account_ids[mine][new], ids)
            facts.arr[new], facts.due_day[new], facts.term[new], facts.active[new] = drawn

    def _draw_market(self, first_world: int, draw: bytes) -> tuple[Singles, Singles]:
        """As in ``World``; of the period of the day only the rest is left to grow in."""
        market, boost = super()._draw_market(first_world, draw)
        starts, ends = self.calendar.bounds[self._period : self._period + 2].tolist()
        if self.known.day > starts:
            boost[self._period] *= np.float32((ends - self.known.day) / (ends - starts))
        return market, boost

    @property
    def _seated_on(self) -> float:
        """Whoever holds a seat on the day goes on as if the tenure began then."""
        return float(max(self.known.day, 0))

    def _beside(self, csm: int) -> Beside:
        return self.known.beside.get(self.book.csms[csm], Beside())


def nearest(months: IntP, terms: tuple[int, ...]) -> NDArray[np.float64]:
    """Of the terms that a scenario knows the nearest to each, the shorter of two. [month]"""
    known = np.array(terms, dtype=np.float64)
    found: NDArray[np.float64] = known[np.abs(months[:, None] - known[None, :]).argmin(axis=1)]
    return found
