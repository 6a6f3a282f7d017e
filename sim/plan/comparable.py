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


class OwnTerms(NamedTuple):
    """What people have agreed for themselves, mean over the CSMs of a company and the days of the horizon.

    target, salary       : of those on terms of their own. [usd/yr]
    on_target, on_salary : share of them, and of their days, on which the plan's holds. [share]
    """

    target: float
    salary: float
    on_target: float
    on_salary: float


ON_THE_PLAN: Final = OwnTerms(0.0, 0.0, 1.0, 1.0)


class Size(NamedTuple):
    """What a CSM earns at target in a year. Both [usd/yr]"""

    target: float
    salary: float

    @property
    def ote(self) -> float:
        """Together."""
        return self.target + self.salary


class Normalised(NamedTuple):
    """To what the pay of every plan was scaled: the baseline's.

    by            : ``"ote"``, on-target earnings, each plan keeping its own pay mix; or ``"variable"``, target variable pay
                    and salary, so that plans differ by their rules alone.
    ote, variable : of a year, mean over CSMs. [usd/yr]
    factors       : of each plan's variable pay as its file has it.
    own           : what people have agreed for themselves.
    """

    by: Normalise
    ote: float
    variable: float
    factors: dict[str, float]
    own: OwnTerms = ON_THE_PLAN

    @property
    def told(self) -> dict[str, Any]:
        """What a result says of it."""
        return {name: value for name, value in self._asdict().items() if name != "own"}


def check_comparable(study: Path, sets: Sequence[RoleSet], own: OwnTerms = ON_THE_PLAN) -> list[Problem]:
    """What is wrong where some plans say what a payee earns in all, and others only what the bonus is.

    The cost of the latter would leave out salaries that the cost of the former counts.
    """
    roles = [role for each in sets for role in each.roles]
    if not any(_says_salary(role.plan, own) for role in roles):
        return []
    fix = (
        "Its cost would be held against that of plans whose salaries count: add base_salary (or ote with pay_mix; "
        f"pay_mix = 1 where there is no salary), or write {VARIABLE} in {study.name}."
    )
    return [
        Problem(f"{role.path}: pay", "with a salary beside plans that have one", "target_bonus alone", fix)
        for role in roles
        if not _says_salary(role.plan, own)
    ]


def _says_salary(plan: Plan, own: OwnTerms) -> bool:
    """Whether the salary of everybody on a plan is known: the plan's, or their own."""
    if plan.pay.base_salary > 0.0 or plan.pay.ote is not None:
        return True
    return plan.pay.targets == "person" and own.on_salary == 0.0


def size_of(plan: Plan, own: OwnTerms, calendar: Calendar) -> Size:
    """What a CSM on the plan earns at target, mean over those on terms of their own and on the plan's."""
    part = own_part(plan, own)
    target = part.target + part.on_target * _target(plan, calendar)
    return Size(target, part.salary + part.on_salary * plan.pay.base_salary)


def own_part(plan: Plan, own: OwnTerms) -> OwnTerms:
    """What of it people have agreed for themselves; nothing under a plan that pays its own targets."""
    return own if plan.pay.targets == "person" else ON_THE_PLAN


def check_normalise(
    study: Path, by: Normalise, sets: Sequence[RoleSet], baseline: str, own: OwnTerms = ON_THE_PLAN
) -> list[Problem]:
    """Why plans cannot be scaled to one size; empty where they can."""
    where = f"{study}: normalise"
    groups = [each.name for each in sets if not each.plain]
    if groups:
        fix = "Roles earn different pay for different work; compare role sets as they are."
        return [Problem(where, "absent beside role sets", f"{by!r} beside {', '.join(groups)}", fix)]
    return [problem for each in sets for problem in _unscalable(each, by, study, each.name == baseline, own)]


def _unscalable(
    each: RoleSet, by: Normalise, study: Path, is_baseline: bool, own: OwnTerms
) -> Iterator[Problem]:
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
    if by == "ote" and not _says_salary(role.plan, own):
        fix = f"Its on-target earnings are not known: add base_salary, or write {VARIABLE} in {study.name}."
        yield Problem(f"{role.path}: pay", "with a salary under normalise = 'ote'", "target_bonus alone", fix)
    if by == "variable" and is_baseline and not _says_salary(role.plan, own):
        fix = "Every plan is given its salary."
        yield Problem(
            f"{role.path}: pay",
            "with a salary, being the baseline under normalise",
            "target_bonus alone",
            fix,
        )


def scaled(
    sets: Sequence[RoleSet], baseline: str, by: Normalise, calendar: Calendar, own: OwnTerms = ON_THE_PLAN
) -> tuple[list[RoleSet], Normalised]:
    """The plans with their pay scaled to the baseline's; targets, and what is stated in usd of pay, by one factor. What is
    agreed with people stays as it is: the rest is scaled so that a CSM earns the same on average.
    """
    base = next(each.roles[0].plan for each in sets if each.name == baseline)
    found: list[RoleSet] = []
    factors: dict[str, float] = {}
    for each in sets:
        (role,) = each.roles
        plan, (factor, salary) = role.plan, _scale(role.plan, base, by, own, calendar)
        factors[each.name] = factor
        found.append(replace(each, roles=(_in_role(role, _with_pay(plan, factor, salary)),)))
    size = size_of(base, own, calendar)
    return found, Normalised(by, size.ote, size.target, factors, own)


def _scale(plan: Plan, base: Plan, by: Normalise, own: OwnTerms, calendar: Calendar) -> tuple[float, float]:
    """What the target of a plan is multiplied by, and its salary [usd/yr], so that a CSM earns what the baseline pays."""
    nominal, usual = (Size(_target(each, calendar), each.pay.base_salary) for each in (plan, base))
    if own_part(plan, own) == own_part(base, own):  # what is one's own is paid by both
        if by == "variable":
            return usual.target / nominal.target, usual.salary
        factor = usual.ote / nominal.ote
        return factor, factor * nominal.salary
    mine, whole = own_part(plan, own), size_of(base, own, calendar)
    if by == "ote":
        scales = mine.on_target * nominal.target + mine.on_salary * nominal.salary
        factor = (whole.ote - mine.target - mine.salary) / scales if scales else 1.0
        return factor, factor * nominal.salary
    scales = mine.on_target * nominal.target
    factor = (whole.target - mine.target) / scales if scales else 1.0
    return factor, (whole.salary - mine.salary) / mine.on_salary if mine.on_salary else usual.salary


def check_reached(
    sets: Sequence[RoleSet], found: Normalised, baseline: str, calendar: Calendar
) -> Iterator[Problem]:
    """Plans that cannot be scaled to the size of the baseline, as too much of what they pay is people's own."""
    if found.own == ON_THE_PLAN:
        return
    targets = next(each.roles[0].plan.pay.targets for each in sets if each.name == baseline)
    for each in sets:
        (role,) = each.roles
        if found.factors[each.name] <= 0.0 or list(check_scaled(found, [role.plan], calendar)):
            fix = f"What people have agreed for themselves is not scaled: write targets = {targets!r} into its [pay]."
            allowed = "a plan of which the baseline's pay can be reached under normalise"
            yield Problem(f"{role.path}: pay.targets", allowed, repr(role.plan.pay.targets), fix)


def check_scaled(found: Normalised, plans: Sequence[Plan], calendar: Calendar) -> list[Problem]:
    """Plans that are not of the size to which those of a study were scaled. One that stands in no file of the study has not
    been scaled; one whose pay was changed on purpose must not be: so neither is.
    """
    salary = found.ote - found.variable
    what = "on-target earnings" if found.by == "ote" else "target variable pay and salary"
    problems = []
    for plan in plans:
        target, base = size_of(plan, found.own, calendar)
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
