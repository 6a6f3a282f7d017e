"""What of a plan can be changed by hand: a field for every number, choice and switch of its typed models."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel

from sim.app.scales import USUAL, Scale, number_scale, whole_scale
from sim.errors import InputError
from sim.files.meanings import Meaning, meanings
from sim.plan.component import Band, Component
from sim.plan.piece import Piece
from sim.plan.plan import About, Plan

Kind: TypeAlias = Literal["number", "whole", "choice", "switch"]
Value: TypeAlias = float | int | bool | str | None

ACRONYMS: Final = {"ote": "OTE", "usd": "USD"}
SEVERAL: Final = re.compile(", | or ")
"""Between the units of a key that has several."""
UNIT_BY: Final = {"attainment": "share", "dollars": "usd", "count": "events"}
USUAL_AMOUNT: Final = 100_000.0
"""Where an amount begins that a plan leaves out. [usd]"""
SHORTEST: Final = 0.01
"""Of an interval of a curve, when its end is dragged. [share]"""


@dataclass(frozen=True)
class Field:
    """One value of a plan.

    path     : in the plan file, components and rules by their place.
    unit     : as the models write it; of an amount, a share, a multiple or a time.
    stated   : the plan file says it; else it stands at its default.
    optional : it may be left out.
    low, high: bounds of the model, inclusive or not; None where there is none.
    scale    : what a slider spans; None of choices and switches.
    choices  : that the rest of the plan allows.
    shared   : components' weights, which add up to 1: the others move along.
    idle     : why nothing that is put there is paid to anybody; empty where it is.
    """

    path: str
    title: str
    help: str
    unit: str
    kind: Kind
    value: Value
    stated: bool
    optional: bool = False
    low: float | None = None
    high: float | None = None
    scale: Scale | None = None
    choices: tuple[str, ...] = ()
    shared: bool = False
    idle: str = ""


class Group(NamedTuple):
    """Fields that belong together, such as the quota of a component."""

    title: str
    fields: tuple[Field, ...]


def field_groups(plan: Plan, idle: Mapping[str, str] = MappingProxyType({})) -> tuple[Group, ...]:
    """All that can be changed of a plan, in the order of its file; what its other clauses rule out is left out. idle : why
    nobody is paid by some of its clauses, by path.
    """
    groups = []
    for title, found in _groups(plan):
        usable = (each for field in found if (each := _usable(plan, field)) is not None)
        fields = tuple(replace(each, idle=idle.get(each.path, ""), unit=_unit(plan, each)) for each in usable)
        if fields:
            groups.append(Group(title, fields))
    return tuple(groups)


def _groups(plan: Plan) -> Iterator[tuple[str, list[Field]]]:
    yield "Pay", list(_fields(plan.pay, "pay"))
    several = len(plan.component) > 1
    for place, component in enumerate(plan.component):
        path, named = f"component[{place}]", component.name[:1].upper() + component.name[1:]
        own = [field for field in _fields(component, path) if field.path != f"{path}.weight" or several]
        yield named, own
        for key in Component.model_fields:
            yield from _tables(getattr(component, key), f"{path}.{key}", f"{named}: {_title(key).lower()}")
    for key in Plan.model_fields:
        if key not in ("pay", "component"):
            yield from _tables(getattr(plan, key), key, _title(key))


def _tables(value: Any, path: str, title: str) -> Iterator[tuple[str, list[Field]]]:
    """The fields of a table, and of tables inside it; of an array of tables each."""
    if isinstance(value, About):
        return
    if isinstance(value, BaseModel):
        if fields := list(_fields(value, path)):
            yield title, fields
        for key in type(value).model_fields:
            yield from _tables(getattr(value, key), f"{path}.{key}", f"{title}, {_title(key).lower()}")
    elif isinstance(value, tuple) and value and isinstance(value[0], Piece):
        yield title, list(_curve(value, path))
    elif isinstance(value, tuple) and value and isinstance(value[0], Band):
        yield title, list(_bands(value, path))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            if isinstance(each, BaseModel):
                yield from _tables(each, f"{path}[{place}]", f"{title} {place + 1}")


def _fields(table: BaseModel, path: str) -> Iterator[Field]:
    """The values that stand in a table itself."""
    for key in type(table).model_fields:
        value, declared = getattr(table, key), _declared(type(table))[key]
        field = _field(f"{path}.{key}", table, key, declared)
        if field is not None:
            yield field
        elif isinstance(value, tuple) and value and type(value[0]) in (int, float):
            for place, each in enumerate(value):
                item = _field(f"{path}.{key}[{place}]", table, key, declared.get("items", {}))
                if item is not None:
                    scale = number_scale(each, item.low, item.high)
                    yield replace(item, title=f"{item.title} {place + 1}", value=each, scale=scale)


def _field(path: str, table: BaseModel, key: str, declared: dict[str, Any]) -> Field | None:
    """The field of a key, as its schema has it; None where it is no value that is changed by hand."""
    options = [each for each in declared.get("anyOf", [declared]) if each.get("type") != "null"]
    if len(options) != 1:
        return None
    (schema,) = options
    value = getattr(table, key)
    meaning = meanings(type(table)).get(key, Meaning("", ""))
    field = Field(
        path=path,
        title=_title(key),
        help=meaning.text,
        unit=meaning.unit,
        kind="number",
        value=value if not isinstance(value, tuple) else None,
        stated=key in table.model_fields_set,
        optional="anyOf" in declared,
    )
    if "enum" in schema:
        return replace(field, kind="choice", choices=tuple(schema["enum"]))
    if schema.get("type") == "boolean":
        return replace(field, kind="switch")
    if schema.get("type") not in ("number", "integer"):
        return None
    above = "exclusiveMinimum" in schema
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    number = value if isinstance(value, int | float) else None
    if schema["type"] == "integer":
        return replace(field, kind="whole", low=low, high=high, scale=whole_scale(number, low, high))
    usual = USUAL_AMOUNT if meaning.unit.startswith("usd") and (high or inf) > USUAL_AMOUNT else USUAL
    scale = number_scale(number, low, high, above=above, usual=usual)
    return replace(field, low=low, high=high, scale=scale, shared=key == "weight")


def _curve(pieces: tuple[Piece, ...], path: str) -> Iterator[Field]:
    """Of each piece of a curve, where it starts and what it pays."""
    for place, piece in enumerate(pieces):
        left, right = piece.interval[:2]
        if place > 0:
            before = pieces[place - 1].interval.left
            top = right if right < inf else max(2.0 * left, 2.0)
            scale = Scale(round(before + SHORTEST, 6), round(top - SHORTEST, 6), SHORTEST, left)
            yield Field(
                path=f"{path}[{place}].attainment",
                title=f"Piece {place + 1} starts at",
                help="Where this piece of the curve begins.",
                unit="share",
                kind="number",
                value=left,
                stated=True,
                low=before,
                high=None if right == inf else right,
                scale=scale,
            )
        for field in _fields(piece, f"{path}[{place}]"):
            yield replace(field, title=f"Piece {place + 1} {field.title.lower()}", stated=True)


def _bands(bands: tuple[Band, ...], path: str) -> Iterator[Field]:
    """Of each band of days, how far it reaches and at what multiplier."""
    ends = [0, *(band.through_day for band in bands)]
    for place, band in enumerate(bands):
        first, beyond = ends[place] + 1, [*ends, None][place + 2]
        for field in _fields(band, f"{path}[{place}]"):
            if field.kind == "whole" and field.scale is not None:
                top = field.scale.high if beyond is None else beyond - 1
                field = replace(field, scale=field.scale._replace(low=first, high=top))
            yield replace(field, title=f"Band {place + 1} {field.title.lower()}")


def _usable(plan: Plan, field: Field) -> Field | None:
    """The field, of a choice with what the rest of the plan allows; None where nothing else is allowed."""
    if field.kind == "choice":
        allowed = tuple(
            each for each in field.choices if each == field.value or _allowed(plan, field.path, each)
        )
        return replace(field, choices=allowed) if len(allowed) > 1 else None
    if field.kind == "switch":
        return field if _allowed(plan, field.path, not field.value) else None
    assert field.scale is not None, "every number has one"
    if field.shared:
        return field
    tried = (field.scale.start, *field.scale.tried)
    return field if any(_allowed(plan, field.path, each) for each in tried if each != field.value) else None


def _unit(plan: Plan, field: Field) -> str:
    """Of the units that a key may have that of this plan."""
    units = SEVERAL.split(field.unit)
    if len(units) == 1:
        return field.unit
    component = plan.component[int(field.path.partition("[")[2].partition("]")[0])]
    by = "count" if component.kind_of_measure.kind == "events" else "dollars"
    if component.commission is not None and ".tier[" in field.path:
        by = component.commission.tiers_by
    return next((each for each in units if each.startswith(UNIT_BY[by])), units[0])


def _allowed(plan: Plan, path: str, value: Value) -> bool:
    try:
        plan.altered({path: value})
    except InputError:
        return False
    return True


@cache
def _declared(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """The JSON Schema of a model's keys."""
    found: dict[str, dict[str, Any]] = model.model_json_schema()["properties"]
    return found


def _title(key: str) -> str:
    words = [ACRONYMS.get(word, word) for word in key.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
