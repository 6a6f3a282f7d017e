"""A history as it was known on a day, and the book of that day."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.files.all_at_once import AllAtOnce
from sim.replay.as_of import as_of
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.open_contracts import day_book
from sim.replay.simulated import write_simulated
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.inputs.folder import Folder
from tests.rig.inputs.small_study import SCENARIO

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
BOOK = "csm,account,arr\nMia,Ash,60000\nMia,Birch,30000\nMia,Cedar,20000\nNoa,Dune,10000\n"
EVENTS = """csm,account,date,arr,kind
Mia,Ash,2024-05-01,5000,expansion
Mia,Ash,2025-02-01,7000,expansion
Noa,Elm,2024-06-15,8000,new
"""
DEALS = f"""{HEADER}
Mia,Ash,65000,2024-08-20,2024-08-10,66000
Mia,Ash,73000,2025-08-20,2025-08-20,80000
Mia,Birch,30000,2024-12-10,2025-01-20,31000
Mia,Birch,31000,2025-12-10,,
Mia,Cedar,20000,2025-01-15,2024-12-20,22000
Mia,Cedar,22000,2026-01-15,,
Noa,Dune,10000,2024-11-30,,
Noa,Elm,8000,2025-06-15,2025-06-01,9000
Noa,Fir,4000,2025-11-01,2025-10-01,5000
"""
NEW_YEAR = date(2025, 1, 1)


def history_of(path: Path, **files):
    (path / "history").mkdir(exist_ok=True)
    folder = Folder(path / "history")
    for name, text in {"deals": DEALS, "book": BOOK, "events": EVENTS, **files}.items():
        folder.write(f"{name}.csv", text)
    return read_folder(folder.path)


def read_folder(path: Path):
    read = AllAtOnce()
    whole = read_history(path, dict.fromkeys(FOLDER_FILES), read)
    read.check()
    return whole()


def told(history):
    deals = history.deals
    return [
        (account, str(due), str(booked), arr, got)
        for account, due, booked, arr, got in zip(
            deals.account,
            deals.due_date,
            deals.credit_date["booking"],
            deals.arr.tolist(),
            deals.booked_arr.tolist(),
            strict=True,
        )
    ]


def test_what_is_booked_later_is_open_and_what_it_signs_is_not_there(tmp_path):
    assert told(as_of(history_of(tmp_path), NEW_YEAR)) == [
        ("Ash", "2024-08-20", "2024-08-10", 65_000.0, 66_000.0),
        ("Ash", "2025-08-20", "NaT", 66_000.0, 0.0),  # 73,000 when due: 7,000 of it grow in February
        (
            "Birch",
            "2024-12-10",
            "NaT",
            30_000.0,
            0.0,
        ),  # booked on the 20th of January, and so is its next contract
        ("Cedar", "2025-01-15", "2024-12-20", 20_000.0, 22_000.0),
        ("Cedar", "2026-01-15", "NaT", 22_000.0, 0.0),
        ("Dune", "2024-11-30", "NaT", 10_000.0, 0.0),
        ("Elm", "2025-06-15", "NaT", 8_000.0, 0.0),
        ("Fir", "2025-11-01", "NaT", 4_000.0, 0.0),  # nobody knows when it began: a year before
    ]


def test_a_contract_is_not_known_before_its_customer_or_its_term_begins(tmp_path):
    early = as_of(history_of(tmp_path), date(2024, 6, 1))
    assert [each[0] for each in told(early)] == ["Ash", "Birch", "Cedar", "Dune"]
    terms = (
        DEALS.replace("booked_arr\n", "booked_arr,term_months\n")
        .replace("\n", ",24\n")
        .replace("months,24", "months")
    )
    dated = as_of(history_of(tmp_path, deals=terms), date(2024, 6, 1))
    assert "Fir" in [each[0] for each in told(dated)]


def test_events_transfers_people_and_readings_of_later_days_are_gone(tmp_path):
    known = as_of(
        history_of(
            tmp_path,
            kpis="csm,date,kpi,value\nMia,2024-12-31,health,70\nMia,2025-03-31,health,40\n",
            people="csm,from,until\nMia,,2025-05-31\nNoa,2024-02-01,\nPia,2025-06-01,\n",
            transfers="account,from_csm,to_csm,date\nCedar,Noa,Mia,2024-12-31\nAsh,Mia,Noa,2025-01-01\n",
        ),
        NEW_YEAR,
    )
    expansions, readings = known.book_events.expansions, known.book_events.readings
    assert expansions.account == ("Ash",)
    assert expansions.newcomers.account == ("Elm",)
    assert readings.value.tolist() == [70.0]
    assert known.people.csm == ("Mia", "Noa")
    assert np.isnat(known.people.last).all()
    assert known.transfers.account == ("Cedar",)
    assert as_of(known, NEW_YEAR).deals.csm == known.deals.csm


def test_the_book_of_a_day_has_what_is_due_next(tmp_path):
    book = day_book(as_of(history_of(tmp_path), NEW_YEAR), NEW_YEAR)
    assert {(each.csm, each.account, str(each.due), each.arr, each.in_force) for each in book.contracts} == {
        ("Mia", "Ash", "2025-08-20", 66_000.0, 66_000.0),
        ("Mia", "Birch", "2024-12-10", 30_000.0, 30_000.0),
        (
            "Mia",
            "Cedar",
            "2026-01-15",
            22_000.0,
            20_000.0,
        ),  # renewed early: the old contract runs until the 15th
        ("Noa", "Dune", "2024-11-30", 10_000.0, 10_000.0),
        ("Noa", "Elm", "2025-06-15", 8_000.0, 8_000.0),
        ("Noa", "Fir", "2025-11-01", 4_000.0, 4_000.0),
    }
    opening = book.opening
    assert dict(zip(opening.account, opening.arr.tolist(), strict=True))["Cedar"] == 20_000.0


def test_a_renewal_whose_next_deal_no_file_has_is_due_a_term_later(tmp_path):
    deals = f"{HEADER},booked_term_months\nMia,Ash,65000,2024-08-31,2024-08-10,66000,18\n"
    known = as_of(history_of(tmp_path, deals=deals, events=EVENTS.replace("Noa,Elm", "Mia,Ash")), NEW_YEAR)
    book = day_book(known, NEW_YEAR)
    assert [(str(each.due), each.told) for each in book.contracts] == [("2026-02-28", False)]
    assert book.undated == 3


def test_growth_before_the_day_of_the_book_is_in_it(tmp_path):
    """The book is of July: Ash has its 5,000 of May in it, and nobody has to say so."""
    book = BOOK.replace("60000", "65000")
    events = EVENTS + "Mia,Cedar,2024-03-01,1000,expansion\n"
    known = as_of(history_of(tmp_path, book=book, events=events), date(2024, 9, 1))
    assert {each[0]: each[3] for each in told(known)}["Cedar"] == pytest.approx(20_000.0)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Of terms of 6 to 24 months, late bookings, growth and customers who come back."""
    path = tmp_path_factory.mktemp("scenario") / "scenario.toml"
    more = 'win_back = [{ days = [95, 260], probability = 0.3 }]\nterm_months = { "6" = 0.3, "12" = 0.5, "24" = 0.2 }\n'
    path.write_text(SCENARIO.replace("csms = 2\n", f"csms = 2\n{more}"))
    return World(load_scenario(path), 5)


@pytest.mark.jit
@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("months", [3, 4, 5])
def test_a_simulated_history_is_known_as_it_was_written_on_that_day(tmp_path, world, number, months):
    day = world.calendar.start + timedelta(days=30 * months + 7)
    found = []
    for name, until in (("whole", None), ("then", day - timedelta(days=1))):
        (tmp_path / name).mkdir()
        write_simulated(world, number, tmp_path / name, as_of=until)
        found.append(read_folder(tmp_path / name))
    whole, then = as_of(found[0], day), found[1]
    for one, other in zip(sorted(told(whole)), sorted(told(then)), strict=True):
        assert one[:3] == other[:3]
        assert one[3:] == pytest.approx(other[3:])
    assert whole.book_events.expansions.date.tolist() == then.book_events.expansions.date.tolist()
    assert told(whole) != told(found[0])


@pytest.mark.parametrize("seed", range(40))
def test_nothing_that_happens_later_changes_what_was_known(tmp_path, seed):
    """Every outcome, event and transfer from the day on is drawn anew; what was known stays as it was, to the last bit."""
    one, other = made(seed, 100 + seed), made(seed, 200 + seed)
    found = [as_of(history_of(tmp_path, **files), NEW_YEAR) for files in (one, other)]
    assert one["deals"] != other["deals"]
    assert told(found[0]) == told(found[1])
    assert found[0].deals.csm == found[1].deals.csm
    assert day_book(found[0], NEW_YEAR) == day_book(found[1], NEW_YEAR)


def made(before_seed, later_seed):
    """A history of annual contracts that agrees with itself: outcomes before the day by one seed, from it on by another."""
    deals, events, book = [HEADER], ["csm,account,date,arr,kind"], ["csm,account,arr"]
    transfers = ["account,from_csm,to_csm,date"]
    for number in range(12):
        before, later = (np.random.default_rng((each, number)) for each in (before_seed, later_seed))
        account, arr = f"account-{number:02d}", float(before.integers(10, 90)) * 1_000.0
        due = date(2024, int(before.integers(1, 13)), int(before.integers(1, 29)))
        book.append(f"Mia,{account},{arr}")
        begun = date(2023, 12, 31)
        while due < date(2026, 7, 1):
            for days in range(1, 365, 30):
                day = due + timedelta(days=days - 365)
                draw = before if day < NEW_YEAR else later
                if begun < day and draw.random() < 0.15:
                    grown = float(draw.integers(1, 9)) * 500.0
                    arr += grown
                    events.append(f"Mia,{account},{day},{grown},expansion")
            booked = due + timedelta(days=int(before.integers(-60, 31)))
            draw = before if booked < NEW_YEAR else later
            if booked >= NEW_YEAR:
                booked = max(NEW_YEAR, due + timedelta(days=int(later.integers(-60, 31))))
            row = f"Mia,{account},{arr},{due}"
            if draw.random() < 0.2 and (due < NEW_YEAR or booked >= NEW_YEAR):
                deals.append(f"{row},,")
                break
            arr = float(draw.integers(10, 90)) * 1_000.0
            deals.append(f"{row},{booked},{arr}")
            begun, due = max(due, booked), due.replace(year=due.year + 1)
        if later.random() < 0.2:
            moved = date(2025, 1, 1 + number)
            transfers.append(f"{account},Mia,{'Noa' if later.random() < 0.5 else 'Ole'},{moved}")
    files = {"deals": deals, "events": events, "book": book, "transfers": transfers}
    return {name: "\n".join(lines) + "\n" for name, lines in files.items() if len(lines) > 1}
