"""Customers who came after the day of the book: what is told of them."""

from collections.abc import Iterator, Sequence

from sim.files.names import of_rows
from sim.plan.plan import Plan
from sim.replay.consistency import Files, begun_later, row_of
from sim.replay.note import Note
from sim.shapes.words import counted


def newcomer_notes(files: Files, plans: Sequence[Plan]) -> Iterator[Note]:
    """Those whom events tell, and those whom only the terms of their deals do."""
    yield from _joined(files, plans)
    yield from _begun_later(files)


def _joined(files: Files, plans: Sequence[Plan]) -> Iterator[Note]:
    found = files.expansions and files.expansions.newcomers
    if found is not None:
        number = len(found.csm)
        paying = [plan.name for plan in plans if any(terms.type == "new" for terms in plan.deals)]
        paid = f"by {', '.join(paying)} alone" if paying else "by none of the plans"
        rows = of_rows([row_of(found, entry) for entry in range(number)])
        text = (
            f"{counted(number, 'event')} of new customers in {found.path.name} ({rows}): in the book from that day on, and "
            f"counted as bookings {paid}."
        )
        yield Note("new_customers", number, text)


def _begun_later(files: Files) -> Iterator[Note]:
    """Deals of customers who are in no book, and whose terms say that they came after it."""
    if files.opening is None:
        return
    found = [
        entry
        for life in files.lives.values()
        if life.opening is None and begun_later(files, life)
        for entry in life.deals
        if files.inside(files.deals.due_date[entry].item())
    ]
    told = files.expansions and files.expansions.newcomers
    joined = set() if told is None else {*told.account}
    rows = [row_of(files.deals, entry) for entry in sorted(found) if files.deals.account[entry] not in joined]
    if rows:
        text = (
            f"{counted(len(rows), 'deal')} ({of_rows(rows)}) of accounts in no book whose terms began after its day: "
            "renewals as all others, and in no retention. Rows of kind new in events.csv say since when and with what."
        )
        yield Note("begun_later", len(rows), text)
