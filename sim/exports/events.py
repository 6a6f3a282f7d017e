"""From records between renewals to ``events.csv``: new business, growth, contraction, cancellation, credits."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.exports.kinds import DECREASES
from sim.exports.money import CENTS, arr_of, terms
from sim.exports.records import NOTHING, Mask, Records
from sim.exports.several import Owned
from sim.files.book_events import BOOKED_DATES

if TYPE_CHECKING:
    import pandas as pd

SAME: Final = ("csm", "account", "date", "arr")
"""Events that agree in these need an id that tells them apart."""


def events(
    records: Records, of: Mask, kind: NDArray[np.object_], account: NDArray[np.object_], owned: Owned
) -> "pd.DataFrame":
    """The rows of ``events.csv``: changes of ARR with their sign, the part of each owner.

    of   : records of events. [record]
    kind : their record type. [record]
    """
    import pandas as pd

    change = _changes(records, of, kind)
    when = records.dates("booked_date") if records.has("booked_date") else np.full(len(records), NOTHING)
    if not records.has("booked_date"):
        records.lack("columns.booked_date", "present", "Name the column that says when a change was booked.")
    fix = "Fill it, or put {} into if_blank under [ignore] of the map to set such rows aside."
    records.refuse(of & np.isnat(when), "booked_date", "a date", "a blank cell", fix.format("booked_date"))
    records.refuse(of & (account == ""), "account", "a name", "a blank cell", fix.format("account"))
    records.set_aside(of & (change == 0.0), "an event that changes no ARR")
    part = of[owned.record] & records.keep[owned.record]
    at = owned.record[part]
    columns = {
        "csm": owned.csm[part],
        "account": account[at],
        "date": when[at],
        "arr": np.round(change[at] * owned.share[part], CENTS),
        "kind": kind[at],
        "_row": records.sheet.row[at],
    }
    if records.has("contract"):
        columns["contract"] = records.texts("contract")[at]
    if records.has("booked_term_months"):
        columns["term_months"] = terms(records, "booked_term_months", of)[at]
    for role in BOOKED_DATES.values():
        if records.has(role):
            columns[role] = records.dates(role)[at]
    frame = pd.DataFrame(columns)
    if records.has("record") and frame.duplicated(list(SAME)).any():
        frame["booking"] = records.texts("record")[at]
    return frame


def _changes(records: Records, of: Mask, kind: NDArray[np.object_]) -> NDArray[np.float64]:
    """The change of ARR with its sign. [record] [usd/yr]"""
    role = "change" if records.has("change") else "booked_arr"
    if not records.has(role):
        records.lack("columns.change", "present", "Name the column that holds the change of ARR.")
        return np.zeros(len(records))
    amounts = records.map.amounts
    value = arr_of(records, role, of, amounts.change if "change" in amounts.model_fields_set else None)
    fix = f"Fill it, or put {role} into if_blank under [ignore] of the map to set such rows aside."
    records.refuse(of & np.isnan(records.amounts(role)[0]), role, "an amount", "a blank cell", fix)
    if (
        role == "booked_arr"
        and records.has("arr")
        and records.map.columns["arr"] != records.map.columns["booked_arr"]
    ):
        before = arr_of(records, "arr", of)
        stated = of & (np.nan_to_num(before) > 0.0)
        if records.map.amounts.events is None and stated.any():
            one = records.sheet.row[stated][0]
            fix = (
                f"Row {one} has an ARR before and an amount: is the amount what was added, or the new total?"
            )
            records.lack("amounts.events", '"change" or "total"', fix)
        if records.map.amounts.events == "total":
            value = np.where(stated, value - np.nan_to_num(before), value)
            return value
    return _signed(records, of & np.isin(kind, DECREASES), value, role)


def _signed(records: Records, down: Mask, value: NDArray[np.float64], role: str) -> NDArray[np.float64]:
    """Contractions, cancellations and credits below zero, in whatever sign they stand."""
    stated = records.map.amounts.decreases
    if stated is None and down.any():
        signs = np.sign(value[down & (np.nan_to_num(value) != 0.0)])
        if len(set(signs.tolist())) > 1:
            rows = [int(records.sheet.row[down & (value * sign > 0)][0]) for sign in (1, -1)]
            fix = f"{records.map.columns[role]} is above 0 in row {rows[0]}, below in row {rows[1]}: which takes ARR away?"
            records.lack("amounts.decreases", '"negative" or "positive"', fix)
        stated = "positive" if len(signs) and signs[0] > 0 else "negative"
    return np.where(down & (stated == "positive"), -value, value)
