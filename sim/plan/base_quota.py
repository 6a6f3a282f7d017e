"""The base quota as a plan file declares it: what is asked of a CSM before any quota moves."""

from math import isclose
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from sim.files.toml import Table, refuse
from sim.plan.asked import rate_refused
from sim.plan.bounds import Level, Money, PositiveMoney, Share

ASKED_BY: Final = {"fixed": "amount", "retention": "rate", "opening": "rate", "target": "target"}
"""The key of each kind of quota; a fixed one may give ``amounts`` instead."""
PARTS: Final = (2, 4, 12)
"""Halves, quarters and months: what a year can be cut into. [count]"""
WEIGHT_TOLERANCE: Final = 1e-9

Season: TypeAlias = Annotated[tuple[Share, ...], Field(min_length=2, max_length=12)]
Amounts: TypeAlias = Annotated[tuple[Money, ...], Field(min_length=2, max_length=12)]


class Quota(Table):
    """What is asked of a CSM in a period, before any quota moves.

    kind   : ``"fixed"``, the same ``amount`` in every period, or ``amounts`` by season; ``"person"``, what is agreed with
             whoever holds the book, in the people file of a history or of the scenario's book; ``"retention"``, ``rate`` x
             ARR due in it; ``"opening"``, ``rate`` x ARR at its start; ``"target"``, a level of a share or KPI; ``"none"``,
             nothing.
    amount : of a fixed quota; of a measure that counts events so many of them. [usd/period] or [events/period]
    amounts : instead of it, of each part of the company's year, every year: 4 of quarters, 12 of months, 2 of half-years;
             where periods are of another length they are shared evenly, or added up. [usd] or [events]
    rate   : of a retention quota, above 1 for a net retention target; or of an opening one. [share]
    target : the level at which attainment is 1. [share], or on the KPI's own scale
    floor  : the level at which attainment is 0; 0 unless given. [share], or on the KPI's own scale
    over   : of an amount, or a rate of ARR at the start: ``"period"``, asked in every period; or ``"year"``, asked in the
             year, and what is reached to date is measured against all of it, as what has been earned to date is of the
             target bonus of the year. It needs ``measurement = "year_to_date"``. ``amounts``, and what is agreed with a
             person, are of their own parts of the year: over the year they add up.
    seasonality : of what is agreed with a person for a year, the share of each quarter (month, half-year); in equal parts
             unless given. [share]
    ratchet, ratchet_down : of what a period was above (below) what was asked, the share that is asked on top (less) from
             the next on; on a retention quota the rate moves. ``ratchet_down`` is as ``ratchet`` unless given. [share]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases: the quota
    "may be GDR * (renewable ARR) or NDR * (renewable ARR)". The ratchet: Weitzman (1980), "The 'ratchet principle' and
    performance incentives", Bell Journal of Economics 11; up more than down: Leone, Misra & Zimmerman (2004).
    """

    kind: Literal["fixed", "person", "retention", "opening", "target", "none"]
    amount: PositiveMoney | None = None
    amounts: Amounts | None = None
    rate: Annotated[float, Field(gt=0)] | None = None
    target: Level | None = None
    floor: Level | None = None
    over: Literal["period", "year"] = "period"
    seasonality: Season | None = None
    ratchet: Share = 0.0
    ratchet_down: Share | None = None

    @field_validator("amount", mode="before")
    @classmethod
    def _one_number(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            raise refuse("one number", value, "Give the parts of a year as amounts = [...].")
        return value

    @field_validator("amounts", "seasonality")
    @classmethod
    def _parts_of_a_year(cls, parts: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if parts is not None and len(parts) not in PARTS:
            raise refuse("2, 4 or 12 numbers: of half-years, quarters or months", len(parts))
        return parts

    def a_year(self, periods: int) -> tuple[float, ...]:
        """What a fixed quota asks in each period of a year of so many. [usd/period]"""
        if self.amounts is not None:
            return in_periods(self.amounts, periods)
        return (self.shared(periods),) * periods

    def season(self, periods: int) -> tuple[float, ...]:
        """The part of what is agreed for a year that is asked in each of its periods. [share]"""
        return in_periods(self.seasonality or (0.5, 0.5), periods)

    def shared(self, periods: int) -> float:
        """Its amount or rate in one period, of a year of so many; of ``amounts`` the mean."""
        if self.amounts is not None:
            return sum(self.amounts) / periods
        return (self.amount or self.rate or 0.0) / (periods if self.over == "year" else 1)

    @property
    def ratchets(self) -> tuple[float, float]:
        """Up and down. [share]"""
        return self.ratchet, self.ratchet if self.ratchet_down is None else self.ratchet_down

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        wanted = "amounts" if self.kind == "fixed" and self.amounts else ASKED_BY.get(self.kind)
        if wanted is not None and getattr(self, wanted) is None:
            raise refuse("present", None, f"A {self.kind} quota needs {wanted!r}.", key=wanted)
        taken = {wanted, "floor"} if self.kind == "target" else {wanted}
        for other in ("amount", "amounts", "rate", "target", "floor"):
            if other not in taken and getattr(self, other) is not None:
                raise refuse("absent", getattr(self, other), _only(self.kind, wanted), key=other)
        if self.amounts is not None and sum(self.amounts) <= 0.0:
            raise refuse("above 0 in some part of the year", self.amounts, key="amounts")
        if self.over == "year":
            if self.kind not in ("fixed", "person", "opening"):
                fix = "Only a fixed quota, one of a person, or one of ARR at the start is known for a year ahead."
                raise refuse("absent", self.over, fix, key="over")
            if any(self.ratchets):
                raise refuse(
                    "absent", max(self.ratchets), "A quota of the year has one amount.", key="ratchet"
                )
        if self.seasonality is not None:
            if self.kind != "person":
                fix = "Only what is agreed with a person for a year is cut by it; of a fixed quota give amounts."
                raise refuse("absent", self.seasonality, fix, key="seasonality")
            if not isclose(sum(self.seasonality), 1.0, abs_tol=WEIGHT_TOLERANCE):
                raise refuse("shares that sum to 1", self.seasonality, key="seasonality")
        if self.rate is not None and (refused := rate_refused(self.kind, self.rate)):
            raise refused
        return self


def _only(kind: str, wanted: str | None) -> str:
    if kind == "person":
        return "A quota of kind 'person' stands in the people file."
    return f"A {kind} quota takes {wanted!r} only." if wanted else "Nothing is asked."


def in_periods(parts: tuple[float, ...], periods: int) -> tuple[float, ...]:
    """Amounts of the parts of a year as those of its periods: added up, or shared evenly.

    >>> in_periods((10.0, 20.0, 30.0, 40.0), 2)
    (30.0, 70.0)
    >>> in_periods((10.0, 20.0), 4)
    (5.0, 5.0, 10.0, 10.0)
    """
    if len(parts) >= periods:
        size = len(parts) // periods
        return tuple(sum(parts[size * place : size * (place + 1)]) for place in range(periods))
    size = periods // len(parts)
    return tuple(part / size for part in parts for _ in range(size))
