"""The summary of a run: what every question says of every plan, read and written as ``summary.json``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sim.summary.entry import Entry, Part
from sim.summary.facts import Facts

Document = dict[str, Any]
E = TypeVar("E", bound=Entry)
P = TypeVar("P", bound=Part)
T = TypeVar("T")


class Parts:
    """What questions say: one part each."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts: Mapping[type[Part], Part] = {type(part): part for part in parts}

    def of(self, kind: type[P]) -> P:
        """What one question says; its fields are None where it was not asked."""
        part = self.parts[kind]
        assert isinstance(part, kind)
        return part

    def document(self) -> Document:
        """The same as plain values."""
        return {key: value for part in self.parts.values() for key, value in part.document().items()}


class PlanSummary(Parts):
    """What every question says of one plan."""

    def __init__(self, name: str, parts: Iterable[Part]) -> None:
        super().__init__(parts)
        self.name = name
        self._entries: dict[type[Any], tuple[Any, ...]] = {}

    def with_(self, *parts: Part) -> "PlanSummary":
        """The same with other parts in the place of theirs."""
        return PlanSummary(self.name, [*self.parts.values(), *parts])

    def every(self, kind: type[E]) -> tuple[E, ...]:
        """The entries of one kind, wherever in the parts they stand; searched for once, as reports ask often."""
        if kind not in self._entries:
            self._entries[kind] = tuple(
                each for part in self.parts.values() for each in _entries_in(part, kind)
            )
        return self._entries[kind]

    @property
    def fragile(self) -> bool:
        """Whether the means of its money rest on a few worlds."""
        return any(part.fragile for part in self.parts.values())


class Summary(Parts):
    """What a run found: of the study beside its plans, and of each plan in the order of the study.

    study : what was run.
    """

    def __init__(self, study: Facts, parts: Iterable[Part], plans: Iterable[PlanSummary]) -> None:
        super().__init__(parts)
        self.study = study
        self.plans = {plan.name: plan for plan in plans}

    def with_plans(self, change: Callable[[PlanSummary], PlanSummary]) -> "Summary":
        """The same with each plan changed."""
        return Summary(self.study, self.parts.values(), map(change, self.plans.values()))

    def document(self) -> Document:
        """The same as plain values, as ``summary.json`` holds them."""
        plans = {name: plan.document() for name, plan in self.plans.items()}
        return {"study": self.study.document(), **super().document(), "plans": plans}

    def where(self, kind: type[P], section: Callable[[P], T | None]) -> dict[str, T]:
        """A section of every plan that has it, by the plan's name."""
        sections = {name: section(plan.of(kind)) for name, plan in self.plans.items()}
        return {name: each for name, each in sections.items() if each is not None}

    @property
    def baseline(self) -> PlanSummary:
        """The plan that others are held against."""
        return self.plans[self.study.baseline]

    @property
    def fragile(self) -> frozenset[str]:
        """The plans whose means of money rest on a few worlds."""
        return frozenset(name for name, plan in self.plans.items() if plan.fragile)


def summary_of(document: Document, of_whole: Iterable[type[Part]], of_plan: Iterable[type[Part]]) -> Summary:
    """The summary of plain values.

    of_whole, of_plan : what questions write beside the plans, and into each plan's entry.

    Raises: pydantic.ValidationError when a value is not what its part says.
    """
    kinds = tuple(of_plan)
    return Summary(
        Facts.model_validate(document["study"]),
        [part_of(kind, document) for kind in of_whole],
        [
            PlanSummary(name, [part_of(kind, entry) for kind in kinds])
            for name, entry in document["plans"].items()
        ],
    )


def part_of(kind: type[P], entry: Document) -> P:
    """The part whose keys stand beside those of others."""
    names = {field.alias or name for name, field in kind.model_fields.items()}
    return kind.model_validate({key: value for key, value in entry.items() if key in names})


def _entries_in(value: Any, kind: type[E]) -> Iterator[E]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, Entry):
        for name in type(value).model_fields:
            yield from _entries_in(getattr(value, name), kind)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _entries_in(each, kind)
    elif (
        isinstance(value, tuple) and value and not isinstance(value[0], float)
    ):  # a density is long, and no entry
        for each in value:
            yield from _entries_in(each, kind)
