"""One payee in one world, recomputed alone: what happened, and what a plan pays for it."""

import re
from typing import NamedTuple

from sim.engine.setting import Setting, prepare
from sim.engine.study import Study, variants_of
from sim.engine.territories import Territories
from sim.errors import InputError, Problem, near_match, shown
from sim.explain.explained import Explanation, explained
from sim.explain.whole import Whole, whole_of
from sim.plan.plan import Plan
from sim.world.world import World


class _Role(NamedTuple):
    """A role of the study: its plan, the worlds in which it is paid, and the books of its payees."""

    plan: Plan
    world: World
    territories: Territories


def explain(study: Study, plan: str, world: int, csm: str, gamed: bool = False) -> Explanation:
    """Recompute one payee's books of one world of a study, and settle them under one plan.

    csm   : a payee's name, or their number from 0; of a role with several books also the name of one of their CSMs.
    gamed : with the dates that would have paid most, under the study's assumptions of what can be moved.

    Raises: InputError when the study has no such plan, world or payee.
    """
    return explain_in(study, prepare(study), plan, world, csm, gamed)


def explain_in(
    study: Study, setting: Setting, plan: str, world: int, csm: str, gamed: bool = False
) -> Explanation:
    """The same where the study is prepared already.

    Raises: InputError as ``explain``.
    """
    role, payee = _choose(study, setting, plan, world, csm, gamed)
    honest = None
    if gamed:
        from sim.questions.gaming.leak import moved_book

        book = role.territories.payee.tolist().index(payee)
        frame, renewals, ledger, honest = moved_book(
            study, role.plan, book, world, role.territories.holds_book
        )
        accounts = role.world.book.accounts
        whole = Whole(role.territories.names[payee], renewals, accounts, ledger)
    else:
        frame, company = setting.frame, "company" in role.plan.reads
        whole = whole_of(setting, role.world, role.territories, payee, world, company)
    return explained(role.plan, frame, whole)._replace(study=study, world=world, honest=honest)


def _choose(
    study: Study, setting: Setting, plan: str, world: int, csm: str, gamed: bool
) -> tuple[_Role, int]:
    """The role whose plan it is, and the number of the payee."""
    variant_of = variants_of(study)[1]
    roles = [
        (role.plan, setting.variants[variant].world)
        for role_set, variant in zip(study.sets, variant_of, strict=True)
        for role in role_set.roles
    ]
    by_name = {
        found.name: _Role(found, lives_in, territories)
        for (found, lives_in), territories in reversed(list(zip(roles, setting.territories, strict=True)))
    }
    problems = []
    if plan not in by_name:
        names = list(dict.fromkeys(found.name for found, _ in roles))
        problems.append(Problem("--plan", f"one of {names}", shown(plan), near_match(plan, names)))
    if not 0 <= world < study.worlds:
        fix = f"The study has {study.worlds:,} worlds."
        problems.append(Problem("--world", f"between 0 and {study.worlds - 1:,}", f"{world:,}", fix))
    role = by_name.get(plan) or next(iter(by_name.values()))
    payee = _payee(role, csm)
    if payee is None:
        names = list(role.territories.names)
        fix = near_match(csm, [*names, *setting.world.book.csms])
        allowed = (
            f"a CSM of the book ({names[0]!r} to {names[-1]!r}) or an index from 0 to {len(names) - 1:,}"
        )
        problems.append(Problem("--csm", allowed, shown(csm), fix))
    elif gamed and not role.territories.own:
        allowed, fix = "asked of a role of one book", "Dates are moved by whoever holds a book."
        problems.append(Problem("--gamed", allowed, shown(plan), fix))
    if problems or payee is None:
        raise InputError(problems)
    return role, payee


def _payee(role: _Role, csm: str) -> int | None:
    """The number of a payee of a role; None where there is none of that name."""
    names, csms = role.territories.names, role.world.book.csms
    if csm in names:
        return names.index(csm)
    if csm in csms:
        payee = int(role.territories.payee[csms.index(csm)])
        return payee if payee >= 0 else None
    index = int(csm) if re.fullmatch("[0-9]{1,9}", csm) else -1
    return index if 0 <= index < len(names) else None
