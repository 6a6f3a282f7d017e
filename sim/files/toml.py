"""Read a TOML file into a frozen model, or say everything that is wrong with it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from sim.errors import InputError, Problem, shown
from sim.files.sentences import Location, problems_of, where_of
from sim.files.sentences import received as as_written
from sim.files.text import CONTROL, read_text

DEEP: Final = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
"""A dotted key of more parts than any model is deep; to read one takes time that grows with their square."""


class Table(BaseModel):
    """A TOML table: frozen, strict about types, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


M = TypeVar("M", bound=BaseModel)


def refuse(allowed: str, received: object, fix: str = "", key: str = "") -> PydanticCustomError:
    """The error a model validator raises.

    received : the value as read; None reads as "nothing".
    key      : the field inside the validated table.
    """
    context = {"allowed": allowed, "received": as_written(received), "fix": fix, "key": key}
    return PydanticCustomError("refused", "{allowed}", context)


def refuse_all(table: M, errors: Iterable[PydanticCustomError]) -> M:
    """The table itself, for the end of a model validator that finds nothing.

    Raises: PydanticCustomError that carries every error found.
    """
    found = list(errors)
    if found:
        contexts = [dict(each.context or {}) for each in found]
        raise PydanticCustomError("refused", "{allowed}", contexts[0] | {"further": contexts[1:]})
    return table


def one_line(text: str) -> str:
    """``text``, of names and titles that are shown in tables.

    Raises: PydanticCustomError when it is not printable text in one line.
    """
    if not text.isprintable() or text != text.strip():
        raise refuse("printable text in one line, without spaces at its ends", text)
    return text


Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(one_line)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Title: TypeAlias = Annotated[str, Field(max_length=200), AfterValidator(one_line)]


def read_toml(path: Path) -> dict[str, Any]:
    """The document of a TOML file, its arrays as tuples.

    Raises: InputError when the file cannot be read or is not TOML.
    """
    return parse_toml(read_text(path), str(path))


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """The document of the text of a TOML file, its arrays as tuples; ``source`` is named in the sentences.

    Raises: InputError when it is not TOML.
    """
    try:
        if DEEP.search(text):
            raise RecursionError
        return {key: frozen(value) for key, value in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise InputError([Problem(source, "valid TOML", "a syntax error", _sentence(str(error)))]) from None
    except RecursionError:
        raise InputError([Problem(source, "valid TOML", "tables nested too deeply")]) from None


def read_model(model: type[M], path: Path) -> M:
    """Read a file and check it against its model.

    Raises: InputError with every problem of the file.
    """
    return check(model, read_toml(path), str(path))


def check(model: type[M], document: dict[str, Any], source: str, strict: bool | None = None) -> M:
    """Check a document against its model; ``source`` is the file named in the sentences.

    strict : whether a text that reads like a number is none; as the model has it where not told.

    Raises: InputError with every problem of the document.
    """
    hidden = list(_hidden(document, source))
    try:
        checked = model.model_validate(document, strict=strict)
    except ValidationError as error:
        problems = problems_of(error.errors(include_url=False), model, document, source)
        told = {problem.where for problem in problems}
        raise InputError([*problems, *(each for each in hidden if each.where not in told)]) from None
    if hidden:
        raise InputError(hidden)
    return checked


def _hidden(document: Any, source: str, keys: Location = ()) -> Iterator[Problem]:
    """A problem for every key and text with control characters: a report could not show it."""
    if isinstance(document, str) and CONTROL.search(document):
        yield Problem(where_of(source, keys), "text without control characters", shown(document))
    elif isinstance(document, tuple):
        for index, each in enumerate(document):
            yield from _hidden(each, source, (*keys, index))
    elif isinstance(document, dict):
        for key, each in document.items():
            if CONTROL.search(key):
                yield Problem(where_of(source, keys), "keyed by text without control characters", shown(key))
            yield from _hidden(each, source, (*keys, key))


def frozen(value: object) -> Any:
    """A value of a document with its arrays as tuples."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return value


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."
