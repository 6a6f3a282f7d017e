"""Read a file of a result folder: as this program wrote it, or with a sentence that says that it is not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from math import isinf
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel

from sim.errors import InputError, Problem, shown
from sim.files.manifest import read_manifest
from sim.files.text import CONTROL, read_text
from sim.files.toml import check, frozen

M = TypeVar("M", bound=BaseModel)

WRONG: Final = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    StopIteration,
)
"""How content that is not as it should be shows itself to code that takes it as it should be."""


def vouched(folder: Path, *names: str) -> bool:
    """Whether the folder's manifest lists these files and they are as they were written; False where it has none.

    Raises: InputError when one was changed since.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return False
    try:
        changed = [name for name in names if manifest.changed(folder, name)]
    except OSError:
        changed = list(names)
    fix = "Make the result again."
    if changed:
        allowed = f"as csmsim {manifest.command} wrote it"
        raise InputError([Problem(str(folder / name), allowed, "one changed since", fix) for name in changed])
    return True


@contextmanager
def taken(folder: Path, known: bool) -> Iterator[None]:
    """Work with the content of a result folder; where its manifest does not vouch for it, what cannot be used is the
    input's fault and not the program's.

    Raises: InputError.
    """
    try:
        yield
    except InputError:
        raise
    except WRONG as error:
        if known:
            raise
        received = f"something else ({type(error).__name__}: {shown(str(error))})"
        raise InputError([Problem(str(folder), "a result as csmsim wrote it", received)]) from None


def result_json(path: Path, command: str) -> Any:
    """The JSON of a file of a result: finite numbers, text without control characters.

    Raises: InputError when it is not that, or not as the folder's manifest has it.
    """
    if not path.exists():
        fix = f"Give the directory that csmsim {command} wrote."
        raise InputError([Problem(str(path), "an existing file", "nothing readable at this path", fix)])
    text = read_text(path)
    vouched(path.parent, path.name)
    try:
        document = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        allowed = f"JSON as csmsim {command} writes it"
        raise InputError([Problem(str(path), allowed, "something else")]) from None
    if hides(document):
        raise InputError([Problem(str(path), "text without control characters", "some of them")])
    return document


def result_model(model: type[M], path: Path, command: str) -> M:
    """The JSON of a file of a result, checked against the model that wrote it.

    Raises: InputError as ``result_json``, and with every key whose value is not what the model says.
    """
    document = result_json(path, command)
    if not isinstance(document, dict):
        raise InputError([Problem(str(path), f"an object, as csmsim {command} writes it", shown(document))])
    return check(model, frozen(document), str(path), strict=True)


def hides(value: object) -> bool:
    """Whether a text somewhere in a document holds control characters, which no name that csmsim read can hold."""
    if isinstance(value, dict):
        return any(hides(key) or hides(each) for key, each in value.items())
    if isinstance(value, list):
        return any(map(hides, value))
    return isinstance(value, str) and CONTROL.search(value) is not None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(f"{text} is too large to be a number")
    return number
