"""Two people in one cell of the deals, and deals that are parts of an account."""

from datetime import date

import pytest

from sim.errors import InputError
from sim.files.book_events import read_opening
from sim.files.deals import read_deals
from sim.files.names import people_in
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
PLAN = 'name = "rate"\npay = { base_salary = 1 }\n[[component]]\npay_kind = "commission"\ncommission = { rate = 0.1 }\n'


class Deals(Folder):
    def replay(self, *deals, header=HEADER, book=""):
        rows = read_deals(self.write("deals.csv", "\n".join([header, *deals])))
        opening = read_opening(self.write("book.csv", book)) if book else None
        history = HistoryFiles(rows, BookEvents(opening))
        return replay(history, [load_plan(self.write("plan.toml", PLAN))], date(2026, 1, 1), 1)

    def notes(self, *deals, **more):
        return {each.kind: each.text for each in self.replay(*deals, **more).notes}


@pytest.fixture
def folder(tmp_path):
    return Deals(tmp_path)


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ida Berg;Tom Ek", ("Ida Berg", "Tom Ek")),
        ("Ida / Tom", ("Ida", "Tom")),
        ("Ida & Tom & Uwe", ("Ida", "Tom", "Uwe")),
        ("Ida Berg and Tom Ek", ("Ida Berg", "Tom Ek")),
        ("Ida Berg, Tom Ek", ("Ida Berg", "Tom Ek")),
        ("Berg, Ida", ()),
        ("Sandy Anders", ()),
        ("Ida Berg;", ()),
        ("Desk 3/4", ()),
    ],
)
def test_whom_a_cell_names(cell, people):
    assert people_in(cell) == people


def test_a_cell_with_two_people_is_told_or_refused(folder):
    """Alone it may be the name of a pod; beside a deal of one of the two it is not."""
    pair = "Ida / Tom,Rowan,5000,2026-02-10,2026-02-10,5000"
    assert folder.notes(pair)["several_owners"] == (
        "1 CSM whose name reads as several people ('Ida / Tom', row 2): settled as one. If they are several, give each a "
        "row with the whole deal, and their part of it in a column share."
    )
    with pytest.raises(InputError) as caught:
        folder.replay(pair, "tom,Sorbus,900,2026-03-10,,")
    (problem,) = caught.value.problems
    assert str(problem).replace(f"{folder.path}/", "") == (
        "deals.csv, row 2, column csm must be one person, received 'Ida / Tom'. 'Tom' is in these files by themselves: give "
        "each a row with the whole deal, and their part of it in a column share."
    )
    assert "several_owners" not in folder.notes("Ida Berg,Rowan,5000,2026-02-10,2026-02-10,5000")


def test_contracts_that_deals_name_are_not_guessed(folder):
    """Without ids a part of the account is taken for one of several contracts, and that is told."""
    book = "csm,account,arr\nida,Rowan,9000\n"
    deals = ["ida,Rowan,5000,2026-02-10,2026-02-10,5000", "ida,Rowan,4000,2026-03-10,,"]
    assert "part_of_account" in folder.notes(*deals, book=book)
    named = [f"{row},R-{place}" for place, row in enumerate(deals)]
    assert "part_of_account" not in folder.notes(*named, header=f"{HEADER},contract", book=book)
    assert "part_of_account" in folder.notes(f"{deals[0]},R-1", header=f"{HEADER},contract", book=book)
