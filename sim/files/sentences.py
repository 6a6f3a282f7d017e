"""From what pydantic finds wrong with a document to the sentences a user reads."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sim.errors import MOST_SAID, Problem, near_match, shown

Location: TypeAlias = tuple[int | str, ...]

LIMITS: Final = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "at most {}"),
    "string_too_short": ("min_length", "at least {} characters long"),
    "string_too_long": ("max_length", "at most {} characters long"),
    "too_short": ("min_length", "at least {} items long"),
    "too_long": ("max_length", "at most {} items long"),
}
"""By kind of error: where pydantic keeps the limit, and how the sentence names it."""
TYPES: Final = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "a string",
    "date_type": "a date",
    "finite_number": "a finite number",
    "tuple_type": "an array",
    "list_type": "an array",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
"""By kind of error: the type as TOML calls it."""


def problems_of(
    details: Sequence[ErrorDetails], model: type[BaseModel], document: dict[str, Any], source: str
) -> list[Problem]:
    """One problem for each mistake in ``document``; ``source`` is the file named in the sentences."""
    real = [detail for detail in _of_nearest_member(details, document) if not _consequence(detail)]
    return list(
        dict.fromkeys(
            _problem(each, model, document, source, place < MOST_SAID)
            for place, detail in enumerate(real)
            for each in _apart(detail)
        )
    )


def _apart(detail: ErrorDetails) -> Iterator[ErrorDetails]:
    """The errors that one validator found together, each by itself."""
    further = detail.get("ctx", {}).get("further", ())
    yield detail
    for context in further:
        yield {**detail, "ctx": context}


def received(value: object) -> str:
    """A value as it stands in a TOML file, cut to a readable length."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, tuple):
        return "an array of tables" if any(isinstance(each, dict) for each in value) else shown(list(value))
    return shown(value)


def _problem(
    detail: ErrorDetails, model: type[BaseModel], document: dict[str, Any], source: str, hint: bool
) -> Problem:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    keys = tuple(key for key, tag in _walk(detail, document) if not tag)
    if kind == "refused":
        keys = (*keys, *([context["key"]] if context["key"] else []))
        return Problem(where_of(source, keys), context["allowed"], context["received"], context["fix"])
    where = where_of(source, keys)
    if kind == "missing":
        return Problem(where, "present", "nothing", f"Add {_dotted(keys)!r}.")
    if kind == "extra_forbidden":
        word = str(keys[-1])
        names = _siblings(model, detail["loc"])
        fix = (near_match(word, names) if hint else "") or "Remove it or correct the name."
        return Problem(where, f"one of {names}", repr(word), fix)
    if kind == "literal_error":
        return Problem(where, context["expected"], received(given), _near_choice(given, context["expected"]))
    if kind in LIMITS:
        name, phrase = LIMITS[kind]
        allowed = phrase.format(_plain(context[name]))
        allowed = allowed.replace("1 characters", "1 character").replace("1 items", "1 item")
        return Problem(where, allowed, f"{len(given)} items" if isinstance(given, tuple) else received(given))
    allowed = TYPES.get(kind) or detail["msg"].removeprefix("Input should be ")
    return Problem(where, allowed, received(given), _unquoted(kind, given))


def _walk(detail: ErrorDetails, document: object) -> list[tuple[int | str, bool]]:
    """The location of an error, each step with whether it is pydantic's name of a union member and not a key."""
    steps: list[tuple[int | str, bool]] = []
    for position, key in enumerate(detail["loc"]):
        inside = (isinstance(document, dict) and key in document) or (
            isinstance(document, tuple) and isinstance(key, int) and key < len(document)
        )
        if inside:
            document = document[key]  # type: ignore[index]
        absent = detail["type"] == "missing" and position == len(detail["loc"]) - 1
        steps.append((key, not inside and not absent))
    return steps


def _of_nearest_member(details: Sequence[ErrorDetails], document: object) -> list[ErrorDetails]:
    """Where a table may be one of several kinds, pydantic reports on each: keep the kind with the fewest errors."""
    member: list[tuple[Location, int | str] | None] = []
    for detail in details:
        steps = _walk(detail, document)
        first = next((position for position, (_, tag) in enumerate(steps) if tag), None)
        member.append(None if first is None else (detail["loc"][:first], detail["loc"][first]))
    nearest: dict[Location, tuple[Location, int | str]] = {}
    for each in dict.fromkeys(member):
        if each is not None:
            best = nearest.setdefault(each[0], each)
            nearest[each[0]] = min(best, each, key=member.count)
    return [
        detail
        for detail, each in zip(details, member, strict=True)
        if each is None or each == nearest[each[0]]
    ]


def _consequence(detail: ErrorDetails) -> bool:
    """Whether an array is called too short only because its items were refused, each with its own sentence."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _near_choice(given: object, expected: str) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    return near_match(given.lower(), choices) if isinstance(given, str) else ""


def _unquoted(kind: str, given: object) -> str:
    """What to do about a value in quotes that should have none."""
    if kind == "date_type" and isinstance(given, str):
        return "Write it as 2026-01-31, without quotes."
    if kind in ("float_type", "int_type") and isinstance(given, str) and given.strip("0123456789.") == "":
        return "Write it without quotes."
    return ""


def _plain(limit: float) -> str:
    small = f"{limit:.9f}".rstrip("0")
    return f"{int(limit):,}" if limit == int(limit) else small if abs(limit) < 1e-3 else f"{limit:,g}"


def _dotted(keys: Location) -> str:
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def where_of(source: str, keys: Location) -> str:
    """The place of a mistake: the file, and the key in it."""
    return f"{source}: {_dotted(keys)}" if keys else source


def _siblings(model: type[BaseModel], location: Location) -> list[str]:
    """The names allowed beside an unknown key: the fields of the model that was being filled."""
    current: list[type[BaseModel]] = [model]
    for key in location[:-1]:
        inner = [found for each in current for found in _models(_names(each).get(str(key)))]
        # A union member is named by its class, alone or inside the name of a validator around it.
        named = [each for each in current if re.search(rf"\b{each.__name__}\b", str(key))]
        current = inner or named or current
    return sorted({name for each in current for name in _names(each)})


def _names(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
