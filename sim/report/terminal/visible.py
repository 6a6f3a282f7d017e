"""A stream that shows every character of a text, as ``sim.visible`` has it."""

import re
from typing import IO, Final, cast

from sim.visible import visible

COLOUR: Final = re.compile("(\x1b\\[[0-9;]*m)")
"""What a terminal reads as a colour or weight of the text after it (ECMA-48, SGR)."""


def guarded(stream: IO[str], coloured: bool) -> IO[str]:
    """The stream, which hidden characters reach as escapes only; colours pass where ``coloured``."""
    return cast("IO[str]", _Guarded(stream, coloured))


class _Guarded:
    """Writes what is visible, and is the stream in everything else."""

    def __init__(self, stream: IO[str], coloured: bool) -> None:
        self._stream = stream
        self._coloured = coloured

    def write(self, text: str) -> int:
        """Write the text made visible."""
        parts = COLOUR.split(text) if self._coloured else [text]
        shown = (part if at % 2 else visible(part) for at, part in enumerate(parts))
        return self._stream.write("".join(shown))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
