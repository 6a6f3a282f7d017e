"""Exceptions granted by hand, as the deals they are granted to say them."""

from dataclasses import dataclass

import numpy as np

from sim.files.csv import Table


@dataclass(frozen=True)
class Granted:
    """An exception granted by hand: the deal is settled as if every date of it were another one.

    deal : its entry.
    why, by : the reason, and who granted it.
    date : the booking date that counts: the due date for "count it as on time", one inside the window for a customer who
           came back after it, one beyond the window for "count it as a new logo".

    Source: Compensating Customer Success Managers (founding document): "organizations do make exceptions which should be
    documented for consistent treatment in the future".
    """

    deal: int
    why: str
    by: str
    date: np.datetime64


def exceptions(table: Table) -> tuple[Granted, ...]:
    """The exceptions of the deals: each with its reason, who granted it, and the date that counts instead."""
    blank = [""] * len(table)
    why, by = (table.text.get(name, blank) for name in ("exception", "exception_by"))
    when = table.date.get("exception_date", np.full(len(table), "NaT", dtype="datetime64[D]"))
    parts = {
        "exception": why,
        "exception_by": by,
        "exception_date": np.where(np.isnat(when), "", "x").tolist(),
    }
    allowed = {
        "exception": "the reason",
        "exception_by": "who granted it",
        "exception_date": "the date that counts",
    }
    found = []
    for record in range(len(table)):
        given = [name for name, cells in parts.items() if cells[record]]
        if not given:
            continue
        for name in parts:
            if name not in given:
                fix = "An exception has a reason, who granted it, and the booking date that counts instead."
                table.refuse(record, name, allowed[name], "a blank cell", fix)
        if not table.number["booked_arr"][record] > 0.0:
            table.refuse(
                record,
                given[0],
                "blank",
                "an exception",
                "The deal was not renewed: there is nothing to count.",
            )
        found.append(Granted(record, why[record], by[record], when[record]))
    return tuple(found)
