"""Quota: what is asked of a CSM in a period, and how it follows early and late credit."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.plan.component import Quota, QuotaMoves
from sim.plan.crediting import Credit, Moved
from sim.records import FloatPW, Ledger

ROUNDING = 1e-12
"""A difference of sums below this share of them is rounding: without this the order of summation could decide
between a quota of nothing and a quota of almost nothing."""


class QuotaTerms(NamedTuple):
    """What is asked, and the quota that moves per usd moved. ``moves`` is False where none can.

    amount, rate : of a fixed [usd/period] or a retention [share] quota; the other is 0.
    floor        : least quota. [share of the base quota]
    shortfall    : late quota follows all that was due and not booked, instead of what came back.
    """

    amount: float
    rate: float
    moves: bool
    early_out_of_due: float
    early_into_booked: float
    late_into_booked: float
    late_out_of_due: float
    floor: float
    shortfall: bool
    lead: int
    periods: int


def quota_terms(quota: Quota, moves: QuotaMoves, date: str, lead: int, periods: int) -> QuotaTerms:
    """The quota rule as numbers. With credit by due date nothing changes periods, and no quota follows."""
    coefficients = (
        moves.early_out_of_due,
        moves.early_into_booked,
        moves.late_into_booked,
        moves.late_out_of_due,
    )
    return QuotaTerms(
        quota.amount or 0.0,
        quota.rate or 0.0,
        date != "due" and max(coefficients) > 0,
        *coefficients,
        moves.floor,
        moves.carry == "shortfall",
        lead,
        periods,
    )


def base_quota(terms: QuotaTerms, ledger: Ledger) -> FloatPW:
    """Credit asked before any quota moves. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases.
    """
    if terms.amount > 0:
        return np.full_like(ledger.renewable, terms.amount)
    return terms.rate * ledger.renewable


def adjusted_quota(terms: QuotaTerms, base: FloatPW, credit: Credit, ledger: Ledger) -> FloatPW:
    """Quota after the moves. [period, world] [usd]

    base : of the periods of the horizon. [period, world] [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 4 (out of the due quarter)
    and 5 (and into the booked one), late cases 4 (into the booked quarter) and 5 (and out of the due one).
    """
    quota = base.copy()
    if terms.moves:
        nothing = np.zeros_like(base)
        early = credit.early or Moved(nothing, nothing)
        late = _shortfall(terms, ledger) if terms.shortfall else credit.late or Moved(nothing, nothing)
        out_of_due = (terms.early_out_of_due, terms.late_out_of_due)
        into = (terms.early_into_booked, terms.late_into_booked)
        move_quota(base, early, late, out_of_due, into, terms.floor, quota)
    return quota


def _shortfall(terms: QuotaTerms, ledger: Ledger) -> Moved:
    """What was due and not booked by the end of its period leaves that quota and enters the next."""
    missing = np.vstack([np.zeros_like(ledger.unbooked[:1]), ledger.unbooked])
    first = terms.lead + 1
    return Moved(missing[first : first + terms.periods], missing[first - 1 : first - 1 + terms.periods])


@kernel
def move_quota(
    base: FloatPW,
    early: Moved,
    late: Moved,
    out_of_due: tuple[float, float],
    into: tuple[float, float],
    floor: float,
    quota: FloatPW,
) -> None:
    """Let quotas follow early and late amounts; each pair holds the quota moved per usd early and late."""
    for t in range(base.shape[0]):
        for w in range(base.shape[1]):
            leaving = out_of_due[0] * early.out_of_due[t, w] + out_of_due[1] * late.out_of_due[t, w]
            entering = into[0] * early.into[t, w] + into[1] * late.into[t, w]
            moved = base[t, w] + entering - leaving
            rounding = ROUNDING * (base[t, w] + entering + leaving)
            quota[t, w] = max(0.0 if abs(moved) <= rounding else moved, floor * base[t, w])
