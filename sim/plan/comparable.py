"""Whether the plans of a study can be compared on cost: pay that counts salaries beside pay that does not, and pay scaled
to one size (``normalise``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from sim.calendar import Calendar
from sim.errors import Problem
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.plan.plan import Plan
from sim.plan.role_set import Role, RoleSet

Normalise: TypeAlias = Literal["ote", "variable"]
SAME_SIZE: Final = 1e-6
"""Pay within this share counts as the same: float64 leaves residue. [share]"""
VARIABLE: Final = 'normalise = "variable"'


class Normalised(NamedTuple):
    """To what the pay of every plan was scaled: the baseline's.

    by            : ``"ote"``, on-target earnings, each plan keeping its own pay mix; or ``"variable"``, target variable pay
                    and salary, so that plans differ by their rules alone.
    ote, variable : of a year. [usd/yr]
    factors       : of each plan's variable pay as its file has it.
    """

    by: Normalise
    ote: float
    variable: float
    factors: dict[str, float]


def check_comparable(study: Path, sets: Sequence[RoleSet]) -> list[Problem]:
    """What is wrong where some plans say what a payee earns in all, and others only what the bonus is.

    The cost of the latter would leave out salaries that the cost of the former counts.
    """
    roles = [role for each in sets for role in each.roles]
    if not any(_says_salary(role.plan) for role in roles):
        return []
    fix = (
        "Its cost would be held against that of plans whose salaries count: add base_salary (or ote with pay_mix; "
        f"pay_mix = 1 where there is no salary), or write {VARIABLE} in {study.name}."
    )
    return [
        Problem(f"{role.path}: pay", "with a salary beside plans that have one", "target_bonus alone", fix)
        for role in roles
        if not _says_salary(role.plan)
    ]


def _says_salary(plan: Plan) -> bool:
    return plan.pay.base_salary > 0.0 or plan.pay.ote is not None


def check_normalise(study: Path, by: Normalise, sets: Sequence[RoleSet], baseline: str) -> list[Problem]:
    """Why plans cannot be scaled to one size; empty where they can."""
    where = f"{study}: normalise"
    groups = [each.name for each in sets if not each.plain]
    if groups:
        fix = "Roles earn different pay for different work; compare role sets as they are."
        return [Problem(where, "absent beside role sets", f"{by!r} beside {', '.join(groups)}", fix)]
    return [problem for each in sets for problem in _unscalable(each, by, study, each.name == baseline)]


def _unscalable(each: RoleSet, by: Normalise, study: Path, is_baseline: bool) -> Iterator[Problem]:
    (role,) = each.roles
    for index, component in enumerate(role.plan.component):
        if component.pay_kind == "commission":
            fix = f"A commission has no target that could be scaled: leave normalise out of {study.name}."
            yield Problem(
                f"{role.path}: component[{index}].pay_kind", "'bonus' under normalise", "'commission'", fix
            )
            return
    bonus = role.plan.pay.target_bonus is not None or role.plan.pay.target_a_year is not None
    if by == "variable" and not bonus:
        fix = f'It has no variable pay to scale: leave it out, or write normalise = "ote" in {study.name}.'
        yield Problem(
            f"{role.path}: pay", "with a target bonus under normalise = 'variable'", "base_salary alone", fix
        )
    if by == "ote" and not _says_salary(role.plan):
        fix = f"Its on-target earnings are not known: add base_salary, or write {VARIABLE} in {study.name}."
        yield Problem(f"{role.path}: pay", "with a salary under normalise = 'ote'", "target_bonus alone", fix)
    if by == "variable" and is_baseline and not _says_salary(role.plan):
        fix = "Every plan is given its salary."
        yield Problem(
            f"{role.path}: pay",
            "with a salary, being the baseline under normalise",
            "target_bonus alone",
            fix,
        )


def scaled(
    sets: Sequence[RoleSet], baseline: str, by: Normalise, calendar: Calendar
) -> tuple[list[RoleSet], Normalised]:
    """The plans with their pay scaled to the baseline's; targets, and what is stated in usd of pay, by one factor."""
    base = next(each.roles[0].plan for each in sets if each.name == baseline)
    target, salary = _target(base, calendar), base.pay.base_salary
    found: list[RoleSet] = []
    factors: dict[str, float] = {}
    for each in sets:
        (role,) = each.roles
        plan = role.plan
        if by == "ote":
            factor = (target + salary) / (_target(plan, calendar) + plan.pay.base_salary)
            pay = _with_pay(plan, factor, factor * plan.pay.base_salary)
        else:
            factor = target / _target(plan, calendar)
            pay = _with_pay(plan, factor, salary)
        factors[each.name] = factor
        found.append(replace(each, roles=(_in_role(role, pay),)))
    return found, Normalised(by, target + salary, target, factors)


def check_scaled(found: Normalised, plans: Sequence[Plan], calendar: Calendar) -> list[Problem]:
    """Plans that are not of the size to which those of a study were scaled. One that stands in no file of the study has not
    been scaled; one whose pay was changed on purpose must not be: so neither is.
    """
    salary = found.ote - found.variable
    what = "on-target earnings" if found.by == "ote" else "target variable pay and salary"
    problems = []
    for plan in plans:
        target, base = _target(plan, calendar), plan.pay.base_salary
        by_ote = abs(target + base - found.ote) <= SAME_SIZE * found.ote
        by_both = max(abs(target - found.variable), abs(base - salary)) <= SAME_SIZE * found.ote
        if not (by_ote if found.by == "ote" else by_both):
            sizes = (found.ote, target + base) if found.by == "ote" else (found.variable, target)
            allowed, received = (f"{size:,.0f} usd a year" for size in sizes)
            more = "" if found.by == "ote" else f" beside {salary:,.0f} of salary"
            less = "" if found.by == "ote" else f" beside {base:,.0f}"
            fix = "Name its file among the study's plans, which scales it, or give it this pay."
            allowed = f"of the {what} to which the study scales all plans, {allowed}{more}"
            problems.append(Problem(f"plan {plan.name}: pay", allowed, f"{received}{less}", fix))
    return problems


def _in_role(role: Role, plan: Plan) -> Role:
    return replace(role, plan=plan)


def _target(plan: Plan, calendar: Calendar) -> float:
    """Target variable pay of a year. [usd/yr]"""
    return plan.target_bonus(calendar) * MONTHS_PER_YEAR / calendar.months_per_period


def _with_pay(plan: Plan, factor: float, salary: float) -> Plan:
    """The plan with its target, and caps and draws in usd, times ``factor``; and with this salary. [usd/yr]"""
    pay: dict[str, Any] = {"market": None, "level": None, "as_of": None, "base_salary": salary}
    if plan.pay.target_bonus is not None:
        pay["target_bonus"] = factor * plan.pay.target_bonus
    elif plan.pay.target_a_year is not None:
        variable = factor * plan.pay.target_a_year
        pay |= {"ote": variable + salary, "pay_mix": variable / (variable + salary)}
    caps = tuple(
        each if each.usd is None else each.model_copy(update={"usd": factor * each.usd}) for each in plan.cap
    )
    draw = plan.draw
    if draw is not None and draw.usd is not None:
        draw = draw.model_copy(update={"usd": factor * draw.usd})
    update = {"pay": plan.pay.model_copy(update=pay), "cap": caps, "draw": draw}
    return plan.model_copy(update=update)
