"""Cohorts: the accounts held at the start of a window, and what is left of them at its end, account by account.

Worlds and histories write each account's way through the horizon; here it is read, for both in the same words.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.kernel import kernel, stage
from sim.records import Cohort, Cohorts, CohortTerms, FloatPW, IntP

NOTHING: Final = 0.005
"""Less ARR than half a cent is the rounding of a sum, and no customer. [usd/yr]"""


class Way(NamedTuple):
    """One account through the horizon. The first two are [period + 1, world], at the bounds of periods.

    level  : ARR of the account, what has lapsed and comes back included. [usd/yr]
    lapsed : part of it that has lapsed and comes back. [usd/yr]
    low    : the lowest level that a loss of the period left; infinite without one. [period, world] [usd/yr]
    spared : lost in the period and not counted. [period, world] [usd/yr]
    """

    level: FloatPW
    lapsed: FloatPW
    low: FloatPW
    spared: FloatPW


def no_cohort(periods: int, worlds: int) -> Cohort:
    """A cohort of no accounts yet."""
    return Cohort(*np.zeros((5, periods, worlds)))


def first_periods(terms: CohortTerms) -> IntP:
    """The first period of each window, as a kernel reads it. [period]"""
    return np.array(terms.first, dtype=np.int64)


@stage
def add_way(way: Way, first: IntP, snapshot: bool, out: Cohort) -> None:
    """Add one account to the cohort of each window.

    By events the account keeps the lowest level that losses left it with, and at most what it had: what is regained or
    grown does not make up for a loss, and losing what was grown is no loss. By snapshot it keeps the lower of its ARR at
    both ends. Whoever was left with nothing is a new customer when he returns. What had lapsed before the window and
    comes back in it is neither kept nor grown.
    """
    periods, worlds = out.opening.shape
    lowest, spared = np.empty(worlds), np.empty(worlds)
    for t in range(periods):
        s = first[t]
        lowest[:] = np.inf
        spared[:] = 0.0
        for p in range(s, t + 1):
            for w in range(worlds):
                lowest[w] = min(lowest[w], way.low[p, w])
                spared[w] += way.spared[p, w]
        for w in range(worlds):
            start = way.level[s, w] - way.lapsed[s, w]
            start = start if start >= NOTHING else 0.0
            out_now = way.lapsed[t + 1, w]
            back = max(way.lapsed[s, w] - out_now, 0.0)
            end = way.level[t + 1, w] - out_now - back
            end = (end if (end >= NOTHING) & (lowest[w] > 0.0) else 0.0) + spared[w]
            held = min(start, lowest[w])
            by_events = min(held, end) if out_now > 0.0 else held
            counted = start > 0.0
            out.opening[t, w] += start
            out.gross[t, w] += min(start, end) if snapshot else by_events
            out.net[t, w] += end if counted else 0.0
            out.accounts[t, w] += 1.0 if counted else 0.0
            out.logos[t, w] += 1.0 if counted & (end > 0.0) else 0.0


@kernel
def add_account(way: Way, first: IntP, snapshot: bool, out: Cohort) -> None:
    """The same for a way that was written outside of kernels."""
    add_way(way, first, snapshot, out)


def add_cohorts(one: Cohorts, other: Cohorts) -> dict[CohortTerms, Cohort]:
    """The cohorts of two sets of books together, as somebody sees them who came to no book: without grace."""
    return {
        terms: Cohort(*(a + b for a, b in zip(one[terms.ungraced], other[terms.ungraced], strict=True)))
        for terms in one
    }


def ungraced(cohorts: Cohorts) -> dict[CohortTerms, Cohort]:
    """Cohorts as somebody sees them who came to no book."""
    return {terms: cohorts[terms.ungraced] for terms in cohorts}


def cohorts_side_by_side(pieces: list[Cohorts]) -> dict[CohortTerms, Cohort]:
    """One set of cohorts of the worlds of all pieces, in order."""
    return {
        terms: Cohort(
            *(np.concatenate(each, axis=-1) for each in zip(*(piece[terms] for piece in pieces), strict=True))
        )
        for terms in pieces[0]
    }


def scaled_cohorts(cohorts: Cohorts, factor: float) -> dict[CohortTerms, Cohort]:
    """The cohorts of as many accounts, each so many times as large."""
    return {
        terms: cohort._replace(
            opening=factor * cohort.opening, gross=factor * cohort.gross, net=factor * cohort.net
        )
        for terms, cohort in cohorts.items()
    }
