"""One component of a plan as its file declares it: what is asked, how it is credited, what it pays."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.files.share import NONE_OR_ENOUGH
from sim.files.toml import Table, refuse, refuse_all
from sim.plan.asked import level_refused
from sim.plan.base_quota import Quota
from sim.plan.bounds import DayCount, Multiplier, Part, PositiveMoney, Share, Text
from sim.plan.commission import Commission
from sim.plan.deals import DATE_OF, LOSSES, DealClass, class_faults
from sim.plan.event_dates import EventDates as EventDates
from sim.plan.event_dates import date_faults
from sim.plan.measures import KPIS, MEASURES, OWN_KPI, QUOTA_KINDS, Kind, Measure, MeasureName, TeamMeasure
from sim.plan.nothing_due import NothingDue
from sim.plan.piece import LINEAR, covering
from sim.plan.piece import Piece as Piece
from sim.plan.retained import Retained
from sim.plan.window import Frequency, Measurement
from sim.records import UP_TO

CreditDate: TypeAlias = Literal["booking", "due", "service_start", "invoice", "cash"]
PayKind: TypeAlias = Literal["bonus", "commission", "none"]

LEAST_WEIGHT = 0.001
"""A bonus that weighs less pays nobody. [share]"""


class Band(Table):
    """The multiplier of amounts moved by at most ``through_day`` days and more than the band before it.

    through_day : the last day of the band. [day]
    multiplier  : credit per usd. [usd/usd]
    """

    through_day: DayCount
    multiplier: Multiplier


class Crediting(Table):
    """Which period a renewal is credited to, and at what multiplier.

    date             : the date whose period takes the credit.
    early_multiplier : credit per usd booked in an earlier period than due; or ``early_bands`` by days early,
                       of which the last holds beyond its end. [usd/usd]
    early_cap        : early amounts beyond this share of the quota wait for their due period. [share]
    early_cap_base   : that quota: ``"original"`` (the base quota), or ``"adjusted"`` (less what earlier early
                       bookings took out of it).
    late_multiplier  : credit per usd booked after the due day; or ``late_bands`` by days late, beyond which
                       it is 0. [usd/usd]
    late_window_days : a booking later than this is a new logo and not counted. [day]
    deal_cap         : no booking counts for more than this, for credit or for quota moves. [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 3, 4 (its provision) and
    6, late case 3, the example tiers and the window of 180 days.
    """

    date: CreditDate = "booking"
    early_multiplier: Multiplier | None = None
    early_bands: tuple[Band, ...] | None = None
    early_cap: Part | None = None
    early_cap_base: Literal["original", "adjusted"] = "original"
    late_multiplier: Multiplier | None = None
    late_bands: tuple[Band, ...] | None = None
    late_window_days: DayCount = 180
    deal_cap: PositiveMoney | None = None

    @field_validator("early_bands", "late_bands")
    @classmethod
    def _ascending(cls, bands: tuple[Band, ...] | None) -> tuple[Band, ...] | None:
        days = [band.through_day for band in bands or ()]
        if bands is not None and (not days or days != sorted(set(days))):
            raise refuse("one or more bands with strictly ascending through_day", days)
        return bands

    @model_validator(mode="after")
    def _one_rule_each(self) -> Self:
        for side in ("early", "late"):
            if None not in (getattr(self, f"{side}_multiplier"), getattr(self, f"{side}_bands")):
                given = f"both {side}_multiplier and {side}_bands"
                raise refuse(f"either {side}_multiplier or {side}_bands", given, "Remove one of the two.")
        if self.late_bands and self.late_bands[-1].through_day > self.late_window_days:
            raise refuse(
                f"bands within late_window_days = {self.late_window_days}",
                self.late_bands[-1].through_day,
                "Bookings after the window are not counted: shorten the last band or lengthen the window.",
                key="late_bands",
            )
        return self

    @property
    def amounts(self) -> str:
        """Name of the amounts that this rule reads in a Ledger: by credit date (``"due"`` moves those booked), and up to
        the deal cap where there is one.
        """
        date = "booking" if self.date == "due" else self.date
        return date if self.deal_cap is None else f"{date}{UP_TO}{self.deal_cap!r}"

    def early_at(self, days: int) -> float:
        """Credit per usd booked ``days`` days early, in an earlier period than due. [usd/usd]"""
        return _multiplier(self.early_multiplier, self.early_bands, days, beyond_last=None)

    def late_at(self, days: int) -> float:
        """Credit per usd booked ``days`` days late, inside the window. [usd/usd]"""
        return _multiplier(self.late_multiplier, self.late_bands, days, beyond_last=0.0)


def _multiplier(
    plain: float | None, bands: Sequence[Band] | None, days: int, beyond_last: float | None
) -> float:
    if bands is None:
        return 1.0 if plain is None else plain
    inside = [band.multiplier for band in bands if days <= band.through_day]
    if inside:
        return inside[0]
    return bands[-1].multiplier if beyond_last is None else beyond_last


class QuotaMoves(Table):
    """How quotas follow amounts that are credited in another period than they were due.

    early_out_of_due  : quota leaving the due period, per usd granted credit early. [usd/usd]
    early_into_booked : quota entering the period of that credit, per usd. [usd/usd]
    late_into_booked  : quota entering the period in which a late amount is credited, per usd. [usd/usd]
    late_out_of_due   : quota leaving the period in which it was due, per usd. [usd/usd]
    floor             : the adjusted quota never falls below this share of the base quota. [share]
    carry             : what counts as late: ``"recovered"`` (what came back in a later period) or
                        ``"shortfall"`` (all that was due and not booked by the end of its period).

    Source: Compensating Customer Success Managers (founding document), early cases 4 and 5, late cases 4 and
    5. Late case 4 says "the shortfall"; its numbers fit both readings of ``carry``.
    """

    early_out_of_due: Multiplier = 0.0
    early_into_booked: Multiplier = 0.0
    late_into_booked: Multiplier = 0.0
    late_out_of_due: Multiplier = 0.0
    floor: Annotated[Share, NONE_OR_ENOUGH] = 0.0
    carry: Literal["recovered", "shortfall"] = "recovered"


class Component(Table):
    """One measure with what is asked of it and what it pays.

    name         : what statements call it, and other clauses when they speak of it.
    pay_kind     : ``"bonus"``, a share of the target bonus by a payout curve; ``"commission"``, so much per dollar or
                   event; ``"none"``, measured only, for the gates and modifiers of other components.
    weight       : share of the target bonus; 0 for what is no bonus. [share]
    measure      : what is measured, of the table of measures.
    kpi          : the name of a KPI of one's own, of the measure ``"kpi"``: as readings have it, and a scenario its scale.
    team_measure : what ``team_attainment`` reads of all books together.
    dates        : the date that places each kind of event in a period, of measures that read events.
    deals        : the classes of deals that count, of ``deal_bookings`` and ``deal_count``.
    retention    : what counts as kept, of measures of retention.
    crediting, quota_moves : of renewal bookings.
    curve        : of a bonus.
    commission   : of a commission that does not pay by class of deal.
    measurement  : the window that is measured.
    nothing_due  : where nothing is asked (no contract ends, no quota, no customer to keep) attainment is 1 by
                   ``"target"``, a share being that of a book that keeps all, and 0 by ``"zero"``; by ``"skip"`` the
                   component is left out: its weight goes to the other bonuses of the window, or nothing is paid where
                   there is none, no gate closes on it, and no modifier follows it.
    paid         : how often; what is earned before waits.
    """

    name: Text = "renewals"
    pay_kind: PayKind = "bonus"
    weight: Share = 1.0
    measure: MeasureName = "renewal_bookings"
    kpi: Text | None = None
    team_measure: TeamMeasure | None = None
    quota: Quota = Quota(kind="none")
    dates: EventDates = EventDates()
    deals: tuple[DealClass, ...] = ()
    retention: Retained = Retained()
    crediting: Crediting = Crediting()
    quota_moves: QuotaMoves = QuotaMoves()
    curve: tuple[Piece, ...] = LINEAR
    commission: Commission | None = None
    measurement: Measurement = "period"
    nothing_due: NothingDue = "target"
    paid: Frequency = "every_period"

    @field_validator("curve")
    @classmethod
    def _covering(cls, curve: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return covering(curve)

    @model_validator(mode="before")
    @classmethod
    def _weightless(cls, document: Any) -> Any:
        if isinstance(document, dict) and document.get("pay_kind") in ("commission", "none"):
            return {"weight": 0.0, **document}
        return document

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        return refuse_all(self, (*self._one_kind_of_pay(), *self._fits_its_measure()))

    def _one_kind_of_pay(self) -> Iterator[PydanticCustomError]:
        if self.pay_kind == "bonus" and self.weight < LEAST_WEIGHT:
            yield refuse(
                f"at least {LEAST_WEIGHT:g}",
                self.weight,
                "A bonus pays a part of the target bonus.",
                key="weight",
            )
        if self.pay_kind != "bonus" and self.weight != 0.0:
            yield refuse("absent", self.weight, "Only a bonus is a share of the target bonus.", key="weight")
        if self.pay_kind != "bonus" and self.curve != LINEAR:
            yield refuse("absent", "a curve", "Only a bonus has a payout curve.", key="curve")
        by_class = any(each.pays is not None for each in self.deals)
        if self.pay_kind == "commission" and self.commission is None and not by_class:
            yield refuse("present", None, "A commission needs its rates.", key="commission")
        if self.commission is not None and by_class:
            fix = "Pay is by commission, or by class of deal."
            yield refuse("absent beside rates of deals", "a table", fix, key="commission")
        if self.pay_kind != "commission" and self.commission is not None:
            yield refuse("absent", "a table", "Only pay_kind = 'commission' has one.", key="commission")
        if self.commission is not None:
            yield from self._commission_fits(self.commission)

    def _commission_fits(self, commission: Commission) -> Iterator[PydanticCustomError]:
        kind = self.kind
        if kind not in ("renewals", "bookings", "change", "events"):
            yield refuse(
                "a measure in dollars or events", self.measure, "A commission pays for those.", key="measure"
            )
        elif fix := commission.fits(kind == "events"):
            yield refuse("rates that fit the measure", self.measure, fix, key="commission")

    def _fits_its_measure(self) -> Iterator[PydanticCustomError]:
        measure = self.kind_of_measure
        needed = self.pay_kind != "commission" or (
            self.commission is not None and self.commission.by_attainment
        )
        if self.quota.kind == "none":
            if needed:
                yield refuse("present", None, "Add '[component.quota]'.", key="quota")
        elif self.quota.kind not in QUOTA_KINDS[measure.kind]:
            allowed = " or ".join(map(repr, QUOTA_KINDS[measure.kind]))
            yield refuse(allowed, self.quota.kind, f"So is {self.measure} asked.", key="quota.kind")
        if self.nothing_due != "target" and (self.quota.kind == "none" or measure.kind == "kpi"):
            fix = (
                "A reading is always there." if measure.kind == "kpi" else "Without a quota nothing ever is."
            )
            yield refuse("absent", self.nothing_due, fix, key="nothing_due")
        if self.quota.over == "year" and self.measurement != "year_to_date":
            fix = "A quota of the year is measured year to date."
            yield refuse(
                "'year_to_date' beside quota.over = 'year'", self.measurement, fix, key="measurement"
            )
        if measure.kind != "renewals" and any(self.quota.ratchets):
            yield refuse(
                "absent", max(self.quota.ratchets), "Only renewal_bookings has one.", key="quota.ratchet"
            )
        if measure.kind != "renewals":
            for key, default in (("crediting", Crediting()), ("quota_moves", QuotaMoves())):
                if getattr(self, key) != default:
                    yield refuse("absent", "a table", "Only renewal_bookings has one.", key=key)
        types = {each for row in self.deals for each in row.types}
        read = {DATE_OF[each] for each in types} if measure.by_deal else set(measure.dates)
        yield from date_faults(self.dates, read, self.measure, measure.by_deal)
        if measure.by_deal:
            yield from class_faults(self.deals, measure.kind == "events", self.pay_kind)
        elif self.deals:
            fix = "Only deal_bookings and deal_count read classes of deals."
            yield refuse("absent", "a table", fix, key="deals")
        if self.retention != Retained() and not self.is_retention:
            yield refuse("absent", "a table", "Only grr, nrr and logo_retention have one.", key="retention")
        if (self.measure == OWN_KPI) != (self.kpi is not None):
            allowed = "present" if self.kpi is None else "absent"
            yield refuse(allowed, self.kpi, "It names the KPI of measure = 'kpi'.", key="kpi")
        elif self.kpi in MEASURES:
            fix = f"Write measure = {self.kpi!r}." if self.kpi in KPIS else "That is another measure."
            yield refuse("a name of one's own", self.kpi, fix, key="kpi")
        if (self.measure == "team_attainment") != (self.team_measure is not None):
            allowed = "present" if self.team_measure is None else "absent"
            yield refuse(allowed, self.team_measure, "It belongs to team_attainment.", key="team_measure")
        elif self.quota.target is not None and self.quota.kind in QUOTA_KINDS[measure.kind]:
            measured = self.team_measure or self.measure
            if refused := level_refused(measured, self.quota.target, self.quota.floor):
                yield refused

    @property
    def kind(self) -> Kind:
        """The kind of its measure; of deals by class ``"change"`` where losses are among them."""
        losses = any(each in LOSSES for row in self.deals for each in row.types)
        return "change" if losses else self.kind_of_measure.kind

    @property
    def kind_of_measure(self) -> Measure:
        """What is known of its measure."""
        return MEASURES[self.measure]

    @property
    def reads(self) -> tuple[str, ...]:
        """What of a Ledger it needs beyond bookings."""
        return self.kind_of_measure.reads if self.kpi is None else (f"kpi:{self.kpi}",)

    @property
    def is_retention(self) -> bool:
        """Whether it measures what is kept of the accounts at the start, of the book or of all books together."""
        return MEASURES[self.team_measure or self.measure].kept is not None
