"""From an amount in a cell to ARR in the plans' currency: rates, terms, months."""

from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import shown
from sim.exports.amounts import CODES, SIGNS
from sim.exports.header import plain_header
from sim.exports.map import PER_YEAR, Basis
from sim.exports.records import Mask, Records, each_value
from sim.exports.words import BLANK

INTERVALS: Final = {
    "month": 12.0, "monthly": 12.0, "1 month": 12.0, "quarter": 4.0, "quarterly": 4.0, "3 months": 4.0, "3 month": 4.0,
    "half year": 2.0, "semi annual": 2.0, "semiannual": 2.0, "6 months": 2.0, "6 month": 2.0, "year": 1.0, "yearly": 1.0,
    "annual": 1.0, "annually": 1.0, "1 year": 1.0, "12 months": 1.0, "week": 52.0, "weekly": 52.0,
}  # fmt: skip
"""How often a year each billing interval comes; 52 weeks to the year, as billing systems normalise them."""
DOLLARS: Final = frozenset(("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"))
"""Currencies that are written with a plain dollar sign in their own country."""
LONGEST_TERM: Final = 240.0
"""[month]"""
CENTS: Final = 2


def arr_of(records: Records, role: str, used: Mask, basis: Basis | None = None) -> NDArray[np.float64]:
    """The ARR that a role's amounts stand for, to the cent; NaN where blank. [record] [usd/yr]

    used  : records in which it is needed.
    basis : what the amounts are for, where it is not what the map says of all of the role.
    """
    value, unit = records.amounts(role)
    rate = _rate(records, unit, used & ~np.isnan(value), role)
    told: Basis = getattr(records.map.amounts, role, "year")
    value = value * rate * _per_year(records, role, used, basis or told)
    return np.round(value, CENTS)


def terms(records: Records, role: str, used: Mask) -> NDArray[np.float64]:
    """Whole months of a term; NaN where blank. [record] [month]"""
    value, _ = records.amounts(role)
    bad = used & ~np.isnan(value) & ((value < 1) | (value > LONGEST_TERM) | (value != np.round(value)))
    fix = "Correct it, or set the rows aside with rows under [ignore] of the map."
    records.refuse(bad, role, f"a whole number of months from 1 to {LONGEST_TERM:g}", "another number", fix)
    return value


def _per_year(records: Records, role: str, used: Mask, basis: Basis) -> NDArray[np.float64]:
    """What turns an amount into a yearly one. [record]"""
    every = np.ones(len(records), dtype=np.float64)
    if records.has("quantity"):
        count, _ = records.amounts("quantity")
        every *= np.where(np.isnan(count), 1.0, count)
    if basis in PER_YEAR:
        return every * PER_YEAR[basis]
    if basis == "interval":
        if not records.has("interval"):
            records.lack(
                "columns.interval", "present", f"amounts.{role} is for the interval that a column names."
            )
            return every
        times = each_value(
            records.cells("interval"), lambda text: INTERVALS.get(plain_header(text), np.nan), np.float64
        )
        fix = f"Known are {', '.join(list(INTERVALS)[:6])} and the like."
        records.refuse(used & np.isnan(times), "interval", "a billing interval", "another text or none", fix)
        return np.asarray(every * times)
    term = "booked_term_months" if role != "arr" and records.has("booked_term_months") else "term_months"
    if not records.has(term):
        fix = f"amounts.{role} is for the whole term: name the column with its months."
        records.lack(f"columns.{term}", "present", fix)
        return every
    months = terms(records, term, used)
    fix = (
        f"The amount of the whole term ({records.map.columns[role]}) is turned into a yearly one with it; if growth is by "
        'the year, say change = "year" under [amounts].'
    )
    records.refuse(used & np.isnan(months), term, "a number of months", "a blank cell", fix)
    return every * 12.0 / months


def _rate(records: Records, unit: NDArray[np.object_], used: Mask, role: str) -> NDArray[np.float64]:
    """What a unit of each amount's currency is worth in the plans' one. [record]"""
    currency = records.map.currency
    code = unit
    if records.has("currency"):
        column = each_value(records.cells("currency"), _code, object)
        odd = used & (column == "?")
        texts = sorted({str(each) for each in records.cells("currency").texts()[odd]})
        fix = "Write the code of ISO 4217, such as EUR."
        records.refuse(odd, "currency", "a currency", ", ".join(map(shown, texts[:3])) or "''", fix)
        differs = used & (unit != "") & (column != "") & (unit != column)
        dollar = (unit == "USD") & np.isin(column, list(DOLLARS))
        fix = f"Column {records.map.columns['currency']} names another one than the amount."
        records.refuse(differs & ~dollar, role, "in one currency", "an amount with the sign of another", fix)
        code = np.where(column == "", unit, column)
    names = Counter(str(each) for each in code[used])
    names.pop("?", None)
    named = {each for each in names if each}
    base = currency.code or (next(iter(named)) if len(named) == 1 and not names[""] else None)
    rate = np.ones(len(records), dtype=np.float64)
    for each in sorted(named):
        if each in currency.rates:
            rate[code == each] = currency.rates[each]
        elif each != base:
            fix = f"{names[each]:,} amounts are in {each}: what is 1 {each} worth in {base or 'the currency of the plans'}?"
            if base is None:
                fix += " Or name the currency of the plans as code."
            records.lack(f"currency.rates.{each}", "present", fix)
    return rate


def _code(text: str) -> str:
    if text in BLANK:
        return ""
    upper = text.upper().split(" ")[0].strip("()-:")
    names = {
        "US DOLLAR": "USD",
        "EURO": "EUR",
        "POUND STERLING": "GBP",
        "BRITISH POUND": "GBP",
        "DOLLAR": "USD",
    }
    found = SIGNS.get(text) or names.get(text.upper()) or upper
    return found if found in CODES else "?"
