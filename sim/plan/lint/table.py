"""The table of faults, and the one pass over it."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from sim.calendar import Calendar
from sim.plan.lint import (
    band_gap,
    beyond_cap,
    cliff,
    dead_zone,
    denominator,
    exhaustion,
    high_rate,
    multiplier,
    no_mean,
    nothing_due,
    other_window,
    pay_scale,
    provision,
    pump,
    ratchet,
    retroactive,
    small_ramp,
)
from sim.plan.lint.fault import Fault, Finding, Severity, Subject, subjects
from sim.plan.plan import Plan

FOUNDING: Final = "Compensating Customer Success Managers (founding document)"
HEALY: Final = "Healy (1985), Journal of Accounting and Economics 7: 85-107"
JENSEN: Final = "Jensen (2003), European Financial Management 9: 379-406"
MARSAGLIA: Final = "Marsaglia (1965), Ratios of normal variables, JASA 60: 193-204"
WEITZMAN: Final = "Weitzman (1980), Bell Journal of Economics 11: 302-308"

PUBLISHED: Final = "Assumption, wide of the published plans in configs/plans/library"
SURVEYS: Final = (
    "Assumption, wide of published retention: median GRR 78 to 92 %, NRR 97 to 118 % a year by segment"
)
MARKET: Final = "Assumption, wide of the pay by city in Customer Success Compensation (founding document)"

QUARTERS: Final = Calendar(date(2026, 1, 1), 8)
"""The periods of a plan that is looked at alone."""


class Kind(NamedTuple):
    """A kind of fault: its name, how bad it is, who found it, how it is found, and whether only in bookings."""

    name: str
    severity: Severity
    source: str
    find: Callable[[Subject], Iterator[Finding]]
    of_bookings: bool = True


FAULTS: Final = (
    Kind("pump", "major", f"{FOUNDING}, early case 4 rolled over two years", pump.find),
    Kind(
        "provision",
        "major",
        f"{FOUNDING}, the provision of early case 4 rolled over two years",
        provision.find,
    ),
    Kind("exhaustion", "major", f"{FOUNDING}, early case 4 with 590 booked early", exhaustion.find),
    Kind("multiplier", "major", f"{FOUNDING}, early case 3", multiplier.find),
    Kind("retroactive", "major", f"{FOUNDING}, early case 5 and late case 5", retroactive.find),
    Kind("ratchet", "major", WEITZMAN, ratchet.find),
    Kind("cliff", "major", JENSEN, cliff.find, of_bookings=False),
    Kind("denominator", "minor", JENSEN, denominator.find),
    Kind("dead zone", "minor", HEALY, dead_zone.find, of_bookings=False),
    Kind("beyond cap", "minor", HEALY, beyond_cap.find),
    Kind("band gap", "minor", f"{FOUNDING}, tiers of late credit", band_gap.find),
    Kind("nothing due", "minor", PUBLISHED, nothing_due.find, of_bookings=False),
    Kind("other window", "minor", SURVEYS, other_window.find, of_bookings=False),
)
"""Every fault of a bonus component that is looked for, in the order in which faults are told."""


class PlanKind(NamedTuple):
    """A kind of fault of the whole plan: what is legal and odd. As ``Kind``."""

    name: str
    severity: Severity
    source: str
    find: Callable[[Plan, Calendar], Iterator[Finding]]


PLAN_FAULTS: Final = (
    PlanKind("no mean", "major", MARSAGLIA, no_mean.find),
    PlanKind("pay scale", "minor", MARKET, pay_scale.find),
    PlanKind("high rate", "minor", PUBLISHED, high_rate.find),
    PlanKind("small ramp", "minor", PUBLISHED, small_ramp.find),
)
"""Every fault of a whole plan, told after those of its components."""


@lru_cache(maxsize=64)
def lint(plan: Plan, calendar: Calendar = QUARTERS) -> tuple[Fault, ...]:
    """The faults of a plan, from its file alone: nothing is simulated, every number comes from settling a small book.

    A component of a bonus is looked at alone, without gates, guarantees and other rules between components.

    calendar : whose periods are meant; how many there are does not matter.
    """
    looked_at = list(subjects(plan, calendar))
    of_components = [
        fault_of(kind, found)
        for kind in FAULTS
        for subject in looked_at
        if subject.of_bookings or not kind.of_bookings
        for found in kind.find(subject)
    ]
    of_plan = [fault_of(kind, found) for kind in PLAN_FAULTS for found in kind.find(plan, calendar)]
    return (*of_components, *of_plan)


def fault_of(kind: Kind | PlanKind, found: Finding) -> Fault:
    """A finding with what all of its kind share."""
    return Fault(
        name=kind.name,
        severity=kind.severity,
        clause=found.clause,
        number=found.number,
        unit=found.unit,
        short=found.short,
        sentence=found.sentence,
        source=kind.source,
    )
