"""Explanations of what a replay pays."""

from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, near_match, shown
from sim.explain.explained import Explanation, explained
from sim.explain.whole import Whole

if TYPE_CHECKING:
    from sim.replay.replay import Replay


def explain_replay(result: "Replay", csm: str, plan: str | None = None) -> Explanation:
    """One CSM of a replay under one plan, the first where none is named.

    Raises: InputError when the replay has no such CSM or plan, or where names are masked.
    """
    from sim.replay.alone import alone_of

    if result.books is None:
        fix = "An explanation names customers: replay without anonymous."
        raise InputError(
            [Problem("--explain", "asked of a replay whose names are not masked", "masked ones", fix)]
        )
    plans = {each.plan.name: each.plan for each in result.settled}
    csms = list(dict.fromkeys(each.csm for each in result.settled))
    problems = []
    if csm not in csms:
        allowed = f"a CSM of the replay ({csms[0]!r} to {csms[-1]!r})"
        problems.append(Problem("--explain", allowed, shown(csm), near_match(csm, csms)))
    if plan is not None and plan not in plans:
        allowed = f"one of {list(plans)}"
        problems.append(Problem("plan", allowed, shown(plan), near_match(plan, list(plans))))
    if problems:
        raise InputError(problems)
    chosen = next(iter(plans.values())) if plan is None else plans[plan]
    renewals, ledger = result.books.held[csm]
    deals, own = result.books.deals, ledger.activity
    accounts = dict.fromkeys(name for name, each in zip(deals.account, deals.csm, strict=True) if each == csm)
    alone = () if own is None else tuple(alone_of(result.books, csm))
    company = {}
    if "company" in chosen.reads:
        company = {
            name: each.activity for name, (_, each) in result.books.held.items() if each.activity is not None
        }
    whole = Whole(csm, renewals, tuple(accounts), ledger, alone, company)
    return explained(chosen, result.books.setting.frame, whole)
