"""Files of one replay held against each other: contradictions by row, legitimate files let be, the rest counted."""

from datetime import date

import pytest

from sim.cli import command
from sim.errors import InputError
from sim.files.book_events import read_expansions, read_opening
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
PLAN = """\
name = "linear"
[pay]
target_bonus = 12_000
[[component]]
quota = { kind = "retention", rate = 1.0 }
"""
CAPPED = PLAN.replace("rate = 1.0 }", "rate = 1.0 }\ncrediting = { early_cap = 0.4 }")


class ReplayFolder(Folder):
    def replay(self, *deals, book=(), expansions=(), plan=PLAN, periods=4):
        history = read_deals(self.write("deals.csv", "\n".join([HEADER, *deals])))
        book_events = BookEvents(
            read_opening(self.write("book.csv", "\n".join(["csm,account,arr", *book]))) if book else None,
            read_expansions(self.write("grown.csv", "\n".join(["csm,account,date,arr", *expansions])))
            if expansions
            else None,
        )
        plans = [load_plan(self.write("plan.toml", plan))]
        return replay(HistoryFiles(history, book_events), plans, date(2026, 1, 1), periods)

    def refused(self, *deals, **files):
        with pytest.raises(InputError) as caught:
            self.replay(*deals, **files)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]

    def notes(self, *deals, **files):
        return {note.kind: (note.count, note.text) for note in self.replay(*deals, **files).notes}


@pytest.fixture
def folder(tmp_path):
    return ReplayFolder(tmp_path)


KESTREL = "ida,Kestrel,70000,2026-05-31,2026-05-20,70000"


def test_files_that_agree_are_settled_without_a_note(folder):
    """On the last day 70 + 15 are in force; the second deal is lost in full, the first came back late."""
    book = ["ida,Kestrel,70000", "ida,Lark,40000"]
    grown = ["ida,Lark,2026-04-02,15000", "ida,Kestrel,2026-07-01,5000"]
    deals = [KESTREL, "ida,Lark,55000,2026-08-31,,", "ida,Merlin,9000,2025-12-20,2026-02-01,9000"]
    assert folder.notes(*deals, book=book, expansions=grown) == {}


def test_deals_and_expansions_of_accounts_in_no_book(folder):
    """All at once, with what was likely meant; what lies outside the horizon need not be in its first day's book."""
    book = ["ida,Kestrel,70000", "jon,Lark,40000"]
    deals = [
        KESTREL,
        "ida,Kestrl,30000,2026-06-30,,",
        "ida,Lark,40000,2026-07-31,,",
        "jon,Lark,40000,2026-07-31,2026-07-31,40000",
        "ida,Gone,20000,2025-10-31,,",
    ]
    assert folder.refused(*deals, book=book, expansions=["ida,Osprey,2026-03-01,1000"]) == [
        (
            "deals.csv, row 3, column account must be an account of 'ida' in book.csv, received 'Kestrl'. "
            "Did you mean 'Kestrel'?"
        ),
        (
            "deals.csv, row 4, column account must be an account of 'ida' in book.csv, received 'Lark'. "
            "Row 3 of it has the account in the book of 'jon'. If it changed hands, --transfers says when."
        ),
        (
            "grown.csv, row 2, column account must be an account of 'ida' in book.csv, received 'Osprey'. "
            "Add it to the book, or correct the name; of one who came later, events.csv has a row of kind new."
        ),
    ]


def test_an_account_in_two_books(folder):
    book = ["ida,Kestrel,70000", "jon,Kestrel,70000"]
    deals = [KESTREL, "jon,Lark,1,2026-05-05,,"]
    assert folder.refused(*deals, book=book)[0] == (
        "book.csv, row 3, column account must be in one book, received 'Kestrel'. Row 2 has it in the book of 'ida'."
    )


def test_more_due_than_is_in_force(folder):
    assert folder.refused(KESTREL, book=["ida,Kestrel,64000"]) == [
        (
            "deals.csv, row 2, column arr must be at most 64,000, what the account has in force on its due date, "
            "received 70,000. Give --expansions, or correct it."
        )
    ]
    again = "ida,Kestrel,70000,2026-11-30,2026-11-30,70000"
    lost = KESTREL.replace("2026-05-20,70000", ",")
    assert folder.refused(lost, again, book=["ida,Kestrel,70000"], expansions=["ida,Kestrel,2026-12-30,1"])[
        0
    ] == (
        "deals.csv, row 3, column arr must be at most 0, what the account has in force on its due date, "
        "received 70,000. Row 2 lost it. Correct one of the files."
    )


def test_a_deal_of_before_its_growth(folder):
    """70 in the book and 20 grown since: 90 are in force, and 70 said to be due. With the rest in a contract of its own,
    or as part of a larger account, the same 70 are right."""
    grown = ["ida,Kestrel,2026-03-10,20000"]
    assert folder.refused(KESTREL, book=["ida,Kestrel,70000"], expansions=grown) == [
        (
            "deals.csv, row 2, column arr must be 90,000, what the account has in force on its due date, "
            "received 70,000. 20,000 of it are expansions that this leaves out: write all that renews, or add a row for "
            "the contract that holds the rest."
        )
    ]
    other = "ida,Kestrel,20000,2028-03-10,,"
    assert "part_of_account" in folder.notes(KESTREL, other, book=["ida,Kestrel,70000"], expansions=grown)
    assert folder.notes(KESTREL, book=["ida,Kestrel,370000"], expansions=grown)["part_of_account"][0] == 1
    later = ["ida,Kestrel,2026-05-25,20000"]  # after it was signed
    assert set(folder.notes(KESTREL, book=["ida,Kestrel,70000"], expansions=later)) == {"part_of_account"}


def test_amounts_rounded_to_dollars_agree(folder):
    assert folder.notes(KESTREL, book=["ida,Kestrel,69999.6"]) == {}


def test_growth_of_what_is_known_to_nobody_or_lost(folder):
    lost = "ida,Kestrel,70000,2026-02-28,,"
    grown = ["ida,Kestrel,2026-03-10,500", "ida,Kestrel,2026-03-10,500", "ida,Lark,2026-03-11,500"]
    sentences = folder.refused(lost, expansions=grown)
    assert sentences[1] == (
        "grown.csv, row 3, columns csm, account, date and arr must be different from every other row, "
        "received 'Kestrel', 2026-03-10, 500. It repeats row 2; if both are real, give each its id in a column booking."
    )
    assert sentences[0] == (
        "grown.csv, row 2, column date must be before 'Kestrel' was lost, received 2026-03-10. "
        "deals.csv, row 2, says that it renewed nothing."
    )
    assert sentences[-1] == (
        "grown.csv, row 4, column account must be an account of 'ida' in deals.csv, received 'Lark'. "
        "Add its renewal there, whenever it is due, or give --book."
    )
    other = "ida,Kestrel,10000,2026-09-30,2026-09-30,10000"  # a second contract goes on
    assert folder.replay(lost, other, expansions=grown[:1]).notes == ()
    found = folder.refused(lost, book=["ida,Kestrel,70000"], expansions=grown[:1])
    assert ["before 'Kestrel' was lost" in each for each in found] == [True]


def test_one_name_in_several_spellings_across_files(folder):
    """The sentences about spelling come alone: what follows from it would be noise."""
    deals = [KESTREL, "IDA,Lark,40000,2026-05-31,,"]
    book = ["ida,KESTREL,70000", "ida,Lark,40000"]
    assert [sentence.split(" must")[0] for sentence in folder.refused(*deals, book=book)] == [
        "deals.csv, row 3, column csm",
        "deals.csv, row 2, column account",
    ]


def test_nothing_in_the_horizon_is_refused_and_some_outside_is_counted(folder):
    assert folder.refused(KESTREL.replace("2026", "2024"), KESTREL.replace("2026", "2023")) == [
        (
            "deals.csv must be deals of which some touch the horizon, 2026-01-01 up to 2027-01-01, received 0 of 2. "
            "Row 2 is the nearest, due 2024-05-31. Check --start and --periods."
        )
    ]
    typed = KESTREL.replace("2026-05-31,2026-05-20,70000", "2062-05-31,,")
    assert folder.notes(KESTREL, typed) == {
        "outside_horizon": (
            1,
            "1 of 2 deals (row 3; 70,000 usd of ARR) does not touch the horizon and is not counted.",
        )
    }


def test_deals_before_the_horizon_matter_under_a_cap_on_what_was_due(folder):
    """Booked in December for February: granted then, up to 40 % of what was due then. With 300 due then the 70 are
    granted before the horizon and credited there; without them nothing is granted, and all waits for its due quarter."""
    early = "ida,Kestrel,70000,2026-02-28,2025-12-10,70000"
    before = "ida,Lark,300000,2025-11-30,2025-11-30,300000"
    alone, beside = (
        folder.replay(*rows, plan=CAPPED).settled[0].statement.renewed_early[:, 0].sum()
        for rows in ([early], [early, before])
    )
    assert (alone, beside) == (70_000.0, 0.0)
    found = folder.notes(early, before, plan=CAPPED)
    assert found["outside_horizon"][1].endswith(", except as ARR due under the early cap of linear.")
    assert found["cap_before_horizon"][0] == 1
    assert "1 deal due before the horizon" in found["cap_before_horizon"][1]


def test_closed_at_zero_is_lost(folder):
    closed = KESTREL.replace("2026-05-20,70000", "2026-05-20,0")
    lost = KESTREL.replace("2026-05-20,70000", ",")
    kept = "ida,Lark,40000,2026-04-30,2026-04-30,40000"
    plan = PLAN + '[[component]]\nname = "count"\npay_kind = "commission"\nmeasure = "renewal_count"\n'
    plan += "commission = { per_event = 50 }\n"
    one, other = (folder.replay(row, kept, plan=plan) for row in (closed, lost))
    assert one.settled[0].settlement.component["count"].pay[:, 0].tolist() == [0.0, 50.0, 0.0, 0.0]
    assert (one.settled[0].statement.bonus == other.settled[0].statement.bonus).all()
    assert [note.text for note in one.notes] == ["1 deal booked at 0 usd (row 2): taken as lost."]


def test_the_same_deal_in_full_under_two_people_is_told(folder):
    found = folder.notes(KESTREL, KESTREL.replace("ida", "jon"))
    assert found["credited_twice"][0] == 1
    assert folder.notes(KESTREL, KESTREL.replace("ida", "jon").replace("70000", "20000")) == {}


def test_problems_of_all_files_come_at_once(folder, capsys):
    deals = folder.write("deals.csv", f"{HEADER}\nida,Kestrel,x,2026-05-31,,\n")
    book = folder.write("book.csv", "csm,account,arr\nida,Kestrel,-1\n")
    plan = folder.write("plan.toml", PLAN.replace("12_000", "-1"))
    arguments = ["replay", str(deals), "--plan", str(plan), "--book", str(book)]
    assert command([*arguments, "--start", "2026-01-01", "--periods", "4"]) == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("deals.csv, row 2", "book.csv, row 2", "plan.toml: pay"))
