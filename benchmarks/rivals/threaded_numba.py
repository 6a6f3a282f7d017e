# ruff: noqa: NPY002  (the per-thread generator of numba is what this rival is about)
"""The usual numba program: one scalar loop over accounts and renewals, ``np.random`` in each thread.

What most of such programs do, written with care: ``error_model="numpy"``, threads that hold no lock, arrays taken out of
their tuples once a book (each time costs two atomic counts of references, which made it half as fast).
"""

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numba import njit

from benchmarks.rivals.company import FARTHEST_SCORE, KNOTS, NEVER, Company
from benchmarks.rivals.numba_plans import SUMS, as_plans, pay, summarise
from benchmarks.rivals.outcome import Outcome, empty_outcome
from benchmarks.rivals.rules import FARTHEST, LATE_EDGES, Rule

BANDS = len(LATE_EDGES)
WINDOW = LATE_EDGES[-1]
SQRT_HALF = math.sqrt(0.5)
NUMERATOR = (-3.969683028665376e01, 2.209460984245205e02, -2.759285104469687e02)
NUMERATOR += (1.383577518672690e02, -3.066479806614716e01, 2.506628277459239e00)
DENOMINATOR = (-5.447609879822406e01, 1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01)
DENOMINATOR += (-1.328068155288572e01,)
TAIL_NUMERATOR = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e00)
TAIL_NUMERATOR += (-2.549732539343734e00, 4.374664141464968e00, 2.938163982698783e00)
TAIL_DENOMINATOR = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00)
TAIL_SHARE = 0.02425
CHUNKS = 8


def simulate(company: Company, rules: tuple[Rule, ...], worlds: int, seed: int, threads: int = 1) -> Outcome:
    """Every book in every world, under every plan. Only on one thread does the seed fix the draws."""
    out, plans = empty_outcome(len(rules), worlds), as_plans(rules)
    if threads == 1:
        sow(seed)
        simulate_worlds(company, plans, 0, worlds, out)
        return out
    ends = [worlds * part // (CHUNKS * threads) for part in range(CHUNKS * threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        parts = [pool.submit(simulate_worlds, company, plans, *pair, out) for pair in pairwise(ends)]
    for part in parts:
        part.result()
    return out


@njit(error_model="numpy")
def share_below(score):
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-score * SQRT_HALF)


@njit(error_model="numpy")
def score_at(share):
    """Its inverse. Source: P. J. Acklam's rational approximation, relative error 1.15e-9."""
    if TAIL_SHARE <= share <= 1.0 - TAIL_SHARE:
        q = share - 0.5
        r = q * q
        a, b = NUMERATOR, DENOMINATOR
        top = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q
        return top / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1.0)
    tail = min(share, 1.0 - share)
    q = math.sqrt(-2.0 * math.log(tail))
    c, d = TAIL_NUMERATOR, TAIL_DENOMINATOR
    score = ((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]
    score /= (((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0
    return score if share < 0.5 else -score


@njit
def sow(seed):
    """Seed the generator of this thread."""
    np.random.seed(seed)


@njit(error_model="numpy", nogil=True)
def simulate_worlds(company, plans, first, last, out):
    """Worlds first up to last."""
    dials, span, phi = company.dials, company.span, company.dials.market_persistence
    market, boost = np.empty(span), np.empty(span)
    renewable, on_time = np.empty(span), np.empty(span)
    early, late = np.empty((span, FARTHEST)), np.empty((span, FARTHEST + 1, BANDS))
    work, sums = np.empty((3, span)), np.empty((SUMS, span))
    totals = np.empty(4)
    for world in range(first, last):
        for t in range(span):
            step = np.random.standard_normal()
            market[t] = phi * market[t - 1] + math.sqrt(1.0 - phi * phi) * step if t > 0 else step
            boost[t] = math.exp(dials.grow_market * market[t] - dials.grow_market**2 / 2)
        totals[:] = 0.0
        for csm in range(len(company.segment)):
            renewable[:] = 0.0
            on_time[:] = 0.0
            early[:] = 0.0
            late[:] = 0.0
            simulate_book(company, csm, market, boost, renewable, on_time, early, late, totals)
            summarise(early, late, sums)
            for plan in range(len(plans.numbers)):
                out.pay[plan, world] += pay(plans, plan, company, renewable, on_time, early, sums, work)
        out.due[world], out.booked[world], out.renewed[world], out.expansion[world] = totals


@njit(error_model="numpy")
def simulate_book(company, csm, market, boost, renewable, on_time, early, late, totals):
    """Every account of a book, from renewal to renewal."""
    law, dials, span = company.laws[company.segment[csm]], company.dials, company.span
    churn_scores, month_start, month_upto, held_upto = (
        law.churn_score,
        company.month_start,
        law.month_upto,
        law.held_upto,
    )
    arr_mu, arr_sigma = law.arr_mu, law.arr_sigma
    period_of_day, advance, first_day = company.period_of, company.advance, company.first_day
    band_score, band_first, band_days = law.band_score, law.band_first, law.band_days
    term_upto, grace_days, rate, mu, sigma = (
        law.term_upto,
        law.grace_days,
        law.rate,
        law.expansion_mu,
        law.expansion_sigma,
    )
    back_odds = (law.win_back, law.win_back_first, law.win_back_days)
    change = (
        law.contraction,
        law.contraction_low,
        law.contraction_width,
        law.uplift,
        law.uplift_mu,
        law.uplift_sigma,
    )
    first, last = company.start[csm], company.start[csm + 1]
    skill, rho = np.random.standard_normal(), dials.health_persistence
    shift = dials.grow_skill * skill - (dials.grow_skill**2 + dials.grow_health**2) / 2
    due_count, booked_count, renewed, grown = 0, 0, 0.0, 0.0
    for _ in range(first, last):
        arr = math.exp(arr_mu + arr_sigma * np.random.standard_normal())
        term = pick(held_upto, np.random.random())
        month = pick(month_upto[term], np.random.random())
        days = month_start[month + 1] - month_start[month]
        due = month_start[month] + int(days * np.random.random())
        place = np.random.standard_normal()
        active_from = 0
        health = np.random.standard_normal()
        while True:
            period = period_of(period_of_day, first_day, span, due)
            pace = rate * math.exp(shift + dials.grow_health * health)
            for t in range(active_from, min(period, span)):
                intensity, wait = pace * boost[t], np.random.standard_exponential()
                if wait < intensity:
                    added = grow(mu, sigma, intensity - wait) * arr
                    arr += added
                    grown += added
            if period >= span:
                break
            latent = dials.market * market[period] + dials.skill * skill + dials.health * health
            latent += dials.noise * np.random.standard_normal()
            booked, factor = fate(
                back_odds,
                change,
                dials,
                band_score,
                band_first,
                band_days,
                latent,
                at_place(churn_scores[term], place),
                due,
            )
            due_count += 1
            renewable[period] += arr
            if booked == NEVER:
                break
            arr *= factor
            booked_count += 1
            renewed += arr
            back = period_of(period_of_day, first_day, span, booked)
            count(period, back - period, booked - due, arr, on_time, early, late)
            term = pick(term_upto, np.random.random())
            active_from = max(period, back)
            entry = (due if booked - due <= grace_days else booked) - first_day
            due = advance[term, entry] if entry < len(period_of_day) else NEVER
            health = rho * health + math.sqrt(1.0 - rho * rho) * np.random.standard_normal()
    totals[0] += due_count
    totals[1] += booked_count
    totals[2] += renewed
    totals[3] += grown


@njit(error_model="numpy")
def at_place(table, place):
    """A value tabulated at places on the normal scale, on the straight line between knots."""
    at = (min(max(place, -FARTHEST_SCORE), FARTHEST_SCORE) / FARTHEST_SCORE + 1.0) * (KNOTS - 1) / 2
    knot = min(int(at), KNOTS - 2)
    return table[knot] + (at - knot) * (table[knot + 1] - table[knot])


@njit(error_model="numpy")
def fate(back_odds, change, dials, band_score, band_first, band_days, latent, churn_score, due):
    """Booked day and factor on ARR."""
    if latent < churn_score:
        win_back, first, days = back_odds
        if np.random.random() < win_back:
            return due + first + int(days * np.random.random()), 1.0
        return NEVER, 0.0
    leaving = share_below(churn_score)
    share = (share_below(latent) - leaving) / (1.0 - leaving)
    standing = score_at(min(max(share, 1e-16), 1.0 - 1e-16))
    timing = dials.timing * standing + math.sqrt(1.0 - dials.timing**2) * np.random.standard_normal()
    band = pick(band_score, timing)
    booked = due + band_first[band] + int(band_days[band] * np.random.random())
    amount = dials.amount * standing + math.sqrt(1.0 - dials.amount**2) * np.random.standard_normal()
    contraction, low, width, uplift, mu, sigma = change
    if amount < contraction:
        return booked, 1.0 - low - width * np.random.random()
    if amount > uplift:
        return booked, 1.0 + math.exp(mu + sigma * np.random.standard_normal())
    return booked, 1.0


@njit(error_model="numpy")
def pick(upto, value):
    """The first interval whose end is above the value."""
    index = 0
    while index < len(upto) and value >= upto[index]:
        index += 1
    return index


@njit(error_model="numpy")
def grow(mu, sigma, left):
    """The first expansion of a period, and further ones while intensity is left, as a share of ARR."""
    total = 0.0
    while left > 0.0:
        total += math.exp(mu + sigma * np.random.standard_normal())
        left -= np.random.standard_exponential()
    return total


@njit(error_model="numpy")
def count(period, moved, days, amount, on_time, early, late):
    """Add a booked renewal to what plans can see."""
    if days > WINDOW or abs(moved) > FARTHEST:
        return
    if days > 0:
        band = 0
        while days > LATE_EDGES[band]:
            band += 1
        late[period, moved, band] += amount
    elif moved < 0:
        early[period, -moved - 1] += amount
    else:
        on_time[period] += amount


@njit(error_model="numpy")
def period_of(period_of_day, first_day, span, day):
    """Due period of a day, -1 before the edges and ``span`` after them."""
    entry = day - first_day
    if entry < 0:
        return -1
    return period_of_day[entry] if entry < len(period_of_day) else span
