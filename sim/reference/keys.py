"""The keys of a kind of file, as text for people."""

import json
import textwrap
from collections.abc import Iterator
from typing import Final

from sim.errors import InputError, Problem, near_match
from sim.reference.schema import Schema, found, options, schema

WIDTH: Final = 100
"""Of a line. [letter]"""
WORDS: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a table",
    "array": "an array",
}


def explained(kind: str, path: str = "") -> str:
    """What a key of a kind of file takes and means, and so of every key inside it.

    path : dotted, such as ``component.quota``; the whole file where empty.

    Raises: InputError when there is no such kind of file, or no such key in it.
    """
    whole = schema(kind)
    part = found(whole, path)
    if part is None:
        raise InputError([_unknown(whole, kind, path)])
    lines = [
        " · ".join(filter(None, (kind, path))) + f": {_takes(whole, part)}",
        *_said(_described(whole, part), ""),
    ]
    for option in options(whole, part):
        required = set(option.get("required", ()))
        for inner in _tables(whole, option):
            required |= set(inner.get("required", ()))
            keys = inner.get("properties", {})
            for key in sorted(keys, key=lambda key: key not in required):
                takes = f"{key}: {_takes(whole, keys[key])}{', required' if key in required else ''}"
                lines += ["", *_wrapped(takes, "", "        ")]
                lines += _said(_described(whole, keys[key]), "    ")
    return "\n".join(lines)


def _tables(whole: Schema, option: Schema) -> Iterator[Schema]:
    """The tables whose keys are told: the option itself, or the rows of an array of them, or what a table has by name."""
    if option.get("type") == "array":
        yield from options(whole, option.get("items", {}))
    elif isinstance(by_name := option.get("additionalProperties"), dict):
        yield from options(whole, by_name)
    else:
        yield option


def _takes(whole: Schema, part: Schema) -> str:
    """What may stand there: type, choices, range, default and unit."""
    words = [_any_of(whole, [part])]
    if "default" in part and not isinstance(part["default"], dict | list):
        words.append(f"{json.dumps(part['default'])} where left out")
    if unit := part.get("unit"):
        words.append(f"[{unit}]")
    return ", ".join(words)


def _kind(whole: Schema, option: Schema) -> str:
    if "const" in option:
        return json.dumps(option["const"])
    if "enum" in option:
        return "one of " + ", ".join(json.dumps(each) for each in option["enum"])
    if option.get("type") == "array" and "items" in option:
        if any(each.get("type") == "object" for each in options(whole, option["items"])):
            return "tables"
        return f"an array of {_any_of(whole, [option['items']])}"
    if "prefixItems" in option:
        return f"an array of {len(option['prefixItems'])}, each {_any_of(whole, option['prefixItems'])}"
    if option.get("format") == "date":
        return "a date"
    if isinstance(by_name := option.get("additionalProperties"), dict):
        return f"a table of names, each {_any_of(whole, [by_name])}"
    return f"{WORDS.get(option.get('type', ''), 'anything')} {_range(option)}".strip()


def _any_of(whole: Schema, parts: list[Schema]) -> str:
    return " or ".join(dict.fromkeys(_kind(whole, each) for part in parts for each in options(whole, part)))


def _range(option: Schema) -> str:
    """In words; nothing where there is none."""
    if "minimum" in option and "maximum" in option:
        return f"from {_number(option['minimum'])} to {_number(option['maximum'])}"
    words = {
        "minimum": "from",
        "exclusiveMinimum": "above",
        "maximum": "at most",
        "exclusiveMaximum": "below",
    }
    return ", ".join(f"{word} {_number(option[key])}" for key, word in words.items() if key in option)


def _number(value: float) -> str:
    return f"{value:,.15g}"


def _described(whole: Schema, value: Schema) -> Schema:
    """A key with the meaning of what it holds, where it says nothing itself."""
    if "description" in value:
        return value
    inner = [*options(whole, value), *options(whole, value.get("items", {}))]
    return next((each for each in inner if "description" in each), value)


def _said(part: Schema, margin: str) -> list[str]:
    return _wrapped(part.get("description", ""), margin, margin)


def _wrapped(text: str, margin: str, further: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=margin, subsequent_indent=further, break_on_hyphens=False
    )


def _unknown(whole: Schema, kind: str, path: str) -> Problem:
    """The sentence about a key that is not there: the keys beside it, and the one that was meant."""
    before, _, last = path.rpartition(".")
    part = whole if not before else found(whole, before)
    inner = (
        [] if part is None else [each for option in options(whole, part) for each in _tables(whole, option)]
    )
    known = [key for option in inner for key in option.get("properties", {})]
    if not known:
        return Problem(f"key of {kind}", f"one that `csmsim help {kind}` lists", path)
    return Problem(f"key of {kind}", f"one of {', '.join(known)}", path, near_match(last, known))
