"""Commission: pay per dollar or per event, at a rate or at rates by tier."""

from typing import Annotated, Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from sim.files.share import Share, fix_of_share
from sim.files.toml import Table, refuse
from sim.kernel import kernel
from sim.plan.bounds import LARGEST_ATTAINMENT, Money
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

Rate: TypeAlias = Share
"""Pay per usd: no more than the dollar. [usd/usd]"""
SNAP = 1e-12
"""A reading this close to the start of a tier has reached it. [share of the start]"""


class Tier(Table):
    """The rate from ``start`` on, up to the start of the tier after it.

    start : attainment [share], or dollars of the window [usd].
    rate  : pay per usd. [usd/usd]
    """

    start: Annotated[float, Field(ge=0, le=1e12)]
    rate: Rate


class Commission(Table):
    """What a commission component pays: give ``rate``, ``tier`` or ``per_event``.

    rate      : pay per usd. [usd/usd]
    tier      : rates by tier, the first of them from 0.
    tiers_by  : tiers start at an ``"attainment"`` of the quota, or at ``"dollars"`` of the window.
    tiers_pay : ``"marginal"``, each dollar at the rate of the tier it falls in, or ``"retroactive"``, all dollars at
                the rate of the tier reached.
    per_event : of a measure that counts events. [usd/event]

    Source: Sourcegraph handbook, Commission Processing: a base commission rate up to quota, and an accelerated rate
    for what is booked over it (marginal, by attainment); Is your CSM compensation plan simple, scalable, and ROI
    positive? (founding document): "Base + Commission (determined from performance on upsell and/or renewal)".
    """

    rate: Rate | None = None
    tier: tuple[Tier, ...] | None = None
    tiers_by: Literal["attainment", "dollars"] = "attainment"
    tiers_pay: Literal["marginal", "retroactive"] = "marginal"
    per_event: Money | None = None

    @field_validator("tier")
    @classmethod
    def _ascending(cls, tier: tuple[Tier, ...] | None) -> tuple[Tier, ...] | None:
        starts = [each.start for each in tier or ()]
        if tier is not None and (not starts or starts[0] != 0 or starts != sorted(set(starts))):
            raise refuse("tiers with strictly ascending start, the first of them 0", starts)
        return tier

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [key for key in ("rate", "tier", "per_event") if getattr(self, key) is not None]
        if len(given) != 1:
            received: Any = None if not given else f"both {' and '.join(given)}"
            raise refuse("one of rate, tier and per_event", received)
        for index, each in enumerate(self.tier or ()):
            if self.tiers_by == "attainment" and each.start > LARGEST_ATTAINMENT:
                fix = fix_of_share(each.start) or "Tiers by dollars have tiers_by = 'dollars'."
                raise refuse(f"at most {LARGEST_ATTAINMENT:g}", each.start, fix, key=f"tier[{index}].start")
        return self

    @property
    def by_attainment(self) -> bool:
        """Whether a quota decides the tier."""
        return self.tier is not None and self.tiers_by == "attainment"


class CommissionTerms(NamedTuple):
    """A commission as arrays.

    start, rate   : of each tier; one tier from 0 for a plain rate. [tier] [share] or [usd]; [usd/usd]
    by_attainment : ``start`` is in attainment, else in dollars.
    retroactive   : all dollars at the rate of the tier reached.
    """

    start: NDArray[np.float64]
    rate: NDArray[np.float64]
    by_attainment: bool
    retroactive: bool


def commission_terms(commission: Commission) -> CommissionTerms:
    """The rates as arrays; an amount per event is a rate per event."""
    plain = commission.rate if commission.per_event is None else commission.per_event
    tiers = (
        [(0.0, plain)] if plain is not None else [(each.start, each.rate) for each in commission.tier or ()]
    )
    start, rate = np.array(tiers, dtype=np.float64).T.copy()
    return CommissionTerms(start, rate, commission.by_attainment, commission.tiers_pay == "retroactive")


def commissioned(terms: CommissionTerms, value: FloatPW, attainment: FloatPW, sheet: Worksheet) -> FloatPW:
    """The commission of each window on its dollars or events. [period, world] [usd]"""
    pay = sheet.empty(*value.shape)
    if len(terms.rate) == 1:
        np.multiply(value, terms.rate[0], out=pay)
    else:
        reached = attainment if terms.by_attainment else value
        pay_tiers(value, reached, terms.start, terms.rate, terms.retroactive, pay)
    return pay


@kernel
def pay_tiers(
    value: FloatPW,
    reached: FloatPW,
    start: NDArray[np.float64],
    rate: NDArray[np.float64],
    retroactive: bool,
    pay: FloatPW,
) -> None:
    """Dollars at the rate of the tier reached, or at the mean of the rates that ``reached`` runs through.

    By dollars that mean makes each dollar paid at the rate of its tier; by attainment likewise, and where the quota has
    been moved away it is still a mean of rates.
    """
    for t in range(value.shape[0]):
        for w in range(value.shape[1]):
            at = reached[t, w]
            total, now = 0.0, rate[0]
            for i in range(start.size):
                end = start[i + 1] if i + 1 < start.size else np.inf
                total += rate[i] * max(min(at, end) - start[i], 0.0)
                now = rate[i] if at >= start[i] * (1.0 - SNAP) else now
            mean = total / at if at > 0.0 else rate[0]
            pay[t, w] = value[t, w] * (now if retroactive else mean)
