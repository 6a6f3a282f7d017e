"""Text of which a terminal shows every character: none of it moves the cursor, hides other text or turns it round."""

import re
from typing import IO, Final, cast

COLOUR: Final = re.compile("(\x1b\\[[0-9;]*m)")
"""What a terminal reads as a colour or weight of the text after it (ECMA-48, SGR)."""
HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters but the line feed, and those that change the direction of text (Unicode UAX 9; Boucher and Anderson
2023, "Trojan Source", USENIX Security).
"""


def visible(text: str) -> str:
    r"""The text with each hidden character written as its escape, such as ``\x1b``."""
    return HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


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
