"""The world of a scenario and a seed: any book, in any block of worlds, recomputed from its keys alone."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, Bridge, Days, Renewals
from sim.world.book import Book, Facts, draw_facts, make_book, once
from sim.world.bridge import make_bridge
from sim.world.laws import make_laws, make_loadings, make_times
from sim.world.renewal import Held, Path, simulate_book
from sim.world.scenario import Scenario
from sim.world.streams import MARKET, identity, make_key, uniforms

Singles = NDArray[np.float32]


class World:
    """Every possible future of one company: worlds are numbered, and a world is a pure function of seed and number.

    Thread-safe; kernels run without the GIL.

    Source of the renewal model: docstrings of ``sim.world.lanes``.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.calendar: Calendar = scenario.calendar
        self.book: Book = make_book(scenario)
        self._key = make_key(seed)
        self._laws = make_laws(scenario, self.book.terms)
        self._loadings = make_loadings(scenario)
        self._times = make_times(self.calendar, self.book.terms)
        self._company = np.array([identity("company", "market")], dtype=np.uint64)
        self._market = lru_cache(maxsize=32)(self._draw_market)
        self._fixed = lru_cache(maxsize=None)(self._draw_fixed)

    def simulate(
        self, csm: int, first_world: int, worlds: int, credit_dates: tuple[str, ...] = ("booking",)
    ) -> tuple[Renewals, Bridge]:
        """What happens to one book in ``worlds`` worlds from ``first_world`` on."""
        held, path = self._held(csm, first_world, worlds), self.path(csm, first_world, worlds)
        opening = np.broadcast_to(held.arr.sum(axis=0), (worlds,))
        bridge = make_bridge(*path, opening, self.calendar)
        account = np.repeat(np.arange(len(held.identity)), np.diff(held.slot))
        number = np.arange(len(account)) - held.slot[account]
        dates = {date: self._credit_day(date, path) for date in credit_dates if date != "due"}
        account = account + int(self.book.csm_start[csm])
        return Renewals(
            account, number, path.due_day, path.booked_day, path.arr, path.booked_arr, dates
        ), bridge

    def path(self, csm: int, first_world: int, worlds: int) -> Path:
        """Renewals and expansion of one book as the kernel writes them, the edges of the horizon included."""
        held = self._held(csm, first_world, worlds)
        shape = (int(held.slot[-1]), worlds)
        days, money = (np.empty((2, *shape), dtype=np.int32), np.empty((2, *shape)))
        path = Path(days[0], days[1], money[0], money[1], np.zeros((self.calendar.span, worlds)))
        market, boost = self._market(first_world, worlds)
        start = np.uint64(first_world)
        simulate_book(*self._key, start, held, self._laws, self._loadings, self._times, market, boost, path)
        return path

    def _held(self, csm: int, first_world: int, worlds: int) -> Held:
        if self.scenario.book.redraw:
            return self._hold(csm, self._facts(csm, first_world, worlds))
        return self._fixed(csm)

    def _draw_market(self, first_world: int, worlds: int) -> tuple[Singles, Singles]:
        """The market factor and its effect on the rate of expansion, [due period, world].

        Source: stationary AR(1), M_t = phi M_{t-1} + sqrt(1 - phi^2) e_t; lognormal intensity with mean one.
        """
        from scipy.special import ndtri

        phi = self.scenario.market.persistence
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        market = np.empty((self.calendar.span, worlds))
        for period in range(self.calendar.span):
            step = ndtri(uniforms(self._key, MARKET, period, self._company, ids)[0, 0].astype(np.float64))
            market[period] = phi * market[period - 1] + np.sqrt(1.0 - phi**2) * step if period else step
        b = float(self._loadings.expand_market)
        return market.astype(np.float32), np.exp(b * market - b**2 / 2).astype(np.float32)

    def _draw_fixed(self, csm: int) -> Held:
        return self._hold(csm, draw_facts(self.scenario, self.book, self._key, csm, once()))

    def _facts(self, csm: int, first_world: int, worlds: int) -> Facts:
        ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
        return draw_facts(self.scenario, self.book, self._key, csm, ids)

    def _hold(self, csm: int, facts: Facts) -> Held:
        accounts = self.book.accounts_of(csm)
        slot = np.concatenate([[0], np.cumsum(self._slots(facts))]).astype(np.int64)
        ids, segment = self.book.account_ids[accounts], self.book.segment[accounts]
        return Held(ids, segment, slot, self.book.opening_period, *facts)

    def _slots(self, facts: Facts) -> NDArray[np.int64]:
        """Most due dates each account can reach inside the span: its first, then the shortest contract every time. A
        redrawn book has as many for every account, so that a world does not depend on the block it is in.
        """
        earliest = facts.due_day.min(axis=1)
        if self.scenario.book.redraw:
            earliest = np.full_like(earliest, self.calendar.bounds[0])
        shortest, first = self._times.advance[0], self._times.first
        slots = np.zeros(len(earliest), dtype=np.int64)
        due = np.where(earliest < self.calendar.bounds[-1], earliest, NEVER)
        while (due < NEVER).any():
            slots += due < NEVER
            due = np.where(due < NEVER, shortest[np.minimum(due - first, len(shortest) - 1)], NEVER)
        return slots

    def _credit_day(self, date: str, path: Path) -> Days:
        """When a plan with that credit date grants credit: service starts when due or, after a lapse, when booked;
        invoice and cash follow by so many days. Source: assumption (the scenario's ``billing``).
        """
        if date == "booking":
            return path.booked_day
        billing = self.scenario.billing
        later = {
            "service_start": 0,
            "invoice": billing.invoice_days,
            "cash": billing.invoice_days + billing.payment_days,
        }
        start = np.maximum(path.due_day, path.booked_day)
        return np.where(path.booked_day < NEVER, start + np.int32(later[date]), np.int32(NEVER))
