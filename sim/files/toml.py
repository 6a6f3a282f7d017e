"""Read a TOML file into a frozen model, or say everything that is wrong with it."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.errors import InputError, Problem, near_match, shown
from sim.files.text import read_text


class Table(BaseModel):
    """A TOML table: frozen, strict about types, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


M = TypeVar("M", bound=Table)


def refuse(allowed: str, received: object, fix: str = "", key: str = "") -> PydanticCustomError:
    """The error a model validator raises; ``key`` names the field inside the validated table."""
    return PydanticCustomError(
        "refused", "{allowed}", {"allowed": allowed, "received": shown(received), "fix": fix, "key": key}
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The document of a TOML file, its arrays as tuples.

    Raises: InputError when the file cannot be read or is not TOML.
    """
    text = read_text(path)
    try:
        return {key: _frozen(value) for key, value in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise InputError(
            [Problem(str(path), "valid TOML", "a syntax error", _sentence(str(error)))]
        ) from None
    except RecursionError:
        raise InputError([Problem(str(path), "valid TOML", "tables nested too deeply")]) from None


def read_model(model: type[M], path: Path) -> M:
    """Read a file and check it against its model.

    Raises: InputError with every problem of the file.
    """
    return check(model, read_toml(path), str(path))


def check(model: type[M], document: dict[str, Any], source: str) -> M:
    """Check a document against its model; ``source`` is the file named in the sentences.

    Raises: InputError with every problem of the document.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problems = [_problem(detail, model, document, source) for detail in error.errors(include_url=False)]
        raise InputError(dict.fromkeys(problems)) from None


def _frozen(value: object) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _problem(detail: ErrorDetails, model: type[BaseModel], document: dict[str, Any], source: str) -> Problem:
    keys = _present(detail["loc"], document)
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "refused":
        keys = (*keys, *([context["key"]] if context["key"] else []))
        return Problem(_where(source, keys), context["allowed"], context["received"], context["fix"])
    if kind == "missing":
        return Problem(_where(source, keys), "present", "nothing", f"Add {_dotted(keys)!r}.")
    if kind == "extra_forbidden":
        word = str(keys[-1])
        names = _siblings(model, detail["loc"], document)
        fix = near_match(word, names) or "Remove it or correct the name."
        return Problem(_where(source, keys), f"one of {sorted(names)}", repr(word), fix)
    return Problem(_where(source, keys), _allowed(detail["msg"]), shown(detail["input"]))


def _present(location: tuple[int | str, ...], document: object) -> tuple[int | str, ...]:
    """The part of a location that a reader finds in the file (pydantic adds the names of union members)."""
    keys: list[int | str] = []
    for position, key in enumerate(location):
        inside = (isinstance(document, dict) and key in document) or (
            isinstance(document, tuple) and isinstance(key, int) and key < len(document)
        )
        if inside:
            document = document[key]  # type: ignore[index]
        if inside or (position == len(location) - 1 and isinstance(document, dict)):
            keys.append(key)
    return tuple(keys)


def _dotted(keys: tuple[int | str, ...]) -> str:
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def _where(source: str, keys: tuple[int | str, ...]) -> str:
    return f"{source}: {_dotted(keys)}" if keys else source


def _allowed(message: str) -> str:
    allowed = message.removeprefix("Input should be ").removeprefix("Value should be ")
    allowed = (
        allowed.replace("a valid ", "a ").replace("a integer", "an integer").replace("a tuple", "an array")
    )
    allowed = allowed.replace("a dictionary or instance of ", "a table, here ").replace(
        "a dictionary", "a table"
    )
    return allowed[:1].lower() + allowed[1:]


def _siblings(model: type[BaseModel], location: tuple[int | str, ...], document: object) -> list[str]:
    """The names allowed beside an unknown key: the fields of the model that was being filled."""
    current: list[type[BaseModel]] = [model]
    for key in location[:-1]:
        if isinstance(key, int):
            continue
        inner = [found for each in current if key in _names(each) for found in _models(_names(each)[key])]
        if inner:
            named = [each for each in inner if each.__name__ == key]
            current = named or inner
        else:
            current = [each for each in current if each.__name__ == key] or current
    return sorted({name for each in current for name in _names(each)})


def _names(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
