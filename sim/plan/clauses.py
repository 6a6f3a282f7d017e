"""In which clauses two plans differ, and the plans between them: one clause changed after another.

What a clause moves depends on what has been changed before it. It is taken twice, with the clauses changed in the order of
settlement and in the opposite one, and the two are averaged: what all clauses move then adds up to the difference of the
two plans, and of two clauses it is their Shapley value.

Source: the Shapley value is the mean over all orders (Shapley 1953, "A value for n-person games"); the mean over an order
and its opposite is the least that favours neither end (antithetic permutations; Mitchell, Cooper, Frank and Holmes 2022,
"Sampling permutations for Shapley value estimation", JMLR 23).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sim.calendar import Calendar
from sim.errors import InputError
from sim.files.toml import check, frozen
from sim.plan.plan import Plan
from sim.plan.rule.table import Rules

Document = dict[str, Any]
Keys = tuple[str, ...]

MOST_CLAUSES: Final = 8
"""Of more than these whole components are told."""
TOGETHER: Final[tuple[Keys, ...]] = (
    ("crediting.date",),
    ("crediting.deal_cap",),
    ("crediting.early_multiplier", "crediting.early_bands"),
    ("crediting.early_cap", "crediting.early_cap_base"),
    ("crediting.late_multiplier", "crediting.late_bands", "crediting.late_window_days"),
    ("retention",),
    ("dates",),
    ("deals",),
    ("quota",),
    ("quota_moves.early_out_of_due",),
    ("quota_moves.early_into_booked",),
    ("quota_moves.late_into_booked",),
    ("quota_moves.late_out_of_due",),
    ("quota_moves.floor",),
    ("quota_moves.carry",),
    ("measurement",),
    ("nothing_due",),
    ("curve",),
    ("commission",),
    ("paid",),
)
"""Keys of a component that are one clause, in the order of settlement."""
KIND: Final = ("pay_kind", "measure", "kpi", "team_measure")
"""Keys that make a component another one."""


TAKEN_BACK: Final = ("grace", "clawback")
"""Rules that together say which losses are followed: one clause where both differ."""
At = tuple[str | int, ...]
"""A place in a document."""


class Clause(NamedTuple):
    """Where two plans differ.

    path  : of the plan file, as ``component.renewals.curve``.
    words : for people, as ``curve of renewals``.
    at    : the places of its values.
    """

    path: str
    words: str
    at: tuple[At, ...]


WHOLE: Final = Clause("", "the whole plan", ((),))


class Steps(NamedTuple):
    """The way from one plan to another.

    clauses  : in the order of settlement.
    forward  : the first plan with the first clause changed, with the first two, and so on, all but the last.
    backward : the first plan with the last clause changed, with the last two, and so on, all but the first.
    """

    clauses: tuple[Clause, ...]
    forward: tuple[Plan, ...]
    backward: tuple[Plan, ...]

    @property
    def between(self) -> tuple[Plan, ...]:
        """The plans between the two."""
        return self.forward + self.backward


def steps_between(before: Plan, after: Plan, calendar: Calendar) -> Steps:
    """The clauses in which two plans differ, and the plans between them, which read nothing of a Ledger that neither of the
    two reads. Clauses that make no plan one by one are taken together: component by component, or all of them.
    """
    one, other = _plain(before), _plain(after)
    for clauses in (_fine(one, other), _coarse(one, other), (WHOLE,)):
        if len(clauses) > MOST_CLAUSES:
            continue
        try:
            forward = tuple(_ways(before, one, other, clauses))
            backward = tuple(_ways(before, one, other, clauses[::-1]))
        except InputError:
            continue
        if all(_readable(plan, (before, after), calendar) for plan in forward + backward):
            return Steps(clauses, forward, backward)
    raise AssertionError("of one clause there is no plan between")


def _plain(plan: Plan) -> Document:
    document = plan.model_dump()
    return {key: value for key, value in document.items() if key not in ("name", "title", "about")}


def _fine(one: Document, other: Document) -> tuple[Clause, ...]:
    """Clause by clause."""
    names = [[each["name"] for each in document["component"]] for document in (one, other)]
    if names[0] != names[1]:
        return _coarse(one, other)
    found = []
    for place, (first, second) in enumerate(zip(one["component"], other["component"], strict=True)):
        name = f"component.{names[0][place]}"
        if any(first[key] != second[key] for key in KIND):
            found.append(Clause(name, f"component {names[0][place]}", (("component", place),)))
            continue
        for keys in TOGETHER:
            changed = [key for key in keys if _value(first, key.split(".")) != _value(second, key.split("."))]
            if changed:
                told = [key for key in changed if _value(second, key.split(".")) is not None] or changed
                words = f"{told[0].rpartition('.')[2]} of {names[0][place]}"
                at: tuple[At, ...] = tuple(("component", place, *key.split(".")) for key in keys)
                found.append(Clause(f"{name}.{told[0]}", words, at))
    weights = [[each["weight"] for each in document["component"]] for document in (one, other)]
    if weights[0] != weights[1]:
        at = tuple(("component", place, "weight") for place in range(len(weights[0])))
        found.append(Clause("component.*.weight", "weights", at))
    return (*found, *_rules(one, other))


def _coarse(one: Document, other: Document) -> tuple[Clause, ...]:
    """All components together, and rule by rule."""
    whole = Clause("component", "components", (("component",),))
    components = () if one["component"] == other["component"] else (whole,)
    return (*components, *_rules(one, other))


def _rules(one: Document, other: Document) -> Iterator[Clause]:
    changed = [key for key in ("pay", *Rules.model_fields) if one[key] != other[key]]
    pair = [key for key in changed if key in TAKEN_BACK]
    for key in changed:
        if key not in pair:
            yield Clause(key, key, ((key,),))
    if pair:
        yield Clause(pair[-1], " and ".join(pair), tuple((key,) for key in pair))


def _ways(before: Plan, one: Document, other: Document, clauses: Sequence[Clause]) -> Iterator[Plan]:
    """The plans with the first clause changed, with the first two, and so on, all but the last.

    Raises: InputError when one of them is no plan.
    """
    document: Any = one
    for clause in clauses[:-1]:
        for path in clause.at:
            document = _with(document, path, _value(other, path))
        kept = {"name": before.name, "title": before.title}
        yield check(Plan, frozen({**kept, **document}), f"plan {before.name}")


def _value(document: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        document = document[step]
    return document


def _with(document: Any, path: Sequence[str | int], value: Any) -> Any:
    """A copy with another value at the end of a path."""
    if not path:
        return value
    first, *rest = path
    if isinstance(document, tuple):
        return tuple(
            _with(each, rest, value) if place == first else each for place, each in enumerate(document)
        )
    return {key: _with(each, rest, value) if key == first else each for key, each in document.items()}


def _readable(plan: Plan, ends: tuple[Plan, Plan], calendar: Calendar) -> bool:
    """Whether Ledgers that hold what two plans read hold what this one reads."""
    return (
        {*plan.amounts} <= {name for each in ends for name in each.amounts}
        and plan.reads <= ends[0].reads | ends[1].reads
        and {*plan.deals} <= {*ends[0].deals, *ends[1].deals}
        and all(
            {*plan.cohorts(calendar, company)}
            <= {terms for each in ends for terms in each.cohorts(calendar, company)}
            for company in (False, True)
        )
    )
