"""A company before anything is renewed: its numbers, its market, who holds which seat, and the accounts of every book."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, IntP
from sim.world.book import Book, make_book
from sim.world.facts import Facts, certain_churn, draw_facts
from sim.world.laws import make_times
from sim.world.losses import candidates, largest_of, lose
from sim.world.market import draw_market
from sim.world.memory import keep_memory
from sim.world.opened import Opened, make_opened
from sim.world.parameters import Parameters, make_parameters
from sim.world.people import people_of, persons_of
from sim.world.renewal import Held
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.streams import Key, make_key
from sim.world.team import Seat, draw_seat

Singles = NDArray[np.float32]


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
        self.book: Book = make_book(scenario)
        self.persons = persons_of(people_of(scenario), scenario)
        self._key = make_key(seed)
        self._times = make_times(self.calendar, self.book.terms)
        drawn = self._of_draws = make_parameters(scenario, self.book)
        self._certain = certain_churn(scenario, self.book)
        self._kind, self._opened = make_opened(scenario.stack, self.book, drawn.load, drawn.churn)
        self._of_worlds = lru_cache(maxsize=32)(self._find_parameters)
        self._market = lru_cache(maxsize=32)(self._draw_market)
        self._slot = lru_cache(maxsize=None)(self._lay_out)
        self._largest = lru_cache(maxsize=32)(self._find_largest)
        # A book asks twice: for skill and for who is paid.
        self._seats = lru_cache(maxsize=16)(self._draw_seat)

    def __reduce__(self) -> tuple[Any, ...]:
        """It travels to other processes as what it is made of: all else follows from that."""
        return type(self), self._made_of, (self.persons, self._churn)

    def __setstate__(self, changed: tuple[Any, NDArray[np.float64] | None]) -> None:
        """As it is, where something was changed after it was made."""
        self.persons, churn = changed
        if churn is not None:
            self.give_churn(churn)

    @property
    def key(self) -> Key:
        """The key of all draws of this world."""
        return self._key

    def give_churn(self, probability: NDArray[np.float64]) -> None:
        """Other churn probabilities in the place of those that a CRM export gives. [account] [share]"""
        self._churn = probability
        self.book = replace(self.book, given={**self.book.given, "churn_probability": probability})
        self._certain = certain_churn(self.scenario, self.book)

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
        of_worlds = np.frombuffer(draw, dtype=np.int64)
        return self._of_draws.of_worlds(of_worlds), self._opened.of_worlds(of_worlds)

    def seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        """Who holds one book when, and with what skill."""
        return self._seats(csm, first_world, worlds)

    def _draw_market(self, first_world: int, draw: bytes) -> tuple[Singles, Singles]:
        """The market factor and its effect on the rate of expansion, [due period, world]. draw : int64 [world]"""
        return draw_market(
            self._of_worlds(draw)[0], self.scenario.market, self.calendar, self._key, first_world
        )

    def _draw_seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        who, skill = self.book.csm_ids[csm : csm + 1], self.book.skill_of(csm)
        opening = float(self.calendar.bounds[self.calendar.lead - (0 if self.book.given else LEAST_LEAD)])
        held = self.persons.stints(self.book, csm)
        return draw_seat(self.scenario.team, self.calendar, opening, self._key, who, ids, skill, held)

    def facts(self, csm: int, first_world: int, worlds: int) -> Facts:
        """The facts of one CSM's accounts when the study opens, and of those that join."""
        facts = self._before_losses(csm, first_world, worlds)
        if self.scenario.book.lose is None:
            return facts
        which = -1 if self.scenario.book.lose.of == "company" else csm
        return lose(facts, int(self.book.csm_start[csm]), self._largest(which, first_world, worlds))

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
                    self.calendar.end,
                    worlds,
                ),
            )
            for each in csms
        )
        return largest_of(found, asked.largest, worlds)

    def _held(self, csm: int, first_world: int, worlds: int) -> Held:
        book, mine, facts = self.book, self.book.accounts_of(csm), self.facts(csm, first_world, worlds)
        ids, segment, arrival = book.account_ids[mine], book.segment[mine], book.arrival[mine]
        kind, opened = self._kind[mine], self._of_worlds(self.draws(first_world, worlds).tobytes())[1]
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
