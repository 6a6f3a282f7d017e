"""Other strings in the text of a TOML file, and everything else of it as it was written."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

Keys: TypeAlias = tuple[str | int, ...]
DIRECTIVE: Final = re.compile(r"\A#:schema [^\n]*\n")
"""The first line, in which editors look for a file's schema."""


def naming_schema(text: str, schema: str = "") -> str:
    """The text with this path of its schema in the first line, in place of any other; with none where it is empty."""
    return (f"#:schema {schema}\n" if schema else "") + DIRECTIVE.sub("", text)


def replaced(text: str, new: Mapping[Keys, str]) -> str:
    """The text of a valid TOML file with other strings at some places of its document, each of which holds a string.

    Comments and all else stay as they are written, in whatever spelling; only a file that tomlkit cannot change faithfully
    is written anew.
    """
    import tomlkit

    document = tomllib.loads(text)
    _put(document, new)
    try:
        written = tomlkit.parse(text)
        _put(written, new)
        moved = tomlkit.dumps(written)
        if tomllib.loads(moved) == document:
            return moved
    except (ValueError, LookupError, TypeError, RecursionError):
        pass  # tomlkit reads less than tomllib does
    return tomlkit.dumps(document)


def _put(document: Any, new: Mapping[Keys, str]) -> None:
    for (*keys, last), value in new.items():
        table = document
        for key in keys:
            table = table[key]
        table[last] = value
