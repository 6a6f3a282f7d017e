"""The best numpy program found: a chunk of worlds at a time, one pass over the periods, only what is due is touched.

One stream a chunk (SFC64, the fastest generator of numpy). Chunks of 250 to 4,000 worlds were tried; 1,000 was fastest.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.rivals.company import FARTHEST_SCORE, KNOTS, NEVER, Company, Law
from benchmarks.rivals.outcome import Outcome, empty_outcome
from benchmarks.rivals.rules import FARTHEST, LATE_EDGES, Rule

CHUNK = 1000
BANDS = len(LATE_EDGES)
PLACES = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)


class Seen:
    """What plans can see of one book in a chunk of worlds: amounts by due period, periods moved and late band.

    renewable, on_time : [due period, world]
    early : [due period, periods early - 1, world]
    late  : [due period, periods late, band, world]
    """

    def __init__(self, span: int, worlds: int) -> None:
        self.cells = 2 + FARTHEST + (FARTHEST + 1) * BANDS
        self.flat = np.zeros(span * self.cells * worlds)
        amount = self.flat.reshape(span, self.cells, worlds)
        self.renewable, self.on_time = amount[:, 0], amount[:, 1]
        self.early = amount[:, 2 : 2 + FARTHEST]
        self.late = amount[:, 2 + FARTHEST :].reshape(span, FARTHEST + 1, BANDS, worlds)


def simulate(company: Company, rules: tuple[Rule, ...], worlds: int, seed: int) -> Outcome:
    """Every book in every world, under every plan."""
    out = empty_outcome(len(rules), worlds)
    for chunk, first in enumerate(range(0, worlds, CHUNK)):
        rng = np.random.Generator(np.random.SFC64([seed, chunk]))
        here = slice(first, min(first + CHUNK, worlds))
        market = market_paths(company, here.stop - here.start, rng)
        part = Outcome(*(values[..., here] for values in out))
        for csm in range(len(company.segment)):
            seen = simulate_book(company, csm, market, rng, part)
            for plan, rule in enumerate(rules):
                part.pay[plan] += pay(rule, seen, company)
    return out


def market_paths(company: Company, worlds: int, rng: np.random.Generator) -> np.ndarray:
    """The market factor. [due period, world]"""
    phi = company.dials.market_persistence
    market = rng.standard_normal((company.span, worlds))
    for period in range(1, company.span):
        market[period] = phi * market[period - 1] + np.sqrt(1 - phi**2) * market[period]
    return market


def simulate_book(
    company: Company, csm: int, market: np.ndarray, rng: np.random.Generator, out: Outcome
) -> Seen:
    """One book in a chunk of worlds; accounts x worlds are one flat axis."""
    held = slice(company.start[csm], company.start[csm + 1])
    law, dials, worlds = company.laws[company.segment[csm]], company.dials, market.shape[1]
    accounts = held.stop - held.start
    size = accounts * worlds
    skill = rng.standard_normal(worlds)
    arr = np.exp(law.arr_mu + law.arr_sigma * rng.standard_normal(size))
    term = np.searchsorted(law.held_upto, rng.random(size), side="right")
    due_day = _first_due(company, law, term, rng)
    place = rng.standard_normal(size)
    due_period = _period(company, due_day)
    active_from = np.zeros(size, dtype=np.int64)
    health = rng.standard_normal(size)
    pace = _pace(company, skill, law, health.reshape(accounts, worlds)).ravel()
    boost = np.exp(dials.grow_market * market - dials.grow_market**2 / 2)
    records = []
    for period in range(company.span):
        at = np.flatnonzero(due_period == period)
        world = at % worlds
        latent = dials.market * market[period, world] + dials.skill * skill[world]
        latent += dials.health * health[at] + dials.noise * rng.standard_normal(len(at))
        score = _churn_score(law, place[at], term[at])
        booked, factor, signed_term = _outcome_of(latent, score, due_day[at], law, dials, rng)
        signed = booked < NEVER
        old, new = arr[at], np.where(signed, arr[at] * factor, 0.0)
        records.append((period, world, due_day[at], booked, old, new))
        begin = np.where(booked - due_day[at] <= law.grace_days, due_day[at], booked)
        following = _following(company, signed_term, begin)
        following[~signed] = NEVER
        arr[at], due_day[at], term[at] = new, following, signed_term
        due_period[at] = _period(company, following)
        active_from[at] = np.where(signed, np.maximum(period, _period(company, booked)), company.span)
        rho = dials.health_persistence
        health[at] = rho * health[at] + np.sqrt(1 - rho**2) * rng.standard_normal(len(at))
        pace[at] = _pace(company, skill[world], law, health[at])
        added = _grow(pace, boost[period], (active_from <= period) & (due_period > period), arr, law, rng)
        out.expansion[:] += added
    return _see(company, records, worlds, out)


def _first_due(company: Company, law: Law, term: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """First due day: a month by weight, and any day of it."""
    month, share = np.empty(len(term), dtype=np.int64), rng.random(len(term))
    for index, upto in enumerate(law.month_upto):
        mine = term == index
        month[mine] = np.searchsorted(upto, share[mine], side="right")
    first, end = company.month_start[month], company.month_start[month + 1]
    return first + (rng.random(len(term)) * (end - first)).astype(np.int64)


def _churn_score(law: Law, place: np.ndarray, term: np.ndarray) -> np.ndarray:
    score = np.empty(len(place))
    for index, table in enumerate(law.churn_score):
        mine = term == index
        score[mine] = np.interp(place[mine], PLACES, table)
    return score


def _outcome_of(latent, score, due_day, law, dials, rng):
    """Booked day, factor on ARR and new term of the renewals at hand."""
    size = len(latent)
    booked, factor = np.full(size, NEVER), np.ones(size)
    kept = latent >= score
    yes, no = np.flatnonzero(kept), np.flatnonzero(~kept)
    leaving = ndtr(score[yes])
    standing = ndtri(np.clip((ndtr(latent[yes]) - leaving) / (1 - leaving), 1e-16, 1 - 1e-16))
    timing = dials.timing * standing + np.sqrt(1 - dials.timing**2) * rng.standard_normal(len(yes))
    band = np.searchsorted(law.band_score, timing, side="right")
    lag = law.band_first[band] + (law.band_days[band] * rng.random(len(yes))).astype(np.int64)
    booked[yes] = due_day[yes] + lag
    amount = dials.amount * standing + np.sqrt(1 - dials.amount**2) * rng.standard_normal(len(yes))
    change = np.ones(len(yes))
    smaller, larger = np.flatnonzero(amount < law.contraction), np.flatnonzero(amount > law.uplift)
    change[smaller] -= law.contraction_low + law.contraction_width * rng.random(len(smaller))
    change[larger] += np.exp(law.uplift_mu + law.uplift_sigma * rng.standard_normal(len(larger)))
    factor[yes] = change
    back = no[rng.random(len(no)) < law.win_back]
    booked[back] = due_day[back] + law.win_back_first + rng.integers(law.win_back_days, size=len(back))
    return booked, factor, np.searchsorted(law.term_upto, rng.random(size), side="right")


def _grow(pace, boost, active, arr, law, rng):
    """Poisson expansions of one period, added to ``arr``; the sum by world."""
    worlds = len(boost)
    intensity = (pace.reshape(-1, worlds) * boost).ravel()
    waits = rng.standard_exponential(len(pace))
    at = np.flatnonzero((waits < intensity) & active)
    share, clock, left = np.zeros(len(at)), waits[at], np.arange(len(at))
    while len(left):
        share[left] += np.exp(law.expansion_mu + law.expansion_sigma * rng.standard_normal(len(left)))
        clock[left] += rng.standard_exponential(len(left))
        left = left[clock[left] < intensity[at[left]]]
    added = arr[at] * share
    arr[at] += added
    return np.bincount(at % worlds, weights=added, minlength=worlds)


def _see(company: Company, records: list, worlds: int, out: Outcome) -> Seen:
    """Count the renewals into cells."""
    seen = Seen(company.span, worlds)
    period = np.repeat([record[0] for record in records], [len(record[1]) for record in records])
    world, due, booked, old, new = (np.concatenate(column) for column in list(zip(*records, strict=True))[1:])
    signed = booked < NEVER
    out.due[:] += np.bincount(world, minlength=worlds)
    out.booked[:] += np.bincount(world[signed], minlength=worlds)
    out.renewed[:] += np.bincount(world, weights=new, minlength=worlds)
    late = booked - due
    moved = _period(company, booked) - period
    band = np.searchsorted(LATE_EDGES, late)
    cell = np.where(moved < 0, 1 - moved, 1)
    cell = np.where(late > 0, 2 + FARTHEST + BANDS * moved + band, cell)
    counted = signed & (late <= LATE_EDGES[-1]) & (abs(moved) <= FARTHEST)
    row = period * seen.cells * worlds + world
    place = row[counted] + cell[counted] * worlds
    seen.flat += np.bincount(
        np.concatenate([row, place]), weights=np.concatenate([old, new[counted]]), minlength=len(seen.flat)
    )
    return seen


def pay(rule: Rule, seen: Seen, company: Company) -> np.ndarray:
    """Bonus over the horizon. [world] [usd]"""
    lead, end = company.lead, company.lead + company.periods
    base = rule.rate * seen.renewable + rule.amount
    late = np.tensordot(rule.late_multiplier, seen.late, axes=(0, 2))
    if rule.at_due:
        credit = (rule.early_multiplier * seen.early.sum(axis=1) + seen.on_time + late.sum(axis=1))[lead:end]
        quota = base[lead:end]
    else:
        granted, into, waiting = _grant(rule, seen, base, lead, end)
        credit = rule.early_multiplier * into + waiting + seen.on_time[lead:end]
        for offset in range(FARTHEST + 1):
            credit += _shifted(late[:, offset], offset, lead, end)
        quota = base[lead:end] + rule.early_in * into - rule.early_out * granted[lead:end]
        if rule.late_in or rule.late_out:
            carried = seen.late.sum(axis=2)[:, 1:]
            quota = quota - rule.late_out * carried[lead:end].sum(axis=1)
            for offset in range(1, FARTHEST + 1):
                quota = quota + rule.late_in * _shifted(carried[:, offset - 1], offset, lead, end)
        quota = np.maximum(np.where(np.abs(quota) <= 1e-9 * base[lead:end], 0.0, quota), 0.0)
    asked = base[lead:end]
    attainment = np.divide(credit, quota, out=np.ones_like(credit), where=quota > 0)
    exhausted = (quota <= 0) & (asked > 0)
    attainment[exhausted] += credit[exhausted] / asked[exhausted]
    return rule.target * _curve(rule, attainment).sum(axis=0)


def _shifted(amount, offset, lead, end):
    """Amounts due ``offset`` periods before, by period of credit; nothing is due ahead of the edges."""
    out = np.zeros((end - lead, amount.shape[-1]))
    first = max(offset - lead, 0)
    out[first:] = amount[lead + first - offset : end - offset]
    return out


def _grant(rule: Rule, seen: Seen, base: np.ndarray, lead: int, end: int):
    """Early amounts granted by due period, and by period of credit; and what waits for its due period."""
    span, worlds = base.shape
    granted, into, waiting = (
        np.zeros((span, worlds)),
        np.zeros((end - lead, worlds)),
        np.zeros((end - lead, worlds)),
    )
    for period in range(-1, end):
        parts = [
            (period + ahead, seen.early[period + ahead, ahead - 1])
            for ahead in range(1, FARTHEST + 1)
            if period + ahead < span
        ]
        share = np.ones(worlds)
        if rule.cap < np.inf and period >= 0:
            total = sum(amount for _, amount in parts)
            limit = base[period] - (rule.cap_follows if period >= lead else 0.0) * granted[period]
            limit = rule.cap * np.maximum(limit, 0.0)
            share = np.divide(limit, total, out=share, where=total > limit)
        for due, amount in parts:
            granted[due] += share * amount
            if period >= lead:
                into[period - lead] += share * amount
            if lead <= due < end:
                waiting[due - lead] += (1 - share) * amount
    return granted, into, waiting


def _curve(rule: Rule, attainment: np.ndarray) -> np.ndarray:
    if len(rule.entry) == 1:
        return rule.pays[0] + rule.slope[0] * attainment
    piece = np.searchsorted(rule.entry, attainment, side="right") - 1
    return rule.pays[piece] + rule.slope[piece] * (attainment - rule.left[piece])


def _pace(company: Company, skill: np.ndarray, law: Law, health: np.ndarray) -> np.ndarray:
    """Expansions per period before the market's part."""
    dials = company.dials
    half_variance = (dials.grow_skill**2 + dials.grow_health**2) / 2
    constant = np.log(law.rate) + dials.grow_skill * skill - half_variance
    return np.exp(constant + dials.grow_health * health)


def _period(company: Company, day: np.ndarray) -> np.ndarray:
    """Due period of a day, -1 before the edges and ``span`` after them."""
    inside = np.clip(day - company.first_day, 0, len(company.period_of) - 1)
    period = company.period_of[inside]
    return np.where(
        day < company.first_day, -1, np.where(day - company.first_day != inside, company.span, period)
    )


def _following(company: Company, term: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Day on which the contract signed ends; it has never been past the edges when it begins there."""
    inside = np.minimum(begin - company.first_day, len(company.period_of) - 1)
    return np.where(inside == begin - company.first_day, company.advance[term, inside], NEVER)
