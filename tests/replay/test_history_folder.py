"""A folder as a history: what it may hold, and what happens between renewals in either sign."""

import json

import pytest

from sim.cli import command
from sim.errors import InputError
from sim.files.book_events import read_events, read_opening
from sim.files.deals import read_deals
from tests.rig.inputs.folder import Folder

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
DEALS = f"{HEADER}\nMia,Ash,60000,2026-08-20,2026-08-20,60000\nMia,Birch,30000,2026-09-10,2026-09-10,30000\n"
BOOK = "csm,account,arr,contract\nMia,Ash,45000,A-1\nMia,Ash,15000,A-2\nMia,Birch,40000,B-1\n"
PLAN = """name = "{measure}"
[pay]
target_bonus = 10_000
base_salary = 60_000
[[component]]
measure = "{measure}"
{rest}
"""
GRR = PLAN.format(measure="grr", rest='quota = { kind = "target", floor = 0.0, target = 1.0 }')
GROWTH = PLAN.format(
    measure="growth_bookings", rest='pay_kind = "commission"\ncommission = { rate = 0.04 }'
).replace("target_bonus = 10_000\n", "")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def replayed(folder, capsys, plan, **files):
    (folder.path / "history").mkdir(exist_ok=True)
    for name, text in files.items():
        folder.write(f"history/{name}", text)
    path = folder.write("plan.toml", plan)
    code = command(
        [
            "replay",
            str(folder.path / "history"),
            "--plan",
            str(path),
            "--start",
            "2026-01-01",
            "--periods",
            "4",
            "--json",
        ]
    )
    said = capsys.readouterr()
    assert code == 0, said.err
    document = json.loads(said.out)
    return [entry["paid"] for entry in document["statements"]], document


def test_credits_take_back_what_growth_paid(folder, capsys):
    """4 % of 5,000 less 1,500 in the first quarter."""
    events = "csm,account,date,arr,kind\nMia,Ash,2026-02-01,5000,expansion\nMia,Ash,2026-03-01,-1500,credit\n"
    deals = DEALS.replace("Ash,60000", "Ash,63500")
    paid, _ = replayed(folder, capsys, GROWTH, **{"deals.csv": deals, "book.csv": BOOK, "events.csv": events})
    assert paid == [140, 0, 0, 0]


def test_what_is_taken_away_between_renewals_is_not_retained(folder, capsys):
    """Birch shrinks from 40K to 30K in May, Ash cancels in November: of 100K, then of 90K."""
    events = "csm,account,date,arr,kind\nMia,Birch,2026-05-05,-10000,contraction\nMia,Ash,2026-11-20,-60000,cancellation\n"
    paid, _ = replayed(folder, capsys, GRR, **{"deals.csv": DEALS, "book.csv": BOOK, "events.csv": events})
    assert paid == pytest.approx([10_000, 9_000, 10_000, 10_000 * 30 / 90], abs=0.01)


def test_new_customers_are_counted_in_a_note(folder, capsys):
    events = (
        "csm,account,date,arr,kind\nMia,Cedar,2026-05-05,10000,new\nMia,Birch,2026-05-05,-10000,contraction\n"
    )
    _, document = replayed(
        folder, capsys, GRR, **{"deals.csv": DEALS, "book.csv": BOOK, "events.csv": events}
    )
    assert [note["kind"] for note in document["notes"]] == ["new_customers"]


def test_a_calendar_and_transfers_in_the_folder_are_read(folder, capsys):
    files = {
        "deals.csv": DEALS.replace("Mia,Birch", "Noa,Birch").replace(
            "Birch,30000,2026-09-10,2026-09-10,30000", "Birch,40000,2026-09-10,,"
        ),
        "book.csv": BOOK,
        "transfers.csv": "account,from_csm,to_csm,date\nBirch,Mia,Noa,2026-05-15\n",
        "calendar.toml": "[fiscal_year]\nfirst_month = 7\n",
    }
    _, document = replayed(folder, capsys, GRR, **files)
    assert [period["label"] for period in document["periods"]] == ["FY26 Q3", "FY26 Q4", "FY27 Q1", "FY27 Q2"]
    paid = {(entry["csm"], entry["period"]): entry["paid"] for entry in document["statements"]}
    assert paid["Mia", 2] == 10_000
    assert paid["Noa", 2] == 0


def test_a_folder_without_deals_is_no_history(folder, capsys):
    (folder.path / "history").mkdir()
    plan = folder.write("plan.toml", GRR)
    arguments = [
        "replay",
        str(folder.path / "history"),
        "--plan",
        str(plan),
        "--start",
        "2026-01-01",
        "--periods",
        "1",
    ]
    assert command(arguments) == 2
    assert "must be a folder with deals.csv, received none in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Mia,Ash,2026-02-01,-5000,expansion", "row 2, column arr must be above 0, received -5,000.00"),
        ("Mia,Ash,2026-02-01,5000,contraction", "row 2, column arr must be below 0, received 5,000.00"),
        ("Mia,Ash,2026-02-01,0,credit", "row 2, column arr must be below 0"),
        ("Mia,Ash,2026-02-01,5000,upsell", "row 2, column kind must be"),
    ],
)
def test_signs_of_events_are_those_of_their_kind(folder, row, sentence):
    with pytest.raises(InputError, match=sentence.replace(".", r"\.")):
        read_events(folder.write("events.csv", f"csm,account,date,arr,kind\n{row}\n"))


def test_contracts_of_an_account_are_one_account_of_the_book(folder):
    opening = read_opening(folder.write("book.csv", BOOK))
    assert dict(zip(opening.account, opening.arr.tolist(), strict=True)) == {"Ash": 60_000, "Birch": 40_000}


@pytest.mark.parametrize(
    ("before", "booked", "longer"), [(12, 36, 1), (36, 36, 0), (12, 12, 0), ("", 24, 1), (36, "", 0)]
)
def test_terms_tell_whether_a_longer_one_was_signed(folder, before, booked, longer):
    row = f"Mia,Ash,60000,2026-08-20,2026-08-20,60000,{before},{booked}"
    deals = read_deals(folder.write("deals.csv", f"{HEADER},term_months,booked_term_months\n{row}\n"))
    assert deals.multi_year.tolist() == [longer]


def test_a_file_of_expansions_with_kinds_holds_what_events_hold(folder, capsys):
    """Beside a single file of deals, too; without the column nothing says what a negative amount is."""
    deals, plan = folder.write("deals.csv", DEALS), folder.write("plan.toml", GROWTH)
    rows = "Mia,Ash,2026-02-01,5000,expansion\nMia,Ash,2026-03-01,-1500,credit\n"
    grown = folder.write("grown.csv", f"csm,account,date,arr,kind\n{rows}")
    options = ["--plan", str(plan), "--start", "2026-01-01", "--periods", "4", "--json"]
    assert command(["replay", str(deals), "--expansions", str(grown), *options]) == 0
    paid = [entry["paid"] for entry in json.loads(capsys.readouterr().out)["statements"]]
    assert paid == pytest.approx([0.04 * 3_500, 0.0, 0.0, 0.0])
