"""Every payee by name: what is earned under a plan and the baseline, who loses most first."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import Against
from sim.engine.payees import payees_of
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.territories import Territories
from sim.engine.totals import Totals
from sim.plan.clauses import Steps
from sim.questions.payees.books import Traits
from sim.questions.payees.foot import Lone, lone_roles
from sim.questions.payees.gap import LEVELS, SPREAD, Gap
from sim.questions.payees.summary import Payee

Floats = NDArray[np.float64]
Moved = tuple[Steps, Floats]


def rows_of(
    study: Study,
    setting: Setting,
    totals: Totals,
    index: int,
    gap: Gap,
    traits: Traits,
    clauses: Moved | None,
) -> list[Payee]:
    """By payee, who loses most first. Of a role set the payees of all its roles and of those that only the baseline has:
    their changes add up to the difference of pay.
    """
    names = {each.position: each.role.name for each in payees_of(study, index)}
    found: list[Payee] = []
    for role, against in gap.parts:
        name = None if study.sets[index].plain else names[role]
        found += _compared(setting, totals, gap, (role, against), len(found), traits, clauses, name)
    for lone in lone_roles(study, totals, index, gap):
        found += _alone(setting, totals, gap, lone, traits)
    return sorted(found, key=attrgetter("centre"))


def _compared(
    setting: Setting,
    totals: Totals,
    gap: Gap,
    part: tuple[int, Against],
    first: int,
    traits: Traits,
    clauses: Moved | None,
    name: str | None,
) -> Iterator[Payee]:
    """The payees of a role that the baseline has too. first : place of the first of them in the gap."""
    assert totals.changes is not None, "there is something to compare"
    role, against = part
    before, after = (totals.pay.mean[at] for at in (against.role, role))
    moments = totals.changes.change
    salary = np.broadcast_to(against.salary, (totals.shape.payees[role], 1))[:, 0]
    for payee, common in enumerate(_common(setting, role, traits)):
        place = first + payee
        found: dict[str, Any] = dict(
            zip(SPREAD, np.quantile(gap.change[place], LEVELS).tolist(), strict=True)
        )
        if gap.mean is not None:
            usual, change = float(before[payee]) + float(salary[payee]), float(gap.mean[place])
            error = moments.sd[role, payee] / np.sqrt(moments.worlds[role, payee])
            found |= {"baseline": float(before[payee]), "pay": float(after[payee])}
            found |= {"change": change, "change_se": float(error)}
            found["change_share"] = change / usual if usual > 0.0 else None
        if clauses is not None:
            most = int(np.argmax(np.abs(clauses[1][:, payee])))
            found |= {"why": clauses[0].clauses[most].words, "why_change": float(clauses[1][most, payee])}
        yield Payee(**common, role=name, lose=float(gap.losing[place]), **found)


def _alone(setting: Setting, totals: Totals, gap: Gap, lone: Lone, traits: Traits) -> Iterator[Payee]:
    """The payees who come or go with their role: their pay, salary included, is the change."""
    role = lone.payees.position
    for payee, common in enumerate(_common(setting, role, traits)):
        salary = float(lone.salary[payee])
        change = lone.sign * (totals.first_pay[role, payee] + salary)
        found: dict[str, Any] = dict(zip(SPREAD, np.quantile(change, LEVELS).tolist(), strict=True))
        if gap.mean is not None:
            pay = float(totals.pay.mean[role, payee])
            found |= {
                "pay" if lone.sign > 0.0 else "baseline": pay,
                "change": lone.sign * (pay + salary),
            }
            error = totals.pay.sd[role, payee] / np.sqrt(totals.pay.worlds[role, payee])
            found["change_se"] = float(error)
        yield Payee(**common, role=lone.payees.role.name, why=lone.why, **found)


def _common(setting: Setting, role: int, traits: Traits) -> Iterator[dict[str, Any]]:
    """Whatever is said of a payee under any plan: who it is, and the books."""
    segments = [each.name for each in setting.world.scenario.segment]
    territory = setting.territories[role]
    for payee, (csm, segment) in enumerate(zip(territory.names, territory.segment, strict=True)):
        arr, largest = _books(territory, payee, traits)
        yield {"csm": str(csm), "segment": segments[int(segment)], "arr": arr, "largest": largest}


def _books(territory: Territories, payee: int, traits: Traits) -> tuple[float, float]:
    """ARR of a payee's books together [usd/yr], and the share of it that the largest account has."""
    mine = territory.payee == payee
    arr, largest = traits.arr[mine, 0], traits.largest[mine, 0]
    whole = float(arr.sum())
    return whole, float((arr * largest).max()) / whole if len(arr) > 1 and whole > 0.0 else float(largest[0])
