"""Whose bookings are lost with whom: what an account that leaves had booked before, as a Ledger of its own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.book_events import Expansions, Opening
from sim.files.cells import Floats
from sim.files.deals import Deals
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.plan.plan import Plan
from sim.plan.rule.grace import held_against
from sim.records import Activity, DealTerms, FloatPW, IntP, Ledger, Renewals
from sim.replay.deal_parts import DealParts
from sim.replay.in_force import Life, in_force, lives, signed_on, standings
from sim.replay.note import Note
from sim.replay.required import BookEvents
from sim.rows import only
from sim.shapes.words import counted

Losses: TypeAlias = tuple[str, ...]


BY_ACCOUNT: Final = ("renewals", "bookings", "events")
"""Kinds of measure that are counted account by account."""


NO_DEAL: Final = -1
"""Of a loss between renewals."""


class Loss(NamedTuple):
    """A part of an account that is lost.

    period : in which it is, from the start of the horizon. [period]
    part   : of what the account had in force. [share]
    deal   : by whose entry; ``NO_DEAL`` between renewals.
    """

    period: int
    event: str
    part: float
    deal: int


class Account(NamedTuple):
    """An account that loses something in the horizon, and which of the book's renewals and expansions are its own."""

    losses: tuple[Loss, ...]
    deals: tuple[int, ...]
    expansions: tuple[int, ...]


class Book(NamedTuple):
    """One CSM's book as its bookings are lost.

    csm        : whose it is.
    accounts   : those that lose something.
    row        : entry of each renewal in the deals. [renewal]
    due, signed : periods of due day and booking. [renewal] [period]
    multi_year : 1 where a longer term was signed. [renewal]
    entry      : of each expansion in its file. [expansion]
    grown_in, grown : period and ARR of each expansion. [expansion] [period], [usd/yr]
    """

    csm: str
    accounts: tuple[Account, ...]
    renewals: Renewals
    row: list[int]
    due: IntP
    signed: IntP
    multi_year: IntP
    entry: list[int]
    grown_in: IntP
    grown: Floats


def make_book(
    csm: str,
    lives: Sequence[Life],
    row: list[int],
    renewals: Renewals,
    deals: Deals,
    book_events: BookEvents,
    calendar: Calendar,
) -> Book:
    """The book of one CSM, of its accounts' lives and renewals."""
    expansions = book_events.expansions
    place = {entry: index for index, entry in enumerate(row)}
    entries = [entry for life in lives for entry in bookings(life, expansions)]
    grown_place = {entry: index for index, entry in enumerate(entries)}
    accounts = []
    for life in lives:
        losses = losses_of(life, deals, book_events.opening, expansions, calendar)
        if losses:
            own = tuple(place[entry] for entry in life.deals)
            grown = tuple(grown_place[entry] for entry in bookings(life, expansions))
            accounts.append(Account(losses, own, grown))
    days, arr = np.zeros(0, dtype=np.int64), np.zeros(0)
    if expansions is not None:
        days = (expansions.date[entries] - np.datetime64(calendar.start, "D")).astype(np.int64)
        arr = expansions.arr[entries]
    multi_year = np.zeros(len(row), dtype=np.int64) if deals.multi_year is None else deals.multi_year[row]
    due, signed = (_periods(day[:, 0], calendar) for day in (renewals.due_day, renewals.booked_day))
    months = (due, signed, multi_year)
    return Book(csm, tuple(accounts), renewals, row, *months, entries, _periods(days, calendar), arr)


def bookings(life: Life, expansions: Expansions | None) -> list[int]:
    """The entries between renewals that pay is for: growth, and credits for it."""
    if expansions is None:
        return []
    grows = expansions.of("expansion", "credit")
    return [entry for entry in life.expansions if grows[entry]]


def loss_kinds(plans: Iterable[Plan]) -> tuple[Losses, ...]:
    """The kinds of loss that clawbacks speak of, and what is left of them in grace."""
    named = [(plan.grace, rule.losses) for plan in plans for rule in plan.clawback]
    found = {losses for _, losses in named} | {held_against(grace, losses) for grace, losses in named}
    return tuple(sorted(found - {()}))


def clawback_notes(
    plans: Sequence[Plan], deals: Deals, book_events: BookEvents, calendar: Calendar
) -> Iterator[Note]:
    """How each plan's clawback knows what was paid for whom."""
    if not any(plan.clawback for plan in plans):
        return
    files = (book_events.opening, book_events.expansions)
    every = lives(deals, *files, calendar.start).values()
    losses = [loss.event for life in every for loss in losses_of(life, deals, *files, calendar)]
    for plan in plans:
        counting = {event for rule in plan.clawback for event in rule.losses}
        named = {rule.component for rule in plan.clawback}
        spoken = [component for component in plan.component if None in named or component.name in named]
        own = [each.name for each in spoken if each.kind in BY_ACCOUNT]
        whole = [each.name for each in spoken if each.kind not in BY_ACCOUNT]
        parts = [f"what was paid for the very account on {', '.join(own)}"] if own else []
        parts += (
            [f"by share of the book on {', '.join(whole)}, paid for the book as a whole"] if whole else []
        )
        number = sum(event in counting for event in losses)
        if parts:
            text = f"Plan {plan.name!r} takes back pay for {counted(number, 'loss', 'losses')}: {'; '.join(parts)}."
            yield Note("clawback", number, text)


def losses_of(
    life: Life, deals: Deals, opening: Opening | None, expansions: Expansions | None, calendar: Calendar
) -> tuple[Loss, ...]:
    """What an account loses in the horizon, by period: placed as the bridge places it.

    Churn and lapses when due, a contraction when the smaller contract starts, what happens between renewals on its day; each
    as a part of what was in force.
    """
    found = list(_lost_between(life, deals, opening, expansions, calendar))
    for standing in standings(life, deals, opening, expansions, calendar.start):
        arr, kept = float(deals.arr[standing.deal]), float(deals.booked_arr[standing.deal])
        due, signed = deals.due_date[standing.deal].item(), signed_on(deals, standing.deal)
        when = period_of(due, calendar)
        base = max(standing.before, arr)
        if not kept > 0.0:
            found.append(Loss(when, "churn", _share(arr, base), standing.deal))
            continue
        starts = period_of(max(due, signed), calendar)
        if starts > when:
            found.append(Loss(when, "lapsed", _share(arr, base), standing.deal))
        if kept < arr:
            found.append(Loss(starts, "contraction", _share(arr - kept, base), standing.deal))
    return tuple(sorted(loss for loss in found if 0 <= loss.period < calendar.periods))


def _lost_between(
    life: Life, deals: Deals, opening: Opening | None, expansions: Expansions | None, calendar: Calendar
) -> Iterator[Loss]:
    """What an account loses between renewals."""
    if expansions is None:
        return
    for event, kind in (("churn", "cancellation"), ("contraction", "contraction")):
        own = expansions.of(kind)
        for entry in life.expansions:
            if own[entry]:
                day, lost = expansions.date[entry].item(), -float(expansions.arr[entry])
                before = in_force(life, deals, opening, expansions, calendar.start, day)
                yield Loss(period_of(day, calendar), event, _share(lost, max(before, lost)), NO_DEAL)


class Whole(NamedTuple):
    """What a Ledger of what is lost is cut from.

    ledger : of the whole book; quotas stay its own.
    parts, asked : the parts of the deals of all books, and which of them some plan reads.
    """

    ledger: Ledger
    frame: Frame
    amounts: Sequence[str]
    parts: DealParts
    asked: tuple[DealTerms, ...]


def leaving_of(book: Book, kinds: Sequence[Losses], whole: Whole) -> dict[Losses, tuple[Ledger | None, ...]]:
    """For each kind and period, the Ledger of what is lost of the bookings before."""
    periods = whole.frame.calendar.periods
    return {kind: tuple(_lost_in(book, kind, period, whole) for period in range(periods)) for kind in kinds}


def _lost_in(book: Book, kind: Losses, period: int, whole: Whole) -> Ledger | None:
    """The Ledger of what was booked before a period and is lost in it; None where nothing is."""
    renewed, grown = np.zeros(len(book.row)), np.zeros(len(book.grown))
    anything = False
    for account in book.accounts:
        losses = [loss for loss in account.losses if loss.event in kind]
        if any(loss.period == period for loss in losses):
            anything = True
            for index in account.deals:
                # A renewal for less is no loss of what it booked itself.
                others = [loss for loss in losses if loss.deal != book.row[index]]
                renewed[index] = lost_part(others, int(book.signed[index]), period)
            for index in account.expansions:
                grown[index] = lost_part(losses, int(book.grown_in[index]), period)
    if not anything:
        return None
    return whole.ledger._replace(
        amount=_amounts(book.renewals, renewed, whole.frame, whole.amounts),
        activity=_activity(book, renewed, grown, whole),
        company=None,
        leaving=None,
    )


def lost_part(losses: Iterable[Loss], booked: int, period: int) -> float:
    """Of something booked in one period, the part that is lost in another: what earlier losses have left of it. [share]"""
    left = 1.0
    lost = 0.0
    for loss in losses:
        if booked < loss.period <= period:
            if loss.period == period:
                lost += left * loss.part
            left *= 1.0 - loss.part
    return lost


def _amounts(renewals: Renewals, part: Floats, frame: Frame, amounts: Sequence[str]) -> dict[str, FloatPW]:
    """Booked amounts by due period and cell, each times its part. [due period, cell, world of one] [usd]"""
    shares = [share for share in np.unique(part).tolist() if share > 0.0]
    total = dict(fill_ledger(only(renewals, np.zeros(0, dtype=np.int64)), frame, amounts).amount)
    for share in shares:
        found = fill_ledger(only(renewals, np.flatnonzero(part == share)), frame, amounts).amount
        total = {name: amount + share * found[name] for name, amount in total.items()}
    return total


def _activity(book: Book, renewed: Floats, grown: Floats, whole: Whole) -> Activity:
    """What of a history is counted by account, each booking times its part. [period, world of one]"""
    after = book.renewals.booked_arr[:, 0]
    up = renewed * np.maximum(after - book.renewals.arr[:, 0], 0.0)
    longer = renewed * book.multi_year
    late = np.where(book.signed > book.due, renewed, 0.0)
    calendar = whole.frame.calendar
    nothing = np.zeros((calendar.periods, 1))
    expansion = _sums(book.grown_in, grown * book.grown, calendar)
    starts = np.maximum(book.due, book.signed)
    return Activity(
        opening=nothing,
        flow={
            "expansion": {"due": expansion, "booking": expansion},
            "uplift": {"due": _sums(starts, up, calendar), "booking": _sums(book.signed, up, calendar)},
        },
        number={
            "expansion": _sums(book.grown_in, grown, calendar),
            "renewal": _sums(book.signed, renewed, calendar),
            "multi_year": _sums(book.signed, longer, calendar),
            "won_back": _sums(book.signed, late, calendar),
        },
        multi_year=_sums(book.signed, longer * after, calendar),
        kpi={},
        seat=nothing,
        tenure=nothing,
        deals=whole.parts.sums(
            book.csm,
            whole.asked,
            dict(zip(book.row, renewed.tolist(), strict=True)),
            dict(zip(book.entry, grown.tolist(), strict=True)),
        ),
    )


def _sums(period: IntP, amount: Floats, calendar: Calendar) -> FloatPW:
    """Sum of what falls into each period of the horizon. [period, world of one]"""
    inside = (period >= 0) & (period < calendar.periods)
    total = np.bincount(period[inside], amount[inside], minlength=calendar.periods)
    return total.astype(np.float64)[:, np.newaxis]


def _periods(day: NDArray[np.signedinteger], calendar: Calendar) -> IntP:
    """Period of the horizon of each day, negative before it."""
    first, table = calendar.table
    return table[np.clip(day.astype(np.int64) - first, 0, len(table) - 1)] - calendar.lead


def period_of(when: date, calendar: Calendar) -> int:
    """Period of the horizon, negative before it."""
    days = when - calendar.start
    return int(_periods(np.array([days.days]), calendar)[0])


def _share(lost: float, base: float) -> float:
    return lost / base if base > 0.0 else 1.0
