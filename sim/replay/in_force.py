"""What an account has in force over time: its ARR on the first day, and what its expansions and renewals made of it."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from sim.files.book_events import Expansions, Opening
from sim.files.deals import Deals
from sim.replay.required import BookEvents

NEVER_BOOKED: Final = date.max

Holding = tuple[str, str]
"""CSM and account."""


class Life(NamedTuple):
    """One account in one book: entries of the files, by date.

    opening    : entry of the book file; None where it is not in it.
    expansions : entries from the first day on, by date.
    deals      : entries by due date.
    """

    opening: int | None
    expansions: list[int]
    deals: list[int]


class Standing(NamedTuple):
    """What stood when a deal came due.

    deal    : its entry.
    before  : ARR in force, with everything up to the due date. [usd/yr]
    grown   : of it, what expanded since the first day before the renewal was signed and before it was due. [usd/yr]
    """

    deal: int
    before: float
    grown: float


def lives(
    deals: Deals, opening: Opening | None, expansions: Expansions | None, start: date
) -> dict[Holding, Life]:
    """Every account of every book that some file names."""
    found: dict[Holding, Life] = {}

    def life(csm: str, account: str) -> Life:
        return found.setdefault((csm, account), Life(None, [], []))

    if opening is not None:
        for entry, key in enumerate(zip(opening.csm, opening.account, strict=True)):
            found[key] = life(*key)._replace(opening=entry)
    if expansions is not None:
        for entry in np.argsort(expansions.date, kind="stable").tolist():
            if expansions.date[entry].item() >= start:
                life(expansions.csm[entry], expansions.account[entry]).expansions.append(entry)
    for entry in np.argsort(deals.due_date, kind="stable").tolist():
        life(deals.csm[entry], deals.account[entry]).deals.append(entry)
    return found


def lives_by_csm(deals: Deals, book_events: BookEvents, start: date) -> dict[str, list[Life]]:
    """The accounts of each CSM."""
    found: dict[str, list[Life]] = {}
    for (csm, _), life in lives(deals, book_events.opening, book_events.expansions, start).items():
        found.setdefault(csm, []).append(life)
    return found


def signed_on(deals: Deals, entry: int) -> date:
    """When a renewal was booked; ``NEVER_BOOKED`` where it was lost."""
    booked: date | None = deals.credit_date["booking"][entry].item()
    return NEVER_BOOKED if booked is None else booked


def standings(
    life: Life, deals: Deals, opening: Opening | None, expansions: Expansions | None, start: date
) -> list[Standing]:
    """What was in force as each deal from the first day on came due, in order of due dates.

    A deal that was due before and booked since comes back on top of the book, as in the bridge.
    """
    level = _opened(life, opening)
    found = []
    for _, _, kind, entry in sorted(_events(life, deals, expansions, start)):
        if kind == "due":
            signed = min(signed_on(deals, entry), deals.due_date[entry].item())
            found.append(Standing(entry, level, _grown(life.expansions, expansions, signed)))
        level += _change(kind, entry, deals, expansions)
    return found


def in_force(
    life: Life, deals: Deals, opening: Opening | None, expansions: Expansions | None, start: date, when: date
) -> float:
    """ARR in force at the start of a day, of what the files tell. [usd/yr]"""
    events = _events(life, deals, expansions, start)
    return _opened(life, opening) + sum(
        _change(kind, entry, deals, expansions) for day, _, kind, entry in events if day < when
    )


def _opened(life: Life, opening: Opening | None) -> float:
    return 0.0 if opening is None or life.opening is None else float(opening.arr[life.opening])


def _change(kind: str, entry: int, deals: Deals, expansions: Expansions | None) -> float:
    """What one event adds to the ARR in force. [usd/yr]"""
    if kind == "expansion":
        assert expansions is not None, "an entry of it"
        return float(expansions.arr[entry])
    return -float(deals.arr[entry]) if kind == "due" else float(deals.booked_arr[entry])


def _events(
    life: Life, deals: Deals, expansions: Expansions | None, start: date
) -> list[tuple[date, int, str, int]]:
    """Date, order within a day, kind and entry: what grows comes before what is due on the same day."""
    events: list[tuple[date, int, str, int]] = []
    if expansions is not None:
        events += [(expansions.date[entry].item(), 0, "expansion", entry) for entry in life.expansions]
    for entry in life.deals:
        due, signed = deals.due_date[entry].item(), signed_on(deals, entry)
        if due >= start:
            events.append((due, 1, "due", entry))
        begins = max(due, signed)
        if begins >= start and signed != NEVER_BOOKED:
            events.append((begins, 2, "renewed", entry))
    return events


def _grown(entries: Sequence[int], expansions: Expansions | None, before: date) -> float:
    if expansions is None:
        return 0.0
    return sum(float(expansions.arr[entry]) for entry in entries if expansions.date[entry].item() < before)
