"""A measure of a plan by its path in the summary, and what a search asks of it: to be small or large, or to keep a bound."""

import re
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from sim.engine.study import StudyTable
from sim.errors import InputError, Problem, near_match, shown
from sim.plan.altered import path_of
from sim.questions.forecast.setting import Forecast
from sim.questions.gaming.setting import Gaming
from sim.questions.incentive.setting import Incentive
from sim.questions.lint.summary import LintOfPlan
from sim.questions.response.setting import Response
from sim.questions.stress.limits import Limits
from sim.summary.entry import Entry
from sim.summary.summary import Parts

Sense = Literal["<=", ">=", "="]

LINT: Final = "lint"
STRESS: Final = "stress"
COUNTED: Final = {
    f"{LINT}.major": "Clauses with a major fault.",
    f"{LINT}.minor": "Clauses with a minor fault.",
    f"{STRESS}.broken": "Limits broken over all stresses.",
}
"""What is counted in a plan's answers, and stands nowhere in its entry."""
CALLED: Final = {"net_value": "response.net_value", "pay.uneven": "pay.volatility"}
"""Other names of measures."""
OF_SEVERAL: Final = frozenset({"vs_baseline.p", "response.rank"})
"""Numbers of a plan that depend on the plans beside it."""
DEAR: Final[Mapping[str, type[StudyTable]]] = {
    "exposure": Gaming,
    "split": Gaming,
    "incentive": Incentive,
    "response": Response,
    "card": Response,
    "macro": Forecast,
    "accrual": Forecast,
    STRESS: Limits,
}
"""Sections that take a pass of their own, of seconds a plan, and the table that asks for it."""
OBJECTIVE: Final = re.compile(r"\s*(?:(max|min)\s*:)?\s*([\w.\[\]]+)\s*")
BOUND: Final = re.compile(
    r"\s*([\w.\[\]]+)\s*(<=|>=|=|≤|≥)\s*\$?\s*(-?(?:\d[\d_,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([KMB%]?)\s*"
)
SENSES: Final[Mapping[str, Sense]] = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=", "=": "="}
SCALE: Final = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "%": 0.01}


class Measure(NamedTuple):
    """A number of a plan's entry of the summary.

    path    : as the summary has it.
    unit    : of the number, such as ``usd`` or ``share``.
    meaning : in a sentence.
    """

    path: str
    unit: str
    meaning: str

    @property
    def section(self) -> str:
        """The first step of the path."""
        return str(path_of(self.path)[0])

    @property
    def dear(self) -> bool:
        """Whether it takes a pass of its own."""
        return self.section in DEAR

    def value(self, plan: Parts) -> float | None:
        """The number that questions say of a plan; None where it has none, such as a mean that does not exist."""
        if self.section == LINT:
            severity = self.path.removeprefix(f"{LINT}.")
            return float(sum(fault.severity == severity for fault in plan.of(LintOfPlan).lints))
        first, *steps = path_of(self.path)
        at: Any = next(
            (getattr(part, str(first)) for part in plan.parts.values() if first in type(part).model_fields),
            None,
        )
        for step in steps:
            try:
                at = getattr(at, step) if isinstance(at, Entry) and isinstance(step, str) else at[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                return None
        return None if at is None else float(at)


class Objective(NamedTuple):
    """A measure that is to be small, or large. text : as it was asked."""

    measure: Measure
    large: bool
    text: str

    @property
    def sign(self) -> float:
        """What makes less better."""
        return -1.0 if self.large else 1.0


class Bound(NamedTuple):
    """What a plan must keep to. limit : in the unit of the measure; text : as it was asked."""

    measure: Measure
    sense: Sense
    limit: float
    text: str

    def beyond(self, value: float) -> float:
        """How far a value is beyond the bound, 0 where it keeps it: of the limit, where that is not 0. [1]"""
        gap = value - self.limit
        gap = abs(gap) if self.sense == "=" else gap if self.sense == "<=" else -gap
        return max(gap, 0.0) / (abs(self.limit) or 1.0)


def objective_of(text: str) -> Objective:
    """The objective written as ``cost.mean`` or ``max: pay.share_at_target``.

    Raises: InputError when it is not one; ``where`` of its problems is empty.
    """
    found = OBJECTIVE.fullmatch(text)
    if found is None:
        allowed = "a measure of a plan, such as 'cost.mean' or 'max: pay.share_at_target'"
        raise InputError([Problem("", allowed, shown(text))])
    return Objective(measure_of(found[2]), found[1] == "max", text.strip())


def bound_of(text: str) -> Bound:
    """The bound written as ``cost.p90 <= 16.5M``; K, M and B are thousands, millions and billions, % hundredths.

    Raises: InputError when it is not one; ``where`` of its problems is empty.
    """
    found = BOUND.fullmatch(text)
    if found is None:
        allowed = "a measure, one of <=, >= and =, and a number, such as 'cost.p90 <= 16.5M'"
        raise InputError([Problem("", allowed, shown(text))])
    limit = float(found[3].replace("_", "").replace(",", "")) * SCALE[found[4]]
    return Bound(measure_of(found[1]), SENSES[found[2]], limit, text.strip())


@cache
def measure_of(path: str) -> Measure:
    """The measure at a path of a plan's entry.

    Raises: InputError with what there is where the path leaves it; ``where`` of its problem is empty.
    """
    from sim.questions.registry import OF_PLAN

    path = CALLED.get(path, path)
    if path in OF_SEVERAL:
        raise InputError(
            [Problem("", "of one plan alone", shown(path), "It depends on the plans beside it.")]
        )
    if path in COUNTED:
        return Measure(path, "count", COUNTED[path])
    fields = {name: field for part in OF_PLAN for name, field in part.model_fields.items()}
    at: Any = None
    unit = meaning = ""
    for step in path_of(path):
        if at is not None and get_origin(at) is tuple and isinstance(step, int):
            at = _bare(get_args(at)[0])
        elif at is not None and get_origin(at) is dict and isinstance(step, str):
            at = _bare(get_args(at)[1])
        else:
            known = fields if at is None else at.model_fields if _is_entry(at) else {}
            if step not in known:
                raise _unknown(path, str(step), [*known, *(() if at is not None else (LINT, STRESS))])
            field = known[str(step)]
            extra = field.json_schema_extra
            unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
            at, meaning = _bare(field.annotation), str(field.description or "")
    if at not in (int, float):
        raise _unknown(path, path, list(at.model_fields) if _is_entry(at) else [])
    return Measure(path, unit, meaning)


def _bare(annotation: Any) -> Any:
    """The type of what may be absent."""
    if get_origin(annotation) in (Union, UnionType):
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _is_entry(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entry)


def _unknown(path: str, step: str, known: list[str]) -> InputError:
    names = [each for each in known if not each.endswith(("_se", "_ci95"))]
    allowed = f"a number of a plan's summary; there are {names}" if names else "a number of a plan's summary"
    return InputError([Problem("", allowed, shown(path), near_match(step, names))])
