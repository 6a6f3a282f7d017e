"""The world as slow, obvious Python: one account in one world, in double precision, from the same random words.

Written from the model's description, not from the kernels: scipy's functions, a loop over renewals, a loop over periods.
"""

from dataclasses import dataclass
from math import exp, floor, log, sqrt

from scipy.special import ndtr, ndtri

from sim.world.streams import EXPANSION, EXPANSION_EVENT, MARKET, RENEWAL, identity

MASK = 0xFFFFFFFF
HORIZON = 64
"""Number under which the first period of the horizon is drawn."""


def philox(counter, key):
    """Philox4x32-10 from the paper's figure, on Python integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        product0, product1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            (product1 >> 32) ^ c1 ^ k0,
            product1 & MASK,
            (product0 >> 32) ^ c3 ^ k1,
            product0 & MASK,
        )
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def share(word):
    return ((word >> 9) + 0.5) / 2**23


@dataclass
class Draws:
    """The words of one identity in one world."""

    key: tuple[int, int]
    world: int
    identity: int

    def group(self, decision, number, group):
        tag = decision << 24 | number << 8 | group
        words = philox((self.world, self.identity & MASK, self.identity >> 32, tag), self.key)
        return [share(word) for word in words]


def market_path(key, world, phi, calendar):
    """M_t = phi M_{t-1} + sqrt(1 - phi^2) e_t, from the first period of the horizon forwards and backwards."""
    draws = Draws(key, world, identity("company", "market"))

    def step(period):
        return ndtri(draws.group(MARKET, HORIZON + period, 0)[0])

    path = [step(0)]
    for period in range(1, calendar.span - calendar.lead):
        path.append(phi * path[-1] + sqrt(1 - phi**2) * step(period))
    for period in range(1, calendar.lead + 1):
        path.insert(0, phi * path[0] + sqrt(1 - phi**2) * step(-period))
    return path


def pick(bands, u):
    """The band that a share falls in, bands in order."""
    upto = 0.0
    for band, probability in bands:
        upto += probability
        if u < upto:
            return band
    return bands[-1][0]


def lag_days(segment, score, u):
    """Latest band first: a low score is late."""
    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    first, last = pick([(band.days, band.share) for band in bands], ndtr(score))
    return first + min(floor((last - first + 1) * u), last - first)


def change_of_arr(segment, score, u):
    if ndtr(score) < segment.contraction.probability:
        size = segment.contraction.size
        return 1 - (size.low + (size.high - size.low) * u)
    if ndtr(score) > 1 - segment.uplift.probability:
        size = segment.uplift.size
        if hasattr(size, "sigma"):
            return 1 + size.mean * exp(size.sigma * ndtri(u) - size.sigma**2 / 2)
        return 1 + size.low + (size.high - size.low) * u
    return 1.0


def return_day(segment, u):
    """Days after the due day on which a lost account returns, or None."""
    lower = 0.0
    for tier in sorted(segment.win_back, key=lambda tier: tier.days):
        if lower <= u < lower + tier.probability:
            first, last = tier.days
            return first + min(floor((last - first + 1) * (u - lower) / tier.probability), last - first)
        lower += tier.probability
    return None


def expansions(segment, scenario, draws, factors, period, arr):
    """ARR that the account adds in a period, and in how many expansions: a Poisson process, lognormal shares of ARR."""
    market, skill, health = factors
    d = scenario.dependence
    shared = d.market + d.skill + d.health
    g = d.market**0.5 * market + d.skill**0.5 * skill + d.health**0.5 * health
    b = d.expansion
    intensity = segment.expansion.events_per_year * scenario.period_months / 12
    intensity *= exp(b * g / sqrt(shared) - b**2 / 2) if shared else 1.0
    drawn = HORIZON + period - scenario.calendar.lead
    clock, event, total = -log(draws.group(EXPANSION, drawn // 4, 0)[drawn % 4]), 0, 0.0
    size = segment.expansion.size
    while clock < intensity:
        u, step, _, _ = draws.group(EXPANSION_EVENT, drawn, event)
        total += size.mean * exp(size.sigma * ndtri(u) - size.sigma**2 / 2)
        clock -= log(step)
        event += 1
    return arr * total, event


def account_path(scenario, world_object, account, facts, world):
    """Every renewal of one account in one world as (due, booked or None, arr, booked arr), and by period the ARR of its
    expansions and their number.
    """
    book, calendar = world_object.book, scenario.calendar
    segment = scenario.segment[book.segment[account]]
    key = tuple(int(word) for word in world_object._key)
    draws = Draws(key, world, int(book.account_ids[account]))
    market = market_path(key, world, scenario.market.persistence, calendar)
    d = scenario.dependence
    own = sqrt(1 - d.market - d.skill - d.health)
    arr, due, first_number, term, churn_scores, skill = facts
    mix = segment.renewed_term_months or segment.term_months
    renewals, grown, counted = [], [0.0] * calendar.span, [0] * calendar.span
    start, number, health = int(book.opening_period[account]), 0, 0.0
    while True:
        u = draws.group(RENEWAL, first_number + number, 0)
        v = draws.group(RENEWAL, first_number + number, 1)
        step, psi = ndtri(u[1]), d.health_persistence
        health = step if number == 0 else psi * health + sqrt(1 - psi**2) * step
        period = calendar.span if due is None else int(sum(due >= bound for bound in calendar.bounds)) - 1
        for t in range(start, min(period, calendar.span)):
            added, number_added = expansions(segment, scenario, draws, (market[t], skill, health), t, arr)
            grown[t] += added
            counted[t] += number_added
            arr += added
        if period >= calendar.span:
            return renewals, grown, counted
        q = churn_scores[term]
        g = d.market**0.5 * market[period] + d.skill**0.5 * skill + d.health**0.5 * health + own * ndtri(u[0])
        kept = g >= q
        standing = ndtri((ndtr(g) - ndtr(q)) / (1 - ndtr(q))) if kept else 0.0
        timing = d.timing * standing + sqrt(1 - d.timing**2) * ndtri(u[2])
        amount = d.amount * standing + sqrt(1 - d.amount**2) * ndtri(v[0])
        lag = lag_days(segment, timing, u[3]) if kept else return_day(segment, v[3])
        if kept and lag > 0 and v[3] < segment.back_dated:
            lag = 0
        factor = change_of_arr(segment, amount, v[1]) if kept else 1.0
        if lag is None:
            renewals.append((due, None, arr, 0.0))
            return renewals, grown, counted
        renewals.append((due, due + lag, arr, arr * factor))
        arr *= factor
        months = int(pick([(m, mix.get(str(m), 0.0)) for m in book.terms], v[2]))
        term = book.terms.index(months)
        begin = due if lag <= segment.grace_days else due + lag
        booked_period = int(sum(due + lag >= bound for bound in calendar.bounds)) - 1
        start = max(period, booked_period)
        due = months_later(calendar, begin, months)
        number += 1


def months_later(calendar, day, months):
    """The same day of the month ``months`` later, or that month's last day."""
    from dateutil.relativedelta import relativedelta

    return calendar.day(calendar.date(day) + relativedelta(months=months))
