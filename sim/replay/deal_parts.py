"""The deals of a history part by part: what a renewal keeps, adds or loses, and what happens between renewals."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.book_events import Expansions
from sim.files.cells import Dates, Floats, Integers
from sim.files.deals import Deals
from sim.plan.deals import TYPES
from sim.records import NEVER, DealSum, DealTerms, IntP
from sim.replay.required import BookEvents
from sim.replay.terms_in_force import TermsInForce

TYPE_OF: Final = {"contraction": "contraction", "cancellation": "churn", "credit": "credit", "new": "new"}
"""Of what happens between renewals; the rest is expansion."""
Days = NDArray[np.int64]
NO_ENTRY: Final = -1
"""Of what is in no book."""


class Parts(NamedTuple):
    """Parts of deals. All [part].

    csm    : place among the CSMs.
    entry  : of the deal, or of the event, that each is a part of.
    type   : place in ``TYPES``.
    arr    : below 0 of what takes ARR away. [usd/yr]
    size   : ARR of the whole deal. [usd/yr]
    months : 0 where nobody knows. [month]
    day    : by the date that places it; ``NEVER`` where there is none. [day]
    """

    csm: IntP
    entry: IntP
    type: IntP
    arr: Floats
    size: Floats
    months: Integers
    day: dict[str, Days]

    def some(self, of: NDArray[np.bool_]) -> "Parts":
        """Those for which it is so."""
        return Parts(
            self.csm[of],
            self.entry[of],
            self.type[of],
            self.arr[of],
            self.size[of],
            self.months[of],
            {date: when[of] for date, when in self.day.items()},
        )


class DealParts:
    """The deals and events of all books; ``sums`` adds up those of one."""

    def __init__(self, deals: Deals, book_events: BookEvents, calendar: Calendar) -> None:
        self._deals, self._events, self._calendar = deals, book_events, calendar
        self._place = {csm: place for place, csm in enumerate(dict.fromkeys(self._csms()))}
        self._renewals: dict[int, Parts] = {}

    def sums(
        self,
        csm: str,
        asked: Iterable[DealTerms],
        of_deals: Mapping[int, float] | None = None,
        of_events: Mapping[int, float] | None = None,
    ) -> dict[DealTerms, DealSum]:
        """The sums of one book, [period, world of one].

        of_deals, of_events : part of each deal and event that counts, by entry; all of each where left out. [share]
        """
        found = {}
        for terms in asked:
            parts = ((self._of_renewals(terms.late_window_days), of_deals), (self._between, of_events))
            arr, number = np.zeros((2, self._calendar.periods, 1))
            for each, weight in parts:
                held = each.some(self._held(each, csm, terms))
                share = np.ones(len(held.arr))
                if weight is not None:
                    share = np.array([weight.get(entry, 0.0) for entry in held.entry.tolist()])
                period = self._period(held.day[terms.date]) if terms.date in held.day else held.csm - NEVER
                arr[:, 0] += self._added(period, share * held.arr)
                number[:, 0] += self._added(period, share)
            found[terms] = DealSum(arr, number)
        return found

    def _held(self, parts: Parts, csm: str, terms: DealTerms) -> NDArray[np.bool_]:
        own = (parts.csm == self._place.get(csm, -1)) & (parts.type == TYPES.index(terms.type))
        of_term = (terms.from_months <= parts.months) & (parts.months < terms.below_months)
        of_size = (terms.from_size <= parts.size) & (parts.size < terms.below_size)
        found: NDArray[np.bool_] = own & of_term & of_size
        return found

    def _added(self, period: IntP, amount: Floats) -> Floats:
        periods = self._calendar.periods
        inside = (period >= 0) & (period < periods)
        total: Floats = np.bincount(period[inside], amount[inside], minlength=periods).astype(np.float64)
        return total

    def _period(self, day: Days) -> IntP:
        """Period of the horizon of each day, negative before it."""
        first, table = self._calendar.table
        found: IntP = table[np.clip(day - first, 0, len(table) - 1)] - self._calendar.lead
        return np.where(day == NEVER, -NEVER, found)

    def _csms(self) -> list[str]:
        expansions = self._events.expansions
        newcomers = None if expansions is None else expansions.newcomers
        return [csm for each in (self._deals, expansions, newcomers) if each is not None for csm in each.csm]

    def _day(self, when: Dates) -> Days:
        days = (when - np.datetime64(self._calendar.start, "D")).astype(np.int64)
        return np.where(np.isnat(when), NEVER, days)

    def _of_renewals(self, window: int) -> Parts:
        """The parts of renewals, of which those booked later than the window are of new customers."""
        if window in self._renewals:
            return self._renewals[window]
        deals = self._deals
        due, arr, after = self._day(deals.due_date), deals.arr, deals.booked_arr
        later = {date: self._day(when) for date, when in deals.credit_date.items()}
        booked = later["booking"]
        starts = np.maximum(due, booked)
        told = due if deals.notice_date is None else self._day(deals.notice_date)
        told = np.where(told == NEVER, due, told)
        share = np.ones(len(due)) if deals.share is None else deals.share
        held, signed = months_of(deals)
        lost = (booked == NEVER) | (after <= 0.0)
        away = lost | (booked - due > window)
        days = {**later, "due": starts}
        rows = (
            ("churn", away, -arr, arr, held, {"due": due, "notice": told}),
            ("won_back", away & ~lost, after, after, signed, days),
            ("renewal", ~away, np.minimum(arr, after), after, signed, days),
            ("uplift", ~away & (after > arr), after - arr, after, signed, days),
            ("contraction", ~away & (after < arr), after - arr, after, signed, {**days, "notice": told}),
        )
        csm = np.array([self._place[each] for each in deals.csm], dtype=np.int64)
        every = [
            Parts(
                csm,
                np.arange(len(due)),
                np.full(len(due), TYPES.index(name)),
                amount,
                size / share,
                months,
                {date: own.get(date, np.full(len(due), NEVER)) for date in {*days, "notice"}},
            ).some(there)
            for name, there, amount, size, months, own in rows
        ]
        return self._renewals.setdefault(window, together(every))

    @cached_property
    def _between(self) -> Parts:
        """What happens between renewals, and new customers."""
        expansions = self._events.expansions
        if expansions is None:
            return together([])
        found = [self._of_events(expansions)]
        if expansions.newcomers is not None:  # nothing of theirs is ever taken back: no file tells of a loss
            new = self._of_events(expansions.newcomers)
            found.append(new._replace(entry=np.full_like(new.entry, NO_ENTRY)))
        return together(found)

    def _of_events(self, events: Expansions) -> Parts:
        when = self._day(events.date)
        days = dict.fromkeys(("due", "booking", "notice"), when)
        days |= {date: self._day(later) for date, later in events.later.items()}
        months = TermsInForce(self._deals, self._events).of(events)
        return Parts(
            np.array([self._place[each] for each in events.csm], dtype=np.int64),
            np.arange(len(when)),
            np.array([TYPES.index(TYPE_OF.get(kind, "expansion")) for kind in events.kinds], dtype=np.int64),
            events.arr,
            np.abs(events.arr),
            months,
            days,
        )


def months_of(deals: Deals) -> tuple[Integers, Integers]:
    """The term of the contract that ends with each deal, and of the one signed; a blank is as long as before. [month]"""
    nothing = np.zeros(len(deals.csm), dtype=np.int64)
    held = nothing if deals.term_held is None else deals.term_held
    signed = nothing if deals.term is None else deals.term
    return held, np.where(signed > 0, signed, held)


def together(parts: Sequence[Parts]) -> Parts:
    """All parts one after another, with the dates that some of them have."""
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Parts(nothing, nothing, nothing, np.zeros(0), np.zeros(0), nothing, {})
    dates = {date for each in parts for date in each.day}
    return Parts(
        np.concatenate([each.csm for each in parts]),
        np.concatenate([each.entry for each in parts]),
        np.concatenate([each.type for each in parts]),
        np.concatenate([each.arr for each in parts]),
        np.concatenate([each.size for each in parts]),
        np.concatenate([each.months for each in parts]),
        {
            date: np.concatenate([_or_never(each.day, date, len(each.arr)) for each in parts])
            for date in dates
        },
    )


def _or_never(day: Mapping[str, Days], date: str, number: int) -> Days:
    return day.get(date, np.full(number, NEVER))
