"""A company before anything is renewed: its numbers, its market, who holds which seat, and the accounts of every book."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, IntP
from sim.world.book import Book, make_book
from sim.world.evidence import shared_of
from sim.world.facts import Facts, certain_churn, draw_facts
from sim.world.laws import make_loadings, make_times
from sim.world.learnt import Learnt, Piece, Prior, learn
from sim.world.losses import candidates, largest_of, lose
from sim.world.market import boosted, draw_market, market_steps
from sim.world.memory import keep_memory
from sim.world.open_odds import OpenOdds, open_odds
from sim.world.opened import Opened, make_opened
from sim.world.parameters import Parameters, make_parameters
from sim.world.people import people_of, persons_of
from sim.world.renewal import Held
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.streams import SKILL, Key, make_key, normal_scores, uniforms
from sim.world.team import Seat, draw_seat

Singles = NDArray[np.float32]
Integers = NDArray[np.int32]


class Company:
    """What the renewals of any block of worlds are drawn from. What is asked again is kept, of the blocks asked last."""

    _made_of: tuple[Any, ...]
    _churn: NDArray[np.float64] | None = None

    def __new__(cls, *made_of: Any) -> Self:
        """A company that knows what it is made of."""
        new = super().__new__(cls)
        new._made_of = made_of
        return new

    def __init__(self, scenario: Scenario, seed: int) -> None:
        keep_memory()
        self.scenario = scenario
        self.calendar: Calendar = scenario.calendar
        self.book: Book = self._met_first(scenario)
        self.persons = persons_of(people_of(scenario), scenario)
        self._key = make_key(seed)
        self._times = make_times(self.calendar, self.book.terms)
        self._of_draws = make_parameters(scenario, self.book)
        self._certain = certain_churn(scenario, self.book)
        self._kind, self._opened = self._find_opened()
        self._of_worlds = lru_cache(maxsize=32)(self._find_parameters)
        self._market = lru_cache(maxsize=32)(self._draw_market)
        self._slot = lru_cache(maxsize=None)(self._lay_out)
        self._largest = lru_cache(maxsize=32)(self._find_largest)
        self._learnt: Learnt | None = None
        self._open_odds: OpenOdds | None = None
        # A book asks twice: for skill and for who is paid.
        self._seats = lru_cache(maxsize=16)(self._draw_seat)
        # Books whose course of events is told otherwise again and again are read from the same accounts.
        self._held = lru_cache(maxsize=2)(self._hold)

    def _met_first(self, scenario: Scenario) -> Book:
        """The book when the study opens."""
        return make_book(scenario)

    def __reduce__(self) -> tuple[Any, ...]:
        """It travels to other processes as what it is made of: all else follows from that."""
        return type(self), self._made_of, (self.persons, self._churn)

    def __setstate__(self, changed: tuple[Any, NDArray[np.float64] | None]) -> None:
        """As it is, where something was changed after it was made."""
        self.persons, churn = changed
        if churn is not None:
            self.give_churn(churn)

    def _find_opened(self) -> tuple[Integers, Opened]:
        """The kind of every account, and what is asked of each."""
        return make_opened(self.scenario.stack, self.book, self._of_draws.load, self._of_draws.churn)

    def give_learnt(self, pieces: Sequence[Piece], prior: Prior) -> None:
        """What is known of renewals: market and skills are drawn given it, and open renewals given these.

        It is learnt at the scenario's own numbers, whatever its draws say.
        """
        shared = shared_of(make_loadings(self.scenario.without_draws))
        self._learnt = learn(pieces, shared, prior)
        self._held.cache_clear()
        if self._learnt is not None:
            self._open_odds = open_odds(pieces, self._kind, shared)

    @property
    def key(self) -> Key:
        """The key of all draws of this world."""
        return self._key

    def give_churn(self, probability: NDArray[np.float64]) -> None:
        """Other churn probabilities in the place of those that a CRM export gives. [account] [share]"""
        self._churn = probability
        self.book = replace(self.book, given={**self.book.given, "churn_probability": probability})
        self._certain = certain_churn(self.scenario, self.book)
        self._held.cache_clear()

    def draws(self, first_world: int, worlds: int) -> IntP:
        """The draw of what is not known that each world lives on; 0 without draws. [world]"""
        draws = self.scenario.draws
        return np.zeros(worlds, dtype=np.int64) if draws is None else draws.of_worlds(first_world, worlds)

    def market(self, first_world: int, worlds: int) -> Singles:
        """The market factor. [due period, world]"""
        return self._market(first_world, self.draws(first_world, worlds).tobytes())[0]

    def parameters(self, draw: IntP) -> Parameters:
        """Every number that worlds on these draws are drawn from, by world."""
        return self._of_worlds(draw.tobytes())[0]

    def _find_parameters(self, draw: bytes) -> tuple[Parameters, Opened]:
        of_worlds = np.frombuffer(draw, dtype=np.int64).copy()  # kernels compile anew for what is read-only
        return self._of_draws.of_worlds(of_worlds), self._opened.of_worlds(of_worlds)

    def seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        """Who holds one book when, and with what skill."""
        return self._seats(csm, first_world, worlds)

    def _draw_market(self, first_world: int, draw: bytes) -> tuple[Singles, Singles]:
        """The market factor and its effect on the rate of expansion, [due period, world]. draw : int64 [world]"""
        parameters, law = self._of_worlds(draw)[0], self.scenario.market
        if self._learnt is None:
            return draw_market(parameters, law, self.calendar, self._key, first_world)
        path = self._learnt.market_of(self._market_steps(first_world, len(parameters.draw)))
        return boosted(path[self._learnt.before :], parameters)

    def _market_steps(self, first_world: int, worlds: int) -> NDArray[np.float64]:
        """The standard normals that the market is drawn from, of the periods before those of the calendar that something is
        known of first. [due period, world]
        """
        assert self._learnt is not None, "nothing else needs them"
        lead = self.calendar.lead + self._learnt.before
        return market_steps(
            self._key,
            self.scenario.market,
            (lead, self.calendar.span - self.calendar.lead),
            first_world,
            worlds,
        )

    def _skill_of(self, csm: int, first_world: int, worlds: int) -> float | NDArray[np.float64]:
        """Skill of whoever holds the seat on the first day: given, NaN where nobody knows, or drawn given what is known."""
        if self._learnt is None:
            return self.book.skill_of(csm)
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        who = self.book.csm_ids[csm : csm + 1]
        score = normal_scores(uniforms(self._key, SKILL, 0, who, ids)[0, 0])
        path = self._learnt.market_of(self._market_steps(first_world, worlds))
        return self._learnt.skill_of(csm, path, score)

    @property
    def _seated_on(self) -> float:
        """Day from which on whoever holds a seat may leave it. [day]"""
        return float(self.calendar.bounds[self.calendar.lead - (0 if self.book.given else LEAST_LEAD)])

    def _draw_seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        who, skill = self.book.csm_ids[csm : csm + 1], self._skill_of(csm, first_world, worlds)
        opening, held = self._seated_on, self.persons.stints(self.book, csm)
        return draw_seat(self.scenario.team, self.calendar, opening, self._key, who, ids, skill, held)

    def facts(self, csm: int, first_world: int, worlds: int) -> Facts:
        """The facts of one CSM's accounts when the study opens, and of those that join."""
        facts = self._before_losses(csm, first_world, worlds)
        if self.scenario.book.lose is None:
            return facts
        which = -1 if self.scenario.book.lose.of == "company" else csm
        first, customer = int(self.book.csm_start[csm]), self.book.customers_of(csm)
        return lose(facts, first, customer, self._largest(which, first_world, worlds))

    def _before_losses(self, csm: int, first_world: int, worlds: int) -> Facts:
        parameters, opened = self._of_worlds(self.draws(first_world, worlds).tobytes())
        tables = (parameters, self._certain, self._kind, opened, self._times)
        return draw_facts(self.scenario, self.book, *tables, self._key, csm, first_world, worlds)

    def _find_largest(self, csm: int, first_world: int, worlds: int) -> IntP:
        """The largest accounts of a book, or of the company for CSM -1, in each world. [place, world]"""
        asked, book = self.scenario.book.lose, self.book
        assert asked is not None
        csms = range(len(book.csms)) if csm < 0 else (csm,)
        found = (
            (
                int(book.csm_start[each]),
                candidates(
                    self._before_losses(each, first_world, worlds),
                    book.arrival[book.accounts_of(each)],
                    book.customers_of(each),
                    self.calendar.end,
                    worlds,
                ),
            )
            for each in csms
        )
        return largest_of(found, asked.largest, worlds)

    def _hold(self, csm: int, first_world: int, worlds: int) -> Held:
        book, mine, facts = self.book, self.book.accounts_of(csm), self.facts(csm, first_world, worlds)
        ids, segment, arrival = book.account_ids[mine], book.segment[mine], book.arrival[mine]
        kind, opened = self._kind[mine], self._of_worlds(self.draws(first_world, worlds).tobytes())[1]
        if self._open_odds is not None:
            load, market = (
                self.parameters(self.draws(first_world, worlds)).load,
                self.market(first_world, worlds),
            )
            opened = self._open_odds.of_book(
                opened, kind, load, market, self.seat(csm, first_world, worlds).skill
            )
        return Held(ids, segment, self._slot(csm), arrival, book.health_of(csm), kind, opened, *facts)

    def slots(self, csm: int) -> IntP:
        """Rows that each account of a book has in its path, renewals it may not reach included. [account]"""
        return np.diff(self._slot(csm))

    def _lay_out(self, csm: int) -> IntP:
        """First renewal row of each account, and of the one after the last. [account + 1]

        An account has room for most due dates that it can reach inside the span: its first, then the shortest contract
        every time. Where its first differs by world there is room for any, so that a world does not depend on its block.
        """
        mine, bounds = self.book.accounts_of(csm), self.calendar.bounds
        opening = bounds[self.book.opening_period[mine]]
        if self.scenario.book.drawn_anew:
            earliest = opening.copy()
        else:
            earliest = self.facts(csm, 0, 1).due_day[:, 0].astype(np.int64)
        earliest[self.book.arrival[mine]] = opening[self.book.arrival[mine]]
        shortest, first = self._times.advance[0], self._times.first
        slots = np.zeros(len(earliest), dtype=np.int64)
        due = np.where(earliest < bounds[-1], earliest, NEVER)
        while (due < NEVER).any():
            slots += due < NEVER
            due = np.where(due < NEVER, shortest[np.minimum(due - first, len(shortest) - 1)], NEVER)
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(slots)])
