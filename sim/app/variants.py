"""What a page asks: plans of the study with some of their values changed."""

import os
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from sim.engine.study import Study, variants_of
from sim.errors import InputError, Problem, near_match, shown
from sim.plan.plan import Plan

Value: TypeAlias = float | int | bool | str | None

MOST_CHANGES: Final = 500
LETTERS: Final = ("A", "B")


class Asked(BaseModel):
    """A part of a request: strict, and nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Variant(Asked):
    """A plan of the study, by name, with other values at these paths."""

    plan: Annotated[str, Field(max_length=200)]
    changes: Annotated[dict[str, Value], Field(max_length=MOST_CHANGES)] = {}


class Refused(NamedTuple):
    """What is wrong with a variant. path : of the field that the sentence belongs to; empty where that is none."""

    variant: int
    path: str
    sentence: str


def check_usable(study: Study) -> None:
    """Refuse a study without a plan that can be changed by hand.

    Raises: InputError when all of its plans are role sets, or their owners change what customers do.
    """
    problems = []
    if not any(each.plain for each in study.sets):
        path = os.path.normpath(study.sets[0].roles[0].path)
        fix = (
            "A page moves the clauses of one plan that a CSM is paid by: name the plan of a role among the study's plans, "
            f"such as {path}, or compare role sets with csmsim run."
        )
        problems.append(Problem(f"{study.path}: plans", "plan files, one at least", "role sets only", fix))
    if any(variants_of(study)[0]):
        fix = "Leave out outcomes = true to change plans by hand."
        allowed = "one world for all plans"
        problems.append(Problem(f"{study.path}: ownership.outcomes", allowed, "worlds of each role set", fix))
    if problems:
        raise InputError(problems)


def base_plan(study: Study, name: str) -> Plan:
    """The plan of the study that a variant starts from.

    Raises: InputError when no plan file of the study has this name.
    """
    plain = {each.name: each.roles[0].plan for each in study.sets if each.plain}
    if name not in plain:
        fix = near_match(name, list(plain))
        raise InputError([Problem("plan", f"of the study, one of {list(plain)}", shown(name), fix)])
    return plain[name]


def plans_of(study: Study, variants: Sequence[Variant]) -> tuple[list[Plan], list[Refused]]:
    """Every variant as a plan, under the name that results show; and what is wrong with those that are none."""
    plans, refused = [], []
    for place, variant in enumerate(variants):
        try:
            base = base_plan(study, variant.plan)
            plans.append(base.altered(variant.changes, _label(study, variants, place)))
        except InputError as error:
            refused += [_refused(place, variant.plan, problem) for problem in error.problems]
    return plans, refused


def _label(study: Study, variants: Sequence[Variant], place: int) -> str:
    """The plan's own name as long as nothing of it is changed; no two of a comparison are called the same."""
    own = variants[place].plan
    changed = f"{own}, changed" if variants[place].changes else own
    if len(variants) > 1:
        return f"{LETTERS[place]}: {changed}"
    return f"{own}, as it is" if changed == study.baseline else changed


def _refused(place: int, plan: str, problem: Problem) -> Refused:
    """A problem beside its field: the sentence without the name of the plan, which the page shows already."""
    path = problem.where.removeprefix(f"plan {plan}: ")
    of_plan = problem.where in ("plan", f"plan {plan}")
    return Refused(place, "" if of_plan else path, str(problem).removeprefix(f"plan {plan}: "))
