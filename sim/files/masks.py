"""Names of people masked: CSM 01, CSM 02 and so on, the same in everything made of the same book.

The order of the masks is that of keyed digests of the names: it says nothing of the order of the names, and nobody can work
it out again who does not have the book. Source: HMAC (RFC 2104).
"""

import hmac
import re
from collections.abc import Iterable
from typing import Any, Final

BETWEEN: Final = ".."
"""Between the first and the last CSM of a territory."""
OF_NOBODY: Final = ("segment", "role", "why")
"""Keys beside a CSM's name whose texts are not about people."""


class Masks:
    """Masks of names.

    secret : what decides the order: the text of the book, or what stands for it.
    word   : before the number.
    """

    def __init__(self, names: Iterable[str], secret: str, word: str = "CSM") -> None:
        key = secret.encode()
        ordered = sorted(
            {*names}, key=lambda name: hmac.digest(key, name.encode("utf-8", "replace"), "sha256")
        )
        digits = max(2, len(str(len(ordered))))
        self._masks = {name: f"{word} {number:0{digits}d}" for number, name in enumerate(ordered, start=1)}
        longest = sorted(ordered, key=len, reverse=True)
        pattern = "|".join(map(re.escape, longest))
        self._anywhere = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if pattern else None

    def of(self, name: str) -> str:
        """The mask of a name; of a territory, of its first and last. A name that is not known is no name of a person."""
        if name in self._masks:
            return self._masks[name]
        parts = name.split(BETWEEN)
        if len(parts) > 1 and all(part in self._masks for part in parts):
            return BETWEEN.join(self._masks[part] for part in parts)
        return name

    def within(self, text: str) -> str:
        """A text with every name in it masked."""
        return (
            text if self._anywhere is None else self._anywhere.sub(lambda found: self._masks[found[0]], text)
        )

    def document(self, value: Any, beside: bool = False) -> Any:
        """Plain values with the names under ``csm`` masked, and in all texts beside and below them.

        beside : whether such a name stands above.
        """
        if isinstance(value, dict):
            beside = beside or "csm" in value
            return {
                key: each if key in OF_NOBODY else self.document(each, beside) for key, each in value.items()
            }
        if isinstance(value, list | tuple):
            return type(value)(self.document(each, beside) for each in value)
        return self.within(value) if beside and isinstance(value, str) else value
