"""Clawback in a replay takes back what was paid for the very account, by hand; and what it does where that is not known."""

from datetime import date

import numpy as np
import pytest

from sim.files.book_events import read_expansions, read_opening
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.plan.rule.clawback import taken_back, taken_back_of
from sim.replay.history_files import HistoryFiles
from sim.replay.leaving import Loss, lost_part
from sim.replay.replay import replay
from sim.replay.required import BookEvents

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
EXPANSION = """\
name = "spiff"
[pay]
base_salary = 1_000
[[component]]
name = "expansion"
pay_kind = "commission"
measure = "expansion_bookings"
commission = { rate = 0.20 }
[[clawback]]
periods = 4
"""
RENEWAL = """\
name = "bonus"
[pay]
target_bonus = 30_000
[[component]]
name = "renewals"
quota = { kind = "fixed", amount = 100_000 }
crediting = { early_multiplier = 1.5 }
[[clawback]]
periods = 3
"""
BOOK = ["ida,Kestrel,80000", "ida,Lark,120000", "ida,Merlin,50000"]
KEPT = [
    "ida,Kestrel,90000,2026-10-31,2026-10-31,90000",
    "ida,Lark,150000,2026-10-31,2026-10-31,150000",
    "ida,Merlin,50000,2026-10-31,2026-10-31,50000",
]
GROWN = ["ida,Kestrel,2026-02-10,10000", "ida,Lark,2026-02-11,20000", "ida,Lark,2026-05-05,10000"]


class Folder:
    def __init__(self, path):
        self.path = path

    def write(self, name, rows):
        (self.path / name).write_text("\n".join(rows))
        return self.path / name

    def replay(self, plan, deals, *, book=BOOK, grown=GROWN, periods=4):
        book_events = BookEvents(
            read_opening(self.write("book.csv", ["csm,account,arr", *book])),
            read_expansions(self.write("grown.csv", ["csm,account,date,arr", *grown])),
        )
        history = read_deals(self.write("deals.csv", [HEADER, *deals]))
        plans = [load_plan(self.write("plan.toml", [plan]))]
        return replay(HistoryFiles(history, book_events), plans, date(2026, 1, 1), periods)

    def earned(self, plan, deals, **files):
        return self.replay(plan, deals, **files).settled[0].settlement.earned[:, 0].tolist()


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def without(account):
    return [
        row.replace("2026-10-31,2026-10-31", "2026-10-31,").rpartition(",")[0] + ","
        if f",{account}," in row
        else row
        for row in KEPT
    ]


@pytest.mark.parametrize(
    ("leaver", "back"),
    [("Kestrel", 2_000), ("Lark", 4_000 + 2_000), ("Merlin", 0)],
)
def test_who_leaves_costs_what_was_paid_for_them(folder, leaver, back):
    """20 % of 10,000 for Kestrel and of 20,000 for Lark in Q1, of 10,000 for Lark in Q2; nothing for Merlin."""
    assert folder.earned(EXPANSION, without(leaver)) == pytest.approx([6_000, 2_000, 0, -back])
    result = folder.replay(EXPANSION, without(leaver))
    assert [note.text for note in result.notes] == [
        "Plan 'spiff' takes back pay for 1 loss: what was paid for the very account on expansion."
    ]


def test_if_all_leave_all_that_was_paid_comes_back(folder):
    """Once, and not more: 6,000 + 2,000, whatever else each account had."""
    deals = [row.replace("2026-10-31,2026-10-31", "2026-10-31,").rpartition(",")[0] + "," for row in KEPT]
    assert folder.earned(EXPANSION, deals) == pytest.approx([6_000, 2_000, 0, -8_000])


def test_only_the_window_and_the_share_of_the_clause(folder):
    """Two periods reach back to Q2 alone: half of 2,000."""
    plan = EXPANSION.replace("periods = 4", "periods = 2\nshare = 0.5")
    assert folder.earned(plan, without("Lark")) == pytest.approx([6_000, 2_000, 0, -1_000])


def test_a_contraction_takes_back_its_part(folder):
    """Lark renews 90 of its 150: two fifths of what was paid for it."""
    deals = [KEPT[0], "ida,Lark,150000,2026-10-31,2026-10-31,90000", KEPT[2]]
    plan = EXPANSION + 'events = ["churn", "contraction"]\n'
    assert folder.earned(plan, deals) == pytest.approx([6_000, 2_000, 0, -0.4 * 6_000])
    assert folder.earned(EXPANSION, deals) == pytest.approx([6_000, 2_000, 0, 0])


def test_a_lapse_and_a_loss_take_from_what_is_left(folder):
    """One of Lark's two contracts (a fifth of 150) leaves in Q3, the other in Q4: all that was paid, not more."""
    deals = [KEPT[0], "ida,Lark,30000,2026-08-31,,", "ida,Lark,120000,2026-10-31,,", KEPT[2]]
    assert folder.earned(EXPANSION, deals) == pytest.approx([6_000, 2_000, -0.2 * 6_000, -0.8 * 6_000])


def test_renewals_come_back_as_they_were_credited(folder):
    """Kestrel's 60 are booked early at 1.5 times, Lark's 90 on time, both in Q1: 180 credited, 54,000 paid.

    Kestrel's second contract is all it has left, and leaves in Q3: its part is 90 of the 180, of which the lost contract
    was 40 of 100 in force.
    """
    book = ["ida,Kestrel,100000", "ida,Lark,90000"]
    deals = [
        "ida,Kestrel,60000,2026-05-10,2026-03-10,60000",
        "ida,Lark,90000,2026-02-10,2026-02-10,90000",
        "ida,Kestrel,40000,2026-08-10,,",
    ]
    paid = folder.earned(RENEWAL, deals, book=book, grown=["ida,Lark,2026-12-01,1"])
    assert paid == pytest.approx([54_000, 0, -0.4 * 27_000, 0])


def test_pay_for_the_whole_book_comes_back_by_share(folder):
    """NRR of the year pays for the book: Merlin is 50 of the 290 in force when Q4 begins."""
    plan = EXPANSION.replace('"expansion"', '"nrr"').replace(
        'pay_kind = "commission"\nmeasure = "expansion_bookings"\ncommission = { rate = 0.20 }',
        'measure = "nrr"\nquota = { kind = "target", floor = 0.5, target = 1.0 }',
    )
    plan = plan.replace("base_salary = 1_000", "target_bonus = 1_000")
    kept = folder.earned(plan, KEPT)
    lost = folder.earned(plan, without("Merlin"))
    gross = 1_000 * (1 - 50 / 290 - 0.5) / 0.5
    assert lost[3] == pytest.approx(gross - sum(kept[:3]) * 50 / 290)
    (note,) = folder.replay(plan, without("Merlin")).notes
    assert note.text.endswith("by share of the book on nrr, paid for the book as a whole.")


def test_losses_in_grace_take_nothing_back(folder):
    """The holder took over on the first day, and losses of the first four periods are forgiven."""
    from sim.files.people import read_people

    plan = load_plan(folder.write("plan.toml", [EXPANSION + "[grace]\nperiods = 4\n"]))
    people = read_people(folder.write("people.csv", ["csm,from", "ida,2026-01-01"]))
    book_events = BookEvents(
        read_opening(folder.write("book.csv", ["csm,account,arr", *BOOK])),
        read_expansions(folder.write("grown.csv", ["csm,account,date,arr", *GROWN])),
    )
    history = read_deals(folder.write("deals.csv", [HEADER, *without("Lark")]))
    found = replay(HistoryFiles(history, book_events, people), [plan], date(2026, 1, 1), 4)
    assert found.settled[0].settlement.earned[:, 0] == pytest.approx([6_000, 2_000, 0, 0])


def test_two_rules_agree_where_every_dollar_is_alike():
    """With the same part of every period, by account is by share of what was paid: p, then p of it again, up to all."""
    pay = np.array([[100.0], [50.0], [0.0], [0.0]])
    part = np.zeros((4, 4, 1))
    part[2, :2] = 0.3
    part[3, :2] = 0.8  # 0.7 is left
    assert taken_back_of(pay, part, 4)[:, 0] == pytest.approx([100, 50, -45, -105])
    share = np.array([[0.0], [0.0], [0.3], [1.0]])
    assert taken_back(pay, share, 4)[:, 0] == pytest.approx([100, 50, -45, -105])


@pytest.mark.parametrize(
    ("booked", "period", "part"),
    [(0, 2, 0.25), (0, 3, 0.75 * 0.5), (2, 3, 0.5), (3, 3, 0.0), (0, 1, 0.0)],
)
def test_a_booking_is_lost_once(booked, period, part):
    losses = [Loss(2, "contraction", 0.25, 0), Loss(3, "churn", 0.5, 1)]
    assert lost_part(losses, booked, period) == pytest.approx(part)
