"""Retention as slow, obvious Python: one account, one window, day by day, from the list of what happened.

Shares with the engine nothing but the terms. A contract's ARR is a step function of the day; what the account has is the
sum over its contracts, and the three shares are read off that sum.
"""

from dataclasses import dataclass, field

NEVER = 1 << 30
INFINITE = float("inf")
GROWS_LAST = 0.5
"""Growth is told by period only in a simulated world, and comes after the renewals of its period."""


@dataclass
class Deal:
    """One renewal. [day], [usd/yr]"""

    due: int
    booked: int | None
    arr: float
    new_arr: float
    notice: int | None = None

    @property
    def lost(self):
        return self.booked is None or self.new_arr <= 0


@dataclass
class Account:
    """What it has before anything is told, and its contracts: each a list of deals in order.

    A renewal changes nothing before the contract that it renews begins. Of several contracts nobody who reads files knows
    which one that is, and each is told on its own date.

    joined : day from which it has ARR, if not always.
    growth : (day, usd/yr)
    """

    arr: float
    contracts: list[list[Deal]]
    growth: list[tuple[float, float]] = field(default_factory=list)
    joined: float | None = None


@dataclass
class BookEvent:
    """Something that changes an account. For ``change``: by how much, and what is left at least."""

    day: float
    kind: str
    arr: float = 0.0
    event: str = ""


def story(account, terms):
    """Everything that happens to an account, in order of days. Of several contracts losses come first on a day."""
    found = [] if account.joined is None else [BookEvent(account.joined, "join", account.arr)]
    for contract in account.contracts:
        begun = -INFINITE if account.joined is None else account.joined
        for deal in contract:
            begins = tell(deal, begun, terms, found)
            begun = begins if len(account.contracts) == 1 else begun
            if deal.lost:
                break
    if len(account.contracts) > 1:
        found.sort(key=lambda each: ("lose", "shrink", "grow", "join", "away", "back").index(each.kind))
    found += [BookEvent(day, "grow", arr) for day, arr in account.growth]
    return sorted(found, key=lambda each: each.day)


def tell(deal, begun, terms, found):
    """Add what one deal does to what was found; the day on which its contract begins."""
    notice = deal.due if deal.notice is None else min(deal.notice, deal.due)
    if deal.lost:
        day = notice if terms.churn == "notice" else deal.due
        found.append(BookEvent(max(day, begun), "lose", deal.arr, "churn"))
        return begun
    begins = max(deal.due, deal.booked)
    if deal.booked - deal.due > terms.late_window_days:
        found.append(BookEvent(max(deal.due, begun), "lose", deal.arr, "lapsed"))
        found.append(BookEvent(deal.booked, "join", deal.new_arr))
        return begins
    if terms.late_lost and deal.booked > deal.due:
        found.append(BookEvent(deal.due, "away", deal.arr, "lapsed"))
        found.append(BookEvent(deal.booked, "back", deal.arr))
    change = deal.new_arr - deal.arr
    placed = terms.renewal if change >= 0 else terms.contraction
    day = max({"due": begins, "booking": deal.booked, "notice": notice}[placed], begun)
    if change:
        found.append(BookEvent(day, "grow" if change > 0 else "shrink", abs(change), "contraction"))
    return begins


def follow(account, terms, start, end, in_grace=lambda day: False):
    """(opening, gross, net, accounts, logos) of one account over the days from ``start`` to before ``end``."""
    now = State(account.arr if account.joined is None else 0.0, gone=account.joined is not None)
    opened = None
    for each in [*story(account, terms), BookEvent(end, "end")]:
        if opened is None and each.day >= start:
            opened, now.low, now.spared = (now.level, min(now.away, now.level)), INFINITE, 0.0
        if each.day >= end:
            break
        spared = each.event in terms.grace_events and in_grace(each.day)
        now.take(each, spared)
    opening = clean(opened[0] - opened[1])
    if opening <= 0:
        return 0.0, 0.0, 0.0, 0, 0
    away = min(now.away, now.level)
    back = max(opened[1] - away, 0.0)
    left = 0.0 if now.low == 0 else clean(now.level - away - back)
    left += now.spared
    if terms.snapshot:
        kept = min(opening, left)
    else:
        kept = min(opening, now.low)
        if away > 0:
            kept = min(kept, left)
    return opening, kept, left, 1, int(left > 0)


class State:
    """ARR of an account, how much of it is away for a while, the lowest that losses left, and what was spared."""

    def __init__(self, total, away=0.0, gone=False):
        self.total, self.away, self.gone = total, away, gone
        self.low, self.spared, self.waiting = INFINITE, 0.0, False

    @property
    def level(self):
        return 0.0 if self.gone else max(self.total, 0.005)

    def take(self, each, spared):
        before = self.level
        if each.kind in ("lose", "shrink"):
            if spared and each.event == "lapsed":
                self.waiting = True
                return
            self.total -= each.arr
            if each.kind == "lose" and self.total < 0.005:
                self.gone = True
            if spared:
                self.spared += before - self.level
            else:
                self.low = min(self.low, self.level)
        elif each.kind == "join":
            self.total = each.arr if self.waiting or self.gone else self.total + each.arr
            self.waiting = self.gone = False
        elif each.kind == "grow":
            self.total += each.arr
        elif each.kind == "away" and not spared:
            self.away += each.arr
        elif each.kind == "back":
            self.away = max(self.away - each.arr, 0.0)


def clean(arr):
    return arr if arr >= 0.005 else 0.0


def cohort(accounts, terms, bounds, in_grace=lambda day: False):
    """The five sums of all accounts for each window; ``bounds`` are the first days of periods and of the one after."""
    sums = []
    for t, s in enumerate(terms.first):
        found = [follow(each, terms, bounds[s], bounds[t + 1], in_grace) for each in accounts]
        sums.append([sum(column) for column in zip(*found, strict=True)] or [0.0] * 5)
    return sums
