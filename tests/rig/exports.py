"""A clean history of renewals, and the same as systems and hands write it."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Deal:
    csm: str
    account: str
    arr: float
    due: dt.date
    booked: dt.date | None
    booked_arr: float | None


DEALS = (
    Deal("Ana Núñez", "Acme Ltd", 120_000.0, dt.date(2026, 2, 10), dt.date(2026, 2, 1), 126_000.0),
    Deal("Ana Núñez", "Bolt GmbH", 80_500.5, dt.date(2026, 3, 20), None, None),
    Deal("Ben Cole", "Çelik, Sons & Co", 45_250.25, dt.date(2026, 5, 31), dt.date(2026, 6, 14), 40_000.0),
    Deal("Ben Cole", "Dorn", 1_250_000.0, dt.date(2026, 8, 25), dt.date(2026, 8, 25), 1_300_000.75),
    Deal("Ben Cole", "Echo", 9_900.0, dt.date(2026, 10, 13), dt.date(2026, 9, 30), 9_900.0),
)
HEADER = ("csm", "account", "arr", "due_date", "booked_date", "booked_arr")


def iso(day):
    return day.isoformat()


@dataclass(frozen=True)
class Hand:
    """How a file is written. date, number : of a cell; above, below : rows before the header and after the data."""

    header: tuple[str, ...] = HEADER
    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    date: object = iso
    number: object = lambda amount: f"{amount:.2f}"
    text: object = str
    blank: str = ""
    order: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    extra: dict[str, str] = field(default_factory=dict)

    def but(self, **changes):
        return replace(self, **changes)


def rows_of(hand, deals=DEALS):
    for deal in deals:
        booked = deal.booked is not None
        cells = [
            hand.text(deal.csm),
            hand.text(deal.account),
            hand.number(deal.arr),
            hand.date(deal.due),
            hand.date(deal.booked) if booked else hand.blank,
            hand.number(deal.booked_arr) if booked else hand.blank,
        ]
        yield [cells[place] for place in hand.order] + list(hand.extra.values())


def content(hand, deals=DEALS):
    """The bytes of the deals as this hand writes them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=hand.separator, lineterminator=hand.newline)
    writer.writerows(hand.above)
    writer.writerow([hand.header[place] for place in hand.order] + list(hand.extra))
    writer.writerows(rows_of(hand, deals))
    writer.writerows(hand.below)
    return out.getvalue().encode(hand.encoding)


def workbook(path, header, rows, above=(), sheet="Sheet1"):
    """A workbook with real dates and numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (*above, header, *rows):
        book.active.append(list(row))
    book.save(path)
    return path
