"""Write a document of plain values as TOML text."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any


def toml_text(document: Mapping[str, Any], prefix: str = "") -> str:
    """The document as TOML: values first, then its tables. A value that is None is left out.

    Values are booleans, numbers, strings, dates and times, lists of values, mappings, and lists of mappings.
    """
    return "".join(_lines(document, prefix))


def quoted(text: str) -> str:
    """A TOML basic string; JSON escapes what TOML escapes, except DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(document: Mapping[str, Any], prefix: str) -> Iterator[str]:
    tables = {key: value for key, value in document.items() if _is_table(value)}
    for key, value in document.items():
        if key not in tables and value is not None:
            yield f"{_key(key)} = {_value(value)}\n"
    for key, value in tables.items():
        path = f"{prefix}{_key(key)}"
        for each in [value] if isinstance(value, Mapping) else value:
            yield f"\n[{path}]\n" if isinstance(value, Mapping) else f"\n[[{path}]]\n"
            yield from _lines(each, f"{path}.")


def _is_table(value: object) -> bool:
    rows = (
        isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(row, Mapping) for row in value)
    )
    return isinstance(value, Mapping) or rows


def _key(key: str) -> str:
    bare = key != "" and all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in key)
    return key if bare else quoted(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())}}}"
    if isinstance(value, date | time):
        return value.isoformat()
    return repr(value)
