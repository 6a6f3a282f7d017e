"""The world of a scenario and a seed: any book, in any block of worlds, recomputed from its keys alone."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.records import Activity, Bridge, CohortTerms, DealTerms, FloatPPW, IntP, Renewals
from sim.world.activity import make_activity
from sim.world.company import Company
from sim.world.credit_date import credit_day
from sim.world.deals import needs_growth
from sim.world.kept import simulated_bridge
from sim.world.renewal import Held, Path, only_accounts, simulate_book
from sim.world.tile import Shared

Singles = NDArray[np.float32]
MOST_ARR = 1e15
"""More than the world's product; float64 counts cents up to here. [usd/yr]"""


class World(Company):
    """Every possible future of one company: worlds are numbered, and a world is a pure function of seed and number.

    What nobody knows differs between worlds: the market, each CSM's skill, each account's health and odds of leaving,
    and, unless the scenario holds or reads its book, the book. Only what is given is the same in all.

    Thread-safe; kernels run without the GIL.

    Source of the renewal model: docstrings of ``sim.world.lanes``.
    """

    def simulate(
        self, csm: int, first_world: int, worlds: int, credit_dates: tuple[str, ...] = ("booking",)
    ) -> tuple[Renewals, Bridge]:
        """What happens to one book in ``worlds`` worlds from ``first_world`` on."""
        held, path = self.lived(csm, first_world, worlds)
        renewals = self._renewals(held, csm, path, credit_dates)
        return self._with_known(csm, held, renewals), self._bridge(held, path)

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
        held, path = self.lived(csm, first_world, worlds, bool(cohorts) or needs_growth(deals))
        customer = self.book.customers_of(csm)
        found = self._read(held, customer, csm, first_world, path, credit_dates, kpis, cohorts, deals)
        return (
            self._with_known(csm, held, found[0]),
            found[1],
            self._with_known_activity(csm, first_world, found[2]),
        )

    def path(self, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> Path:
        """Renewals and expansion of one book as the kernel writes them, the edges of the horizon included."""
        return self.lived(csm, first_world, worlds, with_grown)[1]

    def lived(self, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> tuple[Held, Path]:
        """The accounts of a book as the study met them, and all that becomes of them."""
        held = self._held(csm, first_world, worlds)
        return held, self._path(held, csm, first_world, worlds, with_grown)

    def _with_known(self, csm: int, held: Held, renewals: Renewals) -> Renewals:
        """The renewals with what files say of them; nothing here."""
        return renewals

    def _with_known_activity(self, csm: int, first_world: int, activity: Activity) -> Activity:
        """The activity with what files say of it; nothing here."""
        return activity

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
        customer = self.book.customers_of(csm)
        return self._read(held, customer, csm, first_world, path, credit_dates, kpis, cohorts, deals)

    def _read(
        self,
        held: Held,
        customer: IntP,
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
        activity = make_activity(held, customer, *setting, *lived, *rules, kpis, cohorts, deals)
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
        """One world of a book, customer by customer, by the first account of each, as if they were all of the book: draws
        are keyed by account, so the same happens to it.
        """
        held, skill = self._held(csm, world, 1), self.seat(csm, world, 1).skill
        first = np.unique(self.book.customers_of(csm)).tolist()
        for account, beyond in pairwise([*first, len(held.identity)]):
            alone = only_accounts(held, slice(account, beyond))
            grown = bool(cohorts) or needs_growth(deals)
            path = self._follow(alone, skill, world, self.draws(world, 1), grown)
            customer = np.zeros(beyond - account, dtype=np.int64)
            read = (path, credit_dates, kpis, cohorts, deals)
            renewals, _, activity = self._read(alone, customer, csm, world, *read)
            yield account, renewals._replace(account=renewals.account + account), activity

    def again(
        self, csm: int, first_world: int, worlds: int, others: int, samples: int, with_grown: bool = False
    ) -> tuple[Renewals, FloatPPW]:
        """The same worlds ``samples`` times each, with all that does not depend on single accounts (the market and who holds
        the book with what skill, from the first day to the last) or is a fact when the study opens (the accounts, which
        join, what they are like), and other outcomes: world ``first_world + w``, sample m has those of world
        ``others + w x samples + m``. What is not known is as in world ``first_world + w``. Beside them what each account
        grew by. [account, due period, world] [usd/yr]
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
        market, boost = self._market(first_world, self.draws(first_world, worlds).tobytes())
        same = (np.repeat(market, samples, axis=1), np.repeat(boost, samples, axis=1))
        path = self._follow(held, skill, others, draw, with_grown, same)
        return self._renewals(held, csm, path, ("booking",)), path.grown

    def _path(self, held: Held, csm: int, first_world: int, worlds: int, with_grown: bool = False) -> Path:
        skill = self.seat(csm, first_world, worlds).skill
        return self._follow(held, skill, first_world, self.draws(first_world, worlds), with_grown)

    def _follow(
        self,
        held: Held,
        skill: Singles,
        first_world: int,
        draw: IntP,
        with_grown: bool = False,
        markets: tuple[Singles, Singles] | None = None,
    ) -> Path:
        """The path of these accounts in these worlds, under a CSM of that skill, [due period, world].

        draw : [world]   markets : the market factor and its effect on growth, where it is not that of these worlds.
        """
        worlds, parameters = len(draw), self.parameters(draw)
        shape, span = (int(held.slot[-1]), worlds), (3, self.calendar.span, worlds)
        days, money, flows = np.empty((2, *shape), dtype=np.int32), np.empty((2, *shape)), np.zeros(span)
        term = np.empty(shape, dtype=np.int8)
        each = (len(held.identity), worlds) if with_grown else (0, 0)
        grown = np.zeros((each[0], self.calendar.span, each[1]))
        path = Path(days[0], days[1], money[0], money[1], term, flows[0], flows[1], flows[2], grown)
        market, boost = markets or self._market(first_world, draw.tobytes())
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
