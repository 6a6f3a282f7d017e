"""Out of reach: thresholds and targets that the worlds of a scenario hardly ever meet, or always."""

from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import Share, share_of
from sim.measure.retention import new_retention_tally
from sim.plan.component import Component
from sim.plan.curve import SNAP
from sim.plan.lint.fault import PERIOD_WORDS, percent
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.study.pieces import open_activity, open_book
from sim.study.pods import Pooling, add_activities
from sim.study.study import Study

if TYPE_CHECKING:
    from sim.study.payroll import Group
    from sim.study.run import Setting, Variant

Document = dict[str, Any]
Floats = NDArray[np.float64]

WORLDS: Final = 64
"""In which attainments are looked at; the first ones of the study. [world]"""
PAYEES: Final = 64
"""Of each role, evenly among all, whose attainments are looked at. [count]"""
THRESHOLD_MET: Final = 0.05
TARGET_MET: Final = 0.01
ALWAYS: Final = 0.995
"""A threshold met more rarely, a target met more rarely, and a target met more often is told. [share of payee-periods]"""
SOURCE: Final = (
    "Assumption, wide of the calibration of WTW (hrpolicy.org, 2025): threshold met 80 to 90 % of the time, target 50 to 60 %"
)


def reach_faults(study: Study, setting: "Setting") -> dict[str, list[Document]]:
    """Faults of each plan (or role set) in the worlds of this scenario, in the form of ``Fault``; absent without any."""
    attained, found, role = attainments(setting), {}, 0
    for each in study.sets:
        faults = []
        for payee in each.roles:
            mine = _of_role(study, payee.plan.component, attained[role])
            faults += [fault if each.plain else fault | {"role": payee.name} for fault in mine]
            role += 1
        if faults:
            found[each.name] = faults
    return found


def attainments(setting: "Setting") -> list[dict[str, Floats]]:
    """For every role, attainment by component. [payee x period x world] [share]"""
    found: list[dict[str, list[Floats]]] = [{} for _ in setting.terms]
    for variant in setting.variants:
        company = None
        if "company" in setting.reads:
            csms = range(setting.shape.books)
            company = reduce(add_activities, (open_activity(variant.world, csm, 0, WORLDS) for csm in csms))
        for group in variant.groups:
            for csm in _looked_at(group):
                asked = (setting.frame, setting.amounts, setting.dates, setting.needs_activity, setting.needs_kpis)
                tally = new_retention_tally(setting.shape.periods, WORLDS)
                ledger = open_book(variant.world, csm, 0, WORLDS, *asked, tally)._replace(company=company)
                del ledger
    return [{name: np.concatenate(each, axis=None) for name, each in one.items()} for one in found]
