"""What plans change in the pay of the same payees, against the baseline in the same world: counted as worlds are settled.

Sums over all worlds are kept, and pay itself of the first worlds, in which spreads, groups and clauses are looked at.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.engine.payees import Payees, payees_of
from sim.engine.salaries import Salaries
from sim.engine.study import Study
from sim.engine.territories import Territories
from sim.measure.estimate import Mean, from_moments
from sim.measure.moments import TILE, Moments, no_moments, tiles_of
from sim.plan.role_set import Role
from sim.records import IntP

Floats = NDArray[np.float64]

FIRST_WORLDS: Final = 256
"""Worlds of which the pay of every payee is kept, at most. [world]"""
FIRST_BYTES: Final = 64 * 1024 * 1024
"""It is kept of fewer worlds where there are many payees, so that it stays below this. [byte]"""
FELT: Final = 0.05
"""A change of pay that is felt. Assumption. [share]"""
CUT: Final = 0.10
"""A loss that makes people leave. Assumption. [share]"""
LOSSES: Final = (FELT, CUT)
MADE_WHOLE: Final = (6, 12)
"""For how long losers may be made whole: two and four quarters. [month]"""


class Against(NamedTuple):
    """The role that another one is held against.

    role   : its position.
    salary : of its payees over the horizon. [usd], or [payee, 1] [usd] where not everybody's is the same
    more   : the salary of the role itself less that, as evenly over the horizon.
    """

    role: int
    salary: float | Floats
    more: float | Floats

    @property
    def mean_more(self) -> float:
        """Of a payee. [usd]"""
        return float(np.mean(self.more))


class Watch(NamedTuple):
    """What is kept of changes.

    against : of each role; None of one that is held against nothing.
    heads   : of each role, the first one of its role set, at which what is said of all its payees together is kept.
    starts  : the first periods of the horizon that make up each of ``MADE_WHOLE``, as far as it reaches. [period]
    periods : of the horizon.
    losses  : of pay, salary included, that are counted. [share]
    worlds  : of which pay is kept. [world]
    """

    against: tuple[Against | None, ...]
    heads: tuple[int, ...]
    starts: tuple[int, ...]
    periods: int
    losses: tuple[float, ...]
    worlds: int

    @property
    def compares(self) -> bool:
        """Whether any role is held against another."""
        return any(each is not None for each in self.against)

    def compared(self, head: int) -> tuple[tuple[int, Against], ...]:
        """The roles of the role set that begins at ``head`` that are held against another, and that one."""
        return tuple(
            (role, against)
            for role, (first, against) in enumerate(zip(self.heads, self.against, strict=True))
            if first == head and against is not None
        )

    @property
    def features(self) -> int:
        """Of a world: the shares that lose, the share that gains, and what is lost over the horizon and each start."""
        return len(self.losses) + 2 + len(self.starts)


class Changes(NamedTuple):
    """Of all roles; those held against nothing have no worlds.

    features : of a world, of all compared payees of a role set, at its head, as in ``Watch.features``. [role, feature]
               [share], [usd]
    change   : of each payee's pay, salary included. [role, payee] [usd]
    losing   : worlds in which a payee loses more than the first of the losses. [role, payee] [count]
    """

    features: Moments
    change: Moments
    losing: IntP


def against_of(study: Study, salaries: Sequence[Salaries | None] = ()) -> tuple[Against | None, ...]:
    """What each role is held against: the baseline's role of that name, where it is paid on the same books. Payees of any
    other role come or go with the role set, and so have nothing to be held against.

    salaries : of the payees of each role, where not everybody's is the plan's.
    """
    base = study.sets[study.baseline_index]
    of_base = {_who(each.role): each for each in payees_of(study, study.baseline_index)}
    found: list[Against | None] = []
    for index, role_set in enumerate(study.sets):
        for each in payees_of(study, index):
            other = of_base.get(_who(each.role)) if role_set.name != base.name else None
            if other is None:
                found.append(None)
                continue
            before, after = (
                salary_over_horizon(study, one, salaries[one.position] if salaries else None)
                for one in (other, each)
            )
            found.append(Against(other.position, before, after - before))
    return tuple(found)


def salary_over_horizon(study: Study, payees: Payees, own: Salaries | None) -> float | Floats:
    """What a payee of a role is paid besides variable pay, [usd] or [payee, 1]. own : where not all have the plan's."""
    if own is not None:
        return own.over_horizon
    role = payees.role
    return role.plan.pay.base_salary * role.salary_share * study.scenario.calendar.years


def _who(role: Role) -> tuple[object, ...]:
    """Whom a role pays: equal where its payees are the same."""
    return role.name, role.books, role.segments, role.holds_book


def _heads(study: Study) -> tuple[int, ...]:
    """Of each role, the first one of its role set."""
    whole = [payees_of(study, index) for index in range(len(study.sets))]
    return tuple(payees[0].position for payees in whole for _ in payees)


def watch_of(
    study: Study, territories: Sequence[Territories], salaries: Sequence[Salaries | None], pieces: int
) -> Watch:
    """What is kept of changes. pieces : further plans whose pay is kept beside that of the roles. [count]"""
    calendar, against = study.scenario.calendar, against_of(study, salaries)
    losses = (*LOSSES, *(loss for table in study.tables for loss in table.losses()))
    most = max(len(territory.last) for territory in territories)
    fitting = FIRST_BYTES // (8 * most * (len(territories) + pieces)) // TILE * TILE
    starts = starts_of(calendar) if any(each is not None for each in against) else ()
    worlds = max(TILE, min(FIRST_WORLDS, fitting))
    return Watch(against, _heads(study), starts, calendar.periods, tuple(dict.fromkeys(losses)), worlds)


def starts_of(calendar: Calendar) -> tuple[int, ...]:
    """Periods that make up two and four quarters, as far as the horizon has them and periods end there. [period]"""
    each = calendar.months_per_period
    return tuple(
        months // each for months in MADE_WHOLE if months % each == 0 and months // each <= calendar.periods
    )


def no_changes(watch: Watch, most: int) -> Changes:
    """Of no worlds yet. most : payees of the largest role."""
    roles = len(watch.against)
    return Changes(
        no_moments((roles, watch.features)), no_moments((roles, most)), np.zeros((roles, most), np.int64)
    )


def changes_of(watch: Watch, pay: Sequence[Floats], starts: Sequence[Floats], most: int) -> Changes:
    """Those of a block, with a tile axis before the others in what is moments.

    pay    : of each role. [payee, world] [usd over the horizon]
    starts : pay of each of ``watch.starts``. [start, payee, world] [usd]
    """
    tiles = -(-pay[0].shape[1] // TILE)
    features, changes = no_moments((tiles, len(pay), watch.features)), no_moments((tiles, len(pay), most))
    losing = np.zeros((len(pay), most), dtype=np.int64)
    for head in dict.fromkeys(watch.heads):
        found, shares = [], []
        for role, against in watch.compared(head):
            usual = pay[against.role] + against.salary
            change = pay[role] - pay[against.role] + against.more
            felt = change / np.where(usual > 0.0, usual, np.inf)
            _put(changes, role, tiles_of(change))
            losing[role, : len(change)] = np.count_nonzero(felt < -watch.losses[0], axis=1)
            found.append(change)
            shares.append(felt)
        if found:
            told = _of_world(watch, head, np.concatenate(found), np.concatenate(shares), starts)
            _put(features, head, tiles_of(told))
    return Changes(features, changes, losing)


def _of_world(watch: Watch, head: int, change: Floats, felt: Floats, starts: Sequence[Floats]) -> Floats:
    """The features of every world, of all compared payees of a role set. [feature, world]

    change, felt : [payee, world] [usd], [share]
    """
    told = [np.mean(felt < -loss, axis=0) for loss in watch.losses]
    told += [np.mean(felt > FELT, axis=0), np.maximum(-change, 0.0).sum(axis=0)]
    for place, periods in enumerate(watch.starts):
        gaps = [
            starts[role][place] - starts[against.role][place] + against.more * periods / watch.periods
            for role, against in watch.compared(head)
        ]
        told.append(np.maximum(-np.concatenate(gaps), 0.0).sum(axis=0))
    return np.stack(told)


def _put(whole: Moments, role: int, part: Moments) -> None:
    for all_of, some in zip(whole, part, strict=True):
        all_of[:, role, : some.shape[1]] = some


def of_feature(changes: Changes, role: int, feature: int) -> Mean:
    """The mean over worlds of a feature of changes; see ``Watch.features``."""
    moments = changes.features
    place = role, feature
    return from_moments(float(moments.worlds[place]), float(moments.mean[place]), float(moments.sd[place]))


def losing_more(changes: Changes, watch: Watch, role: int, loss: float) -> Mean:
    """Share of payees of a world that lose more than ``loss``, one of ``watch.losses``."""
    return of_feature(changes, role, watch.losses.index(loss))
