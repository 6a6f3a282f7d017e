"""One component of a plan as its file declares it: what is asked, how it is credited, what it pays."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from sim.files.toml import Table, refuse
from sim.plan.interval import COVERING, Interval, faults, read_interval

CreditDate: TypeAlias = Literal["booking", "due", "service_start", "invoice", "cash"]

# The upper bounds are far above any real plan, and keep every product of them finite: no input can give an
# infinite bonus.
LARGEST_MONEY = 1e12
Money: TypeAlias = Annotated[float, Field(ge=0, le=LARGEST_MONEY)]
PositiveMoney: TypeAlias = Annotated[float, Field(gt=0, le=LARGEST_MONEY)]
Multiplier: TypeAlias = Annotated[float, Field(ge=0, le=100)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Multiple: TypeAlias = Annotated[float, Field(ge=0, le=1e6)]
DayCount: TypeAlias = Annotated[int, Field(ge=1, le=3660)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class Quota(Table):
    """The credit asked of a CSM in a period, before any quota moves.

    kind   : ``"fixed"``, the same ``amount`` in every period, or ``"retention"``, ``rate`` x ARR due in it.
    amount : of a fixed quota. [usd/period]
    rate   : of a retention quota; above 1 for a net retention target. [share]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases: the quota
    "may be GDR * (renewable ARR) or NDR * (renewable ARR)".
    """

    kind: Literal["fixed", "retention"]
    amount: PositiveMoney | None = None
    rate: Annotated[float, Field(gt=0, le=10)] | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        wanted, other = ("amount", "rate") if self.kind == "fixed" else ("rate", "amount")
        if getattr(self, wanted) is None:
            raise refuse("present", None, f"A {self.kind} quota needs {wanted!r}.", key=wanted)
        if getattr(self, other) is not None:
            raise refuse(
                "absent", getattr(self, other), f"A {self.kind} quota takes {wanted!r} only.", key=other
            )
        return self


class Band(Table):
    """The multiplier of amounts moved by at most ``through_day`` days and more than the band before it."""

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

    Source: Compensating Customer Success Managers (founding document): early cases 3, 4 (its provision) and
    6, late case 3, the example tiers and the window of 180 days.
    """

    date: CreditDate = "booking"
    early_multiplier: Multiplier | None = None
    early_bands: tuple[Band, ...] | None = None
    early_cap: Annotated[float, Field(ge=0, le=100)] | None = None
    early_cap_base: Literal["original", "adjusted"] = "original"
    late_multiplier: Multiplier | None = None
    late_bands: tuple[Band, ...] | None = None
    late_window_days: DayCount = 180

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
    floor: Share = 0.0
    carry: Literal["recovered", "shortfall"] = "recovered"


class Piece(Table):
    """One interval of a payout curve: attainment x pays ``pays + slope * (x - left end)`` target bonuses.

    attainment : the interval, as ``"[0.90, 1.00)"``. [share]
    pays       : at its left end. [multiple of target bonus]
    slope      : inside it. [multiple of target bonus per unit of attainment]
    """

    attainment: str
    pays: Multiple = 0.0
    slope: Multiple = 0.0

    @field_validator("attainment")
    @classmethod
    def _readable(cls, text: str) -> str:
        if read_interval(text) is None:
            raise refuse(
                "an interval such as '[0.90, 1.00)' or '(1.15, inf)', left end below right end", text
            )
        return text

    @property
    def interval(self) -> Interval:
        """The interval of attainment. [share]"""
        interval = read_interval(self.attainment)
        assert interval is not None, "checked on reading"
        return interval


class Component(Table):
    """One measure with its quota, crediting and payout curve; ``weight`` is its share of the target bonus."""

    name: Text = "renewals"
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    measure: Literal["renewal_bookings"] = "renewal_bookings"
    quota: Quota
    crediting: Crediting = Crediting()
    quota_moves: QuotaMoves = QuotaMoves()
    curve: tuple[Piece, ...] = (Piece(attainment="[0, inf)", slope=1.0),)

    @field_validator("curve")
    @classmethod
    def _covering(cls, curve: tuple[Piece, ...]) -> tuple[Piece, ...]:
        found = faults([piece.interval for piece in curve])
        if found:
            raise refuse(COVERING, [piece.attainment for piece in curve], " ".join(found))
        return curve
