"""What is compared of a forecast and of what happened: pay, renewals, retention and attainment of every CSM."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.frame import Frame
from sim.plan.plan import Plan
from sim.plan.rule.earnings import Earned
from sim.plan.settlement import Settlement
from sim.plan.total import tiling
from sim.questions.backtest.summary import What
from sim.records import FloatPW, Ledger

Floats = NDArray[np.float64]
BOOKING: Final = "booking"


class BookOutcome(NamedTuple):
    """One CSM, [period, world] unless said otherwise.

    paid       : by the plan. [usd]
    renewed    : ARR of the renewals booked in the period that are counted at all. [usd/yr]
    opening    : ARR of the customers at the start of the period. [usd/yr]
    gross      : what is kept of it at its end. [usd/yr]
    attainment : of the component that the statement shows. [share]
    total      : attainment over the horizon; None where there is no such thing. [world] [share]
    """

    paid: FloatPW
    renewed: FloatPW
    opening: FloatPW
    gross: FloatPW
    attainment: FloatPW
    total: Floats | None


class Outcome(NamedTuple):
    """Every CSM, in some order of names.

    salary  : of one CSM. [usd/period]
    on_cost : employer's cost on pay. [rate]
    """

    csms: tuple[str, ...]
    books: Mapping[str, BookOutcome]
    salary: float
    on_cost: float

    def of_csm(self, csm: str, what: What) -> tuple[FloatPW, Floats | None]:
        """By period and over the horizon, [period, world] and [world]; None where the horizon has no such thing. Of cost the
        variable pay.
        """
        book = self.books[csm]
        if what == "cost":
            return book.paid, book.paid.sum(axis=0)
        if what == "renewed":
            return book.renewed, book.renewed.sum(axis=0)
        if what == "grr":
            kept = _kept(book.gross, book.opening)
            return kept, kept.prod(axis=0)
        return book.attainment, book.total

    def of_company(self, what: What) -> tuple[FloatPW, Floats | None]:
        """The same of all together: of cost with salaries and the employer's cost on pay, of attainment the mean over
        CSMs.
        """
        books = [self.books[csm] for csm in self.csms]
        if what == "cost":
            pay = sum((book.paid for book in books), np.zeros_like(books[0].paid))
            cost = (pay + self.salary * len(books)) * (1.0 + self.on_cost)
            return cost, cost.sum(axis=0)
        if what == "renewed":
            renewed = sum((book.renewed for book in books), np.zeros_like(books[0].renewed))
            return renewed, renewed.sum(axis=0)
        if what == "grr":
            gross = sum((book.gross for book in books), np.zeros_like(books[0].gross))
            opening = sum((book.opening for book in books), np.zeros_like(books[0].opening))
            kept = _kept(gross, opening)
            return kept, kept.prod(axis=0)
        mean: FloatPW = np.mean([book.attainment for book in books], axis=0)
        totals = np.array([book.total for book in books if book.total is not None])
        if len(totals) < len(books):
            return mean, None
        there = np.isfinite(totals)
        count = there.sum(axis=0)
        total: Floats = np.divide(
            np.where(there, totals, 0.0).sum(axis=0), count, out=np.full(count.shape, np.nan), where=count > 0
        )
        return mean, total

    def world(self, number: int) -> "Outcome":
        """One world alone."""
        here = slice(number, number + 1)
        books = {
            csm: BookOutcome(
                book.paid[:, here],
                book.renewed[:, here],
                book.opening[:, here],
                book.gross[:, here],
                book.attainment[:, here],
                None if book.total is None else book.total[here],
            )
            for csm, book in self.books.items()
        }
        return self._replace(books=books)


def book_outcome(
    plan: Plan, settlement: Settlement, ledger: Ledger, kept: tuple[FloatPW, FloatPW], frame: Frame
) -> BookOutcome:
    """What is compared of one book. kept : ARR of the customers at the start of each period, and what is kept of it."""
    return BookOutcome(
        settlement.paid.copy(),
        renewed_of(ledger, frame),
        *kept,
        settlement.statement.attainment.copy(),
        attainment_of(settlement.component[plan.lead.name]),
    )


def renewed_of(ledger: Ledger, frame: Frame) -> FloatPW:
    """ARR booked in each period of the horizon, of renewals that the frame counts. [period, world] [usd/yr]"""
    amount, calendar = ledger.amount[BOOKING], frame.calendar
    out = np.zeros((calendar.span, amount.shape[2]))
    for cell, offset in enumerate(frame.cells.offset.tolist()):
        first, last = max(0, -offset), min(calendar.span, calendar.span - offset)
        if first < last:
            out[first + offset : last + offset] += amount[first:last, cell]
    return out[calendar.lead : calendar.lead + calendar.periods]


def attainment_of(earned: Earned) -> Floats | None:
    """Attainment over the horizon, as ``sim.plan.total`` has it, of every world; None where there is no such thing, NaN
    where nothing was asked. [world] [share]
    """
    if earned.reading is None or earned.measured is None or earned.window is None:
        return None
    tiles, measured = tiling(earned.window), earned.measured
    if not earned.reading.adds_up:
        return measured.attainment[tiles[0]].copy() if len(tiles) == 1 else None
    asked = measured.target[tiles].sum(axis=0)
    reached = measured.value[tiles].sum(axis=0)
    total: Floats = np.divide(reached, asked, out=np.full_like(reached, np.nan), where=asked > 0.0)
    return total


def _kept(gross: FloatPW, opening: FloatPW) -> FloatPW:
    """``gross`` over ``opening``; of nothing all is kept."""
    return np.divide(gross, opening, out=np.ones_like(gross), where=opening > 0.0)


def salary_of(plan: Plan, calendar: Calendar) -> float:
    """Of one CSM. [usd/period]"""
    return plan.pay.base_salary * calendar.years / calendar.periods


def side_by_side(parts: Sequence[BookOutcome]) -> BookOutcome:
    """One book in the worlds of all parts, in order."""
    totals = [part.total for part in parts if part.total is not None]
    return BookOutcome(
        np.concatenate([part.paid for part in parts], axis=1),
        np.concatenate([part.renewed for part in parts], axis=1),
        np.concatenate([part.opening for part in parts], axis=1),
        np.concatenate([part.gross for part in parts], axis=1),
        np.concatenate([part.attainment for part in parts], axis=1),
        np.concatenate(totals) if len(totals) == len(parts) else None,
    )
