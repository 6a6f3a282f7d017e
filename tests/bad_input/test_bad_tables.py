"""Broken CRM exports and histories of deals, and what is said about each, word for word."""

import pytest

from tests.rig.inputs.valid_files import BOOK, DEALS, REPLAY

BOOK_NAMES = (
    "['csm', 'account', 'contract', 'segment', 'arr', 'due_date', 'term_months', "
    "'churn_probability', 'skill', 'health']"
)
DEAL_NAMES = (
    "['csm', 'account', 'arr', 'due_date', 'booked_date', 'booked_arr', "
    "'service_start_date', 'invoice_date', 'cash_date', 'notice_date', 'multi_year', "
    "'contract', 'segment', 'type', 'term_months', 'booked_term_months', 'share', "
    "'exception', 'exception_by', 'exception_date']"
)
AMOUNT = "a number from 0 to 1,000,000,000,000"

BOOKS = {
    "empty": (None, "", " must be a CSV file with a header row, received an empty file."),
    "header only": (
        BOOK.partition("\n")[2],
        "",
        " must be a header and at least one row, received a header only.",
    ),
    "binary": (None, b"\x89PNG\r\n\x1a\n", (" must be UTF-8 text, received byte 0x89 at position 0. "
               "Save it again as UTF-8.")),
    "unknown segment": (
        "a,smb",
        "a,smbs",
        ", row 2, column segment must be one of ['smb'], received 'smbs'. Did you mean 'smb'?",
    ),
    "no such day": (
        "2026-03-31",
        "2026-02-30",
        ", row 2, column due_date must be an ISO date, received '2026-02-30'. There is no such day.",
    ),
    "no value": (
        "12000,",
        "0,",
        ", row 2, column arr must be a number from 0.01 to 1,000,000,000,000, received '0'.",
    ),
    "nan": (
        "12000,",
        "nan,",
        ", row 2, column arr must be a number from 0.01 to 1,000,000,000,000, received 'nan'.",
    ),
    "two owners": (
        "Bo,c",
        "Bo,a",
        (", row 4, column account must be different from every other account, received 'a'. It repeats row 2. "
        "If it is another contract, give each its id in a column contract."),
    ),
    "term": (
        "2026-05-15,24",
        "2026-05-15,0",
        ", row 3, column term_months must be a whole number from 1 to 120, received '0'.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BOOKS.values(), ids=BOOKS)
def test_one_mistake_in_a_book_gives_one_sentence(broken, old, new, said):
    assert broken("book.csv", old, new) == [f"book.csv{said}"]


def test_a_misspelt_column_is_one_mistake(broken):
    """It is there under another name: to call it missing besides would make two problems of one."""
    assert broken("book.csv", "account", "acount") == [
        f"book.csv, row 1, column 2 must be one of {BOOK_NAMES}, received 'acount'. Did you mean 'account'?",
    ]


HISTORIES = {
    "empty": (None, "", " must be a CSV file with a header row, received an empty file."),
    "header only": (
        DEALS.partition("\n")[2],
        "",
        " must be a header and at least one row, received a header only.",
    ),
    "missing column": (
        None,
        DEALS.replace("arr,due", "due", 1)
        .replace("12000,", "")
        .replace("36000,", "")
        .replace("5000.50,", "", 1),
        ", row 1, column arr must be present, received nothing.",
    ),
    "ragged": ("2026-05-15,,", "2026-05-15,", ", row 3 must be 6 cells, received 5 cells."),
    "negative": ("12000,", "-12000,", f", row 2, column arr must be {AMOUNT}, received '-12000'."),
    "infinite": ("12000,", "inf,", f", row 2, column arr must be {AMOUNT}, received 'inf'."),
    "a dollar sign": (
        "12000,",
        "$12000,",
        (
            f", row 2, column arr must be {AMOUNT}, received '$12000'. "
            "Write the number without separators, currency signs or units."
        ),
    ),
    "American date": (
        "2026-03-20",
        "3/20/2026",
        ", row 2, column booked_date must be an ISO date, received '3/20/2026'. Write dates as YYYY-MM-DD.",
    ),
    "century": (
        "2026-03-20",
        "1926-03-20",
        (
            ", row 2, column booked_date must be within ten years of due_date, received '1926-03-20'. "
            "The due_date is 2026-03-31."
        ),
    ),
    "booked for nothing": (
        "2026-03-20,12500",
        "2026-03-20,",
        (
            ", row 2, column booked_arr must be the ARR booked, received a blank cell. "
            "If the deal was not renewed, leave booked_date blank too."
        ),
    ),
    "amount without a date": (
        "2026-05-15,,",
        "2026-05-15,,36000",
        (
            ", row 3, column booked_arr must be blank or 0, received 36000.0. "
            "Without a booked_date the deal was not renewed."
        ),
    ),
    "duplicate": (
        "Ann,b,36000,2026-05-15",
        "Ann,a,36000,2026-03-31",
        (
            ", row 3, columns csm, account and due_date must be different from every other row, "
            "received 'Ann', 'a', '2026-03-31'. It repeats row 2. "
            "If both are real, give each contract its id in a column contract."
        ),
    ),
    "no owner": ("Bo,c", ",c", ", row 4, column csm must be text, received a blank cell."),
}


@pytest.mark.parametrize(("old", "new", "said"), HISTORIES.values(), ids=HISTORIES)
def test_one_mistake_in_a_history_gives_one_sentence(broken, old, new, said):
    assert broken("deals.csv", old, new, REPLAY) == [f"deals.csv{said}"]


def test_paid_but_not_renewed(broken):
    deals = "\n".join(
        row + cash for row, cash in zip(DEALS.split(), (",cash_date", ",", ",2026-06-01", ","), strict=True)
    )
    assert broken("deals.csv", None, deals, REPLAY) == [
        (
            "deals.csv, row 3, column cash_date must be blank, received '2026-06-01'. "
            "Without a booked_date the deal was not renewed."
        )
    ]


def test_a_plan_that_needs_a_date_the_history_does_not_have(broken):
    plan = ("plan.toml", "late_window_days = 180", 'date = "cash"')
    assert broken(*plan, REPLAY) == [
        (
            "deals.csv, row 1, column cash_date must be present, received nothing. "
            "Plan 'plain' grants credit by cash date; add the column or replay another plan."
        )
    ]


def test_columns_of_another_file(broken):
    other = BOOK.replace("segment", "skill").replace("term_months", "health")
    assert broken("deals.csv", None, other, REPLAY) == [
        (
            f"deals.csv, row 1, column 3 must be one of {DEAL_NAMES}, received 'skill'. "
            "Remove the column or correct its name."
        ),
        (
            f"deals.csv, row 1, column 6 must be one of {DEAL_NAMES}, received 'health'. "
            "Remove the column or correct its name."
        ),
        "deals.csv, row 1, column booked_date must be present, received nothing.",
        "deals.csv, row 1, column booked_arr must be present, received nothing.",
    ]
