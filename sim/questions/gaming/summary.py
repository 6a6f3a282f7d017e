"""What the summary says of what choosing booking dates is worth."""

from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.summary import Summary

FOR = "CSM-year"
LOOSE = 0.25
"""An upper end that is further above what was found is told to be loose. [share]"""


class Split(Entry):
    """What variable pay of the company is for, over the horizon, if every CSM games; the three parts add up to ``gamed``."""

    value: float = usd("Paid for what was kept and grown: every renewal credited to its due period.")
    value_se: float = usd("Standard error of value.")
    natural_timing: float = usd("Added by honest dates.")
    natural_timing_se: float = usd("Standard error of natural_timing.")
    exposure: float = usd("Added by the best choice of dates that was found.")
    exposure_se: float = usd("Standard error of exposure.")
    gamed: float = usd("Paid for the best choice of dates that was found.")
    gamed_se: float = usd("Standard error of gamed.")


class FrictionPoint(Entry):
    """Exposure where each moved dollar costs the CSM something."""

    cost: float = measured("usd/usd", "To the CSM, per usd moved.")
    gain: float = usd("Of the best schedule found, less what moving costs.", per=FOR)
    moved_arr: float = usd("ARR booked in another period.", per=FOR)


class MovablePoint(Entry):
    """Exposure where fewer or more renewals can be moved."""

    factor: float = measured("factor", "On the shares of movable renewals.")
    gain: float = usd("Of the best schedule found.", per=FOR)


class SharePoint(Entry):
    """Exposure where some CSMs game."""

    share: float = share("Of CSMs who game.")
    gain: float = usd("Of the rule without foresight, over all CSMs.", per=FOR)


class BreakBunching(Entry):
    """CSM-periods that end near a break of the curve."""

    attainment: float = share("Where the break is.")
    width: float = share("Of attainment, to each side.")
    honest_below: float = share("Of CSM-periods that end just below, with honest dates.")
    gamed_below: float = share("The same of the best schedule found.")
    honest_above: float = share("Of CSM-periods that end just above, with honest dates.")
    gamed_above: float = share("The same of the best schedule found.")


class CompanyLoss(Entry):
    """What gaming costs the company, of the CSMs who game."""

    pay: float = usd("More variable pay.", per=FOR)
    discounts: float = usd("Given to sign early.", per=FOR)
    lapse: float = usd("Recognised revenue lost while renewals are held.", per=FOR)
    early_value: float = usd("Worth of signatures that are truly earlier.", per=FOR)
    total: float = usd("Pay, discounts and lapse less early_value.", per=FOR)


class Certificate(Entry):
    """How the upper end without foresight was found."""

    gap: float = usd("What the rule may miss.", per=FOR)
    gap_se: float = usd("Standard error of gap.", per=FOR)
    dual: float = usd("Pay of the best timing, less what hindsight is charged for, over the horizon.")
    dual_se: float = usd("Standard error of dual.")


class AssumedMovable(Entry):
    """What is assumed of a segment, without evidence."""

    ready_early: float = share("Of renewals that would be signed a period early if asked.")
    holdable: float = share("Of renewals that can be held until the next period.")


class Exposure(Entry):
    """What choosing dates gains a CSM, and what stands around it. Means over worlds, or medians where there is no mean.

    Several ends may be absent: a share of pay where honest dates pay nothing, an upper end where nothing bounds it.
    """

    statistic: str | None = text("median where gains have no mean.", ABSENT)
    lower: float = usd("Of a rule without foresight, on fresh worlds.", per=FOR)
    lower_se: float = usd("Standard error of lower.", per=FOR)
    share_of_variable: float | None = share("Lower end, of variable pay at honest dates.", ABSENT)
    clairvoyant: float | None = usd("Of the best schedule found, knowing the future.", ABSENT, per=FOR)
    clairvoyant_se: float | None = usd("Standard error of clairvoyant.", ABSENT, per=FOR)
    clairvoyant_share_of_variable: float | None = share("The same, of pay at honest dates.", ABSENT)
    upper: float | None = usd(
        "What no schedule exceeds; where certified, no rule without foresight.", ABSENT, per=FOR
    )
    upper_se: float | None = usd("Standard error of upper.", ABSENT, per=FOR)
    upper_share_of_variable: float | None = share("The same, of pay at honest dates.", ABSENT)
    hindsight_upper: float | None = usd(
        "What no schedule exceeds, where upper is certified.", ABSENT, per=FOR
    )
    hindsight_upper_se: float | None = usd("Standard error of hindsight_upper.", ABSENT, per=FOR)
    certificate: Certificate | None = text("Where the upper end was certified.", ABSENT)
    not_certified: str | None = text("Why it was not, where it was asked.", ABSENT)
    p95: float = usd("P95 over books and worlds of the best schedule's gain.", per=FOR)
    max: float = usd("Largest such gain.", per=FOR)
    pays_share: float = share("Of books and worlds where it gains more than a dollar a year.")
    expected: float = usd("Lower end times share_of_csms.", per=FOR)
    share_of_csms: float = share("Of CSMs who are assumed to game.")
    moved_arr: float = usd("ARR moved, where moves must pay for a small cost.", per=FOR)
    pay_per_usd: float | None = measured(
        "usd/usd", "Pay gained per usd moved, at that cost.", ABSENT, alias="yield"
    )
    deterrence_price: float | None = measured(
        "usd/usd", "Cost per usd moved that leaves a tenth of it.", ABSENT
    )
    friction: tuple[FrictionPoint, ...] = text("Exposure by what moving costs, from no cost on.")
    movable: tuple[MovablePoint, ...] = text("Exposure by how many renewals can be moved.")
    by_share: tuple[SharePoint, ...] = text("Exposure by how many CSMs game.")
    by_period: tuple[float, ...] | None = usd(
        "Gain of the best schedule by period.", ABSENT, per="CSM-period"
    )
    transient: float | None = usd("Its mean in the first periods.", ABSENT, per="CSM-period")
    steady: float | None = usd("Its mean in the later half.", ABSENT, per="CSM-period")
    company_loss: CompanyLoss | None = text("What gaming costs the company.", ABSENT)
    bunching: tuple[BreakBunching, ...] = text("Around each break of the curve.")
    assumed: dict[str, AssumedMovable] = text("What can be moved, by segment.")
    worlds: int = count("Worlds measured.")
    curve_worlds: int = count("Worlds on which cost and movability are varied.")

    @property
    def certified(self) -> bool:
        """Whether the upper end is that of rules without foresight."""
        return self.hindsight_upper is not None

    @property
    def loose(self) -> bool:
        """Whether the upper end is more than ``LOOSE`` above the best schedule that was found with hindsight."""
        found = max(self.lower, self.clairvoyant or 0.0)
        return self.upper is not None and self.upper > (1.0 + LOOSE) * found + 1.0

    @property
    def gainful(self) -> bool:
        """Whether a choice of dates gains a dollar in any world."""
        return self.max >= 1.0


class Move(Entry):
    """A booking moved to another period."""

    account: str = text("Whose renewal it is.")
    due: str = text("Due date, ISO.")
    booked: str = text("Honest booking date, ISO.")
    moved_to: str = text("Booking date in the schedule, ISO.")
    moved: str = text("early or held.")
    amount: float = usd("Booked.")
    credit: float = usd("What the booking counts for where it is moved to.")


class LeakPeriod(Entry):
    """One period of the schedule, with honest dates and as moved."""

    label: str = text("Of the period.")
    honest_quota: float = usd("Quota with honest dates.")
    honest_credit: float = usd("Credit with honest dates.")
    honest_attainment: float = share("Attainment with honest dates.")
    honest_bonus: float = usd("Pay with honest dates.")
    gamed_quota: float = usd("Quota as moved.")
    gamed_credit: float = usd("Credit as moved.")
    gamed_attainment: float = share("Attainment as moved.")
    gamed_bonus: float = usd("Pay as moved.")


class Leak(Entry):
    """The book and world where dates gain most, and the schedule that does."""

    csm: str = text("Whose book it is.")
    world: int = count("Number of the world.")
    gain: float = usd("More pay for the same renewals, over the horizon.")
    count: int = count("Bookings moved.")
    moves: tuple[Move, ...] = text("The moves by due date, the first ones of many.")
    periods: tuple[LeakPeriod, ...] = text("Period by period.")


class RoleExposure(Entry):
    """What one role of a role set gains where its payees alone have dates moved as suits them."""

    moves_dates: bool = text("Its payees hold the books, and book the renewals; others can only ask for it.")
    payees: int = count("Payees of the role.")
    books: float = measured("books", "Mean number of books to a payee.")
    lower: float = usd("Of a rule without foresight, on fresh worlds.", per="payee-year")
    lower_se: float = usd("Standard error of lower.", per="payee-year")
    upper: float | None = usd("What no schedule exceeds.", ABSENT, per="payee-year")
    upper_se: float | None = usd("Standard error of upper.", ABSENT, per="payee-year")
    share_of_variable: float | None = share("Lower end, of variable pay at honest dates.", ABSENT)


class GamingOfPlan(Part):
    """What choosing booking dates is worth under a plan; of a role set, to the role whose payees hold the books."""

    split: Split | None = text("What variable pay is for.", ABSENT)
    exposure: Exposure | None = text("What choosing dates gains.", ABSENT)
    roles: dict[str, RoleExposure] | None = text("Of a role set, each role by itself.", ABSENT)
    leak: Leak | None = text("The most profitable schedule, where one gains.", ABSENT)

    @property
    def assumes_more(self) -> str | None:
        """Booking dates."""
        return None if self.exposure is None else "what moving dates can add"


def splits(summary: Summary) -> dict[str, Split]:
    """Those of the plans that have one."""
    return summary.where(GamingOfPlan, lambda part: part.split)


def exposures(summary: Summary) -> dict[str, Exposure]:
    """Those of the plans that have one."""
    return summary.where(GamingOfPlan, lambda part: part.exposure)


def roles_of(summary: Summary) -> dict[str, dict[str, RoleExposure]]:
    """The roles of the role sets."""
    return summary.where(GamingOfPlan, lambda part: part.roles)


def worst_leak(summary: Summary) -> tuple[str, Leak] | None:
    """The plan with the most profitable schedule, and the schedule; None where none gains."""
    leaks = summary.where(GamingOfPlan, lambda part: part.leak)
    return max(leaks.items(), key=lambda each: each[1].gain, default=None)
