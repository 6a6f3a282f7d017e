"""Contrasts of what changes no single renewal: expansion between renewals, onboarding in time, and what KPIs read."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.measure.estimate import Numbers, mean_of, ratio_of
from sim.questions.incentive.around import Beside as Around
from sim.questions.incentive.scene import Scene, beside_book, move_scene, sample, total_paid, whole_book
from sim.records import Activity, Bridge
from sim.world.scenario import Scenario
from sim.world.shift import Shift, Shifts

Floats = NDArray[np.float64]

STEP: Final = 0.25
"""By which the logarithms of the rate of expansion and of the days of onboarding are moved each way, and health as read.
[1], [standard deviation]
"""
TENTH: Final = 0.1
"""Of a standard deviation of health, that a KPI contrast is told for."""
MOST_BOOKS: Final = 12
"""Books that are lived through again for these contrasts."""


class Beside(NamedTuple):
    """Sums over books of what roles are paid more at the upper end than at the lower, and of what there is more.

    paid : [task, role, world] [usd]; more : ARR grown [usd], accounts onboarded in time, standard deviations. [task, world]
    """

    paid: Floats
    more: Floats
    books: int


def beside_renewals(
    scene: Scene, study: Study, shifts: Shifts, csms: Sequence[int], worlds: int
) -> Beside | None:
    """What roles of a scene are paid for tasks beside renewals; None where no plan reads more than bookings."""
    if not scene.reads:
        return None
    chosen = [csms[place] for place in sample(len(csms), MOST_BOOKS)]
    ends = [_ends(scene, study, shifts, sign * STEP) for sign in (1, -1)]
    paid, more = np.zeros((3, len(scene.plans), worlds)), np.zeros((3, worlds))
    for csm in chosen:
        beside = beside_book(scene, csm, 0, worlds)
        for task in range(3):
            (up, high), (down, low) = (_book(end[task], scene, csm, worlds, beside, task) for end in ends)
            paid[task] += up - down
            more[task] += high - low
    return Beside(paid, more, len(chosen))


def beside_entry(beside: Beside | None, roles: Sequence[int], years: float) -> Numbers:
    """``grow`` [usd/usd], ``onboard`` [usd/account] and ``kpi`` [usd per payee-year] of some roles together, where they
    are paid for it.
    """
    if beside is None:
        return {}
    entry: Numbers = {}
    paid = beside.paid[:, list(roles)].sum(axis=1)
    for task, name in enumerate(("grow", "onboard")):
        ratio = ratio_of(paid[task], beside.more[task])
        if ratio is not None and paid[task].any():
            entry |= ratio.with_se(name)
    if paid[2].any():
        a_year = paid[2] / (2.0 * STEP) * TENTH / (beside.books * years)
        entry |= mean_of(a_year).with_se("kpi")
    return entry


def _ends(scene: Scene, study: Study, shifts: Shifts, step: float) -> tuple[Scene, Scene, Scene]:
    """The scene with more of each task: growth, speed of onboarding, health as KPIs read it."""

    def sooner(one: Scenario) -> Scenario:
        laws = []
        for law in one.segment:
            days = law.new_accounts.onboarding.mean_days * exp(-step)
            onboarding = law.new_accounts.onboarding.model_copy(update={"mean_days": days})
            joining = law.new_accounts.model_copy(update={"onboarding": onboarding})
            laws.append(law.model_copy(update={"new_accounts": joining}))
        return one.with_(segment=tuple(laws))

    names = [law.name for law in study.scenario.segment]
    grown = {name: shifts.get(name, Shift()) + Shift(expansion=step) for name in names}
    quicker = replace(study, scenario=study.scenario.in_each(sooner))
    return (
        move_scene(scene, study, grown),
        move_scene(scene, quicker, dict(shifts)),
        move_scene(scene, study, dict(shifts), (step,) * len(names)),
    )


def _book(
    end: Scene, scene: Scene, csm: int, worlds: int, beside: Around, task: int
) -> tuple[Floats, Floats]:
    """What the payees of a book are paid, [role, world], and what there is of a task. [world]"""
    _, bridge, ledger = whole_book(end, csm, 0, worlds)
    return total_paid(scene, beside, ledger), _there(bridge, ledger.activity, task, worlds)


def _there(bridge: Bridge, activity: Activity | None, task: int, worlds: int) -> Floats:
    if task == 0:
        grown: Floats = bridge.expansion.sum(axis=0)
        return grown
    if task == 1 and activity is not None and "onboarding" in activity.kpi:
        in_time: Floats = (activity.kpi["onboarding"] * activity.number["new"]).sum(axis=0)
        return in_time
    return np.zeros(worlds)
