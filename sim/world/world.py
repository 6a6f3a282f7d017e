"""The world of a scenario and a seed: any book, in any block of worlds, recomputed from its keys alone."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.errors import InputError, Problem
from sim.records import NEVER, Activity, Bridge, CohortTerms, DealTerms, IntP, Renewals
from sim.world.activity import make_activity
from sim.world.book import Book, make_book
from sim.world.credit_date import credit_day
from sim.world.deals import needs_growth
from sim.world.facts import Facts, certain_churn, draw_facts
from sim.world.kept import simulated_bridge
from sim.world.laws import make_times
from sim.world.losses import candidates, largest_of, lose
from sim.world.market import draw_market
from sim.world.memory import keep_memory
from sim.world.opened import Opened, make_opened
from sim.world.parameters import Parameters, make_parameters
from sim.world.people import people_of, persons_of
from sim.world.renewal import Held, Path, only_account, simulate_book
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.streams import Key, make_key
from sim.world.team import Seat, draw_seat, known_tenure
from sim.world.tile import Shared

Singles = NDArray[np.float32]
MOST_ARR = 1e15
"""More than the world's product; float64 counts cents up to here. [usd/yr]"""


class World:
    """Every possible future of one company: worlds are numbered, and a world is a pure function of seed and number.

    What nobody knows differs between worlds: the market, each CSM's skill, each account's health and odds of leaving,
    and, unless the scenario holds or reads its book, the book. Only what is given is the same in all.

    Thread-safe; kernels run without the GIL.

    Source of the renewal model: docstrings of ``sim.world.lanes``.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        keep_memory()
        self.scenario = scenario
        self.calendar: Calendar = scenario.calendar
        self.book: Book = make_book(scenario)
        self.persons = persons_of(people_of(scenario), self.calendar)
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

    @property
    def key(self) -> Key:
        """The key of all draws of this world."""
        return self._key

    def give_churn(self, probability: NDArray[np.float64]) -> None:
        """Other churn probabilities in the place of those that a CRM export gives. [account] [share]"""
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

    def simulate(
        self, csm: int, first_world: int, worlds: int, credit_dates: tuple[str, ...] = ("booking",)
    ) -> tuple[Renewals, Bridge]:
        """What happens to one book in ``worlds`` worlds from ``first_world`` on."""
        held = self._held(csm, first_world, worlds)
        path = self._path(held, csm, first_world, worlds)
        return self._renewals(held, csm, path, credit_dates), self._bridge(held, path)

    def simulate_all(
        self,
        csm: int,
        first_world: int,
        worlds: int,
        credit_dates: tuple[str, ...] = ("booking",),
        kpis: tuple[str, ...] = (),
        cohorts: tuple[CohortTerms, ...] = (),
        deals: tuple[DealTerms, ...] = (),
    ) -> tuple[Renewals, Bridge, Activity]:
        """The same, with everything else that a plan may read of the book."""
        held = self._held(csm, first_world, worlds)
        path = self._path(held, csm, first_world, worlds, bool(cohorts) or needs_growth(deals))
        return self._read(held, csm, first_world, path, credit_dates, kpis, cohorts, deals)

    def read_path(
        self,
        csm: int,
        first_world: int,
        path: Path,
        credit_dates: tuple[str, ...] = ("booking",),
        kpis: tuple[str, ...] = (),
        cohorts: tuple[CohortTerms, ...] = (),
        deals: tuple[DealTerms, ...] = (),
    ) -> tuple[Renewals, Bridge, Activity]:
        """The same for one book whose bookings are told; cohorts, and growth among deals, need that of each account."""
        held = self._held(csm, first_world, path.arr.shape[1])
        return self._read(held, csm, first_world, path, credit_dates, kpis, cohorts, deals)

    def _read(
        self,
        held: Held,
        csm: int,
        first_world: int,
        path: Path,
        credit_dates: tuple[str, ...],
        kpis: tuple[str, ...],
        cohorts: tuple[CohortTerms, ...],
        deals: tuple[DealTerms, ...],
    ) -> tuple[Renewals, Bridge, Activity]:
        bridge = self._bridge(held, path)
        seat = self.seat(csm, first_world, path.arr.shape[1])
        parameters = self.parameters(self.draws(first_world, path.arr.shape[1]))
        setting = (self.scenario.segment, self.book.terms, self.scenario.kpi, self._key, first_world)
        lived = (path, bridge, seat, self.scenario.billing)
        rules = (parameters, self._times, self.calendar)
        activity = make_activity(held, *setting, *lived, *rules, kpis, cohorts, deals)
        return self._renewals(held, csm, path, credit_dates), bridge, activity

    def one_by_one(
        self,
        csm: int,
        world: int,
        credit_dates: tuple[str, ...] = ("booking",),
        kpis: tuple[str, ...] = (),
        cohorts: tuple[CohortTerms, ...] = (),
        deals: tuple[DealTerms, ...] = (),
    ) -> Iterator[tuple[int, Renewals, Activity]]:
        """One world of a book, account by account, each as if it were all of the book: draws are keyed by account, so
        the same happens to it.
        """
        held, skill = self._held(csm, world, 1), self.seat(csm, world, 1).skill
        for account in range(len(held.identity)):
            alone = only_account(held, account)
            grown = bool(cohorts) or needs_growth(deals)
            path = self._follow(alone, skill, world, self.draws(world, 1), grown)
            renewals, _, activity = self._read(alone, csm, world, path, credit_dates, kpis, cohorts, deals)
            yield account, renewals._replace(account=renewals.account + account), activity

    def again(self, csm: int, first_world: int, worlds: int, others: int, samples: int) -> Renewals:
        """The same worlds ``samples`` times each, with all that is a fact when the study opens (the accounts, what they are
        like, the CSM's skill) and other outcomes: world ``first_world + w``, sample m has those of world
        ``others + w x samples + m``. What is not known is as in world ``first_world + w``.
        """
        held = self._held(csm, first_world, worlds)
        varying = ("arr", "due_day", "number", "term", "active", "churn")
        found = {name: getattr(held, name) for name in varying}
        wide: dict[str, Any] = {
            name: np.repeat(each, samples, -1) for name, each in found.items() if each.shape[-1] > 1
        }
        skill = np.repeat(self.seat(csm, first_world, worlds).skill, samples, axis=1)
        draw = np.repeat(self.draws(first_world, worlds), samples)
        held = held._replace(**wide, opened=self._of_worlds(draw.tobytes())[1])
        path = self._follow(held, skill, others, draw)
        return self._renewals(held, csm, path, ("booking",))

    def path(self, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> Path:
        """Renewals and expansion of one book as the kernel writes them, the edges of the horizon included."""
        return self._path(self._held(csm, first_world, worlds), csm, first_world, worlds, with_grown)

    def slots(self, csm: int) -> IntP:
        """Rows that each account of a book has in its path, renewals it may not reach included. [account]"""
        return np.diff(self._slot(csm))

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

    def seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        """Who holds one book when, and with what skill."""
        return self._seats(csm, first_world, worlds)

    def _path(self, held: Held, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> Path:
        skill = self.seat(csm, first_world, worlds).skill
        return self._follow(held, skill, first_world, self.draws(first_world, worlds), with_grown)

    def _follow(
        self, held: Held, skill: Singles, first_world: int, draw: IntP, with_grown: bool = False
    ) -> Path:
        """The path of these accounts in these worlds, under a CSM of that skill, [due period, world]. draw : [world]"""
        worlds, parameters = len(draw), self.parameters(draw)
        shape, span = (int(held.slot[-1]), worlds), (3, self.calendar.span, worlds)
        days, money, flows = np.empty((2, *shape), dtype=np.int32), np.empty((2, *shape)), np.zeros(span)
        term = np.empty(shape, dtype=np.int8)
        each = (len(held.identity), worlds) if with_grown else (0, 0)
        grown = np.zeros((each[0], self.calendar.span, each[1]))
        path = Path(days[0], days[1], money[0], money[1], term, flows[0], flows[1], flows[2], grown)
        market, boost = self._market(first_world, draw.tobytes())
        skill = np.ascontiguousarray(skill)
        b = parameters.load.expand_skill
        shared = Shared(market, boost * np.exp(b * skill - b * b / 2), skill)
        start = np.uint64(first_world)
        simulate_book(*self._key, start, held, parameters.laws, parameters.load, self._times, shared, path)
        self._bounded(held, first_world, path)
        return path

    def _bounded(self, held: Held, first_world: int, path: Path) -> None:
        """Refuse growth that no company has: beyond it sums lose dollars, and in the end overflow."""
        if path.expansion.max() <= MOST_ARR and path.booked_arr.max(initial=0.0) <= MOST_ARR:
            return
        flows = np.concatenate([path.booked_arr, path.expansion])
        row, column = np.unravel_index(int(np.argmax(np.nan_to_num(flows, nan=np.inf))), flows.shape)
        names = [self.scenario.segment[index].name for index in np.unique(held.segment)]
        if row < len(path.booked_arr):
            account = int(np.searchsorted(held.slot, row, side="right")) - 1
            names = [self.scenario.segment[held.segment[account]].name]
        growth = f"{self.scenario.source}: uplift and expansion of segment {' or '.join(map(repr, names))}"
        received = f"{flows[row, column]:,.3g} in world {first_world + int(column)}"
        fix = "Give less growth, fewer periods or longer terms."
        raise InputError([Problem(growth, f"such that ARR stays below {MOST_ARR:,.0f} usd", received, fix)])

    def _renewals(self, held: Held, csm: int, path: Path, credit_dates: tuple[str, ...]) -> Renewals:
        account = np.repeat(np.arange(len(held.identity)), np.diff(held.slot))
        number = np.arange(len(account)) - held.slot[account]
        days = (self.scenario.billing, path.due_day, path.booked_day)
        dates = {date: credit_day(date, *days) for date in credit_dates if date != "due"}
        account = account + int(self.book.csm_start[csm])
        return Renewals(account, number, path.due_day, path.booked_day, path.arr, path.booked_arr, dates)

    def _bridge(self, held: Held, path: Path) -> Bridge:
        return simulated_bridge(held, path, self.calendar)

    def _held(self, csm: int, first_world: int, worlds: int) -> Held:
        book, mine, facts = self.book, self.book.accounts_of(csm), self.facts(csm, first_world, worlds)
        ids, segment, arrival = book.account_ids[mine], book.segment[mine], book.arrival[mine]
        kind, opened = self._kind[mine], self._of_worlds(self.draws(first_world, worlds).tobytes())[1]
        return Held(ids, segment, self._slot(csm), arrival, book.health_of(csm), kind, opened, *facts)

    def _draw_market(self, first_world: int, draw: bytes) -> tuple[Singles, Singles]:
        """The market factor and its effect on the rate of expansion, [due period, world]. draw : int64 [world]"""
        return draw_market(
            self._of_worlds(draw)[0], self.scenario.market, self.calendar, self._key, first_world
        )

    def _draw_seat(self, csm: int, first_world: int, worlds: int) -> Seat:
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        who, skill = self.book.csm_ids[csm : csm + 1], self.book.skill_of(csm)
        opening = float(self.calendar.bounds[self.calendar.lead - (0 if self.book.given else LEAST_LEAD)])
        seat = draw_seat(self.scenario.team, self.calendar, opening, self._key, who, ids, skill)
        return known_tenure(seat, self.persons.since.get(self.book.csms[csm]), self.calendar)

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
