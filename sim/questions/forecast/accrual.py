"""Accrual against payment: when variable pay is earned, and when it is paid out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.setting import Setting, prepare
from sim.engine.study import Study
from sim.engine.territories import add_activities
from sim.ledger import fill_ledger
from sim.measure.estimate import from_moments
from sim.measure.moments import TILE, Moments, merge, no_moments, tiles_of
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.forecast.setting import Forecast
from sim.records import Activity, Ledger

Document = dict[str, Any]
Floats = NDArray[np.float64]

FLOWS: Final = ("accrued", "paid")
BALANCES: Final = ("owed", "held", "recoverable")
NAMED: Final = (*FLOWS, *BALANCES, "cash", "unpaid", "expense_less_cash")
"""What is shown of a plan."""
WORLDS_AT_ONCE: Final = 512
BLOCK_BYTES: Final = 64 * 1024 * 1024
"""What is shown of all plans is held for one block of worlds; blocks shrink to keep it below this. [byte]"""


def accrual_entries(study: Study, asked: Forecast, threads: int) -> dict[str, list[Document]]:
    """For every plan file, period by period: variable pay accrued, due to CSMs, paid out by payroll, and the balances at
    the end of the period. Means over worlds, of all CSMs, before on-cost. [usd]

    ``cash`` is what is due, paid ``paid_after`` periods later; ``unpaid`` what payroll then still owes. What falls beyond
    the horizon is not shown. On every path accrued - paid = change of owed + held - recoverable.

    Role sets have no such table.
    """
    setting = prepare(study)
    if not any(each.plain for each in study.sets):
        return {}
    places = [at for at, each in enumerate(_roles(study)) if each is not None]
    worlds, periods = asked.accrual_worlds, study.scenario.periods
    size = max(
        TILE, min(WORLDS_AT_ONCE, BLOCK_BYTES // (8 * len(NAMED) * periods * len(places))) // TILE * TILE
    )
    found = no_moments((len(places) * len(NAMED) * periods,))
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, worlds, size):
            flows = _block(setting, places, first, min(size, worlds - first), pool)
            named = np.stack([_named(each, asked.paid_after) for each in flows])
            tiles = tiles_of(named.reshape(-1, named.shape[-1]))
            for tile in zip(*tiles, strict=True):
                found = merge(found, Moments(*tile))
    means, sds = (each.reshape(len(places), len(NAMED), periods) for each in (found.mean, found.sd))
    names = [name for name in _roles(study) if name is not None]
    return {
        name: list(_periods(study, worlds, *of_plan))
        for name, *of_plan in zip(names, means, sds, strict=True)
    }


def _block(setting: Setting, places: list[int], first: int, worlds: int, pool: ThreadPoolExecutor) -> Floats:
    """All books of a block of worlds under every plan. [plan, flow, period, world] [usd]"""
    csms = range(setting.shape.books)
    company = _company(setting, first, worlds) if "company" in setting.reads else None
    books = pool.map(
        lambda csm: _settled(setting, _ledger(setting, csm, first, worlds, company), places), csms
    )
    return reduce(np.add, books)


def _roles(study: Study) -> list[str | None]:
    """For every role, the plan's name where it is a plan file."""
    return [each.name if each.plain else None for each in study.sets for _ in each.roles]


def _settled(setting: Setting, ledger: Ledger, places: list[int]) -> Floats:
    """One book under every plan. [plan, flow, period, world] [usd]"""
    sheet = Worksheet(ledger)
    found = (settle_on(sheet, setting.plans[at]) for at in places)
    return np.stack([np.stack([getattr(each, name) for name in (*FLOWS, *BALANCES)]) for each in found])


def _company(setting: Setting, first: int, worlds: int) -> Activity:
    """The activity of all books together."""
    return reduce(
        add_activities,
        (
            setting.world.simulate_all(csm, first, worlds, cohorts=setting.cohorts)[2]
            for csm in range(setting.shape.books)
        ),
    )


def _ledger(setting: Setting, csm: int, first: int, worlds: int, company: Activity | None) -> Ledger:
    """The Ledger of one book with all that some plan reads."""
    kpis = any(read.startswith("kpi:") for read in setting.reads)
    renewals, _, activity = setting.world.simulate_all(
        csm, first, worlds, setting.dates, kpis, setting.cohorts
    )
    ledger = fill_ledger(renewals, setting.frame, setting.amounts)
    return ledger._replace(activity=activity if setting.needs_activity else None, company=company)


def _named(flows: Floats, paid_after: int) -> Floats:
    """What is shown of one plan, in the order of ``NAMED``, from its [flow, period, world]. [usd]"""
    accrued, paid = flows[0], flows[1]
    cash = np.zeros_like(paid)
    cash[paid_after:] = paid[: max(len(paid) - paid_after, 0)]  # else all of it is still unpaid at the end
    unpaid = np.cumsum(paid - cash, axis=0)
    return np.stack([*flows, cash, unpaid, np.cumsum(accrued - cash, axis=0)])


def _periods(study: Study, worlds: int, means: Floats, sds: Floats) -> Iterator[Document]:
    """Means and their standard errors, period by period; both are [named, period]. [usd]"""
    for period in range(study.scenario.periods):
        entry: Document = {"period": period, "label": study.scenario.calendar.label(period)}
        for place, name in enumerate(NAMED):
            mean = from_moments(worlds, float(means[place, period]), float(sds[place, period]))
            entry |= mean.with_se(name)
        yield entry
