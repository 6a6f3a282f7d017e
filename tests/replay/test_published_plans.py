"""Worked examples that companies publish beside their plans, settled from files of deals, to the cent."""

from datetime import date

import pytest

from sim.files.book_events import read_events, read_opening
from sim.files.deals import read_deals
from sim.fiscal_year import PeriodsFile
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.deals import PLANS
from tests.rig.inputs.folder import Folder

NOTICED = "csm,account,arr,due_date,booked_date,booked_arr,notice_date"
HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
START = date(2026, 1, 1)


@pytest.fixture
def paid(tmp_path):
    """What one CSM is paid in each period, to the cent."""
    folder = Folder(tmp_path)

    def settled(plan, deals, book, events, periods=4, months=3, header=HEADER):
        path = PLANS / "library" / f"{plan}.toml" if "\n" not in plan else folder.write("plan.toml", plan)
        history = read_deals(folder.write("deals.csv", "\n".join([header, *deals])))
        opening = read_opening(folder.write("book.csv", "\n".join(["csm,account,arr", *book])))
        grown = read_events(folder.write("events.csv", "\n".join(["csm,account,date,arr,kind", *events])))
        found = replay(
            HistoryFiles(history, BookEvents(opening, grown), periods=PeriodsFile(period_months=months)),
            [load_plan(path)],
            START,
            periods,
        )
        return [round(float(each), 2) for each in found.settled[0].settlement.paid[:, 0]]

    return settled


TAM = """name = "tam"
pay = { target_bonus = 25_000 }
[[component]]
measure = "net_growth"
quota = { kind = "fixed", amount = 200_000 }
"""


@pytest.mark.parametrize(
    ("events", "pay"),
    [
        (["kim,Tern,2026-02-01,200000,expansion"], 25_000.0),
        (["kim,Tern,2026-02-01,200000,expansion", "kim,Wren,2026-03-01,-100000,contraction"], 12_500.0),
        (["kim,Tern,2026-02-01,400000,expansion"], 50_000.0),
        (["kim,Wren,2026-03-01,-100000,contraction", "kim,Tern,2026-02-01,60000,expansion"], 0.0),
    ],
)
def test_a_book_of_700k_that_is_to_grow_by_200k(paid, events, pay):
    """PostHog handbook, Technical Account Managers: attainment of a quota of usage added, what is reduced counted against
    it, on a sliding scale: all of it for 100 %, twice as much for 200 %, nothing for nothing.
    """
    book, deals = ["kim,Tern,400000", "kim,Wren,300000"], ["kim,Wren,200000,2026-12-01,2026-12-01,200000"]
    assert paid(TAM, deals, book, events)[0] == pay


def test_a_renewal_signed_before_its_quarter_is_earned_when_signed(paid):
    """FlowFuse handbook, When Transactions are Credited: signed in the fourth quarter for a contract that starts in the
    first, it is earned in the fourth. Growth of 7.5 % of the book, against 100 % and a goal of 115 %: half of the target. A
    loss counts when notice of it is given: 20K of 160K in the second quarter, in which 35K are signed.
    """
    plan = load_plan(PLANS / "library" / "flowfuse.toml")
    assert plan.pay.target_bonus == 10_000
    deals = ["kim,Tern,200000,2027-01-20,2026-12-03,215000,"]
    book, late = ["kim,Tern,200000"], ["kim,Tern,2026-12-30,0.01,expansion"]
    assert paid("flowfuse", deals, book, late, header=NOTICED) == [0.0, 0.0, 0.0, 5_000.0]
    deals = ["kim,Tern,175000,2027-01-20,2027-01-20,175000,", "kim,Wren,20000,2026-08-01,,,2026-05-11"]
    book, grown = ["kim,Tern,140000", "kim,Wren,20000"], ["kim,Tern,2026-06-01,35000,expansion"]
    assert paid("flowfuse", deals, book, grown, header=NOTICED) == [0.0, 6_250.0, 0.0, 0.0]


def test_a_month_of_losses_is_netted_and_never_deducted(paid):
    """Sourcegraph handbook, Sales Overlay: one rate on all contract value booked or lost in a month; a month below nothing
    pays nothing, and is netted against what follows. At 2 %: 2,400; -1,000; 600 - 1,000; 1,400 - 400.
    """
    events = [
        "kim,Fresh,2026-01-12,120000,new",
        "kim,Wren,2026-02-09,-50000,cancellation",
        "kim,Tern,2026-03-02,30000,expansion",
        "kim,Tern,2026-04-20,70000,expansion",
    ]
    book = ["kim,Tern,90000", "kim,Wren,50000"]
    deals = ["kim,Tern,190000,2026-12-31,2026-12-31,190000"]
    pay = paid("sourcegraph-overlay", deals, book, events, periods=12, months=1)
    assert pay[:5] == [2_400.0, 0.0, 0.0, 1_000.0, 0.0]


@pytest.mark.parametrize(("booked", "pay"), [(600_000, 60_000.0), (750_000, 90_000.0)])
def test_contract_value_above_the_years_quota_is_paid_twice_as_much(paid, booked, pay):
    """Sourcegraph handbook, Account Executives: the base rate is OTI over quota; above it, twice that rate."""
    growth = booked - 100_000
    events = [f"kim,Tern,2026-05-01,{growth},expansion"]
    deals = [f"kim,Tern,{90_000 + growth},2026-12-01,2026-12-01,{190_000 + growth}"]
    assert sum(paid("sourcegraph-ae-growth", deals, ["kim,Tern,90000"], events)) == pay
