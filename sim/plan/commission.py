"""Commission: pay per dollar or per event, at a rate or at rates by tier."""

from typing import Annotated, Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from sim.files.share import Share, fix_of_share
from sim.files.toml import Table, refuse
from sim.kernel import kernel
from sim.plan.bounds import LARGEST_ATTAINMENT, Money
from sim.plan.interval import COVERING, faults, read_interval
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

Rate: TypeAlias = Share
"""Pay per usd: no more than the dollar. [usd/usd]"""
TierPays: TypeAlias = Literal["marginal", "retroactive"]
SNAP = 1e-12
"""A reading this close to the start of a tier has reached it. [share of the start]"""


class Tier(Table):
    """The rate of one tier: from ``start`` on, up to the start of the tier after it, or inside an ``interval``.

    start     : attainment, dollars or events of the window; the tier holds it. [share], [usd] or [events]
    interval  : the same with ends that are closed on either side, as ``"(0.75, 1.0]"`` of a payout curve.
    rate      : pay per usd. [usd/usd]
    per_event : of a measure that counts events. [usd/event]
    pays      : ``"marginal"``, what falls into the tier at its rate, on top of what the tiers below have earned; or
                ``"retroactive"``, once it is reached, all below it too at its rate. As ``tiers_pay`` unless given.
    """

    start: Annotated[float, Field(ge=0, le=1e12)] | None = None
    interval: str | None = None
    rate: Rate | None = None
    per_event: Money | None = None
    pays: TierPays | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        for keys in (("start", "interval"), ("rate", "per_event")):
            given = [key for key in keys if getattr(self, key) is not None]
            if len(given) != 1:
                raise refuse(f"one of {' and '.join(keys)}", " and ".join(given) or None)
        if self.interval is not None and read_interval(self.interval) is None:
            fix = "Left end below right end; the last one ends with 'inf)'."
            raise refuse(
                "an interval such as '[0, 0.75]' or '(0.75, inf)'", self.interval, fix, key="interval"
            )
        return self

    @property
    def from_(self) -> tuple[float, bool]:
        """Where it starts, and whether it holds its start."""
        if self.interval is None:
            assert self.start is not None, "checked on reading"
            return self.start, True
        interval = read_interval(self.interval)
        assert interval is not None, "checked on reading"
        return interval.left, interval.owns_left

    @property
    def amount(self) -> float:
        """Pay per usd or event."""
        amount = self.per_event if self.rate is None else self.rate
        assert amount is not None, "checked on reading"
        return amount


class Commission(Table):
    """What a commission component pays: give ``rate``, ``tier`` or ``per_event``.

    rate      : pay per usd. [usd/usd]
    tier      : rates by tier, the first of them from 0; all by ``start``, or all by ``interval``.
    tiers_by  : tiers start at an ``"attainment"`` of the quota, at ``"dollars"`` of the window or, where events are
                counted, at a ``"count"`` of them.
    tiers_pay : how tiers pay that do not say so themselves: ``"marginal"`` or ``"retroactive"``; see ``Tier``.
    per_event : of a measure that counts events. [usd/event]

    Source: Sourcegraph handbook, Commission Processing: a base commission rate up to quota, and an accelerated rate
    for what is booked over it (marginal, by attainment); Is your CSM compensation plan simple, scalable, and ROI
    positive? (founding document): "Base + Commission (determined from performance on upsell and/or renewal)".
    """

    rate: Rate | None = None
    tier: tuple[Tier, ...] | None = None
    tiers_by: Literal["attainment", "dollars", "count"] = "attainment"
    tiers_pay: TierPays = "marginal"
    per_event: Money | None = None

    @field_validator("tier")
    @classmethod
    def _ascending(cls, tier: tuple[Tier, ...] | None) -> tuple[Tier, ...] | None:
        if tier is None:
            return None
        if any(each.interval is not None for each in tier):
            if any(each.interval is None for each in tier):
                raise refuse("tiers all by start, or all by interval", "some of each")
            intervals = [interval for each in tier if (interval := read_interval(each.interval or ""))]
            if found := faults(intervals):
                raise refuse(COVERING, [each.interval for each in tier], " ".join(found))
            return tier
        starts = [each.from_[0] for each in tier]
        if not starts or starts[0] != 0 or starts != sorted(set(starts)):
            raise refuse("tiers with strictly ascending start, the first of them 0", starts)
        return tier

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [key for key in ("rate", "tier", "per_event") if getattr(self, key) is not None]
        if len(given) != 1:
            received: Any = None if not given else f"both {' and '.join(given)}"
            raise refuse("one of rate, tier and per_event", received)
        for index, each in enumerate(self.tier or ()):
            start, _ = each.from_
            if self.tiers_by == "attainment" and start > LARGEST_ATTAINMENT:
                key = "start" if each.interval is None else "interval"
                fix = fix_of_share(start) or "Tiers by dollars have tiers_by = 'dollars', by events 'count'."
                raise refuse(f"at most {LARGEST_ATTAINMENT:g}", start, fix, key=f"tier[{index}].{key}")
        return self

    @property
    def by_attainment(self) -> bool:
        """Whether a quota decides the tier."""
        return self.tier is not None and self.tiers_by == "attainment"

    def fits(self, events: bool) -> str:
        """Why it cannot pay a measure that counts events, or dollars; empty where it can."""
        keys = ["per_event" if each.rate is None else "rate" for each in self.tier or ()]
        if self.tier is None:
            keys = ["per_event" if self.rate is None else "rate"]
        if any((key == "per_event") != events for key in keys):
            return "A measure that counts events pays per_event, one in dollars a rate."
        if self.tier is not None and self.tiers_by == ("dollars" if events else "count"):
            other = "count" if events else "dollars"
            return f"Its tiers are reached by attainment, or have tiers_by = {other!r}."
        return ""


class CommissionTerms(NamedTuple):
    """A commission as arrays.

    start, rate   : of each tier; one tier from 0 for a plain rate. [tier] [share], [usd] or [events]; per usd or event
    entry         : smallest reading that has reached the tier, moved by ``SNAP`` to the safe side. [tier]
    retroactive   : all below the tier too is paid at its rate. [tier] of bool
    by_attainment : ``start`` is in attainment, else in what is measured.
    """

    start: NDArray[np.float64]
    entry: NDArray[np.float64]
    rate: NDArray[np.float64]
    retroactive: NDArray[np.bool_]
    by_attainment: bool


def commission_terms(commission: Commission) -> CommissionTerms:
    """The rates as arrays; an amount per event is a rate per event."""
    plain = commission.rate if commission.per_event is None else commission.per_event
    tiers = [(0.0, True, plain, False)] if plain is not None else []
    for each in commission.tier or ():
        pays = each.pays or commission.tiers_pay
        tiers.append((*each.from_, each.amount, pays == "retroactive"))
    start = np.array([each[0] for each in tiers])
    holds = np.array([each[1] for each in tiers])
    beyond = np.nextafter(start * (1.0 + SNAP), np.inf)
    return CommissionTerms(
        start=start,
        entry=np.where(holds, start * (1.0 - SNAP), beyond),
        rate=np.array([each[2] for each in tiers], dtype=np.float64),
        retroactive=np.array([each[3] for each in tiers]),
        by_attainment=commission.by_attainment,
    )


def commissioned(terms: CommissionTerms, value: FloatPW, attainment: FloatPW, sheet: Worksheet) -> FloatPW:
    """The commission of each window on its dollars or events. [period, world] [usd]"""
    pay = sheet.empty(*value.shape)
    if len(terms.rate) == 1:
        np.multiply(value, terms.rate[0], out=pay)
    else:
        reached = attainment if terms.by_attainment else value
        pay_tiers(value, reached, terms.start, terms.entry, terms.rate, terms.retroactive, pay)
    return pay


@kernel
def pay_tiers(
    value: FloatPW,
    reached: FloatPW,
    start: NDArray[np.float64],
    entry: NDArray[np.float64],
    rate: NDArray[np.float64],
    retroactive: NDArray[np.bool_],
    pay: FloatPW,
) -> None:
    """Dollars at the rate of the tier reached where it is retroactive, else at the mean of the rates that ``reached`` runs
    through; a retroactive tier below counts as the only one up to its end.

    By dollars that mean makes each dollar paid at the rate of its tier; by attainment likewise, and where the quota has
    been moved away it is still a mean of rates. What is negative is paid at the first rate.
    """
    for t in range(value.shape[0]):
        for w in range(value.shape[1]):
            at = reached[t, w]
            total, now, whole = 0.0, rate[0], retroactive[0]
            for i in range(start.size):
                end = start[i + 1] if i + 1 < start.size else np.inf
                arrived = i == 0 or at >= entry[i]
                inside = rate[i] * max(min(at, end) - start[i], 0.0)
                all_of_it = rate[i] * min(at, end)
                total = all_of_it if arrived and retroactive[i] else total + inside
                now = rate[i] if arrived else now
                whole = retroactive[i] if arrived else whole
            mean = total / at if at > 0.0 else rate[0]
            pay[t, w] = value[t, w] * (now if whole else mean)
