"""Out of reach: thresholds and targets that the worlds of a scenario hardly ever meet, or always."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.payroll import Group
from sim.engine.setting import Setting, Variant, prepare
from sim.engine.simulate import open_books
from sim.engine.study import Study
from sim.engine.territories import Pooling
from sim.measure.estimate import Share, share_of
from sim.plan.component import Component
from sim.plan.curve import SNAP
from sim.plan.lint import lint
from sim.plan.lint.fault import PERIOD_WORDS, percent
from sim.plan.role_set import RoleSet
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.lint.summary import Fault, fault_of

Floats = NDArray[np.float64]

WORLDS: Final = 32
"""In which attainments are looked at; the first ones of the study. [world]"""
PAYEES: Final = 24
"""Of each role, evenly among all, whose attainments are looked at. [count]"""
THRESHOLD_MET: Final = 0.05
TARGET_MET: Final = 0.01
ALWAYS: Final = 0.995
"""A threshold met more rarely, a target met more rarely, and a target met more often is told. [share of payee-periods]"""
SOURCE: Final = (
    "Assumption, wide of the calibration of WTW (hrpolicy.org, 2025): threshold met 80 to 90 % of the time, "
    "target 50 to 60 %"
)


def reach_faults(study: Study, setting: Setting) -> dict[str, tuple[Fault, ...]]:
    """Faults of each plan (or role set) in the worlds of this scenario; absent without any."""
    attained, role = attainments(setting), 0
    found: dict[str, tuple[Fault, ...]] = {}
    for role_set in study.sets:
        faults: list[Fault] = []
        for payee in role_set.roles:
            faults += _of_role(
                study, payee.plan.component, attained[role], None if role_set.plain else payee.name
            )
            role += 1
        if faults:
            found[role_set.name] = tuple(faults)
    return found


def lint_study(study: Study) -> list[tuple[RoleSet, tuple[Fault, ...]]]:
    """Every plan (or role set) of a study with the faults of its file, and of what this scenario reaches."""
    here = reach_faults(study, prepare(study))
    return [
        (role_set, faults_of_set(study, role_set) + here.get(role_set.name, ())) for role_set in study.sets
    ]


def faults_of_set(study: Study, each: RoleSet) -> tuple[Fault, ...]:
    """What the linter finds in the plan of every role; of a role set, with the role."""
    return tuple(
        fault_of(fault, None if each.plain else role.name)
        for role in each.roles
        for fault in lint(role.plan, study.scenario.calendar)
    )


def attainments(setting: Setting) -> list[dict[str, Floats]]:
    """For every role, attainment by component. [payee x period x world] [share]"""
    by_role: list[dict[str, list[Floats]]] = [{} for _ in setting.plans]
    for variant in setting.variants:
        for group in variant.groups:
            for role, attained in _settled(setting, variant, group):
                for component, values in attained.items():
                    by_role[role].setdefault(component, []).append(values)
    return [
        {name: np.concatenate(parts, axis=None) for name, parts in attained.items()} for attained in by_role
    ]


def _settled(setting: Setting, variant: Variant, group: Group) -> Iterator[tuple[int, dict[str, Floats]]]:
    """Attainment by component of every payee looked at, role by role. [period, world] [share]"""
    payees = len(group.territories.last)
    chosen = np.unique(np.linspace(0, payees - 1, min(payees, PAYEES)).round().astype(np.int64))
    pooling = Pooling(group.territories)
    csms = np.flatnonzero(np.isin(group.territories.payee, chosen)).tolist()
    for csm, ledger in open_books(setting, variant.world, csms, 0, WORLDS):
        complete = pooling.add(csm, ledger)
        if complete is None:
            continue
        for role in group.roles:
            earned = settle_on(Worksheet(complete[1]), setting.plans[role]).component
            yield (
                role,
                {name: each.measured.attainment.copy() for name, each in earned.items() if each.measured},
            )


def _of_role(
    study: Study, components: tuple[Component, ...], attained: dict[str, Floats], role: str | None
) -> list[Fault]:
    """What is out of reach, or met whatever happens, component by component."""
    period = PERIOD_WORDS.get(study.scenario.calendar.months_per_period, "period")
    found = []
    for position, component in enumerate(components):
        values = attained.get(component.name)
        if component.weight == 0.0 or values is None or np.ptp(values) == 0.0:
            continue
        threshold = _first_paid(component)
        met, at_target = (
            share_of(int(np.count_nonzero(values >= mark * (1.0 - SNAP))), len(values))
            for mark in (threshold or 0.0, 1.0)
        )
        where, middle = f"component[{position}]", float(np.median(values))
        common = (f"{period}s", study.scenario.name, middle, role)
        if threshold is not None and met.ci95[1] < THRESHOLD_MET:
            text = f"{component.name} pays nothing below {percent(threshold)} attainment, reached"
            found.append(_fault("out of reach", f"{where}.curve", met, ("threshold", text), common))
        elif at_target.ci95[1] < TARGET_MET:
            text = f"{component.name} pays its target bonus at 100 % attainment, reached"
            found.append(_fault("out of reach", f"{where}.quota", at_target, ("target", text), common))
        elif at_target.ci95[0] > ALWAYS:
            text = f"{component.name} is at or above target"
            found.append(_fault("always met", f"{where}.quota", at_target, ("target", text), common))
    return found


def _fault(
    name: str, clause: str, share: Share, told: tuple[str, str], common: tuple[str, str, float, str | None]
) -> Fault:
    """One fault."""
    (mark, text), (periods, scenario, middle, role) = told, common
    shown = percent(share.share)
    return Fault(
        role=role,
        name=name,
        severity="minor",
        clause=clause,
        number=share.share,
        unit=f"share of payees' {periods}",
        short=f"{mark} met in {shown} of {periods}",
        sentence=f"{text} in {shown} of payees' {periods} in scenario {scenario} (median attainment {percent(middle)}).",
        source=SOURCE,
    )


def _first_paid(component: Component) -> float | None:
    """The attainment below which the curve pays nothing; None where it pays from 0 on, or never."""
    for piece in component.curve:
        if piece.pays > 0.0 or piece.slope > 0.0:
            return piece.interval.left or None
    return None
