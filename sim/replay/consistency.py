"""Whether the files of a replay agree with each other: one world in all of them, or every contradiction by row."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from sim.errors import MOST_SAID, Problem, near_match, shown
from sim.files.book_events import Expansions, Opening
from sim.files.deals import Deals
from sim.files.names import Names, misspelt
from sim.replay.chains import months_before
from sim.replay.in_force import (
    NEVER_BOOKED,
    Holding,
    Life,
    Standing,
    in_force,
    lives,
    signed_on,
    standings,
)
from sim.replay.required import BookEvents

NOT_HELD: Final = (
    "Add it to the book, or correct the name; of one who came later, events.csv has a row of kind new."
)
ROUNDED: Final = 1e-3
"""Amounts that differ by less, or by less than a dollar, are the same amount, rounded (assumption). [share]"""


class Files(NamedTuple):
    """What is held against each other. first, beyond : the horizon, from its first day to the day after it."""

    deals: Deals
    opening: Opening | None
    expansions: Expansions | None
    lives: dict[Holding, Life]
    first: date
    beyond: date

    def inside(self, when: date) -> bool:
        """Whether a day lies in the horizon."""
        return self.first <= when < self.beyond

    def where(self, entry: int, column: str = "account") -> str:
        """Place of a deal."""
        return f"{self.deals.path}, row {row_of(self.deals, entry)}, column {column}"


def row_of(file: Deals | Opening | Expansions, entry: int) -> int:
    """Row number of an entry, as a spreadsheet shows it."""
    return file.row[entry] if file.row else entry + 2


def files_of(deals: Deals, book_events: BookEvents, first: date, beyond: date) -> Files:
    """The files of a replay, account by account."""
    opening, expansions = book_events.opening, book_events.expansions
    return Files(deals, opening, expansions, lives(deals, opening, expansions, first), first, beyond)


def disagreements(files: Files) -> list[Problem]:
    """What the files say against each other about accounts, file by file and row by row."""
    return sorted(_found(files), key=_reading_order)


def _reading_order(problem: Problem) -> tuple[str, int]:
    path, _, rest = problem.where.rpartition(", row ")
    return path, int(rest.partition(",")[0])


def _found(files: Files) -> Iterator[Problem]:
    if files.opening is not None:
        yield from _in_two_books(files.opening)
        yield from _in_no_book(files, files.opening)
        yield from _other_arr(files)
    if files.expansions is not None:
        yield from _grown_twice(files.expansions)
    yield from _grown_unknown(files)


def spellings(columns: Sequence[Names]) -> Iterator[Problem]:
    """Names in several spellings: of people in all files together, and of accounts."""
    for column in ("csm", "account"):
        yield from misspelt([each for each in columns if each.column == column])


def _in_two_books(opening: Opening) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for entry, account in enumerate(opening.account):
        earlier = first.setdefault(account, entry)
        if opening.csm[earlier] != opening.csm[entry]:
            where = f"{opening.path}, row {row_of(opening, entry)}, column account"
            fix = f"Row {row_of(opening, earlier)} has it in the book of {shown(opening.csm[earlier])}."
            yield Problem(where, "in one book", shown(account), fix)


def _in_no_book(files: Files, opening: Opening) -> Iterator[Problem]:
    """Deals and expansions in the horizon of accounts that the CSM does not hold on its first day, nor since."""
    held = _accounts(zip(opening.csm, opening.account, strict=True))
    place = {account: entry for entry, account in enumerate(opening.account)}
    named, joined = 0, _joined(files)
    for (csm, account), life in files.lives.items():
        if life.opening is not None or _returned(files, life):
            continue
        if account not in place and account in joined:
            yield from _due_before(files, life, account, joined[account])
            continue
        if account not in place and begun_later(files, life):
            continue
        allowed = f"an account of {shown(csm)} in {opening.path.name}"
        fix = ""
        if account in place:
            row, holder = row_of(opening, place[account]), shown(opening.csm[place[account]])
            fix = f"Row {row} of it has the account in the book of {holder}. If it changed hands, --transfers says when."
        elif named < MOST_SAID:
            fix = near_match(account, held.get(csm, []))
            named += 1
        for where in _places(files, life):
            yield Problem(where, allowed, shown(account), fix or NOT_HELD)


def _places(files: Files, life: Life) -> Iterator[str]:
    """Where deals and expansions in the horizon name an account."""
    for entry in life.deals:
        if files.inside(files.deals.due_date[entry].item()):
            yield files.where(entry)
    if files.expansions is not None:
        for entry in life.expansions:
            if files.inside(files.expansions.date[entry].item()):
                yield f"{files.expansions.path}, row {row_of(files.expansions, entry)}, column account"


def _accounts(holdings: Iterable[Holding]) -> dict[str, list[str]]:
    """The accounts of each CSM."""
    found: dict[str, list[str]] = {}
    for csm, account in holdings:
        found.setdefault(csm, []).append(account)
    return found


def _joined(files: Files) -> dict[str, date]:
    """The first day of every customer who is told to be new."""
    new = files.expansions and files.expansions.newcomers
    if new is None:
        return {}
    found: dict[str, date] = {}
    for account, when in zip(new.account, new.date.tolist(), strict=True):
        found[account] = min(when, found.get(account, when))
    return found


def _due_before(files: Files, life: Life, account: str, joined: date) -> Iterator[Problem]:
    """Renewals of a customer that come due before there was anything to renew."""
    for entry in life.deals:
        due = files.deals.due_date[entry].item()
        if files.inside(due) and due <= joined:
            fix = "Correct one of the two."
            allowed = f"after {joined}, the day on which {shown(account)} joined"
            yield Problem(files.where(entry, "due_date"), allowed, str(due), fix)


def begun_later(files: Files, life: Life) -> bool:
    """Whether all contracts of an account that come due began, by their terms, on the first day or later."""
    terms = files.deals.term_held
    if terms is None or not life.deals:
        return False
    dues = [(files.deals.due_date[entry].item(), int(terms[entry])) for entry in life.deals]
    return all(term > 0 and months_before(due, term) >= files.first for due, term in dues)


def _returned(files: Files, life: Life) -> bool:
    """Whether the account had left before the first day and came back: then it is in no book of that day."""
    deals = files.deals
    return any(
        deals.due_date[entry].item() < files.first <= signed_on(deals, entry) < NEVER_BOOKED
        for entry in life.deals
    )


def _other_arr(files: Files) -> Iterator[Problem]:
    """Deals whose ARR due cannot be what the account has in force. Of who left and joined anew nobody can say."""
    joined = _joined(files)
    for (_, account), life in files.lives.items():
        if life.opening is None or account in joined:
            continue
        lost: int | None = None
        for standing in standings(life, files.deals, files.opening, files.expansions, files.first):
            if files.inside(files.deals.due_date[standing.deal].item()):
                yield from _against(files, life, standing, lost)
            if not files.deals.booked_arr[standing.deal] > 0.0:
                lost = standing.deal


def _against(files: Files, life: Life, each: Standing, lost: int | None) -> Iterator[Problem]:
    """What contradicts one deal: more is due than is in force, or growth is left out that nothing else renews.

    Less than is in force is due where an account has several contracts. But a deal as large as what the account had
    without its growth is the figure from before it, unless other rows of the account hold the rest.
    """
    due = float(files.deals.arr[each.deal])
    rest = each.before - due
    where = files.where(each.deal, "arr")
    if rest < -rounding(each.before):
        allowed = f"at most {each.before:,.0f}, what the account has in force on its due date"
        told = f"Row {row_of(files.deals, lost)} lost it. " if lost is not None else ""
        growth = (
            "Correct one of the files."
            if files.expansions is not None
            else "Give --expansions, or correct it."
        )
        yield Problem(where, allowed, f"{due:,.0f}", f"{told}{growth}")
    elif rounding(each.before) < rest <= each.grown + rounding(each.before):
        others = sum(
            float(files.deals.arr[entry])
            for entry in life.deals
            if entry != each.deal and files.deals.due_date[entry] >= files.deals.due_date[each.deal]
        )
        if others < rest - rounding(each.before):
            allowed = f"{each.before:,.0f}, what the account has in force on its due date"
            fix = (
                f"{each.grown:,.0f} of it are expansions that this leaves out: write all that renews, or add a row for "
                "the contract that holds the rest."
            )
            yield Problem(where, allowed, f"{due:,.0f}", fix)


def partial(files: Files) -> list[int]:
    """Deals in the horizon of less ARR than their account has in force, which neither expansions explain nor other contracts
    that its deals name.
    """
    found = []
    ids = files.deals.contract
    for life in files.lives.values():
        named = {ids[entry] for entry in life.deals} if ids else set()
        if life.opening is not None and len(named) < 2:
            for standing in standings(life, files.deals, files.opening, files.expansions, files.first):
                less = standing.before - float(files.deals.arr[standing.deal]) > rounding(standing.before)
                if less and files.inside(files.deals.due_date[standing.deal].item()):
                    found.append(standing.deal)
    return sorted(found)


def rounding(amount: float) -> float:
    """By how much two figures of one amount may differ. [usd/yr]"""
    return max(1.0, ROUNDED * amount)


def _grown_twice(expansions: Expansions) -> Iterator[Problem]:
    """Rows that say the same as an earlier one, without an id that tells them apart."""
    first: dict[tuple[object, ...], int] = {}
    dates, amounts = expansions.date.tolist(), expansions.arr.tolist()
    nothing = ("",) * len(amounts)
    ids = (expansions.contract or nothing, expansions.booking or nothing)
    for entry, key in enumerate(zip(expansions.csm, expansions.account, dates, amounts, *ids, strict=True)):
        earlier = first.setdefault(key, entry)
        if earlier != entry:
            where = f"{expansions.path}, row {row_of(expansions, entry)}, columns csm, account, date and arr"
            received = f"{shown(key[1])}, {key[2]}, {key[3]:,.0f}"
            fix = f"It repeats row {row_of(expansions, earlier)}; if both are real, give each its id in a column booking."
            yield Problem(where, "different from every other row", received, fix)


def _grown_unknown(files: Files) -> Iterator[Problem]:
    """Expansions of accounts that no file knows, or that were lost before."""
    expansions = files.expansions
    if expansions is None:
        return
    held = _accounts(key for key, life in files.lives.items() if life.deals)
    named, joined = 0, _joined(files)
    for (csm, account), life in files.lives.items():
        known = life.opening is not None or bool(life.deals) or account in joined
        for entry in life.expansions:
            when = expansions.date[entry].item()
            where = f"{expansions.path}, row {row_of(expansions, entry)}, column"
            if not known and files.opening is None and files.inside(when):
                fix = near_match(account, held.get(csm, [])) if named < MOST_SAID else ""
                named += 1
                fix = fix or "Add its renewal there, whenever it is due, or give --book."
                allowed = f"an account of {shown(csm)} in {files.deals.path.name}"
                yield Problem(f"{where} account", allowed, shown(account), fix)
            left = _left(files, life, when)
            if left is not None:
                row = row_of(files.deals, left)
                fix = f"{files.deals.path.name}, row {row}, says that it renewed nothing."
                yield Problem(f"{where} date", f"before {shown(account)} was lost", str(when), fix)


def _left(files: Files, life: Life, when: date) -> int | None:
    """The deal by which an account had nothing left in force on a day; None where it had, or nobody can say.

    Without a book nobody knows what else it held, unless the deal that was lost is all that the file has of it.
    """
    deals = files.deals
    before = [entry for entry in life.deals if files.first <= deals.due_date[entry].item() < when]
    if not before or signed_on(deals, before[-1]) != NEVER_BOOKED:
        return None
    if life.opening is None:
        return before[-1] if len(life.deals) == 1 else None
    left = in_force(life, deals, files.opening, files.expansions, files.first, when)
    return before[-1] if left <= rounding(float(deals.arr[before[-1]])) else None
