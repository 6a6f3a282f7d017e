"""One segment of the customer base: its books, and the distributions its renewals are drawn from."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.files.share import LEAST_SHARE, NONE_OR_ENOUGH, PartShare, not_percent
from sim.files.share import Share as Share
from sim.files.toml import Name, Table, refuse, refuse_all
from sim.world.arr import ArrLaw, ListedArr, LognormalArr

LONGEST_LAG = 730
"""Farthest booking from its due day that a scenario may draw. [day]"""
LONGEST_TERM = 120

TERMS: Final = "^(?:[1-9]|[1-9][0-9]|1[01][0-9]|120)$"
"""Whole months from 1 to ``LONGEST_TERM``, as text; for editors."""
ByTerm = Annotated[dict[str, Share], Field(json_schema_extra={"propertyNames": {"pattern": TERMS}})]
LARGEST_CHANGE = 2.0
ChangeShare = Annotated[float, Field(ge=0.0, le=LARGEST_CHANGE), BeforeValidator(not_percent(LARGEST_CHANGE))]
"""By which ARR changes, as a mean or an end of a range: to three times what it was. [share of ARR]"""
SUM_TOLERANCE = 1e-9


def _sum_to_one(shares: tuple[float, ...], key: str) -> Iterator[PydanticCustomError]:
    if abs(sum(shares) - 1.0) > SUM_TOLERANCE:
        yield refuse("of shares that sum to 1", round(sum(shares), 9), key=key)


def _known_terms(mix: dict[str, float], key: str) -> Iterator[PydanticCustomError]:
    for months in mix:
        if not (
            months.isascii()
            and months.isdigit()
            and 1 <= int(months) <= LONGEST_TERM
            and str(int(months)) == months
        ):
            yield refuse(f"keyed by whole months from 1 to {LONGEST_TERM}", months, key=key)


class Due(Table):
    """When contracts end within a fiscal year.

    quarter_weights  : share of due dates by fiscal quarter; without a fiscal year, by quarter of the horizon's year.
    last_month_share : share of a quarter's due dates that fall in its last month; the other two share the rest.
    """

    quarter_weights: Annotated[tuple[Share, ...], Field(min_length=4, max_length=4)] = (
        0.25,
        0.25,
        0.25,
        0.25,
    )
    last_month_share: Share = 1.0 / 3.0

    @model_validator(mode="after")
    def _sums(self) -> Self:
        return refuse_all(self, _sum_to_one(self.quarter_weights, "quarter_weights"))


class Churn(Table):
    """Probability that a renewal is lost, with accounts that differ.

    probability : mean over accounts. [share of renewals]
    by_term     : mean for contracts of other terms, by months as text. [share of renewals]
    dispersion  : accounts' own probabilities are Beta with this intra-class correlation; 0 makes them equal. Survivors
                  then renew better, as in the shifted-beta-geometric model (Fader and Hardie 2007).
    """

    probability: Share
    by_term: ByTerm = {}
    dispersion: PartShare = 0.0


class LagBand(Table):
    """Share of renewals booked so many days after (negative: before) the due day, uniform within the band.

    days  : first and last day. [day]
    share : of renewals that are kept; those of all bands add up to 1. [share]
    """

    days: Annotated[tuple[int, int], Field()]
    share: Share

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        first, last = self.days
        if not -LONGEST_LAG <= first <= last <= LONGEST_LAG:
            raise refuse(f"[first, last] in order within {LONGEST_LAG} days", list(self.days), key="days")
        return self


class UniformSize(Table):
    """A share uniform between two values.

    low, high : its ends. [share]
    """

    low: ChangeShare
    high: ChangeShare

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise refuse("at least low", self.high, key="high")
        return self


class LognormalSize(Table):
    """A lognormal share.

    mean  : of the share. [share]
    sigma : standard deviation of its logarithm. [1]
    """

    mean: Annotated[ChangeShare, Field(ge=LEAST_SHARE)]
    sigma: Annotated[float, Field(ge=0.0, le=3.0)]


Size = UniformSize | LognormalSize


class Change(Table):
    """A change of ARR at renewal: how often among the kept, and by which share of ARR.

    probability : among renewals that are kept. [share]
    """

    probability: Share = 0.0
    size: Size = UniformSize(low=0.0, high=0.0)


class Contraction(Table):
    """Renewed smaller: how often among the kept, and by which share of ARR.

    probability : among renewals that are kept. [share]
    """

    probability: Share = 0.0
    size: UniformSize = UniformSize(low=0.0, high=0.0)

    @model_validator(mode="after")
    def _below_one(self) -> Self:
        if self.size.high > 1.0:
            raise refuse("at most 1", self.size.high, key="size.high")
        return self


class WinBack(Table):
    """Share of lost accounts that come back so many days after the due day.

    days        : first and last day, uniform between. [day]
    probability : of lost accounts. [share]
    """

    days: tuple[int, int]
    probability: Share

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        first, last = self.days
        if not 1 <= first <= last <= LONGEST_LAG:
            raise refuse(f"[first, last] in order from 1 to {LONGEST_LAG} days", list(self.days), key="days")
        return self


class Expansion(Table):
    """In-term growth: a Poisson number of expansions, each a share of the account's ARR.

    events_per_year : mean number of expansions of an account. [1/yr]
    size            : lognormal share of ARR.
    """

    events_per_year: Annotated[float, Field(ge=0.0, le=50.0), NONE_OR_ENOUGH] = 0.0
    size: LognormalSize = LognormalSize(mean=0.1, sigma=0.0)


class Onboarding(Table):
    """How long a new account takes to reach its first milestones: lognormal days, and the days it should take.

    mean_days   : that it takes. [day]
    sigma       : standard deviation of the logarithm of the days. [1]
    target_days : that it should take at most, to count as on time. [day]
    """

    mean_days: Annotated[float, Field(ge=1.0, le=3650.0)] = 60.0
    sigma: Annotated[float, Field(ge=0.0, le=3.0)] = 0.5
    target_days: Annotated[int, Field(ge=1, le=3650)] = 90


class NewAccounts(Table):
    """New customers that join each book: so many a year and CSM, of so much ARR.

    per_year : joining each book. [1/yr]
    """

    per_year: Annotated[float, Field(ge=0.0, le=1000.0), NONE_OR_ENOUGH] = 0.0
    arr: ArrLaw = ArrLaw(mean=1.0, sigma=0.0)
    onboarding: Onboarding = Onboarding()

    @model_validator(mode="after")
    def _sized(self) -> Self:
        if self.per_year > 0.0 and "arr" not in self.model_fields_set:
            raise refuse("present", None, "New accounts need an ARR.", key="arr")
        return self


class Movable(Table):
    """Which renewals a CSM could book in another period than the customer would of themselves.

    ready_early : share of renewals whose customer would sign one period early if asked. [share]
    holdable    : share of renewals that could be held until the first day of the next period. [share]

    No public data set of booking dates under known plans was found: both are assumptions, to be varied.
    """

    ready_early: Share = 0.0
    holdable: Share = 0.0


class Segment(Table):
    """One segment: who holds it, what the accounts are worth, and how they behave.

    name                : of the segment; books and reports use it.
    csms                : number of CSMs, when the book is drawn.
    arr                 : accounts and their ARR in every book, when the book is drawn.
    term_months         : mix of the contracts held, by months as text. [share]
    renewed_term_months : mix of the contracts signed at renewal and by new accounts; as held when left out. [share]
    lag                 : bands of booking day less due day, shares of the kept. [day]
    back_dated          : of those booked after the due day, how many start on it all the same (back-dated, or served as
                          goodwill): no revenue lapses, so they count as booked on the due day. [share of the late]
    win_back            : lost accounts that return later.
    grace_days          : a lapse longer than this moves the next due date to the booking day. [day]
    new_accounts        : customers that join the book.
    notice_days         : a customer that leaves or shrinks says so up to this many days before the due day. [day]
    movable             : renewals that could be booked in another period; read by studies with a ``[gaming]`` table.
    """

    name: Name
    csms: Annotated[int, Field(ge=1, le=100_000)] | None = None
    arr: LognormalArr | ListedArr | None = None
    term_months: ByTerm = {"12": 1.0}
    renewed_term_months: ByTerm = {}
    due: Due = Due()
    churn: Churn
    lag: Annotated[tuple[LagBand, ...], Field(min_length=1, max_length=40)] = (
        LagBand(days=(0, 0), share=1.0),
    )
    back_dated: Share = 0.0
    contraction: Contraction = Contraction()
    uplift: Change = Change()
    win_back: Annotated[tuple[WinBack, ...], Field(max_length=20)] = ()
    grace_days: Annotated[int, Field(ge=0, le=LONGEST_LAG)] = 30
    expansion: Expansion = Expansion()
    new_accounts: NewAccounts = NewAccounts()
    notice_days: Annotated[int, Field(ge=1, le=LONGEST_LAG)] = 120
    movable: Movable = Movable()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        return refuse_all(self, self._contradictions())

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        for key in ("term_months", "renewed_term_months"):
            mix = getattr(self, key)
            if mix or key == "term_months":
                yield from _known_terms(mix, key)
                yield from _sum_to_one(tuple(mix.values()), key)
        yield from _known_terms(self.churn.by_term, "churn.by_term")
        yield from _sum_to_one(tuple(band.share for band in self.lag), "lag")
        bands = sorted(band.days for band in self.lag)
        if any(after[0] <= before[1] for before, after in pairwise(bands)):
            yield refuse("bands that do not overlap", [list(days) for days in bands], key="lag")
        if self.contraction.probability + self.uplift.probability > 1.0 + SUM_TOLERANCE:
            total = self.contraction.probability + self.uplift.probability
            yield refuse("with contraction.probability at most 1", total, key="uplift.probability")
        returning = sum(tier.probability for tier in self.win_back)
        if returning > 1.0 + SUM_TOLERANCE:
            yield refuse("of probabilities that sum to at most 1", returning, key="win_back")

    @property
    def accounts(self) -> int:
        """Accounts of the whole segment when it is drawn."""
        return (self.csms or 0) * self.accounts_per_csm

    @property
    def accounts_per_csm(self) -> int:
        """Accounts in one book when it is drawn."""
        if isinstance(self.arr, ListedArr):
            return sum(entry.accounts for entry in self.arr.listed)
        return self.arr.accounts if self.arr else 0

    @property
    def latest_lag(self) -> int:
        """How long after the due day a renewal is booked at most. [day]"""
        return max(band.days[1] for band in self.lag if band.share > 0.0)

    @property
    def terms(self) -> tuple[int, ...]:
        """Contract terms that occur, ascending. [month]"""
        return tuple(sorted({int(months) for months in (*self.term_months, *self.renewed_term_months)}))
