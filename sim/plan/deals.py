"""Deals by type, term and size: which parts of them a plan counts, at what multiplier or rate."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.files.toml import Table, refuse
from sim.plan.bounds import DayCount, Money, Multiplier, Share
from sim.plan.event_dates import EventDates
from sim.plan.interval import read_interval
from sim.records import LATE_WINDOW_DAYS, NEVER, DealTerms

DealType: TypeAlias = Literal[
    "new", "renewal", "uplift", "expansion", "won_back", "contraction", "churn", "credit"
]
DATE_OF: Final = {
    "new": "expansion",
    "renewal": "renewal",
    "uplift": "renewal",
    "expansion": "expansion",
    "won_back": "renewal",
    "contraction": "contraction",
    "churn": "churn",
    "credit": "expansion",
}
"""The date, of those that a component has, that places each type."""
TYPES: Final = tuple(DATE_OF)
LOSSES: Final = ("contraction", "churn", "credit")
SNAP: Final = 1e-12
"""A size this close to an end of an interval is on it: shares and sums are rounded. [share of the end]"""


class DealClass(Table):
    """Parts of deals that count alike: of these types, and of a term and a size in these intervals. Two classes share none.

    types       : ``"new"``, a new customer; ``"renewal"``, of what is renewed the part that was there before;
                  ``"uplift"``, what a renewal adds; ``"expansion"``, what is added between renewals; ``"won_back"``, a
                  customer who returns after ``late_window_days``; and, below 0, ``"contraction"``, less at a renewal or
                  between two; ``"churn"``, a customer or contract that is lost; ``"credit"``, a credit for what was booked.
                  Growth alone is uplift and expansion; all that is booked has renewal beside them.
    term_months : of the contract signed; of churn, that of the contract that ended; of what happens between renewals, that
                  of the contract in force. As ``"[24, 36)"``; any where left out. [month]
    size        : ARR of the deal: of a renewal the new contract's, of churn the old one's, else what is added or taken
                  away. As ``"[50_000, inf)"``; any where left out. [usd/yr]
    multiplier  : credit per usd, or event, towards quota and tiers. [usd/usd]
    rate        : pay per usd, in the place of a ``commission``: then every class has one. [usd/usd]
    per_event   : the same of a measure that counts deals. [usd/event]
    late_window_days : who returns later than this was lost when due, and is won back when booked. [day]

    Source: the usual clauses of commission plans: rates by length of contract, by size of deal and by record type;
    PostHog handbook, Growth, Sales: prepaid conversions count 1.25 times. That a deal is paid whole at the rate of its
    class, and not each dollar at that of its band, is an assumption.
    """

    types: Annotated[tuple[DealType, ...], Field(min_length=1, max_length=len(TYPES))]
    term_months: str | None = None
    size: str | None = None
    multiplier: Multiplier = 1.0
    rate: Share | None = None
    per_event: Money | None = None
    late_window_days: DayCount = LATE_WINDOW_DAYS

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for key in ("term_months", "size"):
            text = getattr(self, key)
            if text is not None and read_interval(text) is None:
                example = (
                    "'[24, 36)' or '[36, inf)'"
                    if key == "term_months"
                    else "'[0, 50_000)' or '[50_000, inf)'"
                )
                fix = "Left end below right end; what has no end is written 'inf)'."
                raise refuse(f"an interval such as {example}", text, fix, key=key)
        if len(set(self.types)) < len(self.types):
            raise refuse("each type once", list(self.types), key="types")
        if self.rate is not None and self.per_event is not None:
            raise refuse("one of rate and per_event", "both")
        return self

    @property
    def pays(self) -> float | None:
        """Pay per usd or event; None where a commission or a curve says it."""
        return self.per_event if self.rate is None else self.rate

    @property
    def months(self) -> tuple[int, int]:
        """The first month of its terms, and the first beyond them. [month]"""
        interval = None if self.term_months is None else read_interval(self.term_months)
        if interval is None:
            return 0, NEVER
        return _whole(interval.left, interval.owns_left), (
            NEVER if math.isinf(interval.right) else _whole(interval.right, not interval.owns_right)
        )

    @property
    def sizes(self) -> tuple[float, float]:
        """The smallest size that is its own, and the smallest beyond. [usd/yr]"""
        interval = None if self.size is None else read_interval(self.size)
        if interval is None:
            return 0.0, math.inf
        return _at(interval.left, interval.owns_left), _at(interval.right, not interval.owns_right)

    def terms(self, dates: EventDates) -> tuple[DealTerms, ...]:
        """What it reads of a Ledger, type by type."""
        return tuple(
            DealTerms(each, getattr(dates, DATE_OF[each]), *self.months, *self.sizes, self.late_window_days)
            for each in self.types
        )


def _whole(months: float, held: bool) -> int:
    """The first whole number of months from an end on, which is one of them or not. [month]"""
    return math.ceil(months) if held else math.floor(months) + 1


def _at(end: float, held: bool) -> float:
    """The smallest size from an end on, moved to the safe side. [usd/yr]"""
    if math.isinf(end):
        return end
    return end * (1.0 - SNAP) if held else math.nextafter(end * (1.0 + SNAP), math.inf)


def class_faults(classes: Sequence[DealClass], count: bool, pay_kind: str) -> Iterator[PydanticCustomError]:
    """What is wrong with the classes of a component. count : its measure counts deals."""
    if not classes:
        yield refuse("present", None, "Add '[[component.deals]]': the types that count.", key="deals")
    for (one, first), (other, second) in combinations(enumerate(classes), 2):
        shared = [each for each in first.types if each in second.types]
        if shared and _meet(first.months, second.months) and _meet(first.sizes, second.sizes):
            fix = f"deals[{one}] and deals[{other}] both hold some {shared[0]}: close one of the intervals earlier."
            yield refuse("classes that share no deal", shared, fix, key="deals")
    pays = [each.pays is not None for each in classes]
    if any(pays) and not all(pays):
        yield refuse(
            "of all classes or of none", pays, "Pay is by class, or by commission.", key="deals.rate"
        )
    if any(pays) and pay_kind != "commission":
        yield refuse("absent", "a rate", "Only pay_kind = 'commission' pays by rate.", key="deals.rate")
    for place, each in enumerate(classes):
        key = f"deals[{place}]"
        if (each.rate if count else each.per_event) is not None:
            fix = "deal_count pays per_event, deal_bookings a rate."
            yield refuse("per_event" if count else "rate", "the other", fix, key=key)
        if count and any(loss in each.types for loss in LOSSES):
            yield refuse(
                "types that add ARR", list(each.types), "A loss is no event to pay for.", key=f"{key}.types"
            )
        if count and {"renewal", "uplift"} <= set(each.types):
            fix = (
                "A renewal with uplift is one deal: 'renewal' counts every renewal, 'uplift' those that grow."
            )
            yield refuse("one of renewal and uplift", list(each.types), fix, key=f"{key}.types")


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
