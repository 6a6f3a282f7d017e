"""Accounts that change hands, deals that are shared, and accounts of several contracts."""

from datetime import date
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.engine.territories import add_activities
from sim.errors import InputError
from sim.files.book_events import read_expansions, read_opening
from sim.files.deals import read_deals
from sim.files.transfers import read_transfers
from sim.plan.plan import Plan, load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.holders import holders_of
from sim.replay.replay import histories, replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

START = date(2026, 1, 1)
GRR = """name = "grr"
[pay]
target_bonus = 8_000
[[component]]
measure = "grr"
quota = { kind = "target", floor = 0.0, target = 1.0 }
"""
RENEWALS = """name = "renewals"
[pay]
base_salary = 60_000
[[component]]
pay_kind = "commission"
commission = { rate = 0.05 }
"""
HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
BOOK = "csm,account,arr\nMia,Ash,60000\nMia,Birch,40000\nNoa,Cedar,60000\n"
DEALS = f"{HEADER}\nNoa,Birch,40000,2026-08-20,,\nNoa,Cedar,60000,2026-09-10,2026-09-10,60000\n"
MOVED = "account,from_csm,to_csm,date\nBirch,Mia,Noa,2026-05-15\n"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def paid(folder, plan, deals, book=None, moved=None):
    transfers = None if moved is None else read_transfers(folder.write("transfers.csv", moved))
    events = BookEvents(None if book is None else read_opening(folder.write("book.csv", book)))
    plans = [load_plan(folder.write("plan.toml", plan))]
    found = replay(
        HistoryFiles(read_deals(folder.write("deals.csv", deals)), events, transfers=transfers),
        plans,
        START,
        4,
    )
    return {each.csm: each.settlement.paid[:, 0].round(6).tolist() for each in found.settled}, found


def test_an_account_counts_with_whoever_holds_it_when_the_window_ends(folder):
    """Noa holds 60K and, from May on, 40K, of which she loses 40K in the third quarter: she keeps 60 %."""
    pay, found = paid(folder, GRR, DEALS, BOOK, MOVED)
    assert pay == {"Noa": [8_000, 8_000, 4_800, 8_000], "Mia": [8_000, 8_000, 8_000, 8_000]}
    assert [note.kind for note in found.notes] == ["transferred"]


def test_who_gave_all_away_and_who_got_all(folder):
    """Nothing is left with Mia to be retained, and Lou has no deal and no account on the first day."""
    moved = MOVED + "Ash,Mia,Lou,2026-04-01\n"
    pay, _ = paid(folder, GRR, DEALS, BOOK, moved)
    assert set(pay) == {"Mia", "Noa", "Lou"}
    assert pay["Lou"] == [8_000] * 4


def test_an_account_may_change_hands_and_come_back(folder):
    back = "Birch,Noa,Mia,2026-08-01\n"
    deals = DEALS.replace("Noa,Birch", "Mia,Birch")
    pay, _ = paid(folder, GRR, deals, BOOK, MOVED + back)
    assert pay["Noa"] == [8_000] * 4
    assert pay["Mia"] == [8_000, 8_000, 4_800, 8_000]  # 60K of her 100K


@pytest.mark.parametrize(
    ("moved", "deals", "sentence"),
    [
        (
            "account,from_csm,to_csm,date\nBirch,Noa,Mia,2026-05-15\n",
            DEALS.replace("Noa,Birch", "Mia,Birch"),
            "transfers.csv, row 2, column from_csm must be 'Mia', received 'Noa'",
        ),
        (
            "account,from_csm,to_csm,date\nBrich,Mia,Noa,2026-05-15\n",
            DEALS,
            "row 2, column account must be an account of the deals or the book, received 'Brich'. Did you mean 'Birch'",
        ),
        (
            MOVED,
            DEALS.replace("Noa,Birch", "Mia,Birch"),
            "deals.csv, row 2, column csm must be 'Noa', received 'Mia'",
        ),
        (
            "account,from_csm,to_csm,date\nBirch,Mia,Mia,2026-05-15\n",
            DEALS,
            "row 2, column to_csm must be somebody else than from_csm",
        ),
        (MOVED + "Birch,Noa,Mia,2026-05-15\n", DEALS, "row 3"),
    ],
)
def test_transfers_that_contradict_something_are_refused(folder, moved, deals, sentence):
    with pytest.raises(InputError) as error:
        paid(folder, GRR, deals, BOOK, moved)
    assert sentence in str(error.value)


def test_those_who_share_a_deal_are_paid_their_share_of_it(folder):
    whole = "Ash,80000,2026-02-10,2026-02-10,90000"
    deals = f"{HEADER},share\nMia,{whole},0.75\nNoa,{whole},0.25\n"
    pay, found = paid(folder, RENEWALS, deals)
    assert pay == {"Mia": [3_375, 0, 0, 0], "Noa": [1_125, 0, 0, 0]}  # 5 % of 90K together
    assert [note.kind for note in found.notes] == ["shared"]


def test_a_shared_account_is_retained_by_each_who_shares_it(folder):
    """Of Ash, 60K and lost, each has a half: Mia keeps 40K of 70K."""
    deals = f"{HEADER},share\nMia,Ash,60000,2026-02-10,,,0.5\nNoa,Ash,60000,2026-02-10,,,0.5\n"
    pay, _ = paid(folder, GRR, deals, BOOK)
    assert pay["Mia"][0] == round(8_000 * 40 / 70, 6)
    noa = sum(int(row.split(",")[2]) for row in BOOK.splitlines() if row.startswith("Noa"))
    assert pay["Noa"][0] == round(8_000 * noa / (noa + 30_000), 6)
    assert pay["Noa"][1:] == [8_000] * 3


TWICE = f"""\
{HEADER},share
Ann,Fir,120000,2026-03-31,2026-03-31,120000,0.5
Ben,Fir,120000,2026-03-31,2026-03-31,120000,0.5
Ann,Fir,120000,2026-09-30,,,0.25
Ben,Fir,120000,2026-09-30,,,0.75
"""
BOTH = "csm,account,arr\nAnn,Fir,120000\nAnn,Oak,80000\nBen,Elm,100000\n"


def test_shares_that_change_in_the_year_count_at_their_mean_by_days(folder):
    """Ann has a half of Fir for 90 days of 365 and a quarter for the rest: 31.16 % of it over the year, Ben 68.84 %. Of the
    third quarter alone she has a quarter, and of the company each dollar is held once.
    """
    pay, _ = paid(folder, GRR, TWICE, BOTH)
    assert pay["Ann"][2] == round(8_000 * 80 / (80 + 30), 6)
    assert pay["Ben"][2] == round(8_000 * 100 / (100 + 90), 6)
    to_date = GRR.replace('measure = "grr"', 'measure = "grr"\nmeasurement = "year_to_date"')
    ann, ben = (120_000 * (90 * part + 275 * later) / 365 for part, later in ((0.5, 0.25), (0.5, 0.75)))
    assert ann + ben == pytest.approx(120_000)
    pay, _ = paid(folder, to_date, TWICE, BOTH)
    whole = 4 * 8_000
    assert sum(pay["Ann"]) == pytest.approx(whole * 80_000 / (80_000 + ann), abs=0.02)
    assert sum(pay["Ben"]) == pytest.approx(whole * 100_000 / (100_000 + ben), abs=0.02)


def test_each_contract_of_a_shared_account_counts_by_its_arr(folder):
    """Of 90K and 30K Ann has a third and all: half of the account, of which the larger contract is lost."""
    deals = (
        f"{HEADER},share,contract\nAnn,Fir,90000,2026-08-31,,,0.3333333333,F-1\nBen,Fir,90000,2026-08-31,,,0.6666666667,F-1\n"
        "Ann,Fir,30000,2026-08-31,2026-08-31,30000,1,F-2\n"
    )
    pay, _ = paid(folder, GRR, deals, BOTH)
    assert pay["Ann"][2] == pytest.approx(8_000 * (80 + 15) / (80 + 60), abs=0.01)
    assert pay["Ben"][2] == pytest.approx(8_000 * (100 + 15) / (100 + 60), abs=0.01)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            ["Mia,Ash,80000,2026-02-10,,,0.75", "Noa,Ash,80000,2026-02-10,,,0.5"],
            "sum to 1; those of rows 2, 3 to 1.25",
        ),
        (["Mia,Ash,80000,2026-02-10,,,0.75"], "sum to 1; those of rows 2 to 0.75"),
        (
            ["Mia,Ash,80000,2026-02-10,,,0.5", "Noa,Ash,40000,2026-02-10,,,0.5"],
            "column arr must be 80,000.00",
        ),
        (["Mia,Ash,80000,2026-02-10,,,50"], "column share must be"),
    ],
)
def test_shares_that_are_none_are_refused(folder, rows, sentence):
    with pytest.raises(InputError) as error:
        read_deals(folder.write("deals.csv", "\n".join([f"{HEADER},share", *rows])))
    assert sentence in str(error.value)


def test_an_account_may_have_several_contracts_due_on_one_day(folder):
    rows = "Mia,Ash,80000,2026-02-10,2026-02-10,80000,A-1\nMia,Ash,20000,2026-02-10,,,A-2\n"
    pay, _ = paid(folder, RENEWALS, f"{HEADER},contract\n{rows}")
    assert pay == {"Mia": [4_000, 0, 0, 0]}
    with pytest.raises(InputError, match="contract"):
        paid(folder, RENEWALS, f"{HEADER},contract\n{rows.replace('A-2', 'A-1')}")


@given(
    outcomes=st.lists(
        st.tuples(st.integers(0, 360), st.integers(-40, 40), st.sampled_from([0, 60, 100, 130])),
        min_size=3,
        max_size=5,
    ),
    moved=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 360), st.integers(0, 2)), max_size=5),
)
def test_a_company_keeps_the_same_whoever_holds_what(tmp_path_factory, outcomes, moved):
    """Sums of all cohorts do not depend on transfers: every account is in one book at the end of every window."""
    folder = Folder(tmp_path_factory.mktemp("moved"))
    csms, accounts = ["Mia", "Noa", "Lou"], [f"A{index}" for index in range(len(outcomes))]
    holder = dict.fromkeys(accounts, "Mia")
    rows = ["account,from_csm,to_csm,date"]
    for place, day, to in sorted(moved, key=lambda each: each[1]):
        name, when = accounts[place % len(accounts)], np.datetime64(START) + day
        if holder[name] != csms[to] and not any(
            row.startswith(name) and row.endswith(str(when)) for row in rows
        ):
            rows.append(f"{name},{holder[name]},{csms[to]},{when}")
            holder[name] = csms[to]
    lines = [HEADER]
    for name, (due, late, kept) in zip(accounts, outcomes, strict=True):
        when = np.datetime64(START) + due
        booked = f"{when + late},{1000 * kept}" if kept else ","
        lines.append(f"Mia,{name},100000,{when},{booked}")
    deals = read_deals(folder.write("deals.csv", "\n".join(lines)))
    opening = read_opening(
        folder.write("book.csv", "\n".join(["csm,account,arr", *(f"Mia,{name},100000" for name in accounts)]))
    )
    transfers = read_transfers(folder.write("t.csv", "\n".join(rows))) if len(rows) > 1 else None
    plans, calendar = [Plan.from_toml(GRR)], Calendar(START, 4, 1, 1)
    events = BookEvents(opening)
    apart, together = (
        reduce(add_activities, histories(deals, calendar, plans, events, each.csms, holders=each).values())
        for each in (holders_of(deals, events, by, START) for by in (transfers, None))
    )
    np.testing.assert_allclose(apart.opening, together.opening)
    for terms, cohort in together.cohort.items():
        np.testing.assert_allclose(np.array(apart.cohort[terms]), np.array(cohort))
    assert together.opening[0, 0] > 0.0


def test_growth_of_an_account_that_moved_belongs_to_its_retention(folder):
    """Birch grows by 10K with Mia and goes to Noa: in the third quarter she starts with 60 + 50 and keeps 60."""
    expansions = read_expansions(
        folder.write("growth.csv", "csm,account,date,arr\nMia,Birch,2026-02-01,10000\n")
    )
    deals = read_deals(folder.write("deals.csv", DEALS.replace("Birch,40000", "Birch,50000")))
    events = BookEvents(read_opening(folder.write("book.csv", BOOK)), expansions)
    transfers = read_transfers(folder.write("transfers.csv", MOVED))
    found = replay(HistoryFiles(deals, events, transfers=transfers), [Plan.from_toml(GRR)], START, 4)
    noa = next(each for each in found.settled if each.csm == "Noa")
    assert noa.settlement.paid[2, 0] == pytest.approx(8_000 * 60 / 110)
