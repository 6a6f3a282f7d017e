"""The measures a component may have: one row each, with all that is said of it anywhere. A new measure is a row, and the
function in ``sim.plan.value`` that reads it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from sim.extensions import MEASURES as ADDED
from sim.extensions import extensions
from sim.plan import value
from sim.plan.value import Counted, Kept

Kind: TypeAlias = Literal["renewals", "bookings", "change", "events", "share", "company", "kpi"]
Fact: TypeAlias = Literal["opening", "expansions", "readings", "multi_year"]


class Range(NamedTuple):
    """Levels that may be asked, on the measure's own scale. A share is above its floor; of a KPI less may be better.

    least, most : of a target; a floor may be 0 where a target may not.
    share       : [share]; else the KPI's own scale.
    """

    least: float
    most: float
    share: bool = True


KEPT: Final = Range(0.01, 1.0)
"""Of a book no more than all can be kept."""
GROWN: Final = Range(-1.0, 5.0)
"""Growth of more than 400 % in a window is no target."""
SCALE: Final = Range(-1e6, 1e6, share=False)
"""A KPI has the scale that its scenario gives it."""
LOSSES: Final = ("renewal", "contraction", "churn")


class Measure(NamedTuple):
    """What is known of a measure before a Ledger is there.

    kind    : dollars renewed, other dollars booked, dollars by which the book has changed, events counted, a share of the
              book, one of the company, or a KPI.
    reads   : what of a Ledger it needs beyond bookings; see ``sim.plan.plan.Plan.reads``.
    dates   : the events whose date decides in which period it counts; see ``sim.plan.event_dates.EventDates``.
    history : what a replay needs beside renewals: ARR by account on the first day, growth between renewals, readings of
              KPIs, which renewals signed longer terms.
    counted : of dollars and events of a whole book; a change may be negative.
    kept    : of retention, which is read of the accounts held at the start of a window; see ``sim.plan.retained``.
    level   : targets that may be asked; None where a quota is asked, or what is read of the team decides.
    a_year  : targets of a year that can be meant; None where nothing is known of it. [share]
    alone   : a component may be measured on it.
    of_team : ``team_attainment`` may read it of all books together.
    reading : of a measure that is read in a way of its own: from the component, its window and a key that spells both out
              to a ``sim.plan.measured.Reading``.
    by_deal : parts of deals by class, which the component names; see ``sim.plan.deals``.
    """

    kind: Kind
    reads: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    history: tuple[Fact, ...] = ()
    counted: Counted | None = None
    kept: Kept | None = None
    level: Range | None = None
    a_year: tuple[float, float] | None = None
    alone: bool = True
    of_team: bool = False
    reading: Callable[..., Any] | None = None
    by_deal: bool = False


def _count(event: str, *history: Fact) -> Measure:
    return Measure("events", ("flow",), history=history, counted=value.number_of(event))


def _kpi(*reads: str, level: Range = SCALE) -> Measure:
    return Measure("kpi", reads, history=("readings",), level=level)


OWN_KPI: Final = "kpi"
"""The measure of a KPI of the company's own, which the component names."""
WHOLE: Final = ("opening", "expansions")
SHIPPED: Final[dict[str, Measure]] = {
    "renewal_bookings": Measure("renewals"),
    "expansion_bookings": Measure("bookings", ("flow",), ("expansion",), ("expansions",), value.expansion),
    "uplift_bookings": Measure("bookings", ("flow",), ("renewal",), (), value.uplift),
    "growth_bookings": Measure(
        "bookings", ("flow",), ("expansion", "renewal"), ("expansions",), value.growth
    ),
    "multi_year_bookings": Measure("bookings", ("flow",), (), ("multi_year",), value.multi_year),
    "net_growth": Measure("change", ("flow",), ("expansion", *LOSSES), ("expansions",), value.net_growth),
    "deal_bookings": Measure("bookings", ("flow",), ("expansion", *LOSSES), by_deal=True),
    "deal_count": Measure("events", ("flow",), ("expansion", *LOSSES), by_deal=True),
    "renewal_count": _count("renewal"),
    "expansion_count": _count("expansion", "expansions"),
    "multi_year_count": _count("multi_year", "multi_year"),
    "win_back_count": _count("won_back"),
    "grr": Measure(
        "share", ("flow",), LOSSES, ("opening",), None, value.gross, KEPT, (0.70, 0.97), of_team=True
    ),
    "nrr": Measure(
        "share",
        ("flow",),
        ("expansion", *LOSSES),
        WHOLE,
        None,
        value.net,
        Range(0.01, 5.0),
        (0.80, 1.50),
        of_team=True,
    ),
    "logo_retention": Measure(
        "share", ("flow",), ("churn",), ("opening",), None, value.logos, KEPT, (0.60, 1.0), of_team=True
    ),
    "arr_growth": Measure("company", history=WHOLE, level=GROWN, alone=False, of_team=True),
    "company_arr_growth": Measure("company", ("company",), history=WHOLE, level=GROWN),
    "team_attainment": Measure("company", ("company",), ("expansion", *LOSSES)),
    "health": _kpi("kpi:health"),
    "nps": _kpi("kpi:nps"),
    "adoption": _kpi("kpi:adoption"),
    "onboarding": _kpi("kpi:onboarding", level=Range(0.0, 3650.0, share=False)),
    OWN_KPI: _kpi(),
}
"""Targets of a year: published retention (median GRR 78 to 92 % and NRR 97 to 118 % a year by segment, top quartile NRR
130 %); the ends are assumptions, wide of them.
"""

MORE: Final = extensions(ADDED, tuple(SHIPPED))
"""Measures of other packages."""
MEASURES: Final[dict[str, Measure]] = SHIPPED | {name: each.value for name, each in MORE.items()}

KPIS: Final = tuple(name for name, each in SHIPPED.items() if each.kind == "kpi" and name != OWN_KPI)
"""KPIs that every scenario has a scale for."""

if TYPE_CHECKING:
    MeasureName: TypeAlias = str
    TeamMeasure: TypeAlias = str
else:
    MeasureName = Literal[tuple(name for name, measure in MEASURES.items() if measure.alone)]
    TeamMeasure = Literal[tuple(name for name, measure in MEASURES.items() if measure.of_team)]

QUOTA_KINDS: Final[dict[Kind, tuple[str, ...]]] = {
    "renewals": ("fixed", "person", "retention"),
    "bookings": ("fixed", "person", "opening"),
    "change": ("fixed", "person", "opening"),
    "events": ("fixed", "person"),
    "share": ("target",),
    "company": ("target",),
    "kpi": ("target",),
}
"""How each kind of measure may be asked."""
