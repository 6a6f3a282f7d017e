"""Customers who came after the day of the book, told by events, by deals of their type, or by the term of their contract."""

from datetime import date

import pytest

from sim.errors import InputError
from sim.files.all_at_once import AllAtOnce
from sim.plan.plan import load_plan
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.replay import replay
from tests.rig.inputs.folder import Folder

HEADER = "csm,account,arr,due_date,booked_date,booked_arr,type,term_months"
BOOK = "csm,account,arr\nlia,Fir,300000\n"
FIR = "lia,Fir,300000,2026-11-20,2026-11-20,300000,,"
LARCH = "lia,Larch,100000,2026-11-30,,,,"
SHARE = """name = "{0}"
pay = {{ target_bonus = 10_000 }}
[[component]]
measure = "{0}"
quota = {{ kind = "target", floor = 0.0, target = 1.0 }}
"""
NEW_PAY = """name = "new"
pay = { base_salary = 1 }
[[component]]
name = "new"
measure = "deal_bookings"
pay_kind = "commission"
deals = [{ types = ["new"], rate = 0.02 }]
"""


class History(Folder):
    def replay(self, *deals, plan="grr", **files):
        self.write("deals.csv", "\n".join([HEADER, *deals]))
        for name, text in {"book": BOOK, **files}.items():
            self.write(f"{name}.csv", text)
        text = plan if "\n" in plan else SHARE.format(plan)
        reading = AllAtOnce()
        history = read_history(self.path, dict.fromkeys(FOLDER_FILES), reading)
        reading.check()
        return replay(history(), [load_plan(self.write("plan.toml", text))], date(2026, 1, 1), 4)

    def reached(self, *deals, **more):
        (one,) = self.replay(*deals, **more).settled
        (component,) = one.settlement.component.values()
        return component.measured.value[:, 0].round(6).tolist()

    def refused(self, *deals, **more):
        with pytest.raises(InputError) as caught:
            self.replay(*deals, **more)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path):
    return History(tmp_path)


EVENTS = "csm,account,date,arr,kind\nlia,Larch,2026-05-10,100000,new\n"
AS_A_DEAL = "lia,Larch,0,2026-11-30,2026-05-10,100000,New,"


@pytest.mark.parametrize("told", [((), {"events": EVENTS}), ((AS_A_DEAL,), {})])
def test_who_joins_is_kept_or_lost_from_the_next_period_on(folder, told):
    """Larch joins in the second quarter and leaves in the fourth, which begins with 400K: 300 of 400 stay, one of two."""
    more, files = told
    assert folder.reached(FIR, LARCH, *more, **files) == [1, 1, 1, 0.75]
    assert folder.reached(FIR, LARCH, *more, plan="logo_retention", **files) == [1, 1, 1, 0.5]
    (note,) = [
        each for each in folder.replay(FIR, LARCH, *more, **files).notes if each.kind == "new_customers"
    ]
    assert note.text.endswith("in the book from that day on, and counted as bookings by none of the plans.")


def test_a_new_deal_among_the_deals_is_no_renewal(folder):
    """2 % of 100K in the quarter of booking; without the type it would be a renewal of nothing that grew by 100K."""
    (one,) = folder.replay(FIR, LARCH, AS_A_DEAL, plan=NEW_PAY).settled
    assert one.settlement.paid[:, 0].round(2).tolist() == [0, 2_000, 0, 0]
    renewals = NEW_PAY.split("measure")[0] + 'pay_kind = "commission"\ncommission = { rate = 0.01 }\n'
    (one,) = folder.replay(FIR, LARCH, AS_A_DEAL, plan=renewals).settled
    assert one.settlement.paid[:, 0].round(2).tolist() == [0, 0, 0, 3_000]


def test_a_term_says_that_a_contract_is_newer_than_the_book(folder):
    """Larch's six months began in June: its renewal counts as any, and nobody knows with what it joined."""
    short = "lia,Larch,100000,2026-11-30,2026-11-30,100000,,6"
    found = folder.replay(FIR, short)
    assert [(each.kind, each.count) for each in found.notes] == [("begun_later", 1)]
    assert "(row 3)" in found.notes[0].text
    assert folder.reached(FIR, short) == [1, 1, 1, 1]


def test_what_contradicts_is_refused(folder):
    unknown = folder.refused(FIR, LARCH)
    assert [each.rsplit(". ", 1)[1] for each in unknown] == [
        "Add it to the book, or correct the name; of one who came later, events.csv has a row of kind new."
    ]
    old = folder.refused(FIR, "lia,Larch,100000,2026-11-30,,,,36")
    assert len(old) == 1  # a contract of three years that ends in 2026 was there on the first day
    early = folder.refused(FIR, "lia,Larch,100000,2026-05-10,,,,", events=EVENTS)
    assert early == [
        (
            "deals.csv, row 3, column due_date must be after 2026-05-10, the day on which 'Larch' joined, received "
            "2026-05-10. Correct one of the two."
        )
    ]
    wrong = "lia,Larch,100000,2026-11-30,2026-05-10,100000,new,"
    assert folder.refused(FIR, wrong) == [
        (
            "deals.csv, row 3, column booked_arr must be above arr, received 100,000.00. A row of type new changes ARR by "
            "booked_arr less arr."
        )
    ]
    both = folder.refused(FIR, LARCH, AS_A_DEAL, events=EVENTS)
    assert both == [
        (
            "deals.csv, row 4, column type must be 'renewal' or blank, received another type. What is no renewal stands in "
            "events.csv: put it there, or leave that file out."
        )
    ]


def test_who_cancels_and_comes_back_is_a_customer_again(folder):
    """Larch cancels in March, is back in August and leaves for good in November: lost twice, of 400 each time."""
    book = "csm,account,arr\nlia,Fir,300000\nlia,Larch,100000\n"
    rows = ["lia,Larch,2026-03-02,-100000,cancellation", "lia,Larch,2026-08-03,100000,new"]
    events = "\n".join(["csm,account,date,arr,kind", *rows])
    assert folder.reached(FIR, LARCH, book=book, events=events) == [0.75, 1, 1, 0.75]
    assert folder.reached(FIR, book=book, events=events.replace("-03-02", "-12-02")) == [1, 1, 1, 0.75]
