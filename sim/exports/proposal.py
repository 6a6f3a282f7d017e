"""A map proposed for an export that has none: what was found, how it is known, and what only the user can say."""

from dataclasses import dataclass, field
from typing import Any, Final

from sim.errors import Problem, shown
from sim.exports.amounts import numbers
from sim.exports.dates import dated
from sim.exports.header import plain_header
from sim.exports.matching import DATES, Matched, matched
from sim.exports.records import AMOUNTS
from sim.exports.sharers import sharers
from sim.exports.sheet import Sheet
from sim.exports.words import BLANK, STAGES, TYPES, meaning

MOST_WORDS: Final = 60
"""A column with more different texts is none of stages or record types. [text]"""
CLOSED: Final = ("close date", "closed date", "actual close date", "est close date")
"""Dates that a renewal which was lost has too."""
BILLED: Final = {
    "open": ("active", "past_due", "past due", "unpaid"),
    "ignore": ("canceled", "cancelled", "trialing", "incomplete", "incomplete_expired", "ended", "paused"),
}
"""Statuses of a Stripe subscription that is in force, and of one that is not. Source: Stripe Docs, Subscription object."""


@dataclass
class Proposal:
    """A map as a document, with the evidence.

    document : as TOML would be read.
    evidence : role or key, what it is, and how that is known.
    doubts   : key, and what the user has to confirm about what stands there.
    """

    document: dict[str, Any]
    evidence: list[tuple[str, str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    system: str = ""
    unused: list[str] = field(default_factory=list)


def proposed(sheet: Sheet) -> Proposal:
    """The map of a sheet as far as it can be known."""
    found = matched(sheet)
    columns = {role: match.header for role, match in found.of.items()}
    made = Proposal({"rows": found.rows, "columns": columns}, system=found.system, unused=found.unused)
    for role, match in found.of.items():
        made.evidence.append((role, match.header, match.why))
        if match.doubt:
            made.doubts.append((f"columns.{role}", match.doubt))
    if sheet.others:
        made.document["file"] = {"sheet": dict(sheet.evidence)["sheet"].rsplit(",", 1)[0]}
        made.doubts.append(("file.sheet", f"Not read: {', '.join(map(shown, sheet.others))}."))
    _dates(sheet, found, made)
    _amounts(sheet, found, made)
    _words(sheet, found, made)
    _bases(sheet, found, made)
    owners, doubt = sharers(sheet, found)
    if owners:
        for role in ("csm", "share"):
            made.document["columns"].pop(role, None)
        made.document["owners"] = owners
        made.unused = [header for header in made.unused if header != owners[-1]["csm"]]
        made.doubts.append(("owners", doubt))
    return made


def questions(made: Proposal, source: str) -> list[Problem]:
    """What has to be confirmed before anything is read by the proposal."""
    return [
        Problem(f"{source}: {key}", "confirmed", "a proposal", f"{doubt} If so, leave it; else correct it.")
        for key, doubt in made.doubts
    ]


def _filled(sheet: Sheet, header: str) -> list[str]:
    return [each for each in sheet.cells[header].values if each not in BLANK]


def _dates(sheet: Sheet, found: Matched, made: Proposal) -> None:
    """The order of day and month of every column of dates: told by a day above 12, in this column or in its neighbours."""
    headers = dict.fromkeys(match.header for role, match in found.of.items() if role in DATES)
    read = {header: dated(_filled(sheet, header)) for header in headers}
    loose = {header: each for header, each in read.items() if each.loose}
    sure = {
        header: each.orders[0] for header, each in loose.items() if len(each.orders) == 1 and not each.mixed
    }
    orders: dict[str, str] = {}
    for header, each in read.items():
        if each.kinds:
            kinds = ", ".join(f"{kind} such as {text}" for kind, text in each.kinds.items())
            made.evidence.append((f'dates."{header}"', sure.get(header, ""), kinds))
        if header in sure:
            orders[header] = sure[header]
        elif (
            header in loose
            and not each.mixed
            and len(set(sure.values())) == 1
            and next(iter(sure.values())) in each.orders
        ):
            order = orders[header] = next(iter(sure.values()))
            other = next(iter(sure))
            made.doubts.append(
                (f'dates."{header}"', f"{each.loose[0]} reads both ways; {order} is what {other!r} has.")
            )
    if orders:
        made.document["dates"] = orders


def _amounts(sheet: Sheet, found: Matched, made: Proposal) -> None:
    headers = dict.fromkeys(match.header for role, match in found.of.items() if role in AMOUNTS)
    texts = dict.fromkeys(text for header in headers for text in _filled(sheet, header))
    if not texts:
        return
    read = numbers(texts)
    table: dict[str, Any] = made.document.setdefault("amounts", {})
    if read.mark is not None:
        table["decimal"] = read.mark
        example = next((text for text in texts if read.mark in text), "")
        made.evidence.append(
            ("amounts.decimal", read.mark, f"by amounts such as {example}" if example else "by their form")
        )
    elif read.loose and not read.clash:
        sign = "," if "," in read.loose[0] else "."
        table["decimal"] = "." if sign == "," else ","
        thousands = numbers([read.loose[0]], table["decimal"]).values()[read.loose[0]]
        made.doubts.append(
            (
                "amounts.decimal",
                f"All amounts with a mark have three digits behind it: {read.loose[0]} is read as {thousands:,.0f}.",
            )
        )
    units = read.currencies
    if "currency" not in found.of and len(units) == 1:
        made.document["currency"] = {"code": units[0]}
        made.evidence.append(("currency.code", units[0], "by the signs in amounts"))
    if not table:
        del made.document["amounts"]


def _words(sheet: Sheet, found: Matched, made: Proposal) -> None:
    """What stages and record types mean, as far as some system uses the words so."""
    for role, table in (("stage", "stages"), ("type", "types")):
        match = found.of.get(role)
        if match is None:
            continue
        texts = _filled(sheet, match.header)
        if len(texts) > MOST_WORDS or (role == "type" and not any(meaning("type", text) for text in texts)):
            del made.document["columns"][role]
            made.evidence.append((role, "", f"{match.header!r} holds {len(texts):,} other texts: not read"))
            continue
        lists: dict[str, list[str]] = {
            kind: [] for kind in ((*STAGES, "ignore") if role == "stage" else (*TYPES, "ignore"))
        }
        for text in sorted(texts):
            kind = meaning("stage" if role == "stage" else "type", text)
            if role == "stage" and found.rows == "book":
                plain = plain_header(text)
                kind = next((key for key, words in BILLED.items() if plain in map(plain_header, words)), kind)
            if kind:
                lists[kind].append(text)
                made.evidence.append((f"{table}.{kind}", text, f"in column {match.header}"))
        made.document[table] = {kind: words for kind, words in lists.items() if words}
    columns = made.document["columns"]
    closed = plain_header(columns.get("booked_date", ""))
    if found.rows == "deals" and "stage" not in columns and "due_date" in columns and closed in CLOSED:
        doubt = (
            f"No column says what was won or lost: every renewal with a {closed} and an amount counts as won."
        )
        made.doubts.append(("columns.booked_date", doubt))
    if found.rows == "deals" and "type" not in columns and "stage" in columns and "change" not in columns:
        made.document["types"] = {"all": "renewal"}
        made.doubts.append(
            (
                "types.all",
                "No column says which rows are renewals, new business or growth: all are taken as renewals.",
            )
        )


def _bases(sheet: Sheet, found: Matched, made: Proposal) -> None:
    """What each amount is for: by its name, and by a column of billing intervals."""
    table: dict[str, Any] = made.document.setdefault("amounts", {})
    for role in ("arr", "booked_arr", "change"):
        if role not in found.of:
            continue
        header = found.of[role].header
        words = set(plain_header(header).split())
        if words & {"mrr", "monthly"}:
            table[role], why = "month", "by its name"
        elif "tcv" in words or {"total", "contract", "value"} <= words:
            table[role], why = "term", "by its name: the whole term"
        elif "interval" in found.of and not words & {"arr", "annual", "acv"}:
            table[role], why = "interval", f"as {found.of['interval'].header!r} names it"
        else:
            table[role], why = "year", "as plans count it"
            _doubt_term(sheet, found, made, role, words)
        made.evidence.append((f"amounts.{role}", table[role], why))
    if "interval" in found.of and "interval" not in table.values():
        made.document["columns"].pop("interval", None)
    if "quantity" in found.of:
        counts = set(_filled(sheet, found.of["quantity"].header)) - {"1"}
        if counts and found.system == "Stripe":
            made.doubts.append(
                ("columns.quantity", "Amounts are taken as the price of one unit, and multiplied by it.")
            )
        else:
            made.document["columns"].pop("quantity", None)
    if not table:
        del made.document["amounts"]


def _doubt_term(sheet: Sheet, found: Matched, made: Proposal, role: str, words: set[str]) -> None:
    """An amount without ``ARR`` in its name, in an export of terms other than a year, may be for the whole term."""
    if words & {"arr", "acv", "annual"}:
        return
    for term in ("booked_term_months", "term_months"):
        if term in found.of:
            other = sorted(set(_filled(sheet, found.of[term].header)) - {"12", "12.0"})
            if other:
                header = found.of[role].header
                doubt = f'There are terms of {other[0]} months: is {header!r} for a year, or for the whole term ("term")?'
                made.doubts.append((f"amounts.{role}", doubt))
            return
