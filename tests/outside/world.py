"""An outside simulator of the world: plain numpy, written from METHOD.md and DECISIONS.md alone, event by event.

It shares nothing with the engine: not its generator, not its keys, not its order of draws, not its code. Accounts of all
worlds lie side by side in flat arrays, and time goes period by period. Periods count from the first of the horizon, days
from its first day.
"""

import tomllib
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
from scipy.special import ndtr

from tests.outside.draws import amounts, days_after, frail, lognormal, mixed, month_weights, win_backs
from tests.outside.opened import open_on_first_day
from tests.outside.team import Team

NEVER, HELD = 10**6, -(10**6)
"""Days: of what does not happen, and from which on an account is held that was there before. [day]"""
WINDOW = 180
"""Who returns later is a new customer: the default of ``[component.retention]``. [day]"""


class Clock:
    """Periods of three months with real dates, ten before the horizon and ten after it."""

    def __init__(self, start, periods):
        self.start, self.periods, self.before = start, periods, 10
        months = [start.year * 12 + start.month - 1 + 3 * k for k in range(-10, periods + 11)]
        self.bounds = np.array([(date(m // 12, m % 12 + 1, 1) - start).days for m in months])

    def period(self, day):
        return np.searchsorted(self.bounds, day, side="right") - 1 - self.before

    def first(self, period):
        return self.bounds[np.asarray(period) + self.before]

    def later(self, day, months):
        """Whole calendar months after each day; a day that the month does not have is its last one."""
        at = np.datetime64(self.start) + np.asarray(day)
        month = at.astype("datetime64[M]")
        moved = month + months
        length = ((moved + 1).astype("datetime64[D]") - moved.astype("datetime64[D]")).astype(int)
        place = np.minimum((at - month.astype("datetime64[D]")).astype(int), length - 1)
        return (moved.astype("datetime64[D]") + place - np.datetime64(self.start)).astype(int)


def simulate(text, worlds, seed, rows=None):
    """All worlds of a scenario file: renewals, expansions, ways of accounts and seats.

    ``rows``: a book file, as dicts of its columns.
    """
    scenario = tomllib.loads(text)
    rng = np.random.default_rng(seed)
    clock = Clock(scenario["start"], scenario["periods"])
    edge = -max(lead(segment) for segment in scenario["segment"]) if rows is None else -2
    market = market_paths(rng, scenario, worlds, edge)
    names = [row["csm"] for row in rows or ()]
    books = list(dict.fromkeys(names)) if rows else drawn_books(scenario)
    teams = Team(rng, scenario, clock, worlds, books, rows)
    parts = [
        Segment(rng, scenario, clock, worlds, market, teams, number, rows).live()
        for number in range(len(scenario["segment"]))
    ]
    return SimpleNamespace(
        clock=clock,
        worlds=worlds,
        csms=len(books),
        seats=teams.seats,
        hires=teams.hires,
        renewals=gathered([part.renewals for part in parts]),
        expansions=gathered([part.expansions for part in parts]),
        ways=parts,
    )


def lead(segment):
    """Periods before the horizon from which on a segment is drawn: as far back as its latest band reaches, two at least."""
    return max(2, -(-max(band["days"][1] for band in segment["lag"]) // 90))


def drawn_books(scenario):
    return [number for number, segment in enumerate(scenario["segment"]) for _ in range(segment["csms"])]


def market_paths(rng, scenario, worlds, edge):
    """M_t of each world, by period, as a function."""
    phi = scenario["market"]["persistence"]
    path = {edge: rng.standard_normal(worlds)}
    for t in range(edge + 1, scenario["periods"] + 4):
        path[t] = phi * path[t - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(worlds)
    return path


def gathered(lists):
    """Events of all periods and segments in one table."""
    events = [event for each in lists for event in each]
    return SimpleNamespace(**{key: np.concatenate([event[key] for event in events]) for key in events[0]})


class Segment:
    """The accounts of one segment in all worlds, flat."""

    def __init__(self, rng, scenario, clock, worlds, market, team, number, rows):
        self.rng, self.clock, self.market, self.team = rng, clock, market, team
        self.segment = scenario["segment"][number]
        self.odds = scenario["dependence"]
        self.periods = scenario["periods"]
        self.read = rows is not None
        self.first = 0 if self.read else -lead(self.segment)
        self.worlds = worlds
        self.renewals, self.expansions = [], []
        if self.read:
            self._read(rows)
        else:
            self._draw(scenario, number)
        self._join()
        n = self.arr.size
        self.place = rng.random(n)
        self.health = rng.standard_normal(n)
        if self.read:
            self.health = np.where(np.isnan(self.given_health), self.health, self.given_health)
        self.health = self._next_health(self.health)
        self.opened = (self.joins == HELD) & self.read
        self.returns = np.full(n, NEVER)
        self.coming = np.zeros(n)

    def _draw(self, scenario, number):
        segment, rng = self.segment, self.rng
        books = drawn_books(scenario)
        csms = [c for c, each in enumerate(books) if each == number]
        each = segment["arr"]["accounts"]
        self.csm = np.tile(np.repeat(csms, each), self.worlds)
        self.world = np.repeat(np.arange(self.worlds), len(csms) * each)
        n = self.csm.size
        self.arr = lognormal(rng, segment["arr"], n)
        self.term = mixed(rng, segment["term_months"], n)
        edge = int(self.clock.first(self.first))
        weight = month_weights(segment["due"])
        place = (3 * self.first) % 12
        self.due = np.zeros(n, int)
        for term in np.unique(self.term):
            odds = np.array([weight[(place + m) % 12] for m in range(term)])
            mine = self.term == term
            month = rng.choice(term, mine.sum(), p=odds / odds.sum())
            first = self.clock.later(np.full(mine.sum(), edge), month)
            length = self.clock.later(first, 1) - first
            self.due[mine] = first + np.floor(rng.random(mine.sum()) * length).astype(int)
        self.joins = np.full(n, HELD)
        self.given = np.full(n, np.nan)

    def _read(self, rows):
        books = list(dict.fromkeys(row["csm"] for row in rows))
        mine = [row for row in rows if row["segment"] == self.segment["name"]]

        def column(cast, key):
            return np.tile([cast(row[key]) if row[key] != "" else np.nan for row in mine], self.worlds)

        self.csm = np.tile([books.index(row["csm"]) for row in mine], self.worlds)
        self.world = np.repeat(np.arange(self.worlds), len(mine))
        self.arr, self.term = column(float, "arr"), column(int, "term_months")
        days = [(date.fromisoformat(row["due_date"]) - self.clock.start) / timedelta(days=1) for row in mine]
        self.due = np.tile(np.array(days, int), self.worlds)
        self.given = column(float, "churn_probability")
        self.given_health = column(float, "health")
        self.joins = np.full(self.csm.size, HELD)

    def _join(self):
        """New accounts: a Poisson stream into each book; they sign on a day of their own and are due a term later."""
        news = self.segment.get("new_accounts")
        if news is None:
            return
        rng, csms = self.rng, np.unique(self.csm)
        opening, end = int(self.clock.first(0 if self.read else -2)), int(self.clock.first(self.periods + 2))
        number = rng.poisson(news["per_year"] * (end - opening) / 365.25, (self.worlds, csms.size))
        world, csm = np.indices(number.shape)
        world, csm = np.repeat(world.ravel(), number.ravel()), np.repeat(csms[csm.ravel()], number.ravel())
        joins = rng.integers(opening, end, world.size)
        term = mixed(rng, self.segment["renewed_term_months"], world.size)
        self.world, self.csm = np.append(self.world, world), np.append(self.csm, csm)
        self.arr = np.append(self.arr, lognormal(rng, news["arr"], world.size))
        self.term = np.append(self.term, term)
        self.due = np.append(self.due, self.clock.later(joins, term))
        self.joins = np.append(self.joins, joins)
        self.given = np.append(self.given, np.full(world.size, np.nan))
        if self.read:
            self.given_health = np.append(self.given_health, np.full(world.size, np.nan))

    def live(self):
        """Go through all periods; afterwards ``level``, ``low`` and ``left`` hold each account's way."""
        n, steps = self.arr.size, self.periods
        self.level = np.where(self.joins == HELD, self.arr, 0.0)
        self.away = np.zeros(n, bool)
        self.levels, self.lows = np.zeros((steps + 1, n)), np.full((steps, n), np.inf)
        self.in_force = np.zeros(n)
        for t in range(self.first, steps + 3):
            self._signed(t)
            self._come_back(t)
            if 0 <= t <= steps:
                self.levels[t] = self.before
            low = self._renew(t)
            self._expand(t)
            if 0 <= t < steps:
                self.lows[t] = low
            if t == steps - 1:
                self.in_force = np.where(self.away, 0.0, self.level)
        return self

    def _signed(self, t):
        self.before = self.level.copy()
        new = (self.joins >= self.clock.first(t)) & (self.joins < self.clock.first(t + 1))
        self.level = np.where(new, self.arr, self.level)

    def _come_back(self, t):
        back = self.clock.period(np.minimum(self.returns, 5000)) == t
        self.level = np.where(back, self.coming, self.level)
        self.away &= ~back
        self.returns[back] = NEVER

    def _renew(self, t):
        """Renewals due in a period. Returns the lowest level that a loss left each account with."""
        low = np.full(self.arr.size, np.inf)
        ends = self.clock.first(t + 1)
        from_day = self.clock.first(t) if not (self.read and t == 0) else -NEVER
        smaller = (self.level < self.before) & (
            self.level > 0.0
        )  # a late renewal for less counts when it is booked
        low[smaller] = self.level[smaller]
        mine = np.flatnonzero((self.due >= from_day) & (self.due < ends) & (self.level > 0.0) & ~self.away)
        if not mine.size:
            return low
        owed, due = self.before[mine], self.due[mine]
        amount, lag, booked = self._outcome(mine, owed, t)
        when = np.where(booked, due + lag, NEVER)
        backdated = booked & (lag > 0) & (self.rng.random(mine.size) < self.segment["back_dated"])
        won_back = self.won_back
        backdated &= ~won_back
        when = np.where(backdated, due, when)
        lag = np.where(backdated, 0, lag)
        term = mixed(self.rng, self.segment["renewed_term_months"], mine.size)
        self.renewals.append(
            {
                "world": self.world[mine],
                "csm": self.csm[mine],
                "due": self.clock.period(due),
                "owed": owed,
                "booked": booked,
                "at": self.clock.period(np.minimum(when, 5000)),
                "lag": lag,
                "amount": np.where(booked, amount, 0.0),
                "longer": booked & (term > self.term[mine]) & (term >= 24),
                "won_back": won_back,
            }
        )
        now = booked & (when < ends)
        later = booked & ~now
        kept = now | (later & (lag <= WINDOW))
        self.level[mine] = np.where(now, amount, np.where(kept, owed, 0.0))
        self.away[mine] = later
        self.returns[mine] = np.where(later, when, NEVER)
        self.coming[mine] = amount
        fell = np.where(now & (amount < owed), amount, np.where(kept, np.inf, 0.0))
        low[mine] = np.minimum(low[mine], fell)
        if self.read and t == 0:
            gone = mine[(due < 0) & ~kept]  # lost when due, before the first day: no customer on it
            low[gone], self.levels[0, gone] = np.inf, 0.0
        from_due = lag <= self.segment["grace_days"]
        follows = self.clock.later(np.where(from_due, due, np.minimum(when, 5000)), term)
        self.due[mine] = np.where(booked, follows, NEVER)
        self.term[mine] = np.where(booked, term, self.term[mine])
        return low

    def _outcome(self, mine, owed, t):
        """Amount [usd/yr], days after the due day, and whether booked at all, of renewals that are due now."""
        rng, segment, odds, n = self.rng, self.segment, self.odds, mine.size
        health = self.health[mine]
        self.health[mine] = self._next_health(health)
        world, csm = self.world[mine], self.csm[mine]
        own = 1 - odds["market"] - odds["skill"] - odds["health"]
        g = (
            np.sqrt(odds["market"]) * self.market[t][world]
            + np.sqrt(odds["skill"]) * self.team.skill[t][world, csm]
            + np.sqrt(odds["health"]) * health
            + np.sqrt(own) * rng.standard_normal(n)
        )
        first = self.opened[mine]
        state = SimpleNamespace(rng=rng, segment=segment, r=odds["timing"], due=self.due[mine], first=first)
        state.p = self.odds_of_loss(mine)
        if first.any():
            state.p = open_on_first_day(self, mine, state)
        u = ndtr(g)
        lost = u < state.p
        v = np.clip((u - state.p) / (1 - state.p), 1e-12, 1 - 1e-12)
        v = np.where(lost, 0.5, v)
        lag, v = days_after(state, v)
        amount = amounts(rng, segment, odds["amount"], v, owed)
        back, back_lag = win_backs(state)
        self.won_back = lost & back
        self.opened[mine] = False
        return np.where(lost, owed, amount), np.where(lost, back_lag, lag), ~lost | back

    def _next_health(self, health):
        psi = self.odds["health_persistence"]
        return psi * health + np.sqrt(1 - psi**2) * self.rng.standard_normal(health.size)

    def odds_of_loss(self, mine):
        churn, p = self.segment["churn"], np.empty(mine.size)
        for term in np.unique(self.term[mine]):
            these = self.term[mine] == term
            mean = churn["by_term"].get(str(int(term)), churn["probability"])
            p[these] = frail(mean, churn["dispersion"], self.place[mine][these])
        return np.where(np.isnan(self.given[mine]), p, self.given[mine])

    def _expand(self, t):
        """In-term growth of accounts in force at the end of the period."""
        growth, odds = self.segment["expansion"], self.odds
        mine = np.flatnonzero((self.level > 0.0) & ~self.away)
        world, csm = self.world[mine], self.csm[mine]
        shared = (
            np.sqrt(odds["market"]) * self.market[t][world]
            + np.sqrt(odds["skill"]) * self.team.skill[t][world, csm]
            + np.sqrt(odds["health"]) * self.health[mine]
        )
        g = shared / np.sqrt(odds["market"] + odds["skill"] + odds["health"])
        b = odds["expansion"]
        rate = growth["events_per_year"] / 4 * np.exp(b * g - b**2 / 2)
        number = self.rng.poisson(rate)
        mine, number = mine[number > 0], number[number > 0]
        size, arr = np.zeros(mine.size), self.level[mine].copy()
        for k in range(number.max(initial=0)):
            size += np.where(number > k, lognormal(self.rng, growth["size"], mine.size), 0.0)
        self.level[mine] += arr * size
        self.expansions.append(
            {
                "world": self.world[mine],
                "csm": self.csm[mine],
                "at": np.full(mine.size, t),
                "number": number,
                "amount": arr * size,
            }
        )
