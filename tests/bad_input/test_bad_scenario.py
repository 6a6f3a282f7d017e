"""Broken scenario files, and what is said about each, word for word."""

import pytest

SEGMENT = "segment[0]"
CHURN = "churn = { probability = 0.1 }"
SIZE = "size = { mean = 0.05, sigma = 0.5 }"
LAG = "days = [1, 90]"

CASES = {
    "day 31": (
        "start = 2026-01-01",
        "start = 2026-01-31",
        "start must be on day 1 to 28 of a month, received '2026-01-31'.",
    ),
    "quoted date": (
        "start = 2026-01-01",
        'start = "2026-01-01"',
        "start must be a date, received '2026-01-01'. Write it as 2026-01-31, without quotes.",
    ),
    "moment": (
        "start = 2026-01-01",
        "start = 2026-01-01T00:00:00",
        "start must be a date, received 2026-01-01T00:00:00.",
    ),
    "no periods": ("periods = 2", "periods = 0", "periods must be at least 1, received 0."),
    "a billion periods": (
        "periods = 2",
        "periods = 1_000_000_000",
        "periods must be at most 40, received 1000000000.",
    ),
    "truth of the wrong kind": (
        'file = "book.csv"',
        'redraw = "yes"',
        "book.redraw must be true or false, received 'yes'.",
    ),
    "shares": ("share = 0.8", "share = 0.9", f"{SEGMENT}.lag must be of shares that sum to 1, received 1.1."),
    "overlapping bands": (
        LAG,
        "days = [0, 90]",
        f"{SEGMENT}.lag must be bands that do not overlap, received [[-90, 0], [0, 90]].",
    ),
    "days out of order": (
        LAG,
        "days = [90, 1]",
        f"{SEGMENT}.lag[1].days must be [first, last] in order within 730 days, received [90, 1].",
    ),
    "three days": (
        LAG,
        "days = [1, 90, 100]",
        f"{SEGMENT}.lag[1].days must be at most 2 items long, received 3 items.",
    ),
    "one day": (LAG, "days = 90", f"{SEGMENT}.lag[1].days must be an array, received 90."),
    "certain churn and more": (
        CHURN,
        "churn = { probability = 1.1 }",
        f"{SEGMENT}.churn.probability must be at most 1, received 1.1.",
    ),
    "nan": (
        CHURN,
        "churn = { probability = nan }",
        f"{SEGMENT}.churn.probability must be a finite number, received nan.",
    ),
    "number for a table": (CHURN, "churn = 0.1", f"{SEGMENT}.churn must be a table, received 0.1."),
    "no kind of size": (SIZE, "size = 3", f"{SEGMENT}.uplift.size must be a table, received 3."),
    "one kind of size, wrong": (
        SIZE,
        "size = { low = 0.5, high = 0.1 }",
        f"{SEGMENT}.uplift.size.high must be at least low, received 0.1.",
    ),
    "no noise left": (
        "market = 0.1",
        "market = 0.85",
        (
            "dependence must be market + skill + health below 1, received 1.2. "
            "The rest is the renewal's own noise."
        ),
    ),
    "table for an array": (
        '[[segment]]\nname = "smb"',
        '[segment]\nname = "smb"',
        "segment must be an array, received a table.",
    ),
    "term of no months": (
        'name = "smb"',
        'name = "smb"\nterm_months = { "12" = 0.5, "0" = 0.5 }',
        f"{SEGMENT}.term_months must be keyed by whole months from 1 to 120, received '0'.",
    ),
    "no term": (
        'name = "smb"',
        'name = "smb"\nterm_months = {}',
        f"{SEGMENT}.term_months must be of shares that sum to 1, received 0.",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), CASES.values(), ids=CASES)
def test_one_mistake_gives_one_sentence(broken, old, new, said):
    assert broken("scenario.toml", old, new) == [f"scenario.toml: {said}"]


def test_a_misspelt_key_is_also_missing(broken):
    assert broken("scenario.toml", CHURN, "churn = { probabilty = 0.1 }") == [
        (
            "scenario.toml: segment[0].churn.probability must be present, received nothing. "
            "Add 'segment[0].churn.probability'."
        ),
        (
            "scenario.toml: segment[0].churn.probabilty must be one of ['by_term', 'dispersion', 'probability'], "
            "received 'probabilty'. Did you mean 'probability'?"
        ),
    ]


def test_of_two_kinds_of_size_the_nearer_one_is_explained(broken):
    assert broken("scenario.toml", SIZE, "size = { mean = 0.05, sigm = 0.5 }") == [
        (
            "scenario.toml: segment[0].uplift.size.sigma must be present, received nothing. "
            "Add 'segment[0].uplift.size.sigma'."
        ),
        (
            "scenario.toml: segment[0].uplift.size.sigm must be one of ['mean', 'sigma'], received 'sigm'. "
            "Did you mean 'sigma'?"
        ),
    ]


def test_a_missing_book_is_named(broken):
    said = broken("scenario.toml", "book.csv", "bok.csv")
    assert said == ["scenario.toml: book.file must be an existing file, received nothing at bok.csv."]
