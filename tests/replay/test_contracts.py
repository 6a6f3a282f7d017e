"""Several contracts of an account: retention by account or by contract, and whose pay comes back."""

from datetime import date

import pytest

from sim.errors import InputError
from sim.files.book_events import read_events, read_expansions, read_opening
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

DEALS = "csm,account,contract,arr,due_date,booked_date,booked_arr"
BOOK = "csm,account,contract,arr"
GROWN = "csm,account,contract,date,arr"


LATE_GROWTH = ["eva,Cedar,C-1,2026-12-01,1"]


class ContractFolder(Folder):
    """Files whose rows name contracts, each header taken from its first argument."""

    def replay(
        self, plan, deals, book, grown=LATE_GROWTH, *, deal_header=DEALS, book_header=BOOK, grown_header=GROWN
    ):
        history = read_deals(self.write("deals.csv", "\n".join([deal_header, *deals])))
        opening = read_opening(self.write("book.csv", "\n".join([book_header, *book])))
        reader = read_events if grown_header.endswith("kind") else read_expansions
        events = reader(self.write("grown.csv", "\n".join([grown_header, *grown]))) if grown else None
        plans = [load_plan(self.write("plan.toml", plan))]
        return replay(HistoryFiles(history, BookEvents(opening, events)), plans, date(2026, 1, 1), 4)

    def measured(self, plan, *files, **headers):
        (one,) = self.replay(plan, *files, **headers).settled
        return {name: each.measured.value[:, 0].tolist() for name, each in one.settlement.component.items()}

    def refused(self, *files, **headers):
        with pytest.raises(InputError) as caught:
            self.replay(*files, **headers)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path):
    return ContractFolder(tmp_path)


COMPONENT = """
[[component]]
name = "{0}"
measure = "{0}"
pay_kind = "none"
quota = {{ kind = "target", target = 1.0 }}
retention = {{ {1} }}
"""


def shares(retention):
    parts = [COMPONENT.format(name, retention) for name in ("grr", "nrr", "logo_retention")]
    return 'name = "shares"\npay = { base_salary = 1 }\n' + "".join(parts)


BIRCH = ["eva,Birch,B-1,60000", "eva,Birch,B-2,40000", "eva,Cedar,C-1,100000"]
ONE_ENDS = [
    "eva,Birch,B-1,60000,2026-02-15,2026-02-10,90000",
    "eva,Birch,B-2,40000,2026-02-05,,",
    "eva,Cedar,C-1,100000,2026-03-15,2026-03-15,100000",
]


@pytest.mark.parametrize(
    ("retention", "grr", "nrr", "logos"),
    [
        ('by = "account"', 0.80, 0.95, 1.0),  # 40 of 200 are lost, then 30 grow
        ('by = "contract"', 0.80, 0.95, 2 / 3),
        ('by = "account", basis = "snapshot"', 0.95, 0.95, 1.0),  # Birch: 100 at the start, 90 at the end
        ('by = "contract", basis = "snapshot"', 0.80, 0.95, 2 / 3),  # what B-1 grew by makes up for nothing
    ],
)
def test_a_customer_is_an_account_or_a_contract(folder, retention, grr, nrr, logos):
    found = folder.measured(shares(retention), ONE_ENDS, BIRCH)
    assert [found[name][0] for name in ("grr", "nrr", "logo_retention")] == pytest.approx([grr, nrr, logos])
    assert [found[name][1] for name in ("grr", "nrr", "logo_retention")] == [1.0, 1.0, 1.0]


def test_by_account_is_the_default(folder):
    assert folder.measured(shares(""), ONE_ENDS, BIRCH) == folder.measured(
        shares('by = "account", basis = "events"'), ONE_ENDS, BIRCH
    )


def test_growth_belongs_to_the_contract_that_it_names(folder):
    """B-2 grows to 55 and leaves with all of it: by contract 160 of 200 are kept, and nothing is left of the growth."""
    deals = [ONE_ENDS[0].replace("90000", "60000"), "eva,Birch,B-2,55000,2026-02-05,,", ONE_ENDS[2]]
    grown = ["eva,Birch,B-2,2026-01-15,15000"]
    found = folder.measured(shares('by = "contract"'), deals, BIRCH, grown)
    assert (found["grr"][0], found["nrr"][0]) == pytest.approx((0.8, 0.8))


def test_what_a_plan_by_contract_needs_of_the_files(folder):
    plan = shares('by = "contract"')
    merged = ["eva,Birch,100000", "eva,Cedar,100000"]
    assert folder.refused(plan, ONE_ENDS, merged, book_header="csm,account,arr") == [
        (
            "book.csv, row 1, column contract must be present, received nothing. Plan 'shares' counts retention by "
            "contract: give the book a row for each contract, with its id."
        )
    ]
    (unknown,) = folder.refused(plan, [*ONE_ENDS, "eva,Cedar,C-9,0,2026-05-01,2026-05-01,500"], BIRCH)
    assert unknown.startswith("deals.csv, row 5, column contract must be 'C-1', received 'C-9'.")
    (which,) = folder.refused(plan, ONE_ENDS, BIRCH, ["eva,Birch,,2026-08-15,5000"])
    assert which == (
        "grown.csv, row 2, column contract must be of one of the contracts of 'Birch', received none of them. Plan "
        "'shares' counts retention by contract: say in a column contract which one grew or shrank."
    )


CLAWED = """
name = "growth"
pay = { base_salary = 1 }
[[component]]
name = "growth"
pay_kind = "commission"
measure = "expansion_bookings"
commission = { rate = 0.1 }
[[clawback]]
periods = 4
"""
LATER = [
    "eva,Birch,B-1,72000,2026-08-15,{booked}",
    "eva,Birch,B-2,40000,2026-08-20,{other}",
    "eva,Cedar,C-1,100000,2026-09-15,2026-09-15,100000",
]


@pytest.mark.parametrize(("first", "second", "back"), [(False, True, 1200.0), (True, False, 0.0)])
def test_pay_comes_back_for_the_very_contract(folder, first, second, back):
    """1,200 were paid for what B-1 grew by: it comes back when B-1 ends, and not when B-2 does."""
    deals = [
        LATER[0].format(booked="2026-08-15,72000" if first else ","),
        LATER[1].format(other="2026-08-15,40000" if second else ","),
        LATER[2],
    ]
    replayed = folder.replay(CLAWED, deals, BIRCH, ["eva,Birch,B-1,2026-02-01,12000"])
    paid = replayed.settled[0].settlement.component["growth"].pay[:, 0]
    assert paid.tolist() == pytest.approx([1200.0, 0.0, -back, 0.0])


def test_an_event_that_names_no_contract_leaves_its_account_whole(folder):
    """Nobody can say which of the two grew: 40 of 112 are lost, and that part of the pay comes back."""
    deals = [
        LATER[0].format(booked="2026-08-15,72000"),
        LATER[1].format(other=","),
        LATER[2],
    ]
    replayed = folder.replay(CLAWED, deals, BIRCH, ["eva,Birch,,2026-02-01,12000"])
    paid = replayed.settled[0].settlement.component["growth"].pay[:, 0]
    assert paid[2] == pytest.approx(-1200.0 * 40 / 112)


def test_two_equal_bookings_of_a_day_have_an_id_each(folder):
    same = ["eva,Cedar,2026-02-01,7000,A-17", "eva,Cedar,2026-02-01,7000,A-18"]
    header = "csm,account,date,arr,booking"
    deals = [*ONE_ENDS[:2], "eva,Cedar,C-1,114000,2026-03-15,2026-03-15,114000"]
    replayed = folder.replay(CLAWED, deals, BIRCH, same, grown_header=header)
    assert replayed.settled[0].settlement.component["growth"].pay[0, 0] == pytest.approx(1400.0)
    (again,) = folder.refused(CLAWED, deals, BIRCH, [same[0], same[0]], grown_header=header)
    assert again.endswith("It repeats row 2; if both are real, give each its id in a column booking.")
