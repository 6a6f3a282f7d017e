"""The pass that asks who gains and who loses: every CSM's pay under every plan, on the same worlds."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.payees import payees_of
from sim.engine.pool import in_order, spans
from sim.engine.setting import Setting
from sim.engine.simulate import open_books
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.payees.summary import OfSegment, Payee, Payees

Floats = NDArray[np.float64]

WORLDS: Final = 256
"""In which spreads are looked at, from the first on. [world]"""
AT_ONCE: Final = 64
FELT: Final = 0.05
"""A change of pay that is felt. Assumption. [share]"""
CUT: Final = 0.10
"""A loss that makes people leave. Assumption. [share]"""
MOST_PAYEES: Final = 20_000
"""CSMs x plans of which every one is listed; of more only segments are told."""


def payee_entries(study: Study, setting: Setting, totals: Totals, threads: int) -> dict[str, Payees]:
    """Who gains and who loses by each plan file, against a baseline that is one. Changes are of variable pay; shares are of
    pay with salary. Means of CSMs are over all worlds, so that they add up to the plan's difference; spreads over the first.

    Source: paired differences on common random numbers; a felt change of pay is an assumption.
    """
    places = [
        payees_of(study, index)[0].position if each.plain else None for index, each in enumerate(study.sets)
    ]
    base = places[study.baseline_index]
    others = {
        each.name: place
        for each, place in zip(study.sets, places, strict=True)
        if place is not None and each.name != study.baseline
    }
    if base is None or not others:
        return {}
    worlds = min(WORLDS, study.worlds)
    roles = [base, *others.values()]
    blocks = in_order(lambda span: _pay(setting, roles, *span), spans(worlds, AT_ONCE), threads)
    pay = np.concatenate(list(blocks), axis=2)
    salary = _salary(study)
    return {
        name: _payees(study, setting, totals, (base, place), pay[0], pay[number], salary)
        for number, (name, place) in enumerate(others.items(), start=1)
    }


def _pay(setting: Setting, roles: list[int], first: int, worlds: int) -> Floats:
    """Variable pay over the horizon. [role, csm, world] [usd]"""
    out = np.zeros((len(roles), setting.shape.books, worlds))
    for variant in setting.variants:
        paid = {role for group in variant.groups for role in group.roles} & {*roles}
        if not paid:
            continue
        for csm, ledger in open_books(setting, variant.world, range(setting.shape.books), first, worlds):
            sheet = Worksheet(ledger)
            for place, role in enumerate(roles):
                if role in paid:
                    out[place, csm] = settle_on(sheet, setting.plans[role]).statement.bonus.sum(axis=0)
    return out


def _salary(study: Study) -> float:
    """Of a CSM under the baseline, over the horizon. [usd]"""
    plan = study.sets[study.baseline_index].roles[0].plan
    return plan.pay.base_salary * study.scenario.calendar.years


def _payees(
    study: Study,
    setting: Setting,
    totals: Totals,
    roles: tuple[int, int],
    before: Floats,
    after: Floats,
    salary: float,
) -> Payees:
    """One plan against the baseline. before, after : [csm, world] [usd]"""
    change, usual = after - before, before + salary
    felt = change / np.where(usual > 0.0, usual, np.inf)
    segment = setting.territories[roles[0]].segment
    names = [each.name for each in study.scenario.segment]
    means = [totals.pay.mean[role, : setting.shape.books] for role in roles]
    held = not study.scenario.book.drawn_anew and setting.shape.books * len(study.sets) <= MOST_PAYEES
    rows = None
    if held:
        rows = tuple(
            _row(setting, names, segment, csm, (means[0][csm], means[1][csm]), change[csm], felt[csm], salary)
            for csm in np.argsort(means[1] - means[0], kind="stable").tolist()
        )
    return Payees(
        worlds=change.shape[1],
        lose=float(np.mean(felt < -FELT)),
        gain=float(np.mean(felt > FELT)),
        share_losing_10pct=float(np.mean(felt < -CUT)),
        make_whole=float(np.mean(np.maximum(-change, 0.0).sum(axis=0)) / study.scenario.calendar.years),
        segments=tuple(
            OfSegment(
                segment=name,
                csms=int(np.count_nonzero(segment == index)),
                change=float(np.mean((means[1] - means[0])[segment == index])),
                p10=float(np.quantile(change[segment == index], 0.1)),
                p90=float(np.quantile(change[segment == index], 0.9)),
                lose=float(np.mean(felt[segment == index] < -FELT)),
            )
            for index, name in enumerate(names)
            if (segment == index).any()
        ),
        rows=rows,
    )


def _row(
    setting: Setting,
    names: list[str],
    segment: NDArray[np.int64],
    csm: int,
    pay: tuple[float, float],
    change: Floats,
    felt: Floats,
    salary: float,
) -> Payee:
    before, after = map(float, pay)
    usual = before + salary
    return Payee(
        csm=str(setting.world.book.csms[csm]),
        segment=names[int(segment[csm])],
        pay=after,
        baseline=before,
        change=after - before,
        change_share=(after - before) / usual if usual > 0.0 else None,
        p10=float(np.quantile(change, 0.1)),
        p90=float(np.quantile(change, 0.9)),
        lose=float(np.mean(felt < -FELT)),
    )
