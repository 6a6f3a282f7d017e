"""JSON Schema of a kind of file: every key with its meaning, unit, default and range."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.files.meanings import first_sentence, meanings
from sim.reference.documents import DOCUMENTS, model_of
from sim.summary.model import DIALECT

Schema: TypeAlias = dict[str, Any]


def schema(kind: str) -> Schema:
    """The JSON Schema (draft 2020-12) of a kind of file: plan, roles, scenario, study, stress, map or calendar.

    Every key has a ``description``, and a ``unit`` where it has one. What no schema can say (components whose weights add
    up to 1, clauses that exclude each other) is checked when the file is read.

    Raises: InputError when there is no such kind.
    """
    return described(model_of(kind)) | {"title": kind, "description": DOCUMENTS[kind].about}


def described(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a model, with what its documentation says of each key."""
    made = model.model_json_schema(by_alias=True, schema_generator=_Documented)
    return {"$schema": DIALECT, **made}


class _Documented(GenerateJsonSchema):
    """The schema of models, with what their documentation says of each key; of TOML, which knows no null."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        described = first_sentence(model)
        if described:
            made["description"] = described
        made.pop("title", None)
        said = meanings(model)
        for name, field in model.model_fields.items():
            key = field.alias or name
            stated = made.get("properties", {}).get(key)
            if stated is None:
                continue
            written = _without_null(stated)
            written.pop("title", None)
            if (meaning := said.get(name)) is not None:
                written = {"description": meaning.text, **written}
                if meaning.unit:
                    written["unit"] = meaning.unit
            made["properties"][key] = written
        return made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Any of its kinds: editors explain ``oneOf`` badly, and the tags exclude each other already."""
        made = super().tagged_union_schema(schema)
        made["anyOf"] = made.pop("oneOf")
        made.pop("discriminator", None)
        return made


def _without_null(stated: Mapping[str, Any]) -> Schema:
    """The schema of a key that may be left out, of the values that it may hold: a file cannot hold null."""
    written = dict(stated)
    options = written.get("anyOf")
    if options is not None:
        kept = [each for each in options if each.get("type") != "null"]
        if len(kept) < len(options):
            written.pop("anyOf")
            written |= kept[0] if len(kept) == 1 else {"anyOf": kept}
    if "default" in written and written["default"] is None:
        del written["default"]
    return written


def found(made: Schema, path: str) -> Schema | None:
    """The part of a schema behind a dotted path such as ``component[1].quota.rate``; None where there is none."""
    part: Schema | None = made
    keys = [key for key in re.split(r"[.\[\]]+", path) if key]
    for place, key in enumerate(keys, start=1):
        part = None if part is None else _step(made, part, key, last=place == len(keys))
    return part


def _step(made: Schema, part: Schema, key: str, last: bool) -> Schema | None:
    """The part behind one key; the number or name of a row of an array of tables may be left out."""
    for option in options(made, part):
        if option.get("type") == "array":
            items = option.get("items", {})
            if key.isdigit():
                return dict(items)
            if (inner := _step(made, items, key, last)) is not None:
                return inner
            # ``segment.enterprise.churn`` names the row; what nothing follows is a key that is not there.
            named = not last and any(_named(each) for each in options(made, items))
            return dict(items) if named else None
        if key in (properties := option.get("properties", {})):
            return dict(properties[key])
        if isinstance(further := option.get("additionalProperties"), dict):
            return dict(further)
    return None


def _named(option: Schema) -> bool:
    return "name" in option.get("properties", {})


def options(made: Schema, part: Schema) -> list[Schema]:
    """What a part can be, references followed; what stands beside a reference goes with it."""
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[1]
        beside = {key: value for key, value in part.items() if key != "$ref"}
        return [each | beside for each in options(made, made["$defs"][name])]
    if "anyOf" in part:
        beside = {key: value for key, value in part.items() if key != "anyOf"}
        return [each | beside for kind in part["anyOf"] for each in options(made, kind)]
    return [part]
