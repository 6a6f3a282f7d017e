"""Quota: what is asked of a CSM in a period, and how it follows early and late credit."""

from typing import Final, NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.plan.amounts import Amounts, asked_of
from sim.plan.base_quota import Quota
from sim.plan.component import QuotaMoves
from sim.plan.crediting import Credit, CreditTerms, Moves, moves_of
from sim.plan.sums import Horizon
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, Ledger

ROUNDING: Final = 1e-12
"""A difference of sums below this share of them is rounding: without this the order of summation could decide
between a quota of nothing and a quota of almost nothing."""


class QuotaTerms(NamedTuple):
    """What is asked, and the quota that moves per usd moved.

    amounts      : of a quota in usd; None of one of the ARR due.
    rate         : of the ARR due; 0 of a quota in usd. [share]
    follow       : quota moved per usd of each of the ``Moves``. [usd/usd]
    floor        : least quota. [share of the base quota]
    shortfall    : late quota follows all that was due and not booked, instead of what came back.
    ratchets     : what a period was above, and below, what was asked that is asked more, and less, from the next on. [share]
    key          : spells out the base quota.
    """

    amounts: Amounts | None
    rate: float
    follow: tuple[float, float, float, float]
    floor: float
    shortfall: bool
    ratchets: tuple[float, float]
    key: bytes


def quota_terms(quota: Quota, amounts: Amounts | None, moves: QuotaMoves, date: str) -> QuotaTerms:
    """The quota rule as numbers.

    With credit by due date nothing changes periods, and no quota follows.
    """
    follow = (moves.early_out_of_due, moves.early_into_booked, moves.late_out_of_due, moves.late_into_booked)
    return QuotaTerms(
        amounts=amounts,
        rate=quota.rate or 0.0,
        follow=(0.0, 0.0, 0.0, 0.0) if date == "due" else follow,
        floor=moves.floor,
        shortfall=moves.carry == "shortfall",
        ratchets=quota.ratchets,
        key=repr(("base quota", amounts, quota.rate)).encode(),
    )


def base_quota(terms: QuotaTerms, sheet: Worksheet) -> FloatPW:
    """Credit asked before any quota moves. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases.
    """

    def work_out() -> FloatPW:
        renewable = sheet.ledger.renewable
        base = sheet.empty(*renewable.shape)
        if terms.amounts is not None:
            base[:] = asked_of(terms.amounts, sheet.ledger)[: len(base), np.newaxis]
        else:
            np.multiply(renewable, terms.rate, out=base)
        return base

    return sheet.once(terms.key, work_out)


def ratcheted(terms: QuotaTerms, base: FloatPW, credit: tuple[FloatPW, ...], sheet: Worksheet) -> FloatPW:
    """The base quota as earlier periods have moved it; caps on early credit rest on the one before. [period, world] [usd]

    credit : of each side. [period, world] [usd]
    """
    if not any(terms.ratchets):
        return base
    asked = sheet.empty(*base.shape)
    early, late, on_time = credit
    ratchet_quota(base, early, late, on_time, terms.ratchets, asked)
    return asked


@kernel
def ratchet_quota(
    base: FloatPW,
    early: FloatPW,
    late: FloatPW,
    on_time: FloatPW,
    ratchets: tuple[float, float],
    asked: FloatPW,
) -> None:
    """Ask more of who achieved more: level' = level + lambda (credit / base - level), the quota being level x base.

    A period in which nothing is asked leaves the level as it is.

    Source: q' = q + lambda (y - q), Weitzman (1980), "The 'ratchet principle' and performance incentives", Bell Journal of
    Economics 11.
    """
    level = np.ones(base.shape[1])
    for t in range(base.shape[0]):
        for w in range(base.shape[1]):
            planned = base[t, w]
            asked[t, w] = level[w] * planned
            divisor = planned if planned > 0.0 else 1.0
            gap = (early[t, w] + late[t, w] + on_time[t, w]) / divisor - level[w]
            moved = (ratchets[0] if gap > 0.0 else ratchets[1]) * gap
            level[w] += moved if planned > 0.0 else 0.0


def adjusted_quota(
    terms: QuotaTerms, base: FloatPW, crediting: CreditTerms, credit: Credit, sheet: Worksheet
) -> FloatPW:
    """Quota after the moves. [period, world] [usd]

    base : of the periods of the horizon. [period, world] [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 4 (out of the due quarter)
    and 5 (and into the booked one), late cases 4 (into the booked quarter) and 5 (and out of the due one).
    """
    if not any(terms.follow):
        return base
    moves = moves_of(crediting, credit, sheet)
    if terms.shortfall:
        moves = Moves(moves.early_out, moves.early_in, *shortfall(crediting.horizon, sheet.ledger))
    quota = sheet.empty(*base.shape)
    move_quota(base, *moves, terms.follow, terms.floor, quota)
    return quota


def shortfall(horizon: Horizon, ledger: Ledger) -> tuple[FloatPW, FloatPW]:
    """What was due and not booked by the end of its period, and the same one period on. [period, world] [usd]

    Source: Compensating Customer Success Managers (founding document), late case 4: "the shortfall in Q1 adds
    to the Q2 renewal quota".
    """
    missing = np.vstack([np.zeros_like(ledger.unbooked[:1]), ledger.unbooked])
    first, last = horizon.lead, horizon.lead + horizon.periods
    return missing[first + 1 : last + 1], missing[first:last]


@kernel
def move_quota(
    base: FloatPW,
    early_out: FloatPW,
    early_in: FloatPW,
    late_out: FloatPW,
    late_in: FloatPW,
    follow: tuple[float, float, float, float],
    floor: float,
    quota: FloatPW,
) -> None:
    """Let quotas follow early and late amounts; ``follow`` is in the order of the arrays."""
    for t in range(base.shape[0]):
        for w in range(base.shape[1]):
            leaving = follow[0] * early_out[t, w] + follow[2] * late_out[t, w]
            entering = follow[1] * early_in[t, w] + follow[3] * late_in[t, w]
            moved = base[t, w] + entering - leaving
            rounding = ROUNDING * (base[t, w] + entering + leaving)
            quota[t, w] = max(0.0 if abs(moved) <= rounding else moved, floor * base[t, w])
