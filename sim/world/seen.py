"""What is known of the renewals of a book on a day, as evidence on the market and on skills."""

import numpy as np

from sim.records import NEVER
from sim.world.book import Book
from sim.world.evidence import Evidence, amounts_of, odds_of, seen_of
from sim.world.known import Known, Standing
from sim.world.learnt import Piece, Prior
from sim.world.opened import NOTHING, Outcome, asked_of
from sim.world.scenario import Scenario


def prior_of(book: Book, scenario: Scenario, before: int = 0, others: int = 0) -> Prior:
    """The prior of market and skills of a book.

    before : due periods before those of the calendar that are looked at too.
    others : CSMs whom the book no longer has.
    """
    given = [book.skill_of(csm) for csm in range(len(book.csms))] + [np.nan] * others
    market, calendar = scenario.market, scenario.calendar
    return Prior(market.persistence, market.level, np.array(given), before, calendar.lead, calendar.span)


def pieces_of(known: Known, standing: Standing, book: Book, scenario: Scenario) -> list[Piece]:
    """Every renewal of which something is known."""
    rows, found = known.bookings, list[Piece]()
    holder = np.searchsorted(book.csm_start, np.arange(len(book.accounts)), side="right") - 1
    bounds = scenario.calendar.bounds

    def seen_piece(evidence: Evidence, account: int, due: int) -> Piece:
        period = int(np.searchsorted(bounds, due, side="right")) - 1
        return Piece(evidence, account, int(holder[account]), period)

    given = book.given.get("churn_probability", np.full(len(book.accounts), np.nan))
    first = np.searchsorted(rows.account, np.arange(len(book.accounts) + 1))
    for account in np.flatnonzero(~book.arrival).tolist():
        segment = scenario.segment[int(book.segment[account])]
        odds, amounts = odds_of(segment, book.terms, float(given[account])), amounts_of(segment)
        term = book.terms.index(int(book.given["term_months"][account]))
        before: tuple[Outcome, ...] = ()
        opened = asked_of(segment, int(book.given["due_day"][account]))
        for row in range(int(first[account]), int(first[account + 1])):
            lost, arr = rows.booked_day[row] == NEVER, float(rows.arr[row])
            lag = None if lost else int(rows.booked_day[row] - rows.due_day[row])
            seen = seen_of(segment, lag, float(rows.booked_arr[row]) / arr if arr > 0.0 else 1.0)
            piece = Evidence(odds, term, before, seen, NOTHING, opened, amounts)
            found.append(seen_piece(piece, account, int(rows.due_day[row])))
            before, opened = tuple(sorted((*before, (term, not seen.lost)))), NOTHING
            months = int(rows.term[row]) or book.terms[term]
            term = int(np.abs(np.array(book.terms) - months).argmin())
        due = int(standing.due_day[account])
        asked = NOTHING if due >= NEVER else asked_of(segment, due - known.open_on)
        if asked not in (NOTHING, opened):
            piece = Evidence(odds, term, before, None, asked, opened, amounts)
            found.append(seen_piece(piece, account, due))
    return found
