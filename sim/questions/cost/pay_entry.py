"""The pay distribution of a role, as ``summary.json`` holds it."""

from collections.abc import Callable, Set
from math import sqrt
from typing import Any, Final

import numpy as np

from sim.engine.marks import marks_of
from sim.engine.payees import Payees
from sim.engine.study import Study
from sim.engine.totals import FEATURES, Totals
from sim.measure.estimate import Numbers, mean_of
from sim.measure.histogram import percentile
from sim.questions.cost.pay_summary import AttainmentEntry, PayEntry, PayOfPeriod
from sim.questions.cost.performance import performance
from sim.questions.paths import made, some

PAY_LEVELS: Final = {"p5": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}
TIMINGS: Final = ("early", "late", "on_time", "uncredited")
ASKED_BY_LIMITS: Final = ("share_not_low",)
"""Features that the question about limits reads, and no distribution."""


def pay_entry(study: Study, totals: Totals, payees: Payees, keys: Set[str] | None = None) -> PayEntry:
    """The pay distribution over payee-periods, and how evenly payees are paid over the horizon.

    Without a target bonus nothing is said of it, and without a quota nothing of attainment.

    keys : that are asked, all where left out; an entry of some is not checked.
    """
    index, plan = payees.position, payees.role.plan
    marks = marks_of(plan, study.scenario.calendar)
    attained, paid = totals.bins[index]
    names = [name for name in FEATURES if name not in (*TIMINGS, *ASKED_BY_LIMITS)]
    if np.isinf(marks.cap):
        names.remove("share_at_cap")
    if marks.target == 0.0:
        names.remove("share_at_target")
    features: Numbers = {}
    for name in names:
        if keys is None or name in keys:
            features |= feature(totals, index, name)
    people = study.scenario.book.people is not None and plan.pay.targets == "person"
    own = people and payees.role.holds_book  # then there is not one target, nor one cap
    at_target = float(totals.features.mean[index][FEATURES.index("share_at_target")])
    makers: dict[str, Callable[[], Any]] = {
        "target": lambda: None if own else marks.target or None,
        "cap": lambda: None if own or np.isinf(marks.cap) else marks.cap,
        "attainment": lambda: _attainment(totals, index) if plan.has_quota else None,
        "performance": lambda: performance(plan, attained),
        "per_period": lambda: PayOfPeriod.of(
            **{name: (percentile(paid, level) or 0.0) * marks.unit for name, level in PAY_LEVELS.items()}
        ),
        "share_below_target": lambda: 1.0 - at_target if marks.target > 0.0 else None,
        "quota_exhausted": lambda: int(totals.marks[index, :, 3].sum()),
    }
    values = made(makers, keys) | features
    return PayEntry.of(**values) if keys is None else some(PayEntry, values)


def _attainment(totals: Totals, index: int) -> AttainmentEntry:
    attained = totals.bins[index][0]
    quantiles = {name: percentile(attained, level) for name, level in PAY_LEVELS.items()}
    return AttainmentEntry.of(**mean_of(totals.attainment[index]).entry(), **quantiles)


def feature(totals: Totals, index: int, name: str) -> Numbers:
    """A feature's mean over worlds and its error; empty when no world has it."""
    position = FEATURES.index(name)
    worlds = totals.features.worlds[index, position]
    if worlds < 1:
        return {}
    mean = {name: float(totals.features.mean[index, position])}
    error = float(totals.features.sd[index, position]) / sqrt(worlds)
    return mean | ({f"{name}_se": error} if worlds > 1 else {})
