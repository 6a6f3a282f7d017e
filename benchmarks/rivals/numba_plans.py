"""The plans of the numba rival: rules as arrays, and the bonus of one book in one world."""

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit

from benchmarks.rivals.rules import FARTHEST, LATE_EDGES, Rule

BANDS: Final = len(LATE_EDGES)
SUMS: Final = 4 + 2 * BANDS
NUMBERS = ("rate", "amount", "at_due", "early_multiplier", "cap", "cap_follows")
NUMBERS += ("early_out", "early_in", "late_out", "late_in", "target")


class Plans(NamedTuple):
    """The rules as arrays. [plan, number], [plan, band], [plan, line of the curve, piece] and [plan]."""

    numbers: np.ndarray
    late_multiplier: np.ndarray
    curve: np.ndarray
    pieces: np.ndarray


def as_plans(rules: tuple[Rule, ...]) -> Plans:
    """The rules as arrays."""
    pieces = np.array([len(rule.entry) for rule in rules])
    curve = np.zeros((len(rules), 4, max(pieces)))
    for plan, rule in enumerate(rules):
        curve[plan, :, : pieces[plan]] = rule.entry, rule.left, rule.pays, rule.slope
    numbers = [[float(getattr(rule, name)) for name in NUMBERS] for rule in rules]
    return Plans(np.array(numbers), np.array([rule.late_multiplier for rule in rules]), curve, pieces)


@njit(error_model="numpy")
def summarise(early, late, sums):
    """What plans without a cap need, once a book: by due period, by period of credit, and carried over a period's end.

    sums : early by due period and by period of credit, the same of late amounts carried, then of the late bands.
    """
    span = len(early)
    sums[:] = 0.0
    for t in range(span):
        for ahead in range(1, FARTHEST + 1):
            amount = early[t, ahead - 1]
            sums[0, t] += amount
            if t >= ahead:
                sums[1, t - ahead] += amount
        for offset in range(FARTHEST + 1):
            for band in range(BANDS):
                amount = late[t, offset, band]
                sums[4 + band, t] += amount
                if offset > 0:
                    sums[2, t] += amount
                if t + offset < span:
                    sums[4 + BANDS + band, t + offset] += amount
                    if offset > 0:
                        sums[3, t + offset] += amount


@njit(error_model="numpy")
def pay(plans, plan, company, renewable, on_time, early, sums, work):
    """Bonus of a book over the horizon. [usd]"""
    rate, amount, at_due, early_multiplier, cap, follows, early_out, early_in, late_out, late_in, target = (
        plans.numbers[plan]
    )
    lead, end = company.lead, company.lead + company.periods
    granted, into, waiting = work
    capped = cap < math.inf
    if capped:
        grant(rate, amount, cap, follows, renewable, early, lead, end, granted, into, waiting)
    late_multiplier, curve, pieces = plans.late_multiplier[plan], plans.curve[plan], plans.pieces[plan]
    total = 0.0
    for t in range(lead, end):
        asked = rate * renewable[t] + amount
        left_early, came_early = (granted[t], into[t]) if capped else (sums[0, t], sums[1, t])
        credit = on_time[t] + early_multiplier * (sums[0, t] if at_due > 0.0 else came_early)
        credit += waiting[t] if capped else 0.0
        bands = 4 if at_due > 0.0 else 4 + BANDS
        for band in range(BANDS):
            credit += late_multiplier[band] * sums[bands + band, t]
        quota = (
            asked
            + early_in * came_early
            - early_out * left_early
            + late_in * sums[3, t]
            - late_out * sums[2, t]
        )
        quota = 0.0 if abs(quota) <= 1e-9 * asked else max(quota, 0.0)
        attainment = credit / quota if quota > 0.0 else 1.0 + (credit / asked if asked > 0.0 else 0.0)
        piece = 0
        while piece + 1 < pieces and attainment >= curve[0, piece + 1]:
            piece += 1
        total += curve[2, piece] + curve[3, piece] * (attainment - curve[1, piece])
    return target * total


@njit(error_model="numpy")
def grant(rate, amount, cap, follows, renewable, early, lead, end, granted, into, waiting):
    """Early amounts credited up to the cap in the period they are booked in; the rest waits for its due period."""
    span = len(renewable)
    granted[:] = 0.0
    into[:] = 0.0
    waiting[:] = 0.0
    for t in range(-1, end):
        last = min(FARTHEST + 1, span - t)
        total = 0.0
        for ahead in range(1, last):
            total += early[t + ahead, ahead - 1]
        share = 1.0
        if t >= 0:
            base = rate * renewable[t] + amount - (follows * granted[t] if t >= lead else 0.0)
            limit = cap * max(base, 0.0)
            share = limit / total if total > limit else 1.0
        for ahead in range(1, last):
            due, moved = t + ahead, early[t + ahead, ahead - 1]
            granted[due] += share * moved
            waiting[due] += (1.0 - share) * moved
            if t >= 0:
                into[t] += share * moved
