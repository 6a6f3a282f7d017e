"""Real deals by type, term and size: rates, cash, credits, new customers, whose pay comes back, and what files must tell."""

from datetime import date

import pytest

from sim.calls.explained import explain_replay
from sim.errors import InputError
from sim.files.book_events import read_events, read_expansions, read_opening
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

DEALS = "csm,account,arr,due_date,booked_date,booked_arr"
HEAD = """name = "deals"
pay = { base_salary = 1 }
[[component]]
name = "deals"
pay_kind = "commission"
measure = "deal_bookings"
"""
KINDS = "csm,account,date,arr,kind"


class DealFolder(Folder):
    def replay(
        self,
        plan,
        header,
        deals,
        *,
        book=(),
        events=(),
        events_header="csm,account,date,arr,kind",
        book_header="csm,account,arr",
    ):
        history = read_deals(self.write("deals.csv", "\n".join([header, *deals])))
        opening = read_opening(self.write("book.csv", "\n".join([book_header, *book]))) if book else None
        reader = read_events if "kind" in events_header else read_expansions
        grown = reader(self.write("events.csv", "\n".join([events_header, *events]))) if events else None
        plans = [load_plan(self.write("plan.toml", plan))]
        return replay(HistoryFiles(history, BookEvents(opening, grown)), plans, date(2026, 1, 1), 4)

    def paid(self, *files, **more):
        return self.replay(*files, **more).settled[0].settlement.component["deals"].pay[:, 0].tolist()

    def refused(self, *files, **more):
        with pytest.raises(InputError) as caught:
            self.replay(*files, **more)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path):
    return DealFolder(tmp_path)


def classes(*rows, more=""):
    return HEAD + more + "\n" + "".join(f"[[component.deals]]\n{row}\n" for row in rows)


LONGER = classes(
    'types = ["uplift"]\nterm_months = "[0, 24)"\nrate = 0.08',
    'types = ["uplift"]\nterm_months = "[24, 36)"\nrate = 0.09',
)
TERMS = f"{DEALS},term_months,booked_term_months"


def test_one_point_more_for_a_further_year_and_renewals_pay_nothing(folder):
    """8 % of what 15,000 grow by to 18,000, and 9 % where it is signed for two years: 240 and 270."""
    deals = [
        "uma,One,15000,2026-02-10,2026-02-10,18000,12,12",
        "uma,Two,15000,2026-05-10,2026-05-10,18000,12,24",
        "uma,Flat,15000,2026-08-10,2026-08-10,15000,12,24",
    ]
    assert folder.paid(LONGER, TERMS, deals) == pytest.approx([240.0, 270.0, 0.0, 0.0])


def test_a_blank_term_is_as_long_as_the_one_before_and_an_unknown_one_is_refused(folder):
    known = ["uma,Two,15000,2026-05-10,2026-05-10,18000,24,"]
    assert folder.paid(LONGER, TERMS, known) == pytest.approx([0.0, 270.0, 0.0, 0.0])
    assert folder.refused(LONGER, TERMS, ["uma,Two,15000,2026-05-10,2026-05-10,18000,,"]) == [
        (
            "deals.csv, row 2, column booked_term_months must be a number of months, received a blank cell. "
            "Plan 'deals' tells apart uplift by the term."
        )
    ]
    assert folder.refused(LONGER, DEALS, ["uma,Two,15000,2026-05-10,2026-05-10,18000"]) == [
        (
            "deals.csv, row 1, column booked_term_months must be present, received nothing. Plan 'deals' tells apart "
            "uplift by the term of the contract: add the column, in months."
        )
    ]


PAID = f"{DEALS},cash_date"


def test_growth_is_credited_when_it_is_paid_for(folder):
    """At the renewal and between: by cash date, and not at all while nothing has come in."""
    plan = classes(
        'types = ["uplift", "expansion"]\nrate = 0.1', more='dates = { renewal = "cash", expansion = "cash" }'
    )
    deals = [
        "uma,One,20000,2026-02-10,2026-01-30,22000,2026-04-15",
        "uma,Two,20000,2026-02-10,2026-02-10,26000,",
    ]
    header = "csm,account,date,arr,cash_date"
    events = ["uma,One,2026-05-01,3000,2026-07-02", "uma,Two,2026-05-01,4000,"]
    assert folder.paid(plan, PAID, deals, events=events, events_header=header) == pytest.approx(
        [0, 200.0, 300.0, 0]
    )
    (deal_column,) = folder.refused(
        plan, DEALS, [deals[0].rpartition(",")[0]], events=events[:1], events_header=header
    )
    assert deal_column.startswith("deals.csv, row 1, column cash_date must be present, received nothing.")
    (event_column,) = folder.refused(
        plan, PAID, deals, events=["uma,One,2026-05-01,3000"], events_header="csm,account,date,arr"
    )
    assert event_column == (
        "events.csv, row 1, column cash_date must be present, received nothing. Plan 'deals' credits expansion by cash "
        "date; add the column or replay another plan."
    )


EVENTS = [
    "uma,One,2026-02-01,9000,expansion",
    "uma,One,2026-02-20,-1500,credit",
    "uma,Two,2026-05-04,-4000,contraction",
    "uma,Two,2026-08-04,-6000,cancellation",
    "uma,Fresh,2026-11-02,30000,new",
]
BOOK = ["uma,One,20000", "uma,Two,16000"]
RENEWED = ["uma,One,27500,2026-12-10,2026-12-10,27500"]


def test_record_types_between_renewals(folder):
    """A credit takes back what its growth was paid; losses at their own rate; a new customer at his."""
    plan = classes(
        'types = ["expansion", "credit"]\nrate = 0.04',
        'types = ["contraction", "churn"]\nrate = 0.01',
        'types = ["new"]\nrate = 0.1',
        more='measurement = "year_to_date"',
    )
    replayed = folder.replay(plan, DEALS, RENEWED, book=BOOK, events=EVENTS)
    pay = replayed.settled[0].settlement.component["deals"].pay[:, 0].tolist()
    assert pay == pytest.approx([0.04 * 7_500, -40.0, -60.0, 3_000.0])
    (note,) = [each.text for each in replayed.notes if each.kind == "new_customers"]
    assert note == (
        "1 event of new customers in events.csv (row 6): in the book from that day on, and counted as bookings by deals "
        "alone."
    )


def test_on_all_that_is_booked_or_on_growth(folder):
    deals = ["uma,One,20000,2026-02-10,2026-02-10,26000", "uma,Two,16000,2026-02-10,2026-02-10,11000"]
    of = {
        '"renewal", "uplift"': 37_000.0,
        '"uplift"': 6_000.0,
        '"renewal"': 31_000.0,
        '"renewal", "uplift", "contraction"': 32_000.0,
    }
    for types, counted in of.items():
        events = EVENTS[:1] if "contraction" in types else ()
        found = folder.paid(classes(f"types = [{types}]\nrate = 0.1"), DEALS, deals, events=events)
        assert found[0] == pytest.approx(0.1 * counted)


def test_who_returns_after_the_window_was_lost_and_is_won_back(folder):
    late = ["uma,One,20000,2026-01-10,2026-08-10,24000"]  # 212 days
    plan = classes('types = ["renewal", "uplift"]\nrate = 0.1', 'types = ["won_back"]\nrate = 0.02', more="")
    assert folder.paid(plan, DEALS, late) == pytest.approx([0, 0, 480.0, 0])
    longer = plan.replace("rate = 0.1\n", "rate = 0.1\nlate_window_days = 240\n").replace(
        "rate = 0.02\n", "rate = 0.02\nlate_window_days = 240\n"
    )
    assert folder.paid(longer, DEALS, late) == pytest.approx([0, 0, 2_400.0, 0])


def test_the_size_of_a_shared_deal_is_that_of_the_whole(folder):
    """Two halves of 90,000 are paid at the rate of a deal of 90,000."""
    plan = classes(
        'types = ["renewal"]\nsize = "[0, 60_000)"\nrate = 0.01',
        'types = ["renewal"]\nsize = "[60_000, inf)"\nrate = 0.02',
    )
    deals = [f"{csm},One,90000,2026-02-10,2026-02-10,90000,0.5" for csm in ("uma", "vic")]
    replayed = folder.replay(plan, f"{DEALS},share", deals)
    assert [each.settlement.component["deals"].pay[0, 0] for each in replayed.settled] == pytest.approx(
        [900.0, 900.0]
    )


def test_growth_is_of_the_term_in_force(folder):
    """Of two contracts the one that it names; else what the deals or the book say; a term of its own comes first."""
    plan = classes(
        'types = ["expansion"]\nterm_months = "[0, 24)"\nrate = 0.01',
        'types = ["expansion"]\nterm_months = "[24, inf)"\nrate = 0.02',
    )
    header = "csm,account,contract,date,arr"
    deals = [
        "uma,One,A,10000,2026-05-10,2026-05-10,10000,12,36",
        "uma,One,B,10000,2026-12-10,2026-12-10,10000,12,12",
    ]
    book = ["uma,One,A,9000,12", "uma,One,B,8000,12"]
    events = ["uma,One,A,2026-02-01,1000", "uma,One,B,2026-06-01,2000"]
    with_contracts = f"{DEALS.replace('arr,', 'contract,arr,', 1)},term_months,booked_term_months"
    more = {"book": book, "book_header": "csm,account,contract,arr,term_months", "events_header": header}
    assert folder.paid(plan, with_contracts, deals, events=events, **more) == pytest.approx(
        [10.0, 20.0, 0, 0]
    )
    later = ["uma,One,A,2026-06-01,1000"]
    deals[0] = deals[0].replace("10000,12,36", "9000,12,36").replace("A,10000", "A,9000")
    deals[1] = deals[1].replace("10000", "8000")
    assert folder.paid(plan, with_contracts, deals, events=later, **more)[1] == pytest.approx(20.0)
    (which,) = folder.refused(plan, with_contracts, deals, events=["uma,One,,2026-06-01,1000"], **more)
    assert which == (
        "events.csv, row 2, column term_months must be a number of months, received nothing. Plan 'deals' tells apart "
        "expansion by the term of the contract in force: say it in a column term_months, or which one in contract."
    )
    own = {**more, "events_header": f"{header},term_months"}
    assert folder.paid(plan, with_contracts, deals, events=["uma,One,,2026-06-01,1000,24"], **own)[
        1
    ] == pytest.approx(20.0)


def test_what_was_paid_for_the_very_deal_comes_back_at_its_rate(folder):
    """Growth of One was paid at 10 %, of Two at 20 %: each leaves with what it was paid."""
    plan = (
        classes(
            'types = ["expansion"]\nsize = "[0, 5_000)"\nrate = 0.1',
            'types = ["expansion"]\nsize = "[5_000, inf)"\nrate = 0.2',
        )
        + "[[clawback]]\nperiods = 4\n"
    )
    grown = ["uma,One,2026-02-01,4000,expansion", "uma,Two,2026-02-01,6000,expansion"]
    for lost, back in (("One", 400.0), ("Two", 1_200.0)):
        deals = [
            f"uma,One,24000,2026-08-10,{',' if lost == 'One' else '2026-08-10,24000'}",
            f"uma,Two,22000,2026-08-10,{',' if lost == 'Two' else '2026-08-10,22000'}",
        ]
        assert folder.paid(plan, DEALS, deals, book=BOOK, events=grown) == pytest.approx(
            [1_600.0, 0, -back, 0]
        )


def test_an_explanation_tells_each_account_and_adds_up(folder):
    """What each account gave, part by part; new customers are there although they are in no book."""
    plan = classes(
        'types = ["expansion", "credit", "new"]\nrate = 0.04', 'types = ["contraction", "churn"]\nrate = 0.01'
    )
    replayed = folder.replay(plan, DEALS, RENEWED, book=BOOK, events=EVENTS)
    (component,) = explain_replay(replayed, "uma").components
    told = [(each.who, each.period, each.counted, each.happened) for each in component.contributions]
    assert told == [
        ("One", 0, 7_500.0, "expansion +9,000, credit \u22121,500"),
        ("Two", 1, -4_000.0, "contraction \u22124,000"),
        ("Two", 2, -6_000.0, "churn \u22126,000"),
        ("Fresh", 3, 30_000.0, "joined +30,000"),
    ]
