"""What a plan that reads deals by class needs of the files: their dates, and how long contracts are."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.files.book_events import BOOKED_DATES, Expansions
from sim.files.deals import CREDIT_DATE_COLUMNS, Deals
from sim.files.names import of_rows
from sim.plan.deals import DATE_OF
from sim.plan.plan import Plan
from sim.records import NEVER, DealTerms
from sim.replay.consistency import row_of
from sim.replay.deal_parts import TYPE_OF, months_of
from sim.replay.required import BookEvents
from sim.replay.terms_in_force import TermsInForce

OF_CONTRACTS = ("renewal", "contraction", "churn")
"""Keys of the dates of what happens to a contract that comes due."""


def deal_problems(
    deals: Deals, book_events: BookEvents, plans: Sequence[Plan], start: date, beyond: date
) -> Iterator[Problem]:
    """Columns that are not there, and contracts of which nobody knows how long they are. start, beyond : the horizon."""
    asked = {terms: plan.name for plan in reversed(plans) for terms in plan.deals}
    found = [*_dates(deals, book_events.expansions, asked), *_terms(deals, book_events, asked, start, beyond)]
    yield from dict.fromkeys(found)


def _dates(deals: Deals, expansions: Expansions | None, asked: dict[DealTerms, str]) -> Iterator[Problem]:
    """Dates that place deals, and that no file has."""
    for terms, plan in asked.items():
        why = (
            f"Plan {plan!r} credits {terms.type} by {terms.date} date; add the column or replay another plan."
        )
        column = {**CREDIT_DATE_COLUMNS, "notice": "notice_date"}.get(terms.date, "")
        if DATE_OF[terms.type] in OF_CONTRACTS:
            lacks = (
                deals.notice_date is None if terms.date == "notice" else terms.date not in deals.credit_date
            )
            if column and lacks:
                yield _lack(deals.path, column, why)
        elif terms.date in BOOKED_DATES:
            events = expansions if terms.type != "new" or expansions is None else expansions.newcomers
            if events is not None and terms.date not in events.later:
                yield _lack(events.path, column, why)


def _terms(
    deals: Deals, book_events: BookEvents, asked: dict[DealTerms, str], start: date, beyond: date
) -> Iterator[Problem]:
    """Deals and events whose class rests on a term that nobody knows."""
    first, last = np.datetime64(start, "D"), np.datetime64(beyond, "D")
    held, signed = months_of(deals)
    booked = ~np.isnat(deals.credit_date["booking"])
    dates = np.array([deals.due_date, *deals.credit_date.values()])
    inside = ((dates >= first) & (dates < last)).any(axis=0)
    for terms, plan in asked.items():
        if (terms.from_months, terms.below_months) == (0, NEVER):
            continue
        why = f"Plan {plan!r} tells apart {terms.type} by the term"
        if terms.type == "churn":
            yield from _unknown(deals, inside & (held <= 0) & ~booked, "term_months", why)
        elif DATE_OF[terms.type] in OF_CONTRACTS:
            yield from _unknown(deals, inside & (signed <= 0) & booked, "booked_term_months", why)
        yield from _unknown_between(deals, book_events, terms, why, first, last)


def _unknown(deals: Deals, of: NDArray[np.bool_], column: str, why: str) -> Iterator[Problem]:
    entries = np.flatnonzero(of).tolist()
    if not entries:
        return
    there = deals.term if column == "booked_term_months" else deals.term_held
    if there is None:
        yield _lack(deals.path, column, f"{why} of the contract: add the column, in months.")
        return
    rows = of_rows([row_of(deals, entry) for entry in entries])
    yield Problem(f"{deals.path}, {rows}, column {column}", "a number of months", "a blank cell", f"{why}.")


def _unknown_between(
    deals: Deals,
    book_events: BookEvents,
    terms: DealTerms,
    why: str,
    first: np.datetime64,
    last: np.datetime64,
) -> Iterator[Problem]:
    """Events whose contract's term is told by no file."""
    expansions = book_events.expansions
    events = expansions if terms.type != "new" or expansions is None else expansions.newcomers
    if events is None:
        return
    own = np.array([TYPE_OF.get(kind, "expansion") == terms.type for kind in events.kinds], dtype=np.bool_)
    when = [events.date, *events.later.values()]
    own &= np.array([(each >= first) & (each < last) for each in when]).any(axis=0)
    entries = np.flatnonzero(own).tolist()
    if not entries:
        return
    months = TermsInForce(deals, book_events).of(events.only(entries))
    unknown = [entry for entry, known in zip(entries, months.tolist(), strict=True) if not known]
    if unknown:
        rows = of_rows([row_of(events, entry) for entry in unknown])
        fix = f"{why} of the contract in force: say it in a column term_months, or which one in contract."
        yield Problem(f"{events.path}, {rows}, column term_months", "a number of months", "nothing", fix)


def _lack(path: Path, column: str, fix: str) -> Problem:
    return Problem(f"{path}, row 1, column {column}", "present", "nothing", fix)
