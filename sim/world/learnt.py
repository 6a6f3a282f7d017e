"""Market and skill given what they have made of the renewals so far: a normal posterior, drawn with the words of the prior.

The log posterior of the market path M and of the skills U is

    - M' Q M / 2 - sum U^2 / 2 + sum over renewals of l(market M[period] + skill U[csm])

with Q the precision of the AR(1) and l as in ``sim.world.evidence``. Its mode and its curvature there give a normal law
(Laplace). A world draws from it with the standard normals that it would have drawn M and U from: where nothing is known
both are the same numbers, so forecasts of two days are paired.

Source: Tierney and Kadane (1986), Laplace's method; Rue and Held (2005), Gaussian Markov random fields, chapter 2.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, IntP
from sim.world.book import Book
from sim.world.evidence import (
    Evidence,
    Shared,
    amounts_of,
    log_likelihood,
    odds_of,
    seen_of,
    share_of_odds,
    shared_of,
)
from sim.world.known import Known, Standing
from sim.world.laws import Loadings
from sim.world.opened import NOTHING, Outcome, asked_of
from sim.world.scenario import Scenario

Floats = NDArray[np.float64]

STEPS: Final = 100
CLOSE: Final = 1e-9
KNOWN_SKILL: Final = 1e12
"""Precision of a skill that is given."""


class Learnt(NamedTuple):
    """Normal law of market and skills.

    market : mean. [due period]
    factor : of its deviation, by the steps that it is drawn from. [due period, due period]
    skill  : mean. [csm]
    slope  : of a skill on the deviation of the market. [csm, due period]
    spread : standard deviation of a skill given the market. [csm]
    """

    market: Floats
    factor: Floats
    skill: Floats
    slope: Floats
    spread: Floats

    def market_of(self, steps: Floats) -> Floats:
        """The market path. steps : standard normal, by due period. [due period, world]"""
        found: Floats = self.market[:, None] + self.factor @ steps
        return found

    def skill_of(self, csm: int, market: Floats, score: Floats) -> Floats:
        """Skill of one CSM in each world. score : standard normal. [world]"""
        beyond = self.slope[csm] @ (market - self.market[:, None])
        found: Floats = self.skill[csm] + beyond + self.spread[csm] * score
        return found


class Counted(NamedTuple):
    """Renewals of one kind in one book and due period. All [cell].

    table : log likelihood of each kind. [kind, value]
    """

    kind: IntP
    csm: IntP
    period: IntP
    number: Floats
    table: Floats


def learn(
    known: Known,
    standing: Standing,
    book: Book,
    scenario: Scenario,
    load: Loadings,
) -> Learnt | None:
    """The law of market and skills given what is known; None where it is that of the prior."""
    shared = shared_of(load)
    if not shared.market and not shared.skill:
        return None
    counted = _count(_evidence(known, standing, book, scenario), shared, book)
    if not counted.number.size or not counted.table.any():
        return None
    return _laplace(counted, shared, book, scenario)


def open_factors(
    known: Known, standing: Standing, book: Book, scenario: Scenario, load: Loadings, kind: NDArray[np.int32]
) -> dict[int, float]:
    """By the kinds of ``sim.world.opened``, the factor on the odds of staying of those that are open; see
    ``sim.world.evidence.share_of_odds``. Accounts of a kind are alike.
    """
    shared, found = shared_of(load), dict[int, float]()
    for piece, account, _ in _evidence(known, standing, book, scenario):
        place = int(kind[account])
        if piece.seen is None and place and place not in found:
            found[place] = share_of_odds(piece, shared)
    return found


def _evidence(
    known: Known, standing: Standing, book: Book, scenario: Scenario
) -> list[tuple[Evidence, int, int]]:
    """Every renewal of which something is known, its account and its due day."""
    rows, found = known.bookings, []
    given = book.given.get("churn_probability", np.full(len(book.accounts), np.nan))
    first = np.searchsorted(rows.account, np.arange(len(book.accounts) + 1))
    for account in np.flatnonzero(~book.arrival).tolist():
        segment = scenario.segment[int(book.segment[account])]
        odds, amounts = odds_of(segment, book.terms, float(given[account])), amounts_of(segment)
        term = book.terms.index(int(book.given["term_months"][account]))
        before: tuple[Outcome, ...] = ()
        opened = asked_of(segment, int(book.given["due_day"][account]))
        for row in range(int(first[account]), int(first[account + 1])):
            lost, arr = rows.booked_day[row] == NEVER, float(rows.arr[row])
            lag = None if lost else int(rows.booked_day[row] - rows.due_day[row])
            seen = seen_of(segment, lag, float(rows.booked_arr[row]) / arr if arr > 0.0 else 1.0)
            piece = Evidence(odds, term, before, seen, NOTHING, opened, amounts)
            found.append((piece, account, int(rows.due_day[row])))
            before, opened = tuple(sorted((*before, (term, not seen.lost)))), NOTHING
            months = int(rows.term[row]) or book.terms[term]
            term = int(np.abs(np.array(book.terms) - months).argmin())
        due = int(standing.due_day[account])
        asked = NOTHING if due >= NEVER else asked_of(segment, due - known.open_on)
        if asked not in (NOTHING, opened):
            piece = Evidence(odds, term, before, None, asked, opened, amounts)
            found.append((piece, account, due))
    return found


def _count(found: list[tuple[Evidence, int, int]], shared: Shared, book: Book) -> Counted:
    """Renewals of the same kind, book and due day counted together; by due day, as periods are not known here."""
    kinds: dict[tuple[float, ...], int] = {}
    cells: dict[tuple[int, int, int], float] = {}
    holder = np.searchsorted(book.csm_start, np.arange(len(book.accounts)), side="right") - 1
    for piece, account, due in found:
        table, csm = log_likelihood(piece, shared), int(holder[account])
        kind = kinds.setdefault(table, len(kinds))
        cells[kind, csm, due] = cells.get((kind, csm, due), 0.0) + 1.0
    places = np.array(list(cells), dtype=np.int64).reshape(-1, 3)
    return Counted(
        places[:, 0], places[:, 1], places[:, 2], np.array(list(cells.values())), np.array(list(kinds))
    )


def _laplace(counted: Counted, shared: Shared, book: Book, scenario: Scenario) -> Learnt:
    calendar = scenario.calendar
    period = np.searchsorted(calendar.bounds, counted.period, side="right") - 1
    inside = (period >= 0) & (period < calendar.span)
    cells = Counted(
        counted.kind[inside], counted.csm[inside], period[inside], counted.number[inside], counted.table
    )
    precision, mean, given = _prior(book, scenario)
    csms, span = len(book.csms), calendar.span
    rate = _Rate(cells, shared, csms, span)
    market, skill = mean.copy(), np.where(np.isnan(given), 0.0, given)
    tight = np.where(np.isnan(given), 1.0, KNOWN_SKILL)
    for _ in range(STEPS):
        slope, bend = rate(market, skill)
        pull = shared.market * slope.sum(axis=0) - precision @ (market - mean)
        own = shared.skill * slope.sum(axis=1) - tight * (skill - np.where(np.isnan(given), 0.0, given))
        step_market, step_skill = _solved(pull, own, bend, precision, tight, shared)
        market, skill = market + step_market, skill + step_skill
        if max(np.abs(step_market).max(), np.abs(step_skill).max()) < CLOSE:
            break
    _, bend = rate(market, skill)
    width = tight + shared.skill**2 * bend.sum(axis=1)
    cross = shared.market * shared.skill * bend
    whole = precision + np.diag(shared.market**2 * bend.sum(axis=0)) - cross.T @ (cross / width[:, None])
    order = outwards(calendar)
    factor = np.zeros((span, span))
    factor[np.ix_(order, order)] = np.linalg.cholesky(np.linalg.inv(whole)[np.ix_(order, order)])
    if scenario.market.level is not None:
        factor[:] = 0.0
    return Learnt(market, factor, skill, -cross / width[:, None], 1.0 / np.sqrt(width))


def _solved(
    pull: Floats, own: Floats, bend: Floats, precision: Floats, tight: Floats, shared: Shared
) -> tuple[Floats, Floats]:
    """A Newton step: the arrowhead system of market and skills, by the Schur complement of the skills."""
    width = tight + shared.skill**2 * bend.sum(axis=1)
    cross = shared.market * shared.skill * bend
    whole = precision + np.diag(shared.market**2 * bend.sum(axis=0)) - cross.T @ (cross / width[:, None])
    market = np.linalg.solve(whole, pull - cross.T @ (own / width))
    return market, (own - cross @ market) / width


class _Rate:
    """Slope and curvature of the log likelihood in c, by book and due period: cubic splines through the tables."""

    def __init__(self, cells: Counted, shared: Shared, csms: int, span: int) -> None:
        from scipy.interpolate import CubicSpline

        self._cells, self._shared, self._shape = cells, shared, (csms, span)
        self._values = np.array(shared.values)
        self._pieces = CubicSpline(self._values, cells.table.T).c  # [power, interval, kind]

    def __call__(self, market: Floats, skill: Floats) -> tuple[Floats, Floats]:
        """Slope, and curvature where it is one: both [csm, due period], the latter not below 0."""
        kind, csm, period, number, _ = self._cells
        c = self._shared.market * market[period] + self._shared.skill * skill[csm]
        c = np.clip(c, self._values[0], self._values[-1])
        place = np.clip(np.searchsorted(self._values, c, side="right") - 1, 0, len(self._values) - 2)
        cube, square, straight, _ = (self._pieces[power, place, kind] for power in range(4))
        x = c - self._values[place]
        slope, bend = np.zeros(self._shape), np.zeros(self._shape)
        np.add.at(slope, (csm, period), number * (3.0 * cube * x**2 + 2.0 * square * x + straight))
        np.add.at(bend, (csm, period), -number * (6.0 * cube * x + 2.0 * square))
        return slope, np.maximum(bend, 0.0)


def _prior(book: Book, scenario: Scenario) -> tuple[Floats, Floats, Floats]:
    """Precision and mean of the market path, and the skills that are given (NaN where not). [due period], [csm]

    Source: precision of a stationary AR(1), Rue and Held (2005), section 1.1.1.
    """
    span, phi, level = scenario.calendar.span, scenario.market.persistence, scenario.market.level
    given = np.array([book.skill_of(csm) for csm in range(len(book.csms))])
    if level is not None:
        return np.eye(span) * KNOWN_SKILL, np.full(span, level), given
    precision = np.diag(np.full(span, 1.0 + phi**2))
    precision[0, 0] = precision[-1, -1] = 1.0
    precision -= phi * (np.eye(span, k=1) + np.eye(span, k=-1))
    return precision / (1.0 - phi**2), np.zeros(span), given


def outwards(calendar: Calendar) -> list[int]:
    """Due periods in the order in which the market is drawn: from the first of the horizon on, then back before it."""
    return [*range(calendar.lead, calendar.span), *range(calendar.lead - 1, -1, -1)]
