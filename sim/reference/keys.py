"""The keys of a kind of file, as text for people."""

import json
import textwrap
from collections.abc import Iterator
from typing import Final, TypeAlias

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


Told: TypeAlias = tuple[str, str, list[tuple[str, str, str]]]
"""A table of a file: its path, what it is, and of each key its name, what it takes and what it means."""


def explained(kind: str, path: str = "") -> str:
    """What a key of a kind of file takes and means, and so of every key inside it.

    path : dotted, such as ``component.quota``; the whole file where empty.

    Raises: InputError when there is no such kind of file, or no such key in it.
    """
    whole = schema(kind)
    part = found(whole, path)
    if part is None:
        raise InputError([_unknown(whole, kind, path)])
    heading = " · ".join(filter(None, (kind, path))) + f": {_takes(whole, part)}"
    lines = [heading, *_wrapped(_meaning(whole, part), "", "")]
    for key, takes, means in _rows(whole, part):
        lines += ["", *_wrapped(f"{key}: {takes}", "", "        "), *_wrapped(means, "    ", "    ")]
    return "\n".join(lines)


def told(whole: Schema) -> Iterator[Told]:
    """Every table of a kind of file, the file itself first, then what is in it."""
    yield from _walked(whole, whole, "")


def _walked(whole: Schema, part: Schema, path: str) -> Iterator[Told]:
    if rows := _rows(whole, part):
        yield path, _meaning(whole, part), rows
    for option in options(whole, part):
        for table in _tables(whole, option):
            for key, value in table.get("properties", {}).items():
                yield from _walked(whole, value, f"{path}.{key}".lstrip("."))


def _rows(whole: Schema, part: Schema) -> list[tuple[str, str, str]]:
    """Of each key inside a part: its name, what it takes, and what it means; those that must be there first."""
    rows = []
    for option in options(whole, part):
        for table in _tables(whole, option):
            required, keys = set(table.get("required", ())), table.get("properties", {})
            for key in sorted(keys, key=lambda key: key not in required):
                takes = _takes(whole, keys[key]) + (", required" if key in required else "")
                rows.append((key, takes, _meaning(whole, keys[key])))
    return rows


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


def _meaning(whole: Schema, value: Schema) -> str:
    """What a key means, or what it holds where it says nothing itself."""
    inner = [value, *options(whole, value), *options(whole, value.get("items", {}))]
    return next((str(each["description"]) for each in inner if "description" in each), "")


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
