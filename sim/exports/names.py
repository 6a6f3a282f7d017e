"""Names as one spelling: Unicode forms, doubled and no-break spaces; what still looks like one name is told."""

import string
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from sim.files.names import folded

LEGAL_FORMS: Final = (
    "incorporated inc llc llp ltd limited corp corporation co company gmbh ag sa sas sarl bv nv plc pty oy ab"
)
LEGAL: Final = frozenset(LEGAL_FORMS.split())
SIGNS: Final = str.maketrans({sign: " " for sign in string.punctuation if sign != "'"} | {"'": None})


def clean_name(text: str) -> str:
    r"""A name in composed characters (NFC), with single plain spaces and nothing invisible.

    Source: Unicode Standard Annex 15.

    >>> clean_name("  Ana\u00a0 Nu\u0301n\u0303ez\u200b")
    'Ana Núñez'
    """
    if text.isascii():
        return " ".join(text.split())
    shown = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", shown).split())


def same_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Names that a reader takes for one: they differ in case, width or spaces only."""
    return _groups({name: folded(name) for name in names})


def near_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Names that may be one: they differ in accents, signs, or the legal form of a company."""
    return _groups({name: _core(name) for name in names})


def _core(name: str) -> str:
    bare = name.lower()
    if not bare.isascii():
        bare = "".join(
            letter if letter.isalnum() or letter == "'" else " "
            for letter in unicodedata.normalize("NFKD", name.casefold())
            if not unicodedata.combining(letter)
        )
    words = bare.translate(SIGNS).split()
    return " ".join([word for word in words if word not in LEGAL])


def _groups(keys: Mapping[str, str]) -> list[tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for name, key in keys.items():
        if key:
            groups.setdefault(key, []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]
