"""Other texts in a TOML file, in whatever spelling they stand there, and everything else of it as it was written."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from sim.files.toml_text import quoted, toml_text

Keys: TypeAlias = tuple[str | int, ...]

TOKEN: Final = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""+|'{3}.*?'{3,}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*''', re.DOTALL
)
"""The strings and comments of a TOML file. Source: TOML 1.0, String and Comment."""
KEY: Final = re.compile(r"[ \t]*[=.]")
"""What follows a string that is a key."""


def replaced(text: str, new: Mapping[Keys, str]) -> str:
    """The text of a valid TOML file with other strings at some places of its document, each of which holds a string.

    A place is found by what it holds: every string that could be one is marked, and the document tells where the marks
    are. Comments and all else stay; only where a file is written so that this cannot be done, it is written anew.
    """
    document = tomllib.loads(text)
    held = {_at(document, keys) for keys in new}
    for keys, each in new.items():
        _put(document, keys, each)
    tokens = [
        token
        for token in TOKEN.finditer(text)
        if token[0][0] != "#" and not KEY.match(text, token.end()) and _value(token[0]) in held
    ]
    marks = [quoted(f"mark {number}") for number in range(len(tokens))]
    try:
        marked = tomllib.loads(_with(text, tokens, marks))
        asked = {_at(marked, keys): quoted(each) for keys, each in new.items()}
        given = [asked.get(f"mark {number}", token[0]) for number, token in enumerate(tokens)]
        moved = _with(text, tokens, given)
        if tomllib.loads(moved) == document:
            return moved
    except (ValueError, LookupError, TypeError):
        pass  # a string in the name of a table, or the like
    return toml_text(document)


def _with(text: str, tokens: list[re.Match[str]], others: list[str]) -> str:
    """The text with other tokens."""
    parts, end = [], 0
    for token, other in zip(tokens, others, strict=True):
        parts += [text[end : token.start()], other]
        end = token.end()
    return "".join((*parts, text[end:]))


def _value(token: str) -> str | None:
    """What a string says."""
    try:
        return str(tomllib.loads(f"x = {token}")["x"])
    except ValueError:
        return None


def _at(document: Any, keys: Keys) -> Any:
    for key in keys:
        document = document[key]
    return document


def _put(document: Any, keys: Keys, value: str) -> None:
    _at(document, keys[:-1])[keys[-1]] = value
