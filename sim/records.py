"""The records that flow through the engine: what they hold, in which unit, on which axes. They have no behaviour.

Axes, always in this order: ``renewal`` or ``period`` first, ``cell`` between, ``world`` last. The world axis is last
and contiguous because every kernel runs one account, cell or rule over many worlds at once (one vector lane a world).
A record holds one book (one CSM); a company is a loop over books.

*Due periods* include the edges of the horizon (see ``sim.calendar``); *periods* are those of the horizon.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

IntP: TypeAlias = NDArray[np.int64]
"""Integers over periods, cells or renewals."""
Days: TypeAlias = NDArray[np.int32]
"""Days from the start of the horizon. [renewal, world]"""
FloatP: TypeAlias = NDArray[np.float64]
"""[period], the same in all worlds"""
FloatRW: TypeAlias = NDArray[np.float64]
"""[renewal, world]"""
FloatPW: TypeAlias = NDArray[np.float64]
"""[period, world] (or [due period, world])"""
FloatPCW: TypeAlias = NDArray[np.float64]
"""[due period, cell, world]"""
FloatPPW: TypeAlias = NDArray[np.float64]
"""[period, period, world]"""
BoolPW: TypeAlias = NDArray[np.bool_]
"""[period, world]"""

NEVER: Final = 1 << 30
"""The day of something that does not happen: a renewal that is never booked, a due date that is never reached. [day]"""

LATE_WINDOW_DAYS: Final = 180
"""Who comes back later than this after the due day is a new customer, unless a plan says otherwise. [day]

Source: Compensating Customer Success Managers (founding document): "A typical window is 180 days (6 mos)."
"""

UP_TO: Final = " up to "
"""Stands between a credit date and a deal cap in the name of amounts, as in ``"booking up to 250000.0"``."""

EARLY: Final = -1
ON_TIME: Final = 0
LATE: Final = 1


class Renewals(NamedTuple):
    """Every renewal of one book: what was due, when it was booked, for how much.

    account    : index of the account in the company. [renewal]
    number     : 0 for the account's first due date in the study, then 1, 2, ... [renewal]
    due_day    : contract end; ``NEVER`` in worlds where this renewal is not reached. [renewal, world] [day]
    booked_day : date of booking; ``NEVER`` where it is lost. [renewal, world] [day]
    arr        : ARR up for renewal; 0 where not reached. [renewal, world] [usd/yr]
    booked_arr : ARR of the new contract; 0 where lost. [renewal, world] [usd/yr]
    credit_day : by credit date (``"booking"``, ``"service_start"``, ``"invoice"``, ``"cash"``), the day on which a plan
                 with that credit date grants credit; ``NEVER`` where there is none. [renewal, world] [day]
    """

    account: IntP
    number: IntP
    due_day: Days
    booked_day: Days
    arr: FloatRW
    booked_arr: FloatRW
    credit_day: Mapping[str, Days]


class Bridge(NamedTuple):
    """Where the ARR of one book came from and went, period by period. All [period, world] [usd/yr].

    On every path: opening + new + expansion + uplift - contraction - churn - lapsed + won_back = closing, and the closing
    of a period is the opening of the next. ``lapsed`` is ARR due in the period that is booked later (inside or outside
    the horizon); ``won_back`` is ARR returning in the period after a lapse or a churn.

    kept : what becomes of the accounts held at the start of each period; None where accounts are not followed.
    """

    opening: FloatPW
    new: FloatPW
    expansion: FloatPW
    uplift: FloatPW
    contraction: FloatPW
    churn: FloatPW
    lapsed: FloatPW
    won_back: FloatPW
    closing: FloatPW
    kept: "Kept | None" = None


class Kept(NamedTuple):
    """Of each period the customers at its start, a late renewal inside ``LATE_WINDOW_DAYS`` being one all along. All
    [period, world] [usd/yr].

    opening : their ARR at the start.
    gross   : what is kept of it at the end of the period.
    net     : their ARR at the end, growth included.
    """

    opening: FloatPW
    gross: FloatPW
    net: FloatPW


class Cells(NamedTuple):
    """What the cells of a Ledger mean: how far a booking was moved, and by how many days.

    offset    : credit period minus due period. [cell] [period]
    side      : ``EARLY`` (booked in an earlier period than due), ``LATE`` (booked after the due day) or ``ON_TIME``. [cell]
    first_day : smallest number of days early (or late) in the cell. [cell] [day]
    last_day  : largest; no band edge of any plan lies inside a cell, so a plan treats it as one. [cell] [day]
    """

    offset: IntP
    side: IntP
    first_day: IntP
    last_day: IntP


class Cohort(NamedTuple):
    """The accounts that a book holds at the start of a window, and what is left of them at its end, which is the end of the
    period of the same place. All [period, world].

    opening  : their ARR at the start. [usd/yr]
    gross    : what is kept of that ARR. Never above ``opening``, account by account. [usd/yr]
    net      : their ARR at the end, growth included. [usd/yr]
    accounts : how many they are; who holds no ARR is no customer. [count]
    logos    : how many of them still are customers. [count]
    """

    opening: FloatPW
    gross: FloatPW
    net: FloatPW
    accounts: FloatPW
    logos: FloatPW


class CohortTerms(NamedTuple):
    """Which accounts a cohort follows, and how; see ``sim.plan.retained``, whose choices these are.

    first            : first period of the window that ends with each period. [period]
    snapshot         : kept is the lower of ARR at both ends of the window, and not the lowest that it fell to.
    late_lost        : a late renewal is out from its due day until it is booked, and not held all along.
    late_window_days : who returns later than this is a new customer. [day]
    renewal, contraction, churn : the date that places an uplift, a contraction and a loss: ``"due"``, ``"booking"`` or
                       ``"notice"``.
    grace_periods, grace_events : losses (of ``"churn"``, ``"contraction"``, ``"lapsed"``) that are not counted while
                       whoever holds the book has done so for at most so many periods.
    by_contract      : a customer is a contract, and not an account.
    """

    first: tuple[int, ...]
    snapshot: bool = False
    late_lost: bool = False
    late_window_days: int = LATE_WINDOW_DAYS
    renewal: str = "due"
    contraction: str = "due"
    churn: str = "due"
    grace_periods: int = 0
    grace_events: tuple[str, ...] = ()
    by_contract: bool = False

    @property
    def ungraced(self) -> "CohortTerms":
        """The same with every loss counted."""
        return self._replace(grace_periods=0, grace_events=())


Cohorts: TypeAlias = Mapping[CohortTerms, Cohort]
NO_COHORTS: Final[Cohorts] = {}


class DealSum(NamedTuple):
    """Parts of deals summed up: ARR, below 0 where it is taken away, and the number of deals. [period, world] [usd/yr]"""

    arr: FloatPW
    number: FloatPW


class DealTerms(NamedTuple):
    """Which parts of deals are summed up, and by which date: the choices of ``sim.plan.deals``.

    from_months, below_months : of the term signed, of churn the term that ended. [month]
    from_size, below_size     : of the deal's ARR. [usd/yr]
    """

    type: str
    date: str
    from_months: int = 0
    below_months: int = NEVER
    from_size: float = 0.0
    below_size: float = math.inf
    late_window_days: int = LATE_WINDOW_DAYS


DealSums: TypeAlias = Mapping[DealTerms, DealSum]
NO_DEALS: Final[DealSums] = {}


class Activity(NamedTuple):
    """What else happened in a book, period by period of the horizon, for plans that read more than bookings.

    opening    : ARR at the start of the period. [period, world] [usd/yr]
    flow       : by event and by the date that places it, ARR moved in the period. [period, world] [usd/yr]
                 Events: ``"new"``, ``"expansion"``, ``"uplift"``, ``"contraction"``, ``"churn"``, ``"lapsed"``,
                 ``"won_back"``. Dates: ``"due"`` (when the ARR changes, as in the Bridge), ``"booking"`` (when the
                 renewal, expansion or new contract is signed), ``"notice"`` (when the customer says that it leaves or
                 shrinks; churn and contraction only).
    number     : by event, how many accounts or bookings. [period, world] ``"accounts"`` at the start of the period;
                 ``"new"``, ``"churn"``, ``"lapsed"``, ``"won_back"`` accounts; ``"expansion"``, ``"renewal"`` and
                 ``"multi_year"`` (a longer term signed than the one held, of 24 months or more) bookings.
    multi_year : ARR booked in the period on such longer terms. [period, world] [usd/yr]
    kpi        : by KPI (``"health"``, ``"nps"``, ``"adoption"``, ``"onboarding"``), the book's reading at the end of
                 the period. [period, world] [on the KPI's own scale]
    seat       : share of the period in which a CSM, and not a cover, holds the book. [period, world]
    tenure     : periods since the CSM who holds the book at the end of the period took it over. [period, world]
    cohort     : what became of the accounts held at the start of each window, by the terms that some plan asks for.
    deals      : parts of deals summed up by type, term and size, likewise.
    """

    opening: FloatPW
    flow: Mapping[str, Mapping[str, FloatPW]]
    number: Mapping[str, FloatPW]
    multi_year: FloatPW
    kpi: Mapping[str, FloatPW]
    seat: FloatPW
    tenure: FloatPW
    cohort: Cohorts = NO_COHORTS
    deals: DealSums = NO_DEALS


class OwnQuota(NamedTuple):
    """What is agreed that one person is asked, for the days on which they hold the seat; both add up. NaN where nothing is
    agreed for one of them. [reach]

    usd     : in each period, of amounts agreed for a month, a quarter or a half-year. [usd/period] or [events/period]
    of_year : of amounts agreed for a year, what that of which each period is a part comes to. [usd/yr] or [events/yr]
    """

    usd: FloatP
    of_year: FloatP


class OwnPay(NamedTuple):
    """What is agreed that one person is paid for a whole period in the seat, part by part of it. [reach]

    usd   : of days with an agreement of their own. [usd/period] of a target, [usd/yr] of a salary
    plans : the share of the days on which what the plan says holds; 1 where nothing is agreed. [share]
    """

    usd: FloatP
    plans: FloatP


class Agreed(NamedTuple):
    """What is agreed with the person who holds a book, whatever the plan; over due periods and a year after them
    (``Calendar.reach``).

    target, salary : bonus at 100 %, and salary.
    quota   : by component; under ``""`` of any component.
    present : share of each period in which the person holds the seat, where dates say so (a replay); None where nobody is
              known to come or go. [reach]
    """

    target: OwnPay
    salary: OwnPay
    quota: Mapping[str, OwnQuota]
    present: FloatP | None = None


class Ledger(NamedTuple):
    """What a plan can see of a book: the narrow waist between worlds and plans.

    renewable : ARR due. [due period, world] [usd]
    unbooked  : ARR due and not booked by the end of its due period. [due period, world] [usd]
    amount    : by credit date, booked ARR by due period and cell. [due period, cell, world] [usd]
    activity  : what else happened in the book; None where nothing but bookings is known.
    company   : the same summed over all books; None where no plan asks for it.
    leaving   : by the kinds of loss that count (``("churn",)``), for each period the Ledger of what the accounts that are
                lost in it had booked before (of an account that is lost in part, that part); None for a period without
                such a loss. None altogether where nobody can tell whose bookings are lost, as in a simulation.
    agreed    : target and quota of whoever holds the book; None where nobody has any of their own.
    """

    renewable: FloatPW
    unbooked: FloatPW
    amount: Mapping[str, FloatPCW]
    activity: Activity | None = None
    company: Activity | None = None
    leaving: "Mapping[tuple[str, ...], tuple[Ledger | None, ...]] | None" = None
    agreed: Agreed | None = None


class Statement(NamedTuple):
    """What a CSM is asked, credited and paid, period by period. All [period, world].

    base_quota, quota                          : asked, before and after quota moves. [usd]
    renewed_early, renewed_late, renewed_on_time : amounts counted in the period, before multipliers. [usd]
    credit_early, credit_late, credit_on_time  : the same after multipliers. [usd]
    credit, attainment                         : their sum [usd]; credit over quota [share]
    bonus                                      : pay of the period. [usd]
    quota_exhausted                            : the adjusted quota was not positive.
    """

    base_quota: FloatPW
    quota: FloatPW
    renewed_early: FloatPW
    renewed_late: FloatPW
    renewed_on_time: FloatPW
    credit_early: FloatPW
    credit_late: FloatPW
    credit_on_time: FloatPW
    credit: FloatPW
    attainment: FloatPW
    bonus: FloatPW
    quota_exhausted: BoolPW
