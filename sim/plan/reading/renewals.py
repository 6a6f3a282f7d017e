"""Renewal bookings: crediting, then quota, then attainment."""

from typing import NamedTuple

from sim.plan.amounts import asked_of, in_worlds
from sim.plan.attainment import Attainment, attained, attained_in_all
from sim.plan.crediting import Credit, CreditTerms, credited
from sim.plan.measured import Measured
from sim.plan.quota import QuotaTerms, adjusted_quota, base_quota, ratcheted
from sim.plan.rule.ramp import ramped, ramped_ahead
from sim.plan.window import Window, over
from sim.plan.worksheet import Worksheet
from sim.records import BoolPW, FloatPW


class Result(NamedTuple):
    """What is settled before the curve, the same for all plans of the same key. [period, world]

    base, quota, credit : of each period, also where a longer window is measured.
    attainment          : over the windows.
    measured            : the same as every measure has it.
    """

    base: FloatPW
    quota: FloatPW
    credit: Credit
    attainment: Attainment
    measured: Measured


class RenewalBookings(NamedTuple):
    """Renewal bookings against a quota.

    of_year : what is reached to date is measured against the quota of the whole year, with quota moves to date.
    ramp : share of the quota asked in each of the first periods in the seat. [period] [share]
    key  : spells out everything; plans that agree in it have the same attainment.
    """

    crediting: CreditTerms
    quota: QuotaTerms
    window: Window
    of_year: bool
    ramp: tuple[float, ...]
    key: bytes

    @property
    def adds_up(self) -> bool:
        """As ``Reading`` says."""
        return True

    def counted(self, sheet: Worksheet) -> FloatPW:
        """Credit after multipliers. [period, world] [usd]"""
        early, late, on_time = credited(self.crediting, base_quota(self.quota, sheet), sheet).credit
        return early + late + on_time

    def paid_on(self, sheet: Worksheet) -> FloatPW:
        """As ``Reading`` says: credit."""
        return self.counted(sheet)

    def read(self, sheet: Worksheet) -> Measured:
        """Credit over quota. [period, world] [usd], [usd], [share]"""
        return self.result(sheet).measured

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Windows without any quota, before and after quota moves. [period, world]"""
        result = self.result(sheet)
        unasked: BoolPW = (over(self.window, result.base, sheet) <= 0.0) & (result.measured.target <= 0.0)
        return unasked

    def result(self, sheet: Worksheet) -> Result:
        """The same, by side and with what quota moves did."""
        return sheet.once(self.key, lambda: before_curve(self, sheet))


def before_curve(terms: RenewalBookings, sheet: Worksheet) -> Result:
    """Crediting, then quota, then attainment."""
    lead, periods = terms.crediting.horizon
    base = base_quota(terms.quota, sheet)  # over all due periods: a cap before the horizon needs them
    asked = base[lead : lead + periods]
    credit = credited(terms.crediting, base, sheet)
    asked = ratcheted(terms.quota, asked, credit.credit, sheet)
    quota = adjusted_quota(terms.quota, asked, terms.crediting, credit, sheet)
    asked, quota = ramped(terms.ramp, asked, sheet), ramped(terms.ramp, quota, sheet)
    by_period = attained(credit.credit, asked, quota, sheet)
    if terms.window.single and not terms.of_year:
        measured = Measured(by_period.credit, quota, by_period.attainment)
        return Result(asked, quota, credit, by_period, measured)
    credit_so_far, asked_so_far, quota_so_far = (
        over(terms.window, flow, sheet) for flow in (by_period.credit, asked, quota)
    )
    if terms.of_year:
        assert terms.quota.amounts is not None, "a quota of the year is in usd"
        whole = in_worlds(asked_of(terms.quota.amounts, sheet.ledger)[lead:], asked.shape[1])
        more = ramped_ahead(terms.ramp, whole, terms.window.whole - terms.window.length, sheet)
        asked_so_far, quota_so_far = asked_so_far + more, quota_so_far + more
    reached = attained_in_all(credit_so_far, asked_so_far, quota_so_far, sheet)
    measured = Measured(reached.credit, quota_so_far, reached.attainment)
    return Result(asked, quota, credit, reached._replace(credit=by_period.credit), measured)
