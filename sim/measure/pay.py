"""What one book adds to the measures of a plan: who is paid how much, for what, and how evenly.

A ``Tally`` belongs to one plan and one block of worlds. Books are added to it in order; nothing here depends
on which worlds share a block.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.measure.histogram import BINS, count_values
from sim.measure.moments import TILE, Moments, no_moments, tile_moments
from sim.records import BoolPW, FloatP, FloatPW, IntP, Statement

SLACK = 1e-9
"""Pay within this share of the target bonus of a mark counts as on it: float64 leaves residue, contracts do
not.
"""


NEARLY_NOTHING = 0.1
"""A quota moved below this share of what was planned is nearly nothing: credit then counts more than ten times."""


UNTARGETED = 10_000.0
"""Unit of the histogram of pay where a plan has no target bonus: of no effect but on its resolution. [usd]"""


class PayMarks(NamedTuple):
    """What the pay of a period is compared with. [usd]

    target : bonus at 100 % attainment.
    cap    : highest bonus a period can pay; infinite where the curve has no cap.
    moves  : whether quotas move, so that periods are counted of which quota nearly nothing is left.
    low    : pay below this is low; 0 where nobody asks.
    """

    target: float
    cap: float
    moves: bool = False
    low: float = 0.0

    @property
    def unit(self) -> float:
        """What pay is counted in, in histograms: the target bonus, where there is one. [usd]"""
        return self.target if self.target > 0.0 else UNTARGETED


class Tally(NamedTuple):
    """Sums over the books of one plan, for one block of worlds.

    variable             : pay. [period, world] [usd]
    early, late, on_time : the part of the pay earned so, over the horizon. [world] [usd]
    uncredited           : the part paid in periods without any credit, as when nothing was due. [world] [usd]
    zero, at_target, at_cap, exhausted : CSM-periods without pay; at target or above; at the cap; whose
                           adjusted quota was not positive. [world] [count]
    not_low              : CSM-periods that are not paid low, where somebody asks. [world] [count]
    attainment           : sum over CSM-periods. [world] [share]
    unevenness, paid     : sum of the CSMs' coefficients of variation of pay between periods, and the number
                           of CSMs with any pay. [world]
    pay                  : of each CSM over the horizon. [csm, world] [usd]
    reached              : moments of each CSM's mean attainment. [tile, csm] [share]
    marks                : zero, at target, at cap and exhausted periods of each CSM, and those in which nearly nothing of
                           the quota is left and credit is, over all worlds. [csm, 5] [count]
    attainment_bins, pay_bins : histograms of CSM-periods by attainment and by pay over its unit. [bin] [count]
    """

    variable: FloatPW
    early: NDArray[np.float64]
    late: NDArray[np.float64]
    on_time: NDArray[np.float64]
    uncredited: NDArray[np.float64]
    zero: NDArray[np.float64]
    at_target: NDArray[np.float64]
    at_cap: NDArray[np.float64]
    exhausted: NDArray[np.float64]
    not_low: NDArray[np.float64]
    attainment: NDArray[np.float64]
    unevenness: NDArray[np.float64]
    paid: NDArray[np.float64]
    pay: NDArray[np.float64]
    reached: Moments
    marks: IntP
    attainment_bins: IntP
    pay_bins: IntP


def new_tally(periods: int, csms: int, worlds: int) -> Tally:
    """A tally of no books yet."""
    return Tally(
        variable=np.zeros((periods, worlds)),
        early=np.zeros(worlds),
        late=np.zeros(worlds),
        on_time=np.zeros(worlds),
        uncredited=np.zeros(worlds),
        zero=np.zeros(worlds),
        at_target=np.zeros(worlds),
        at_cap=np.zeros(worlds),
        exhausted=np.zeros(worlds),
        not_low=np.zeros(worlds),
        attainment=np.zeros(worlds),
        unevenness=np.zeros(worlds),
        paid=np.zeros(worlds),
        pay=np.zeros((csms, worlds)),
        reached=no_moments((-(-worlds // TILE), csms)),
        marks=np.zeros((csms, 5), dtype=np.int64),
        attainment_bins=np.zeros(BINS, dtype=np.int64),
        pay_bins=np.zeros(BINS, dtype=np.int64),
    )


def add_book(
    csm: int, statement: Statement, marks: PayMarks, tally: Tally, own: FloatP | None = None
) -> None:
    """Add the statement of CSM ``csm`` to a tally; every book once, in order.

    own : the target that is agreed with the CSM over the plan's, which the marks move with; None where it is the plan's.
          [period] [usd/usd]
    """
    shifted = np.empty(statement.bonus.shape[1])
    times = np.ones(len(statement.bonus)) if own is None else own
    slack = SLACK * marks.target
    limits = (times * (marks.target - slack), times * (marks.cap - slack), 1.0 / marks.unit)
    credit = (
        statement.credit,
        statement.credit_early,
        statement.credit_late,
        statement.credit_on_time,
    )
    seen = (statement.bonus, statement.attainment, statement.quota_exhausted)
    add_statement(csm, seen, credit, limits, shifted.view(np.int64), shifted, tally)
    if marks.moves:
        tally.marks[csm, 4] += nearly_nothing(statement.base_quota, statement.quota, statement.credit)
    if marks.low > 0.0:
        low = times[:, np.newaxis] * (marks.low - slack)
        tally.not_low[:] += (statement.bonus >= low).sum(axis=0)


@kernel
def add_statement(
    csm: int,
    seen: tuple[FloatPW, FloatPW, BoolPW],
    credit: tuple[FloatPW, FloatPW, FloatPW, FloatPW],
    limits: tuple[FloatP, FloatP, float],
    bits: IntP,
    shifted: FloatPW,
    tally: Tally,
) -> None:
    """Everything that a statement adds, in one call: the way from Python into a kernel costs as much as a short kernel.

    seen    : bonus, attainment, and whether the quota was exhausted. [period, world]
    credit  : of all sides, early, late and on time. [period, world]
    limits  : the marks of target and cap [period] [usd], and the bonus counted as 1 in the histogram. [1/usd]
    shifted : scratch, [world]; ``bits`` is the same memory seen as integers.
    """
    bonus, attainment, quota_exhausted = seen
    target, cap, scale = limits
    pay = tally.pay[csm]
    add_pay(bonus, tally.variable, pay)
    add_timing(bonus, *credit, tally.early, tally.late, tally.on_time, tally.uncredited)
    counts = (tally.zero, tally.at_target, tally.at_cap, tally.exhausted)
    add_marks(bonus, quota_exhausted, target, cap, *counts, tally.marks[csm])
    reached = np.zeros((1, bonus.shape[1]))
    add_attainment(attainment, tally.attainment, reached[0])
    moments = tally.reached
    number, mean, squares = moments.worlds, moments.mean, moments.squares
    tile_moments(reached, number[:, csm : csm + 1], mean[:, csm : csm + 1], squares[:, csm : csm + 1])
    add_unevenness(bonus, pay, tally.unevenness, tally.paid)
    count_values(attainment, 1.0, bits, shifted, tally.attainment_bins)
    count_values(bonus, scale, bits, shifted, tally.pay_bins)


@stage
def add_pay(bonus: FloatPW, variable: FloatPW, pay: NDArray[np.float64]) -> None:
    """Add the bonus of a book to ``variable`` [period, world] and to ``pay`` [world]."""
    periods, worlds = bonus.shape
    for period in range(periods):
        for world in range(worlds):
            variable[period, world] += bonus[period, world]
        for world in range(worlds):
            pay[world] += bonus[period, world]


@stage
def add_timing(
    bonus: FloatPW,
    credit: FloatPW,
    credit_early: FloatPW,
    credit_late: FloatPW,
    credit_on_time: FloatPW,
    early: NDArray[np.float64],
    late: NDArray[np.float64],
    on_time: NDArray[np.float64],
    uncredited: NDArray[np.float64],
) -> None:
    """Add the bonus, pro rata to credit after multipliers, to ``early``, ``late`` and ``on_time`` [world].

    A bonus on no credit is ``uncredited`` [world]. Source: as ``sim.plan.split.split_bonus``, of which this is
    the sum over periods.
    """
    periods, worlds = bonus.shape
    for period in range(periods):
        for world in range(worlds):
            base = credit[period, world]
            rate = bonus[period, world] / base if base > 0.0 else 0.0
            early[world] += credit_early[period, world] * rate
            late[world] += credit_late[period, world] * rate
            on_time[world] += credit_on_time[period, world] * rate
        for world in range(worlds):
            uncredited[world] += bonus[period, world] if credit[period, world] <= 0.0 else 0.0


@stage
def add_marks(
    bonus: FloatPW,
    quota_exhausted: BoolPW,
    target: FloatP,
    cap: FloatP,
    zero: NDArray[np.float64],
    at_target: NDArray[np.float64],
    at_cap: NDArray[np.float64],
    exhausted: NDArray[np.float64],
    marks: IntP,
) -> None:
    """Count the periods of a book by what they pay, per world and, in ``marks`` [4], over all worlds."""
    periods, worlds = bonus.shape
    nothing, on_target, on_cap, gone = 0, 0, 0, 0
    for period in range(periods):
        for world in range(worlds):
            hit = bonus[period, world] <= 0.0
            zero[world] += 1.0 if hit else 0.0
            nothing += 1 if hit else 0
        for world in range(worlds):
            hit = bonus[period, world] >= target[period]
            at_target[world] += 1.0 if hit else 0.0
            on_target += 1 if hit else 0
        for world in range(worlds):
            hit = bonus[period, world] >= cap[period]
            at_cap[world] += 1.0 if hit else 0.0
            on_cap += 1 if hit else 0
        for world in range(worlds):
            hit = quota_exhausted[period, world]
            exhausted[world] += 1.0 if hit else 0.0
            gone += 1 if hit else 0
    marks[0] += nothing
    marks[1] += on_target
    marks[2] += on_cap
    marks[3] += gone


@kernel
def nearly_nothing(base_quota: FloatPW, quota: FloatPW, credit: FloatPW) -> int:
    """Number of periods of a book in which less than ``NEARLY_NOTHING`` of the quota is left, and credit is."""
    periods, worlds = quota.shape
    count = 0
    for period in range(periods):
        for world in range(worlds):
            moved = quota[period, world] < NEARLY_NOTHING * base_quota[period, world]
            count += 1 if moved and credit[period, world] > 0.0 else 0
    return count


@stage
def add_attainment(attainment: FloatPW, total: NDArray[np.float64], reached: NDArray[np.float64]) -> None:
    """Add the attainment of a book's periods to ``total`` [world], and their mean to ``reached`` [world]."""
    periods, worlds = attainment.shape
    for period in range(periods):
        for world in range(worlds):
            total[world] += attainment[period, world]
        for world in range(worlds):
            reached[world] += attainment[period, world]
    for world in range(worlds):
        reached[world] /= periods


@stage
def add_unevenness(
    bonus: FloatPW, pay: NDArray[np.float64], unevenness: NDArray[np.float64], paid: NDArray[np.float64]
) -> None:
    """Add a CSM's coefficient of variation of pay between periods to ``unevenness``, where any pay, to
    ``paid`` [world].

    Source: standard deviation between periods (of the population: these are all periods) over the mean.
    """
    periods, worlds = bonus.shape
    square, mean = np.zeros(worlds), np.empty(worlds)
    for world in range(worlds):
        mean[world] = pay[world] / periods
    for period in range(periods):
        for world in range(worlds):
            deviation = bonus[period, world] - mean[world]
            square[world] += deviation * deviation
    for world in range(worlds):
        some = pay[world] > 0.0
        unevenness[world] += np.sqrt(square[world] * periods) / pay[world] if some else 0.0
        paid[world] += some
