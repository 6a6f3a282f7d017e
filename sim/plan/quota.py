"""Quota: what is asked of a CSM in a period, and how it follows early and late credit."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.plan.component import Quota, QuotaMoves
from sim.plan.crediting import CreditTerms, Moved, moved_early, moved_late
from sim.plan.sums import Horizon
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, Ledger

ROUNDING = 1e-12
"""A difference of sums below this share of them is rounding: without this the order of summation could decide
between a quota of nothing and a quota of almost nothing."""


class QuotaTerms(NamedTuple):
    """What is asked, and the quota that moves per usd moved.

    amount, rate : of a fixed [usd/period] or a retention [share] quota; the other is 0.
    out_of_due   : quota leaving the due period per usd early, and per usd late. [usd/usd]
    into         : quota entering the period of credit, likewise. [usd/usd]
    floor        : least quota. [share of the base quota]
    shortfall    : late quota follows all that was due and not booked, instead of what came back.
    """

    amount: float
    rate: float
    out_of_due: tuple[float, float]
    into: tuple[float, float]
    floor: float
    shortfall: bool


def quota_terms(quota: Quota, moves: QuotaMoves, date: str) -> QuotaTerms:
    """The quota rule as numbers. With credit by due date nothing changes periods, and no quota follows."""
    still = (0.0, 0.0)
    return QuotaTerms(
        amount=quota.amount or 0.0,
        rate=quota.rate or 0.0,
        out_of_due=still if date == "due" else (moves.early_out_of_due, moves.late_out_of_due),
        into=still if date == "due" else (moves.early_into_booked, moves.late_into_booked),
        floor=moves.floor,
        shortfall=moves.carry == "shortfall",
    )


def base_quota(terms: QuotaTerms, ledger: Ledger) -> FloatPW:
    """Credit asked before any quota moves. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases.
    """
    if terms.amount > 0:
        return np.full_like(ledger.renewable, terms.amount)
    return terms.rate * ledger.renewable


def adjusted_quota(
    terms: QuotaTerms, base: FloatPW, credit: CreditTerms, early: Moved | None, sheet: Worksheet
) -> FloatPW:
    """Quota after the moves. [period, world] [usd]

    base  : of the periods of the horizon. [period, world] [usd]
    early : what was granted early, where a cap decided that.

    Source: Compensating Customer Success Managers (founding document): early cases 4 (out of the due quarter)
    and 5 (and into the booked one), late cases 4 (into the booked quarter) and 5 (and out of the due one).
    """
    follows_early, follows_late = (max(pair) > 0 for pair in zip(terms.out_of_due, terms.into, strict=True))
    if not (follows_early or follows_late):
        return base
    nothing = Moved(np.zeros_like(base), np.zeros_like(base))
    late = nothing
    if early is None:
        early = moved_early(credit, sheet) if follows_early else nothing
    if follows_late:
        late = shortfall(credit.horizon, sheet) if terms.shortfall else moved_late(credit, sheet)
    quota = np.empty_like(base)
    move_quota(base, early, late, terms.out_of_due, terms.into, terms.floor, quota)
    return quota


def shortfall(horizon: Horizon, sheet: Worksheet) -> Moved:
    """What was due and not booked by the end of its period leaves that quota and enters the next.

    Source: Compensating Customer Success Managers (founding document), late case 4: "the shortfall in Q1 adds to
    the Q2 renewal quota".
    """
    missing = np.vstack([np.zeros_like(sheet.ledger.unbooked[:1]), sheet.ledger.unbooked])
    first, last = horizon.lead, horizon.lead + horizon.periods
    return Moved(missing[first + 1 : last + 1], missing[first:last])


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
