"""Amounts as exports write them: signs of currencies, marks of decimals and thousands, one reading for the whole file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

Mark: TypeAlias = Literal[".", ","]

SIGNS: Final = {
    "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "S$": "SGD",
    "HK$": "HKD", "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "₪": "ILS", "₩": "KRW", "JP¥": "JPY",
    "CN¥": "CNY",
}  # fmt: skip
CODES: Final = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KRW",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PLN",
        "RON",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "VND",
        "ZAR",
    ]
)
"""Currencies by their code in ISO 4217."""
_SIGN: Final = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
AMOUNT: Final = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+−])?(?P<before>{_SIGN}|[A-Z]{{3}})?\s*(?P<inner>[-+−])?\s*"
    r"(?P<number>\d[\d.,'’\s_]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,2})?\s*(?P<thousand>[kK])?"
    rf"\s*(?P<after>{_SIGN}|[A-Z]{{3}})?\s*(?P<behind>-)?(?P<percent>%)?(?P<close>\))?"
)
PLAIN: Final = re.compile(r"-?\d+(\.\d{1,2}|\.\d{4,})?")
GAPS: Final = re.compile(r"[\s'’_]")
GROUPED: Final = {
    ".": re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?|[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?"),
    ",": re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?"),
}
"""By the mark of decimals, numbers with marks of thousands; in India groups of two stand before the last of three."""


class Amount(NamedTuple):
    """An amount in its currency; ``""`` where it names none."""

    value: float
    currency: str = ""


@dataclass(frozen=True)
class Numbers:
    """What the texts of amount columns are as numbers.

    amount : of each text, under the mark that was asked or found.
    mark   : what separates decimals; None where the texts do not tell.
    loose  : texts that read as thousands under one mark and as decimals under the other.
    clash  : a text that has only the one reading, and one that has only the other.
    wrong  : texts that are no amounts.
    shares : whether some are percentages.
    """

    amount: dict[str, Amount]
    mark: Mark | None
    loose: tuple[str, ...]
    clash: tuple[str, ...]
    wrong: tuple[str, ...]
    shares: bool = False


def numbers(texts: Iterable[str], mark: Mark | None = None) -> Numbers:
    """The amounts of the different texts of the columns that hold amounts.

    mark : of decimals, as the map has it; None to find it.
    """
    plain: dict[str, Amount] = {}
    rest: dict[str, re.Match[str]] = {}
    wrong: list[str] = []
    for text in texts:
        if PLAIN.fullmatch(text):
            plain[text] = Amount(float(text))
        elif (match := AMOUNT.fullmatch(text)) and _known(match):
            rest[text] = match
        else:
            wrong.append(text)
    telling: dict[Mark, str] = {}
    loose: list[str] = []
    for text, match in rest.items():
        told = _told(GAPS.sub("", match["number"]))
        if told == "either":
            loose.append(text)
        elif told in (".", ","):
            telling.setdefault("." if told == "." else ",", text)
    pointed = next((text for text in plain if "." in text), "")
    if pointed:
        telling.setdefault(".", pointed)
    clash = tuple(telling.values()) if len(telling) > 1 and mark is None else ()
    found: Mark | None = mark or (next(iter(telling)) if len(telling) == 1 else None)
    if found and mark is None and not any(_thirds(match, found) for match in rest.values()):
        # No other amount has three decimals: this one is rather of another hand, who means thousands.
        strange = next((text for text in loose if found in text), "")
        clash = (telling[found], strange) if strange else clash
        found = None if strange else found
    for text, match in rest.items():
        value = _value(match, found or ".")
        if value is None:
            wrong.append(text)
        elif found or text not in loose:
            plain[text] = value
    if found == ",":
        for text in [text for text in plain if text not in rest and "." in text]:
            del plain[text]
            wrong.append(text)
    shares = any(match["percent"] for match in rest.values())
    return Numbers(plain, found, tuple(loose), clash, tuple(wrong), shares)


def _known(match: re.Match[str]) -> bool:
    """Whether brackets close, one sign stands, and what looks like a currency is one."""
    units = [match[part] for part in ("before", "after") if match[part]]
    minus = [match[part] for part in ("minus", "inner", "behind") if match[part]]
    return (
        bool(match["open"]) == bool(match["close"])
        and len(minus) + bool(match["open"]) <= 1
        and len({SIGNS.get(unit, unit) for unit in units}) <= 1
        and all(unit in SIGNS or unit in CODES for unit in units)
    )


def _told(number: str) -> str:
    """The mark of decimals that a number has without doubt; ``either`` where both are possible, empty without marks."""
    points, commas = number.count("."), number.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    before, _, after = number.partition(sign)
    if len(after) != 3 or len(before) > 3 or before.startswith("0") or not before:
        return sign
    return "either"


def _thirds(match: re.Match[str], mark: Mark) -> bool:
    """Whether an amount has three decimals without doubt."""
    number = GAPS.sub("", match["number"])
    return _told(number) == mark and len(number.rpartition(mark)[2]) == 3


def _value(match: re.Match[str], mark: Mark) -> Amount | None:
    """The amount under a mark; None where the groups of its thousands are not groups."""
    number = GAPS.sub("", match["number"].strip())
    other = "," if mark == "." else "."
    if other in number and not GROUPED[mark].fullmatch(number):
        return None
    if number.count(mark) > 1:
        return None
    value = float(number.replace(other, "").replace(mark, ".") + (match["power"] or ""))
    value *= 1000.0 if match["thousand"] else 1.0
    value /= 100.0 if match["percent"] else 1.0
    if match["open"] or any(match[part] in ("-", "−") for part in ("minus", "inner", "behind")):
        value = -value
    unit = match["before"] or match["after"] or ""
    return Amount(value, SIGNS.get(unit, unit))
