"""What is known of one simulated world on a day: its bookings and growth, straight from its path."""

import numpy as np

from sim.records import NEVER
from sim.world.known import NO_BOOKINGS, NO_GROWTH, Bookings, Growth, Known


def known_of(world, number, day, open_on=None):
    """World ``number`` at the start of a day; what grew in a period is dated to its first day."""
    book, starts, bookings, growth = world.book, world.calendar.bounds, [], []
    for csm in range(len(book.csms)):
        path, mine = world.path(csm, number, 1, with_grown=True), book.accounts_of(csm)
        row = 0
        for account, slots in enumerate(world.slots(csm).tolist()):
            rows, row = range(row, row + slots), row + slots
            if book.arrival[mine.start + account]:
                continue
            place = mine.start + account
            for r in rows:
                due, booked = int(path.due_day[r, 0]), int(path.booked_day[r, 0])
                if due == NEVER or booked >= day:
                    break
                term = book.terms[path.term[r, 0]]
                bookings.append((place, due, booked, path.arr[r, 0], path.booked_arr[r, 0], term, NEVER))
            for period in np.flatnonzero(path.grown[account, :, 0]):
                if starts[period] < day:
                    growth.append((place, starts[period], path.grown[account, period, 0], 0))
    growth.sort(key=lambda event: event[1])
    return Known(
        day=day,
        bookings=Bookings(*_columns(bookings, (3, 4))) if bookings else NO_BOOKINGS,
        growth=Growth(*_columns(growth, (2,))) if growth else NO_GROWTH,
        open_on=day if open_on is None else open_on,
    )


def _columns(rows, amounts):
    return (
        np.array(column, dtype=float if place in amounts else np.int64)
        for place, column in enumerate(zip(*rows, strict=True))
    )
