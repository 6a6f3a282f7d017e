"""Who would have been paid more, and who less, by each plan on real deals: against the first plan, and by which clause."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.engine.changes import CUT, FELT, MADE_WHOLE, Against, starts_of
from sim.files.deals import Deals
from sim.frame import Frame
from sim.plan.clauses import Steps, steps_between
from sim.plan.plan import Plan
from sim.plan.salary import salary_of
from sim.plan.settle import compile_plan, settle_on
from sim.plan.settlement import Settlement
from sim.plan.worksheet import Worksheet
from sim.questions.payees.books import Traits, thirds
from sim.questions.payees.effects import effects
from sim.questions.payees.gap import Gap, of_group
from sim.questions.payees.summary import OfClause, OfThird, Payee, Payees
from sim.records import Ledger

Floats = NDArray[np.float64]


class _Paid(NamedTuple):
    """By CSM and plan, what is paid in each period. [plan, csm, period] [usd]"""

    csms: tuple[str, ...]
    by_period: Floats

    @property
    def whole(self) -> Floats:
        """Over the horizon. [plan, csm] [usd]"""
        found: Floats = self.by_period.sum(axis=2)
        return found


def winners_of(
    plans: Sequence[Plan],
    paid: Mapping[str, Sequence[Settlement]],
    ledgers: Mapping[str, Ledger],
    deals: Deals,
    frame: Frame,
) -> dict[str, Payees]:
    """Every plan but the first against the first; nothing of a single plan.

    paid : of each CSM, the settlement under each plan.
    """
    csms = tuple(paid)
    found = _Paid(
        csms, np.stack([[each[at].paid[:, 0] for each in paid.values()] for at in range(len(plans))])
    )
    traits = _traits(deals, csms)
    return {
        plan.name: _payees(plans, at, found, ledgers, traits, frame)
        for at, plan in enumerate(plans)
        if at > 0
    }


def _payees(
    plans: Sequence[Plan],
    at: int,
    paid: _Paid,
    ledgers: Mapping[str, Ledger],
    traits: Traits,
    frame: Frame,
) -> Payees:
    calendar = frame.calendar
    salary, other = (
        np.array([salary_of(plan, ledgers[csm].agreed, calendar) for csm in paid.csms])
        for plan in (plans[0], plans[at])
    )
    more = other - salary
    before, after = paid.whole[0], paid.whole[at]
    change, usual = after - before + more, before + salary
    felt = change / np.where(usual > 0.0, usual, np.inf)
    against = Against(0, float(salary.mean()), float(more.mean()))
    gap = Gap(((at, against),), change, (felt < -FELT).astype(np.float64), change[:, None], felt[:, None])
    sizes, concentrations = (
        tuple(OfThird(low=each.low, high=each.high, **of_group(gap, each.mine)) for each in thirds(values))
        for values in traits
    )
    steps = steps_between(plans[0], plans[at], calendar)
    moved = _moved(steps, before, after, paid.csms, ledgers, more, frame)
    return Payees(
        worlds=1,
        salary_change=against.mean_more or None,
        lose=float(np.mean(felt < -FELT)),
        gain=float(np.mean(felt > FELT)),
        share_losing_10pct=float(np.mean(felt < -CUT)),
        make_whole=float(np.maximum(-change, 0.0).sum()) / calendar.years,
        **_made_whole(paid.by_period[0], paid.by_period[at], more, calendar),
        clauses=tuple(
            OfClause(clause=clause.path, words=clause.words, change=float(amount.sum()))
            for clause, amount in zip(steps.clauses, moved, strict=True)
        ),
        segments=(),
        sizes=sizes or None,
        concentrations=concentrations or None,
        rows=tuple(
            _row(csm, paid.csms[csm], (before[csm], after[csm]), gap, float(usual[csm]), traits, steps, moved)
            for csm in np.argsort(change, kind="stable").tolist()
        ),
    )


def _row(
    at: int,
    name: str,
    pay: tuple[float, float],
    gap: Gap,
    usual: float,
    traits: Traits,
    steps: Steps,
    moved: Floats,
) -> Payee:
    change = float(gap.change[at, 0])
    most = int(np.argmax(np.abs(moved[:, at]))) if len(moved) else None
    return Payee(
        csm=name,
        arr=float(traits.arr[at, 0]),
        largest=float(traits.largest[at, 0]),
        baseline=float(pay[0]),
        pay=float(pay[1]),
        change=change,
        change_share=change / usual if usual > 0.0 else None,
        why=None if most is None else steps.clauses[most].words,
        why_change=None if most is None else float(moved[most, at]),
    )


def _moved(
    steps: Steps,
    before: Floats,
    after: Floats,
    csms: Sequence[str],
    ledgers: Mapping[str, Ledger],
    salary: Floats,
    frame: Frame,
) -> Floats:
    """What each clause moves of each CSM's pay. salary : by how much it changes. [csm] [usd]; [clause, csm] [usd]"""
    if not steps.clauses:
        return np.zeros((0, len(csms)))
    rules = [compile_plan(plan, frame) for plan in steps.between]
    between = np.zeros((len(rules), len(csms), 1))
    for at, csm in enumerate(csms):
        sheet = Worksheet(ledgers[csm])
        for place, each in enumerate(rules):
            between[place, at] = settle_on(sheet, each).paid.sum(axis=0)
    found: Floats = effects(steps, before[:, None], after[:, None], between, salary[:, None])[:, :, 0]
    return found


def _made_whole(before: Floats, after: Floats, salary: Floats, calendar: Calendar) -> dict[str, Any]:
    """What whoever was paid less over the first quarters would be paid on top. [csm, period] [usd]"""
    found: dict[str, Any] = {}
    for months, periods in zip(MADE_WHOLE, starts_of(calendar), strict=False):
        gap = (after - before)[:, :periods].sum(axis=1) + salary * periods / calendar.periods
        found[f"make_whole_{months // 3}q"] = float(np.maximum(-gap, 0.0).sum())
    return found


def _traits(deals: Deals, csms: Sequence[str]) -> Traits:
    """The accounts of each CSM in the file, each at the largest ARR that was ever due. [csm, 1]"""
    books: dict[str, dict[str, float]] = {csm: {} for csm in csms}
    for csm, account, arr in zip(deals.csm, deals.account, deals.arr.tolist(), strict=True):
        if csm in books:
            books[csm][account] = max(arr, books[csm].get(account, 0.0))
    arr = np.array([[sum(book.values())] for book in books.values()])
    largest = np.array([[max(book.values(), default=0.0)] for book in books.values()])
    return Traits(arr, np.divide(largest, arr, out=np.zeros_like(arr), where=arr > 0.0))
