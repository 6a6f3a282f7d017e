"""What a key of a file means, and its unit: read from where the typed models say it, their own documentation.

A model documents its keys as ``key : what it is. [unit]``, where the last brackets are the unit (``[usd] or [events]`` where
there are several), and several keys of one meaning as ``one, other : ...``; what goes on in the next lines is indented.
"""

import inspect
import re
from functools import cache
from typing import Final, NamedTuple

from pydantic import BaseModel

ENTRY: Final = re.compile(r"^([a-z_0-9]+(?:, [a-z_0-9]+)*)\s*: (.*)$")
UNIT: Final = re.compile(r"\[[^\[\]]+\](?:(?:, | or )\[[^\[\]]+\])*")


BARE: Final = str.maketrans("", "", "[]")


class Meaning(NamedTuple):
    """text : a sentence or two, without the unit; unit : as it is written, such as ``usd/period`` or ``usd or events``;
    empty without one.
    """

    text: str
    unit: str


@cache
def meanings(model: type[BaseModel]) -> dict[str, Meaning]:
    """What a model says of its keys; of one that it does not speak of, nothing."""
    found: dict[str, list[str]] = {}
    keys: list[str] = []
    for line in (inspect.getdoc(model) or "").splitlines():
        entry = ENTRY.match(line)
        if entry is not None:
            keys = [key.strip() for key in entry[1].split(",")]
            found |= {key: [entry[2]] for key in keys}
        elif line.startswith(" ") and keys:
            for key in keys:
                found[key].append(line.strip())
        else:
            keys = []
    return {key: _meaning(" ".join(lines)) for key, lines in found.items()}


def _meaning(text: str) -> Meaning:
    units = list(UNIT.finditer(text))
    if units:
        text = text[: units[-1].start()] + text[units[-1].end() :]
    plain = text.replace("``", "").replace('"', "'")
    plain = re.sub(r"\s+([.,;])", r"\1", " ".join(plain.split())).replace(".,", ",")
    return Meaning(plain[:1].upper() + plain[1:], units[-1][0].translate(BARE) if units else "")


def first_sentence(model: type[BaseModel]) -> str:
    """What a model is: the first sentence of its documentation."""
    if not vars(model).get("__doc__"):
        return ""
    paragraph = (inspect.getdoc(model) or "").split("\n\n", 1)[0]
    return _meaning(" ".join(paragraph.split())).text
