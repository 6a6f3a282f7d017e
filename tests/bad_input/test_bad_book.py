"""Books that contradict their scenario, names that name nobody, and growth beyond all bounds."""

import pytest

from sim.files.cells import Column, Wrong, parse_cell
from tests.rig.inputs.valid_files import REPLAY, RUN, SCENARIO

NOBODY = ("Unassigned", "unassigned - EMEA", "(not assigned)", "TBD", "TBH 2", "Open", "open territory 3", "Vacant seat",
          "N/A", "#n/a", "n.a.", "None", "No owner", "nobody", "To be hired", "House account", "NULL", "unknown",
          "-", "?")  # fmt: skip
SOMEBODY = ("Ann", "Na Li", "Noemi", "Penny Openshaw", "Unni", "Nadia", "Nobuko", "Tbilisi", "Poole", "House", "李娜",
            "csm-1", "O'Neil", "Ünal", "None Mai", "7")  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
def test_a_stand_in_is_no_person(name):
    found = parse_cell(Column("csm", person=True), name)
    assert isinstance(found, Wrong)
    assert found.allowed == "the name of a person"
    assert parse_cell(Column("account"), name) == name


@pytest.mark.parametrize("name", SOMEBODY)
def test_a_person_may_have_any_other_name(name):
    assert parse_cell(Column("csm", person=True), name) == name


@pytest.mark.parametrize(("file", "arguments", "row"), [("book.csv", RUN, 4), ("deals.csv", REPLAY, 4)])
def test_a_book_of_nobody_is_not_paid_in_silence(broken, file, arguments, row):
    assert broken(file, "Bo,c", "Unassigned,c", arguments) == [
        (
            f"{file}, row {row}, column csm must be the name of a person, received 'Unassigned'. A name stands for somebody "
            "who is paid: name who renews these accounts, or leave the rows out."
        )
    ]


KEYS = {
    "csms": ("csms = 4\n", "the book is read from book.file"),
    "arr": ("arr = { mean = 9_000, sigma = 0.4, accounts = 8 }\n", "the book is read from book.file"),
    "due": ("due = { quarter_weights = [0.4, 0.2, 0.2, 0.2] }\n", "the book is read from book.file"),
    "term_months": (
        'term_months = { "24" = 1.0 }\n',
        "renewed_term_months says what is signed at renewal, and the file what is held",
    ),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_has_no_effect_beside_a_book_file_is_refused(broken, key):
    text, why = KEYS[key]
    said = broken("scenario.toml", 'name = "smb"\n', f'name = "smb"\n{text}')
    assert said == [
        f"scenario.toml: segment[0].{key} must be absent, received a value. It has no effect: {why}."
    ]


def test_all_such_keys_and_the_problems_of_the_file_are_told_at_once(folder, refused):
    (folder / "scenario.toml").write_text(
        SCENARIO.replace('name = "smb"\n', 'name = "smb"\ncsms = 4\n' + KEYS["due"][0])
    )
    book = folder / "book.csv"
    book.write_text(book.read_text().replace("Ann,a,smb", "Ann,a,smbs"))
    assert [line.partition(" must")[0] for line in refused()] == [
        "scenario.toml: segment[0].csms",
        "scenario.toml: segment[0].due",
        "book.csv, row 2, column segment",
    ]


def test_a_due_date_from_before_all_lag_bands_could_not_be_open(broken):
    """The latest band ends 90 days after the due date: an account due on 2 October is open on 1 January or lost."""
    said = broken("book.csv", "2026-03-31", "2025-10-02")
    assert said == [
        (
            "book.csv, row 2, column due_date must be on or after 2025-10-03, received '2025-10-02'. By the lag bands of "
            "segment 'smb' it is booked or lost by 2026-01-01, and not open."
        )
    ]


def test_an_account_named_like_one_that_may_join(folder, refused):
    joins = 'name = "smb"\nnew_accounts = { per_year = 3, arr = { mean = 9_000, sigma = 0.4 } }\n'
    (folder / "scenario.toml").write_text(SCENARIO.replace('name = "smb"\n', joins))
    book = folder / "book.csv"
    book.write_text(book.read_text().replace("Bo,c,", "Bo,Bo-smb-new-002,"))
    assert refused() == [
        (
            "book.csv, row 4, column account must be a name that no new account can have, received 'Bo-smb-new-002'. "
            "New accounts are named by CSM, segment, 'new' and number."
        )
    ]


@pytest.mark.jit
def test_growth_beyond_all_bounds_is_a_sentence(folder, refused):
    """3 times the ARR every month for 10 years is 3^120, about 1e57 times."""
    text = SCENARIO.replace("periods = 2\n", "periods = 40\n").replace(
        'renewed_term_months = { "12" = 0.8, "36" = 0.2 }', 'renewed_term_months = { "1" = 1.0 }'
    )
    text = text.replace(
        "uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }",
        "uplift = { probability = 0.9, size = { low = 2.0, high = 2.0 } }",
    )
    (folder / "scenario.toml").write_text(text)
    (said,) = refused()
    assert said.startswith(
        "scenario.toml: uplift and expansion of segment 'smb' must be such that ARR stays below 1,000,000,000,000,000 usd, "
        "received "
    )
    assert said.endswith(" Give less growth, fewer periods or longer terms.")
