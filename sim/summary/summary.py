"""The summary of a run: what every question says of every plan, read and written as ``summary.json``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sim.summary.entry import Entry, Part
from sim.summary.facts import Facts

Document = dict[str, Any]
E = TypeVar("E", bound=Entry)
P = TypeVar("P", bound=Part)
T = TypeVar("T")
Parts = Mapping[type[Part], Part]


class PlanSummary:
    """What every question says of one plan.

    document : the same as plain values.
    fragile  : whether the means of its money rest on a few worlds.
    """

    def __init__(self, name: str, document: Document, parts: Parts) -> None:
        self.name = name
        self.document = document
        self.fragile = any(part.fragile for part in parts.values())
        self._parts = parts

    def of(self, kind: type[P]) -> P:
        """What one question says of the plan; its fields are None where it was not asked."""
        part = self._parts[kind]
        assert isinstance(part, kind)
        return part


class Summary:
    """What a run found. ``plans`` in the order of the study.

    study    : what was run.
    document : the same as plain values, as ``summary.json`` holds them.
    """

    def __init__(
        self, document: Document, study: Facts, parts: Parts, plans: Mapping[str, PlanSummary]
    ) -> None:
        self.document = document
        self.study = study
        self._parts = parts
        self.plans = plans

    def of(self, kind: type[P]) -> P:
        """What one question says beside the plans."""
        part = self._parts[kind]
        assert isinstance(part, kind)
        return part

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
    of_plan = tuple(of_plan)
    plans = {
        name: PlanSummary(name, entry, {kind: part_of(kind, entry) for kind in of_plan})
        for name, entry in document["plans"].items()
    }
    study = Facts.model_validate(document["study"])
    return Summary(document, study, {kind: part_of(kind, document) for kind in of_whole}, plans)


def part_of(kind: type[E], entry: Document) -> E:
    """The entry, or part, whose keys stand beside those of others."""
    names = {field.alias or name for name, field in kind.model_fields.items()}
    return kind.model_validate({key: value for key, value in entry.items() if key in names})
