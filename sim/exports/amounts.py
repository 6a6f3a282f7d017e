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
CURRENCIES: Final = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PEN PHP "
    "PLN RON SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
CODES: Final = frozenset(CURRENCIES.split())
"""Currencies by their code in ISO 4217."""
_SIGN: Final = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
AMOUNT: Final = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+−])?(?P<before>{_SIGN}|[A-Z]{{3}})?\s*(?P<inner>[-+−])?\s*"
    r"(?P<number>\d[\d.,'’\s_]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,2})?\s*(?P<thousand>[kK])?"
    rf"\s*(?P<after>{_SIGN}|[A-Z]{{3}})?\s*(?P<behind>-)?(?P<percent>%)?(?P<close>\))?"
)
NINES: Final = str.maketrans("012345678", "9" * 9)
GAPS: Final = re.compile(r"[\s'’_]")
GROUPED: Final = {
    ".": re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?|[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?"),
    ",": re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?"),
}
"""By the mark of decimals, numbers with marks of thousands; in India groups of two stand before the last of three."""


class Alike(NamedTuple):
    """Texts that differ in their digits only, and so are read alike. match : of the first of them."""

    match: re.Match[str]
    texts: list[str]
    told: str


@dataclass(frozen=True)
class Numbers:
    """What the texts of amount columns are as numbers.

    alike  : the texts by their form.
    mark   : what separates decimals; None where the texts do not tell.
    loose  : texts that read as thousands under one mark and as decimals under the other.
    clash  : a text that has only the one reading, and one that has only the other.
    wrong  : texts that are no amounts.
    """

    alike: list[Alike]
    mark: Mark | None
    loose: tuple[str, ...]
    clash: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def shares(self) -> bool:
        """Whether some are percentages."""
        return any(each.match["percent"] for each in self.alike)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that texts name."""
        return tuple(dict.fromkeys(filter(None, (_unit(each.match) for each in self.alike))))

    def values(self) -> dict[str, float]:
        """The number that each text is; a loose one has none where the mark is not known."""
        value: dict[str, float] = {}
        for each in self.alike:
            if self.mark or each.told != "either":
                value |= _values(each, self.mark or ".")
        return value

    def units(self) -> dict[str, str]:
        """The currency of each text that names one."""
        return {text: _unit(each.match) for each in self.alike if _unit(each.match) for text in each.texts}


def numbers(texts: Iterable[str], mark: Mark | None = None) -> Numbers:
    """The amounts of the different texts of the columns that hold amounts.

    mark : of decimals, as the map has it; None to find it.
    """
    alike, wrong = _alike(texts)
    telling: dict[str, str] = {}
    for each in alike:
        if each.told in (".", ","):
            telling.setdefault(each.told, each.texts[0])
    loose = [text for each in alike if each.told == "either" for text in each.texts]
    clash = tuple(telling.values()) if len(telling) > 1 and mark is None else ()
    found: Mark | None = mark or ("." if list(telling) == ["."] else "," if list(telling) == [","] else None)
    if found and mark is None and not any(_thirds(each, found) for each in alike):
        # No other amount has three decimals: this one is rather of another hand, who means thousands.
        strange = next((text for text in loose if found in text), "")
        clash = (telling[found], strange) if strange else clash
        found = None if strange else found
    unread = [each for each in alike if _value(each.match, found or ".") is None]
    wrong += [text for each in unread for text in each.texts]
    return Numbers([each for each in alike if each not in unread], found, tuple(loose), clash, tuple(wrong))


def _alike(texts: Iterable[str]) -> tuple[list[Alike], list[str]]:
    """Texts by their form, and those of no form that an amount has: a million of them have a few dozen."""
    forms: dict[tuple[str, bool], list[str]] = {}
    for text in texts:
        form = text.translate(NINES)
        forms.setdefault((form, text[form.find("9") : form.find("9") + 1] == "0"), []).append(text)
    alike: list[Alike] = []
    wrong: list[str] = []
    for same in forms.values():
        match = AMOUNT.fullmatch(same[0])
        if match and _known(match):
            alike.append(Alike(match, same, _told(GAPS.sub("", match["number"]))))
        else:
            wrong += same
    return alike, wrong


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


def _thirds(alike: Alike, mark: Mark) -> bool:
    """Whether amounts have three decimals without doubt."""
    number = GAPS.sub("", alike.match["number"])
    return alike.told == mark and len(number.rpartition(mark)[2]) == 3


def _unit(match: re.Match[str]) -> str:
    """The code of the currency that a text names."""
    unit = match["before"] or match["after"] or ""
    return SIGNS.get(unit, unit)


def _values(alike: Alike, mark: Mark) -> dict[str, float]:
    """The numbers of texts of one form."""
    match = alike.match
    if match["power"]:
        matches = ((text, AMOUNT.fullmatch(text)) for text in alike.texts)
        return {text: value for text, each in matches if each and (value := _value(each, mark)) is not None}
    rest = {ord(sign): None for sign in set(alike.texts[0]) if not sign.isdigit()}
    kept = str.maketrans(rest | {ord(mark): "."})
    factor = _factor(match)
    return {text: float(text.translate(kept)) * factor for text in alike.texts}


def _value(match: re.Match[str], mark: Mark) -> float | None:
    """The amount under a mark; None where the groups of its thousands are not groups."""
    number = GAPS.sub("", match["number"].strip())
    other = "," if mark == "." else "."
    if other in number and not GROUPED[mark].fullmatch(number):
        return None
    if number.count(mark) > 1:
        return None
    value = float(number.replace(other, "").replace(mark, ".") + (match["power"] or ""))
    return value * _factor(match)


def _factor(match: re.Match[str]) -> float:
    """What the sign, K and % around a number make of it."""
    below = match["open"] or any(match[part] in ("-", "−") for part in ("minus", "inner", "behind"))
    return (
        (-1.0 if below else 1.0)
        * (1000.0 if match["thousand"] else 1.0)
        * (0.01 if match["percent"] else 1.0)
    )
