"""Accrual against payment: when variable pay is earned, and when it is paid out."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers, spans
from sim.engine.setting import Setting, prepare
from sim.engine.simulate import open_books
from sim.engine.study import Study
from sim.measure.estimate import Numbers, from_moments
from sim.measure.moments import TILE, Moments, merge, no_moments, tiles_of
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import AccrualOfPeriod

Floats = NDArray[np.float64]

FLOWS: Final = ("accrued", "paid")
BALANCES: Final = ("owed", "held", "recoverable")
NAMED: Final = (*FLOWS, *BALANCES, "cash", "unpaid", "expense_less_cash")
"""What is shown of a plan."""
WORLDS_AT_ONCE: Final = 512
BLOCK_BYTES: Final = 64 * 1024 * 1024
"""What is shown of all plans is held for one block of worlds; blocks shrink to keep it below this. [byte]"""


def accrual_entries(
    study: Study, asked: Forecast, workers: Workers
) -> dict[str, tuple[AccrualOfPeriod, ...]]:
    """For every plan file, period by period: variable pay accrued, due to CSMs, paid out by payroll, and the balances at
    the end of the period. Means over worlds, of all CSMs, before on-cost. [usd]

    ``cash`` is what is due, paid ``paid_after`` periods later; ``unpaid`` what payroll then still owes. What falls beyond
    the horizon is not shown. On every path accrued - paid = change of owed + held - recoverable.

    Role sets have no such table.
    """
    if not any(role_set.plain for role_set in study.sets):
        return {}
    stop = Event()
    setting = prepare(study)._replace(stop=stop)
    places = [at for at, role in enumerate(_roles(study)) if role is not None]
    worlds, periods = asked.accrual_worlds, study.scenario.periods
    size = BLOCK_BYTES // (8 * len(NAMED) * periods * len(places))
    size = max(TILE, min(WORLDS_AT_ONCE, size) // TILE * TILE)
    tasks = spans(worlds, size)
    found = no_moments((len(places) * len(NAMED) * periods,))
    with closing(workers.in_order(_flows, (setting, places), tasks, stop)) as blocks:
        for flows in blocks:
            named = np.stack([_named(flow, asked.paid_after) for flow in flows])
            for tile in zip(*tiles_of(named.reshape(-1, named.shape[-1])), strict=True):
                found = merge(found, Moments(*tile))
    means, sds = (each.reshape(len(places), len(NAMED), periods) for each in (found.mean, found.sd))
    names = [name for name in _roles(study) if name is not None]
    return {
        name: tuple(_periods(study, worlds, *of_plan))
        for name, *of_plan in zip(names, means, sds, strict=True)
    }


def _flows(shared: tuple[Setting, list[int]], task: tuple[int, int]) -> Floats:
    """All books of a block of worlds under every plan. [plan, flow, period, world] [usd]"""
    (setting, places), (first, worlds) = shared, task
    names = (*FLOWS, *BALANCES)
    flows = np.zeros((len(places), len(names), setting.frame.calendar.periods, worlds))
    sheet: Worksheet | None = None
    for _, ledger in open_books(setting, setting.world, range(setting.shape.books), first, worlds):
        if sheet is None:
            sheet = Worksheet(ledger)
        sheet.turn_to(ledger)
        for sums, place in zip(flows, places, strict=True):
            settled = settle_on(sheet, setting.plans[place])
            for total, name in zip(sums, names, strict=True):
                total += getattr(settled, name)
    return flows


def _roles(study: Study) -> list[str | None]:
    """For every role, the plan's name where it is a plan file."""
    return [role_set.name if role_set.plain else None for role_set in study.sets for _ in role_set.roles]


def _named(flows: Floats, paid_after: int) -> Floats:
    """What is shown of one plan, in the order of ``NAMED``, from its [flow, period, world]. [usd]"""
    accrued, paid = flows[0], flows[1]
    cash = np.zeros_like(paid)
    cash[paid_after:] = paid[: max(len(paid) - paid_after, 0)]  # else all of it is still unpaid at the end
    unpaid = np.cumsum(paid - cash, axis=0)
    return np.stack([*flows, cash, unpaid, np.cumsum(accrued - cash, axis=0)])


def _periods(study: Study, worlds: int, means: Floats, sds: Floats) -> Iterator[AccrualOfPeriod]:
    """Means and their standard errors, period by period; both are [named, period]. [usd]"""
    for period in range(study.scenario.periods):
        entry: Numbers = {"period": period, "label": study.scenario.calendar.label(period)}
        for place, name in enumerate(NAMED):
            mean = from_moments(worlds, float(means[place, period]), float(sds[place, period]))
            entry |= mean.with_se(name)
        yield AccrualOfPeriod.of(**entry)
