"""Text of which a reader sees every character: none of it moves the cursor, hides other text or turns it round."""

import re
from typing import Final

HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters but the line feed, and those that change the direction of text (Unicode UAX 9; Boucher and Anderson
2023, "Trojan Source", USENIX Security).
"""


def visible(text: str) -> str:
    r"""The text with each hidden character written as its escape, such as ``\x1b``."""
    return HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    """The same for text that must not go on in another line."""
    return visible(text).replace("\n", "\\n")
