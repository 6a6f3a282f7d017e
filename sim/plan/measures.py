"""The measures a component may have, one line each: what kind they are, which dates place them, what they read."""

from typing import Final, Literal, NamedTuple, TypeAlias

MeasureName: TypeAlias = Literal[
    "renewal_bookings",
    "expansion_bookings",
    "uplift_bookings",
    "growth_bookings",
    "multi_year_bookings",
    "renewal_count",
    "expansion_count",
    "multi_year_count",
    "win_back_count",
    "grr",
    "nrr",
    "logo_retention",
    "company_arr_growth",
    "team_attainment",
    "health",
    "nps",
    "adoption",
    "onboarding",
]
TeamMeasure: TypeAlias = Literal["grr", "nrr", "logo_retention", "arr_growth"]
Kind: TypeAlias = Literal["renewals", "bookings", "events", "share", "company", "kpi"]


class Measure(NamedTuple):
    """What is to be known of a measure before a Ledger is there.

    kind  : dollars renewed, other dollars booked, events counted, a share of the book, one of the company, or a KPI.
    dates : the events whose date decides in which period it counts; see ``sim.plan.event_dates.EventDates``.
    reads : what of a Ledger it needs beyond bookings; see ``sim.plan.plan.Plan.reads``.
    """

    kind: Kind
    dates: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


RETENTION: Final = ("grr", "nrr", "logo_retention")
"""Measures of the accounts held at the start of a window; see ``sim.plan.retained``."""
LOSSES: Final = ("renewal", "contraction", "churn")

MEASURES: Final[dict[MeasureName, Measure]] = {
    "renewal_bookings": Measure("renewals"),
    "expansion_bookings": Measure("bookings", ("expansion",), ("flow",)),
    "uplift_bookings": Measure("bookings", ("renewal",), ("flow",)),
    "growth_bookings": Measure("bookings", ("expansion", "renewal"), ("flow",)),
    "multi_year_bookings": Measure("bookings", (), ("flow",)),
    "renewal_count": Measure("events", (), ("flow",)),
    "expansion_count": Measure("events", (), ("flow",)),
    "multi_year_count": Measure("events", (), ("flow",)),
    "win_back_count": Measure("events", (), ("flow",)),
    "grr": Measure("share", LOSSES, ("flow",)),
    "nrr": Measure("share", ("expansion", *LOSSES), ("flow",)),
    "logo_retention": Measure("share", ("churn",), ("flow",)),
    "company_arr_growth": Measure("company", (), ("company",)),
    "team_attainment": Measure("company", ("expansion", *LOSSES), ("company",)),
    "health": Measure("kpi", (), ("kpi:health",)),
    "nps": Measure("kpi", (), ("kpi:nps",)),
    "adoption": Measure("kpi", (), ("kpi:adoption",)),
    "onboarding": Measure("kpi", (), ("kpi:onboarding",)),
}

QUOTA_KINDS: Final[dict[Kind, tuple[str, ...]]] = {
    "renewals": ("fixed", "retention"),
    "bookings": ("fixed", "opening"),
    "events": ("fixed",),
    "share": ("target",),
    "company": ("target",),
    "kpi": ("target",),
}
"""How each kind of measure may be asked."""
