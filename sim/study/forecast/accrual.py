"""Accrual against payment: when variable pay is earned, and when it is paid out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.ledger import fill_ledger
from sim.measure.estimate import mean_of
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Activity, Ledger
from sim.study.forecast.setting import Forecast
from sim.study.pods import add_activities
from sim.study.run import Setting, prepare
from sim.study.stress.outcome import bare
from sim.study.study import Study

Document = dict[str, Any]
Floats = NDArray[np.float64]

FLOWS: Final = ("accrued", "paid")
BALANCES: Final = ("owed", "held", "recoverable")


def accrual_entries(study: Study, asked: Forecast, threads: int) -> dict[str, list[Document]]:
    """For every plan file, period by period: variable pay accrued, due to CSMs, paid out by payroll, and the balances at
    the end of the period. Means over worlds, of all CSMs, before on-cost. [usd]

    ``cash`` is what is due, paid ``paid_after`` periods later; ``unpaid`` what payroll then still owes. What falls beyond
    the horizon is not shown. On every path accrued - paid = change of owed + held - recoverable.

    Role sets have no such table.
    """
    plain = bare(study)
    setting = prepare(plain)
    if not any(each.plain for each in study.sets):
        return {}
    places = [at for at, each in enumerate(_roles(study)) if each is not None]
    worlds = asked.accrual_worlds
    company = _company(setting, worlds) if "company" in setting.reads else None
    with ThreadPoolExecutor(threads) as pool:
        csms = range(setting.shape.books)
        books = pool.map(lambda csm: _settled(setting, _ledger(setting, csm, worlds, company), places), csms)
        sums = reduce(np.add, books)
    names = [name for name in _roles(study) if name is not None]
    return {
        name: list(_periods(study, flows, asked.paid_after)) for name, flows in zip(names, sums, strict=True)
    }


def _roles(study: Study) -> list[str | None]:
    """For every role, the plan's name where it is a plan file."""
    return [each.name if each.plain else None for each in study.sets for _ in each.roles]


def _settled(setting: Setting, ledger: Ledger, places: list[int]) -> Floats:
    """One book under every plan. [plan, flow, period, world] [usd]"""
    sheet = Worksheet(ledger)
    found = (settle_on(sheet, setting.terms[at]) for at in places)
    return np.stack([np.stack([getattr(each, name) for name in (*FLOWS, *BALANCES)]) for each in found])


def _company(setting: Setting, worlds: int) -> Activity:
    """The activity of all books together."""
    return reduce(
        add_activities, (setting.world.simulate_all(csm, 0, worlds)[2] for csm in range(setting.shape.books))
    )


def _ledger(setting: Setting, csm: int, worlds: int, company: Activity | None) -> Ledger:
    """The Ledger of one book with all that some plan reads."""
    kpis = any(read.startswith("kpi:") for read in setting.reads)
    renewals, _, activity = setting.world.simulate_all(csm, 0, worlds, setting.dates, kpis)
    ledger = fill_ledger(renewals, setting.frame, setting.amounts)
    return ledger._replace(activity=activity if setting.needs_activity else None, company=company)


def _periods(study: Study, flows: Floats, paid_after: int) -> Iterator[Document]:
    """Flows : [flow, period, world] [usd]"""
    accrued, paid = flows[0], flows[1]
    cash = np.zeros_like(paid)
    cash[paid_after:] = paid[: max(len(paid) - paid_after, 0)]  # else all of it is still unpaid at the end
    unpaid = np.cumsum(paid - cash, axis=0)
    named = dict(zip(FLOWS + BALANCES, flows, strict=True)) | {"cash": cash, "unpaid": unpaid}
    named["expense_less_cash"] = np.cumsum(accrued - cash, axis=0)
    for period in range(len(paid)):
        entry: Document = {"period": period, "label": study.scenario.calendar.label(period)}
        for name, each in named.items():
            mean = mean_of(each[period])
            entry |= {name: mean.mean, f"{name}_se": mean.se}
        yield entry
