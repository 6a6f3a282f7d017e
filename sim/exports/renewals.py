"""From records of renewals to ``deals.csv``: what was due, what was booked, by contract and owner."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.exports.money import CENTS, arr_of, terms
from sim.exports.records import NOTHING, Mask, Records
from sim.exports.several import SLACK, Owned
from sim.files.cells import LARGEST_NUMBER
from sim.files.deals import FARTHEST
from sim.files.names import of_rows

if TYPE_CHECKING:
    import pandas as pd

WHEN_BOOKED: Final = ("service_start_date", "invoice_date", "cash_date")
"""Dates that only a booked renewal has."""


def deals(
    records: Records, of: Mask, stage: NDArray[np.object_], account: NDArray[np.object_], owned: Owned
) -> "pd.DataFrame":
    """The rows of ``deals.csv``.

    of      : records of renewals. [record]
    stage   : won, lost, open, or ``""`` where no column says it. [record]
    account : [record]
    """
    import pandas as pd

    due = records.dates("due_date") if records.has("due_date") else _absent(records, "due_date")
    when = records.dates("booked_date") if records.has("booked_date") else _absent(records, "booked_date")
    arr = arr_of(records, "arr", of) if records.has("arr") else _lacking(records, "arr")
    amount = (
        arr_of(records, "booked_arr", of & (stage != "lost"))
        if records.has("booked_arr")
        else _lacking(records, "booked_arr")
    )
    stageless = stage == ""
    won = of & np.where(stageless, ~np.isnat(when), stage == "won")
    _check(records, of, won, stageless, due, when, arr, amount, account)
    columns: dict[str, Any] = {
        "account": account,
        "arr": arr,
        "due_date": due,
        "booked_date": np.where(won, when, NOTHING),
        "booked_arr": np.where(won, amount, np.nan),
    }
    if records.has("contract"):
        columns["contract"] = records.texts("contract")
        fix = "Put contract into if_blank under [ignore] of the map, or leave the column out of it."
        records.refuse(of & (columns["contract"] == ""), "contract", "an id", "a blank cell", fix)
    if records.has("segment"):
        columns["segment"] = records.texts("segment")
    for role in ("term_months", "booked_term_months"):
        if records.has(role):
            columns[role] = np.where(won | (role == "term_months"), terms(records, role, of), np.nan)
    for role in WHEN_BOOKED:
        if records.has(role):
            columns[role] = np.where(won, records.dates(role), NOTHING)
    if records.has("notice_date"):
        columns["notice_date"] = records.dates("notice_date")
    _exceptions(records, won, columns)
    part = of[owned.record]
    frame = pd.DataFrame({name: values[owned.record[part]] for name, values in columns.items()})
    frame.insert(0, "csm", owned.csm[part])
    frame["share"] = owned.share[part]
    frame["_row"] = records.sheet.row[owned.record[part]]
    frame["_at"] = owned.record[part]
    return frame


def _absent(records: Records, role: str) -> NDArray[np.datetime64]:
    records.lack(
        f"columns.{role}", "present", f"Name the column that holds it, under [columns]: {role} = ..."
    )
    return np.full(len(records), NOTHING)


def _lacking(records: Records, role: str) -> NDArray[np.float64]:
    records.lack(
        f"columns.{role}", "present", f"Name the column that holds it, under [columns]: {role} = ..."
    )
    return np.zeros(len(records))


def _check(
    records: Records,
    of: Mask,
    won: Mask,
    stageless: Mask,
    due: NDArray[np.datetime64],
    when: NDArray[np.datetime64],
    arr: NDArray[np.float64],
    amount: NDArray[np.float64],
    account: NDArray[np.object_],
) -> None:
    """Say which renewals lack something, or hold what cannot be."""
    by_map = "Fill it, or put {} into if_blank under [ignore] of the map to set such rows aside."
    records.refuse(of & (account == ""), "account", "a name", "a blank cell", by_map.format("account"))
    records.refuse(of & np.isnat(due), "due_date", "a date", "a blank cell", by_map.format("due_date"))
    records.refuse(of & np.isnan(arr), "arr", "an amount", "a blank cell", by_map.format("arr"))
    records.refuse(
        won & np.isnat(when),
        "booked_date",
        "the day on which a renewal that is won was booked",
        "a blank cell",
        by_map.format("booked_date"),
    )
    records.refuse(
        won & np.isnan(amount),
        "booked_arr",
        "the amount of a renewal that is won",
        "a blank cell",
        by_map.format("booked_arr"),
    )
    unsaid = of & stageless & np.isnat(when) & (amount > 0.0)
    records.refuse(
        unsaid,
        "booked_date",
        "a date, as an amount was booked",
        "a blank cell",
        "Fill it, or clear the amount of a renewal that was lost.",
    )
    fix = "Give such rows the record type credit or contraction, or set them aside, in the map."
    records.refuse(of & (arr < 0.0), "arr", "at least 0", "an amount below it", fix)
    records.refuse(won & (amount < 0.0), "booked_arr", "at least 0", "an amount below it", fix)
    large = of & ((arr > LARGEST_NUMBER) | (won & (amount > LARGEST_NUMBER)))
    records.refuse(large, "arr", f"at most {LARGEST_NUMBER:,.0f}", "more", "Are these amounts, or ids?")
    days = (when - due).astype(np.int64)
    far = won & ~np.isnat(when) & ~np.isnat(due) & (np.abs(days) > FARTHEST)
    records.refuse(
        far,
        "booked_date",
        "within ten years of the due date",
        "a date beyond",
        "One of the two is a slip, or another column holds it.",
    )


def _exceptions(records: Records, won: Mask, columns: dict[str, Any]) -> None:
    for role in ("exception", "exception_by"):
        if records.has(role):
            columns[role] = np.where(won, records.texts(role), "")
    if records.has("exception_date"):
        columns["exception_date"] = np.where(won, records.dates("exception_date"), NOTHING)


def settled_contracts(records: Records, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The deals with an id for every contract where one is needed, and every deal once.

    Several rows of one contract (without ids: of one account and due date) are what ``[contracts] repeated`` says; with
    different record ids they are different contracts.
    """
    own = "contract" in frame
    key = ["contract", "due_date"] if own else ["account", "due_date"]
    apart = [*key, "csm"]
    repeated = frame.duplicated(apart, keep=False)
    told = records.map.contracts.repeated
    if repeated.any() and not own and told is None and records.has("record"):
        record = records.texts("record")[frame["_at"]]
        if (
            not frame.assign(_record=record).duplicated([*apart, "_record"]).any()
            and (record[repeated] != "").all()
        ):
            records.notes.append(
                f"{repeated.sum():,} renewals share account and due date with another: record ids tell them apart."
            )
            frame = _named(frame, repeated, record)
            repeated = repeated & False
    if repeated.any():
        if told is None:
            rows = frame.loc[repeated, "_row"].tolist()
            fix = (
                f"{of_rows(rows).capitalize()} of {records.sheet.path} share {' and '.join(key)}: dated parts of one "
                "amount, contracts of their own, or the same row again?"
            )
            records.lack("contracts.repeated", '"parts", "contracts" or "duplicates"', fix)
            return frame
        frame = _resolved(records, frame, apart, repeated, told, own)
    return _check_shared(records, frame, ["contract", "due_date"] if "contract" in frame else key)


def _named(frame: "pd.DataFrame", repeated: Any, ids: Any) -> "pd.DataFrame":
    """Contract ids of account and due date, with an id behind them where that is not enough."""
    import pandas as pd

    day = frame["due_date"].astype("datetime64[s]").dt.strftime("%Y-%m-%d")
    plain = frame["account"] + " " + day
    return frame.assign(
        contract=plain.where(~repeated, plain + " " + pd.Series(ids, frame.index).astype(str))
    )


def _resolved(
    records: Records, frame: "pd.DataFrame", apart: list[str], repeated: Any, told: str, own: bool
) -> "pd.DataFrame":
    if told == "duplicates":
        again = frame.duplicated(apart)
        first = frame.groupby(apart, sort=False)["_row"].transform("first")
        for row, earlier in zip(frame.loc[again, "_row"], first[again], strict=True):
            at = int(np.searchsorted(records.sheet.row, row))
            records.reason[at] = f"by the map: the same deal as row {earlier}"
            records.keep[at] = False
        return frame[~again]
    if told == "contracts":
        number = frame.groupby(apart, sort=False).cumcount() + 1
        if own:
            named = frame["contract"].where(~repeated, frame["contract"] + " " + number.astype(str))
            return frame.assign(contract=named)
        return _named(frame, repeated, number)
    if not own:
        frame = _named(frame, repeated & False, frame["_row"])
    return _parts(frame, apart, repeated)


def _parts(frame: "pd.DataFrame", apart: list[str], repeated: Any) -> "pd.DataFrame":
    """What was due of each numbered part: the contract's ARR once, in proportion to the parts, to the cent."""
    frame = frame.copy()
    number = frame.groupby(apart, sort=False).cumcount() + 1
    for _, rows in frame[repeated].groupby(apart, sort=False):
        if (rows["arr"] != rows["arr"].iloc[0]).any():
            continue  # each part says its own
        due, booked = float(rows["arr"].iloc[0]), rows["booked_arr"].fillna(0.0)
        whole = float(booked.sum())
        ends = np.round(due * (booked.cumsum() / whole if whole else np.ones(len(rows))), CENTS)
        frame.loc[rows.index, "arr"] = np.round(np.diff(ends, prepend=0.0), CENTS)
    return frame.assign(
        contract=frame["contract"].where(~repeated, frame["contract"] + " part " + number.astype(str))
    )


def _check_shared(records: Records, frame: "pd.DataFrame", key: list[str]) -> "pd.DataFrame":
    """The deals with shares that add up to 1 to the last bit, where they do so as they were typed."""
    if not ((frame["share"] < 1.0).any() or frame.duplicated(key).any()):
        return frame
    sums = frame.groupby(key, sort=False)["share"].transform("sum")
    wrong = (sums - 1.0).abs() > SLACK
    if wrong.any():
        rows = frame.loc[wrong, "_row"].tolist()
        fix = "Name the column of shares, share under [columns] or [[owners]]; or give each owner a contract."
        where = f"{records.sheet.path}, {of_rows(rows)}: shares of a contract"
        records.found.append(Problem(where, "1 in all", f"{sums[wrong].iloc[0]:g}", fix))
    return frame.assign(share=frame["share"] / sums)
