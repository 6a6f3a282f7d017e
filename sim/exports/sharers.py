"""Second owners in a column of their own: proposed as who shares a renewal with the first."""

from typing import Any, Final

from sim.exports.header import plain_header
from sim.exports.matching import MOSTLY, Matched, content_kind, filled
from sim.exports.sheet import Sheet
from sim.exports.synonyms import SYNONYMS

SECOND: Final = frozenset(("split", "secondary", "second", "co", "overlay", "shared", "additional"))
OWNING: Final = frozenset(("owner", "csm", "rep", "manager", "am"))


def sharers(sheet: Sheet, found: Matched) -> tuple[list[dict[str, Any]], str]:
    """The entries of ``[[owners]]`` where a sparse column names whom the owner of a row shares it with, and what to confirm;
    nothing where there is none.

    A column of shares beside it is of the second owner, and of the first where all rows have one.
    """
    first = found.of.get("csm")
    if first is None or found.rows != "deals":
        return [], ""
    others = [
        header for header in found.unused if _second(header) and content_kind(sheet.cells[header]) == "words"
    ]
    others = [header for header in others if filled(sheet.cells[header]) < MOSTLY]
    share = found.of.get("share")
    if len(others) != 1 or (share is not None and filled(sheet.cells[share.header]) >= MOSTLY):
        return [], ""
    (second,) = others
    entry: dict[str, Any] = {"csm": second}
    entry |= {"share": 0.5} if share is None else {"share_column": share.header}
    part = "half of it" if share is None else f"the part that {share.header!r} says"
    doubt = f"Does {second!r} have {part}, and {first.header!r} the rest?"
    return [{"csm": first.header}, entry], doubt


def _second(header: str) -> bool:
    words = set(plain_header(header).split())
    return bool(words & SECOND) and (bool(words & OWNING) or plain_header(header) in SYNONYMS["csm"])
