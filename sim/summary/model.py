"""The whole summary as one model, put together of what every question writes: to check a file, and to publish its schema."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import create_model

from sim.summary.entry import Entry, Part, text
from sim.summary.facts import Facts

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
"""Of every schema that is published."""


def model_of(of_whole: Iterable[type[Part]], of_plan: Iterable[type[Part]]) -> type[Entry]:
    """The model of ``summary.json``: keys that no question claims are an error.

    of_whole, of_plan : what questions write beside the plans, and into each plan's entry.
    """
    plan: type[Entry] = create_model(
        "PlanSummary",
        __base__=_with_fields(of_plan),
        __doc__="What every question says of one plan.",
    )
    return create_model(
        "Summary",
        __base__=_with_fields(of_whole),
        __doc__="What a run found.",
        study=(Facts, text("What was run.")),
        plans=(dict[str, plan], text("By name, in the order of the study.")),  # type: ignore[valid-type]
    )


def _with_fields(parts: Iterable[type[Part]]) -> tuple[type[Part], ...]:
    """Those of the parts that have fields: bases of a model that has the fields of all."""
    return tuple(part for part in dict.fromkeys(parts) if part.model_fields)


def schema_of(model: type[Entry]) -> dict[str, Any]:
    """The JSON Schema of a file that holds an entry: every number with its unit and its meaning."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, **schema}
