"""The plain Python program: loops, lists and ``random``; what one would write first, and the easiest to check by eye."""

import math
from bisect import bisect_left, bisect_right
from random import Random
from statistics import NormalDist

import numpy as np

from benchmarks.rivals.company import FARTHEST_SCORE, KNOTS, NEVER, Company, Dials, Law
from benchmarks.rivals.outcome import Outcome, empty_outcome
from benchmarks.rivals.rules import FARTHEST, LATE_EDGES, Rule

score_at = NormalDist().inv_cdf
BANDS = len(LATE_EDGES)
SQRT_HALF = math.sqrt(0.5)


def simulate(company: Company, rules: tuple[Rule, ...], worlds: int, seed: int) -> Outcome:
    """Every book in every world, under every plan."""
    out, lists = empty_outcome(len(rules), worlds), as_lists(company)
    for world in range(worlds):
        draw = Random(f"{seed} {world}")
        market = market_path(company, draw)
        for csm in range(len(company.segment)):
            seen = Seen(company.span)
            for name, value in simulate_book(lists, csm, market, draw, seen).items():
                getattr(out, name)[world] += value
            for plan, rule in enumerate(rules):
                out.pay[plan, world] += pay(rule, lists, seen)
    return out


def as_lists(company: Company) -> Company:
    """Lists are what Python loops read fastest."""
    laws = [
        law._replace(
            **{key: value.tolist() for key, value in law._asdict().items() if isinstance(value, np.ndarray)}
        )
        for law in company.laws
    ]
    lists = {key: value.tolist() for key, value in company._asdict().items() if isinstance(value, np.ndarray)}
    return company._replace(laws=tuple(laws), **lists)


class Seen:
    """What plans can see of one book: amounts by due period, periods moved and late band."""

    def __init__(self, span: int) -> None:
        self.renewable, self.on_time = [0.0] * span, [0.0] * span
        self.early = [[0.0] * (FARTHEST + 1) for _ in range(span)]
        self.late = [[[0.0] * BANDS for _ in range(FARTHEST + 1)] for _ in range(span)]


def share_below(score: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-score * SQRT_HALF)


def market_path(company: Company, draw: Random) -> list[float]:
    """The market factor by due period."""
    phi = company.dials.market_persistence
    path = [draw.gauss()]
    while len(path) < company.span:
        path.append(phi * path[-1] + math.sqrt(1 - phi**2) * draw.gauss())
    return path


def period_of(company: Company, day: int) -> int:
    """Due period of a day, -1 before the edges and ``span`` after them."""
    entry = day - company.first_day
    if entry < 0:
        return -1
    return company.period_of[entry] if entry < len(company.period_of) else company.span


def simulate_book(
    company: Company, csm: int, market: list[float], draw: Random, seen: Seen
) -> dict[str, float]:
    """Every account of a book, from renewal to renewal."""
    law, dials, skill = company.laws[company.segment[csm]], company.dials, draw.gauss()
    total = {"due": 0.0, "booked": 0.0, "renewed": 0.0, "expansion": 0.0}
    boost = [math.exp(dials.grow_market * m - dials.grow_market**2 / 2) for m in market]
    half_variance = (dials.grow_skill**2 + dials.grow_health**2) / 2
    rho = dials.health_persistence
    for _ in range(company.start[csm], company.start[csm + 1]):
        arr, due, term = contract(company, law, draw)
        place = draw.gauss()
        health, active_from = draw.gauss(), 0
        while True:
            period = period_of(company, due)
            pace = law.rate * math.exp(dials.grow_skill * skill + dials.grow_health * health - half_variance)
            for t in range(active_from, min(period, company.span)):
                added = arr * grow(law, pace * boost[t], draw)
                arr += added
                total["expansion"] += added
            if period >= company.span:
                break
            latent = dials.market * market[period] + dials.skill * skill + dials.health * health
            latent += dials.noise * draw.gauss()
            booked, factor = fate(law, dials, latent, churn_score(law.churn_score[term], place), due, draw)
            total["due"] += 1
            seen.renewable[period] += arr
            if booked == NEVER:
                break
            arr *= factor
            total["booked"] += 1
            total["renewed"] += arr
            back = period_of(company, booked)
            count(period, back - period, booked - due, arr, seen)
            active_from = max(period, back)
            term = bisect_right(law.term_upto, draw.random())
            entry = (due if booked - due <= law.grace_days else booked) - company.first_day
            due = company.advance[term][entry] if entry < len(company.period_of) else NEVER
            health = rho * health + math.sqrt(1 - rho**2) * draw.gauss()
    return total


def contract(company: Company, law: Law, draw: Random) -> tuple[float, int, int]:
    """ARR, first due day and term of the contract that an account holds."""
    arr = math.exp(law.arr_mu + law.arr_sigma * draw.gauss())
    term = bisect_right(law.held_upto, draw.random())
    month = bisect_right(law.month_upto[term], draw.random())
    first, end = company.month_start[month], company.month_start[month + 1]
    return arr, first + int((end - first) * draw.random()), term


def churn_score(table: list[float], place: float) -> float:
    """Score of the probability to leave, on the straight line between knots."""
    at = (min(max(place, -FARTHEST_SCORE), FARTHEST_SCORE) / FARTHEST_SCORE + 1) * (KNOTS - 1) / 2
    knot = min(int(at), KNOTS - 2)
    return table[knot] + (at - knot) * (table[knot + 1] - table[knot])


def grow(law: Law, intensity: float, draw: Random) -> float:
    """Expansions of one period, as a share of ARR."""
    share, clock = 0.0, draw.expovariate(1.0)
    while clock < intensity:
        share += math.exp(law.expansion_mu + law.expansion_sigma * draw.gauss())
        clock += draw.expovariate(1.0)
    return share


def fate(
    law: Law, dials: Dials, latent: float, churn_score: float, due: int, draw: Random
) -> tuple[int, float]:
    """Booked day and factor on ARR."""
    if latent < churn_score:
        if draw.random() < law.win_back:
            return due + law.win_back_first + int(law.win_back_days * draw.random()), 1.0
        return NEVER, 0.0
    leaving = share_below(churn_score)
    share = (share_below(latent) - leaving) / (1 - leaving)
    standing = score_at(min(max(share, 1e-16), 1 - 1e-16))
    timing = dials.timing * standing + math.sqrt(1 - dials.timing**2) * draw.gauss()
    band = bisect_right(law.band_score, timing)
    booked = due + law.band_first[band] + int(law.band_days[band] * draw.random())
    amount = dials.amount * standing + math.sqrt(1 - dials.amount**2) * draw.gauss()
    if amount < law.contraction:
        return booked, 1 - law.contraction_low - law.contraction_width * draw.random()
    if amount > law.uplift:
        return booked, 1 + math.exp(law.uplift_mu + law.uplift_sigma * draw.gauss())
    return booked, 1.0


def count(period: int, moved: int, days: int, amount: float, seen: Seen) -> None:
    """Add a booked renewal to what plans can see."""
    if days > LATE_EDGES[-1] or abs(moved) > FARTHEST:
        return
    if days > 0:
        seen.late[period][moved][bisect_left(LATE_EDGES, days)] += amount
    elif moved < 0:
        seen.early[period][-moved] += amount
    else:
        seen.on_time[period] += amount


def pay(rule: Rule, company: Company, seen: Seen) -> float:
    """Bonus of a book over the horizon. [usd]"""
    lead, end, span = company.lead, company.lead + company.periods, company.span
    base = [rule.rate * arr + rule.amount for arr in seen.renewable]
    quota, credit, granted = base[:], seen.on_time[:], [0.0] * span
    for due in range(span):
        for offset, bands in enumerate(seen.late[due]):
            credited = due if rule.at_due else due + offset
            if credited < span:
                credit[credited] += sum(
                    m * amount for m, amount in zip(rule.late_multiplier, bands, strict=True)
                )
            if offset and not rule.at_due:
                quota[due] -= rule.late_out * sum(bands)
                if credited < span:
                    quota[credited] += rule.late_in * sum(bands)
    for booked in range(-1, end):
        dues = range(booked + 1, min(booked + FARTHEST + 1, span))
        share = 1.0
        if booked >= 0 and not rule.at_due and rule.cap < math.inf:
            total = sum(seen.early[due][due - booked] for due in dues)
            follows = rule.cap_follows if booked >= lead else 0.0
            limit = rule.cap * max(base[booked] - follows * granted[booked], 0.0)
            share = limit / total if total > limit else 1.0
        for due in dues:
            amount = seen.early[due][due - booked]
            if rule.at_due:
                credit[due] += rule.early_multiplier * amount
                continue
            granted[due] += share * amount
            credit[due] += (1 - share) * amount
            quota[due] -= rule.early_out * share * amount
            if booked >= 0:
                credit[booked] += rule.early_multiplier * share * amount
                quota[booked] += rule.early_in * share * amount
    return rule.target * sum(multiple(rule, credit[t], quota[t], base[t]) for t in range(lead, end))


def multiple(rule: Rule, credit: float, quota: float, base: float) -> float:
    """What an attainment pays; where the quota is gone it is measured against the base."""
    quota = 0.0 if abs(quota) <= 1e-9 * base else max(quota, 0.0)
    attainment = credit / quota if quota > 0 else 1 + (credit / base if base > 0 else 0.0)
    piece = bisect_right(rule.entry, attainment) - 1
    return float(rule.pays[piece] + rule.slope[piece] * (attainment - rule.left[piece]))
