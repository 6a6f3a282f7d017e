"""Retention of real deals: small books worked by hand, random ones against the slow twin, and shares that stay shares."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from sim.files.book_events import Expansions, Opening
from sim.files.deals import Deals, read_deals
from sim.files.people import read_people
from sim.plan.plan import load_plan
from sim.records import CohortTerms
from sim.replay.books import horizon
from sim.replay.checks import make_calendar
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import histories, replay
from sim.replay.required import BookEvents
from tests.rig.examples import examples
from tests.rig.inputs.activity import plan_from
from tests.rig.repository import CONFIGS
from tests.rig.twins import cohorts

START = date(2026, 1, 1)
SHARES = ("grr", "nrr", "logo_retention")


def plan_on(measure, retention="", window="period", grace="", dates=""):
    return plan_from(f"""
    {grace}
    [[component]]
    measure = "{measure}"
    measurement = "{window}"
    quota = {{ kind = "target", target = 1.0 }}
    retention = {{ {retention} }}
    dates = {{ {dates} }}
    """)


def day(text):
    return np.datetime64(text if text else "NaT", "D")


def deals_of(*rows, notice=()):
    """account, arr, due, booked, booked_arr; and the day on which each gave notice"""
    account, arr, due, booked, booked_arr = zip(*rows, strict=True)
    return Deals(
        Path("deals.csv"),
        ("ann",) * len(rows),
        account,
        np.array(arr, dtype=float),
        np.array([day(each) for each in due]),
        np.array(booked_arr, dtype=float),
        {"booking": np.array([day(each) for each in booked])},
        notice_date=np.array([day(each) for each in notice]) if notice else None,
    )


def book_of(**arr):
    return Opening(
        Path("book.csv"), ("ann",) * len(arr), tuple(arr), np.array(list(arr.values()), dtype=float)
    )


def grown(*rows):
    """account, date, arr"""
    account, when, arr = zip(*rows, strict=True) if rows else ((), (), ())
    days = np.array([day(each) for each in when], dtype="datetime64[D]")
    return Expansions(Path("growth.csv"), ("ann",) * len(rows), account, days, np.array(arr, dtype=float))


def shares(deals, book, expansions=(), periods=4, people=None, dates=None, **keys):
    """GRR, NRR and logo retention by quarter; ``dates``: of those that each of them reads."""
    placed = {kind: f'{kind} = "{date}"' for kind, date in (dates or {}).items()}
    told = (", ".join(placed.values()), ", ".join(placed.values()), placed.get("churn", ""))
    plans = [plan_on(name, dates=each, **keys) for name, each in zip(SHARES, told, strict=True)]
    for plan, name in zip(plans, SHARES, strict=True):
        plan.__dict__["name"] = name
    found = replay(
        HistoryFiles(deals, BookEvents(book, grown(*expansions)), people), plans, START, periods
    ).settled
    values = [each.settlement.component["renewals"].measured.value[:, 0] for each in found]
    return [[round(float(value), 6) for value in each] for each in values]


LATE_DEALS = deals_of(
    ("mill", 400, "2026-03-20", "2026-04-15", 400),
    ("oak", 250, "2026-02-01", "2026-11-01", 250),
    ("pine", 350, "2026-05-31", "2026-05-31", 350),
)
LATE_BOOK = book_of(mill=400, oak=250, pine=350)


def test_a_late_renewal_is_kept_and_a_return_after_the_window_is_a_new_customer():
    """26 days late is kept. 273 days late is lost in Q1, in no cohort in Q2 to Q4, and would be one in the next year."""
    gross, net, logos = shares(LATE_DEALS, LATE_BOOK)
    assert gross == net == [0.75, 1.0, 1.0, 1.0]
    assert logos == [round(2 / 3, 6), 1.0, 1.0, 1.0]
    assert shares(LATE_DEALS, LATE_BOOK, retention="late_window_days = 300") == [[1.0] * 4] * 3


def test_late_may_be_lost_so_far():
    """Mill is out at the end of Q1 and back in Q2, where it was no customer at the start: nothing is above 1."""
    gross, net, logos = shares(LATE_DEALS, LATE_BOOK, retention='late = "lost"')
    assert gross == net == [0.35, 1.0, 1.0, 1.0]
    assert logos == [round(1 / 3, 6), 1.0, 1.0, 1.0]
    gross, net, logos = shares(LATE_DEALS, LATE_BOOK, retention='late = "lost"', window="year_to_date")
    assert gross == net == [0.35, 0.75, 0.75, 0.75]  # and oak, a new customer, makes up for nothing


def test_a_lapse_that_begins_before_the_first_day():
    """Elm was due in December and is booked in February: a customer all along, or out until then; in the book or not."""
    deals = deals_of(("elm", 100, "2025-12-10", "2026-02-10", 100), ("fir", 300, "2026-06-01", "", 0))
    for book in (book_of(elm=100, fir=300), book_of(fir=300)):
        assert shares(deals, book)[0] == [1.0, 0.25, 1.0, 1.0]
        assert shares(deals, book)[2] == [1.0, 0.5, 1.0, 1.0]
        assert shares(deals, book, retention='late = "lost"')[0] == [1.0, 0.25, 1.0, 1.0]
        assert shares(deals, book, retention='late = "lost"', window="year_to_date")[0] == [
            1.0,
            0.0,
            0.0,
            0.0,
        ]


def test_a_renewal_open_on_the_first_day_may_be_lost_after_it():
    deals = deals_of(("elm", 100, "2025-12-10", "", 0), ("fir", 300, "2026-06-01", "2026-06-01", 300))
    assert shares(deals, book_of(elm=100, fir=300))[0] == [0.75, 1.0, 1.0, 1.0]


BY_BOOKING = {"renewal": "booking", "contraction": "booking"}
BY_NOTICE = {"contraction": "notice", "churn": "notice"}


def test_what_is_placed_before_the_first_day_is_in_the_opening():
    """Iris signed in December for half from February: 50 are held on the first day by booking date, 100 by due date."""
    deals, book = deals_of(("iris", 100, "2026-02-01", "2025-12-23", 50)), book_of(iris=100, moss=100)
    assert shares(deals, book)[0] == [0.75, 1.0, 1.0, 1.0]
    assert shares(deals, book, dates=BY_BOOKING)[0] == [1.0, 1.0, 1.0, 1.0]
    deals = deals_of(("iris", 100, "2026-02-01", "", 0), notice=["2025-12-23"])
    assert shares(deals, book) == [[0.5, 1.0, 1.0, 1.0]] * 3
    assert shares(deals, book, dates=BY_NOTICE) == [[1.0] * 4] * 3  # and iris in no cohort


def test_a_renewal_changes_nothing_before_the_contract_that_it_renews_begins():
    """Signed in December, the contract of January and the one of half from February: the first day has 100 all the same."""
    first = ("iris", 100, "2026-01-01", "2025-11-22", 100)
    book = book_of(iris=100, moss=100)
    for second, dates in (
        (("iris", 100, "2026-02-01", "2025-12-23", 50), BY_BOOKING),
        (("iris", 100, "2026-02-01", "2026-02-01", 50), BY_NOTICE),
    ):
        deals = deals_of(first, second, notice=["", "2025-12-20"])
        assert shares(deals, book, dates=dates) == [[0.75, 1, 1, 1], [0.75, 1, 1, 1], [1, 1, 1, 1]]
    deals = deals_of(first, ("iris", 100, "2026-02-01", "", 0), notice=["", "2025-12-20"])
    assert shares(deals, book, dates=BY_NOTICE) == [[0.5, 1.0, 1.0, 1.0]] * 3


def test_nor_before_later_windows():
    """Both renewals are signed in Q1, and the contract that the second one renews begins on 3 April, in Q2."""
    first = ("iris", 100, "2026-04-03", "2026-02-22", 100)
    book = book_of(iris=100, moss=100)
    smaller = deals_of(first, ("iris", 100, "2026-05-04", "2026-03-25", 50), notice=["", "2026-03-20"])
    for dates in (BY_BOOKING, BY_NOTICE):
        assert shares(smaller, book, dates=dates)[0] == [1.0, 0.75, 1.0, 1.0]
    larger = deals_of(first, ("iris", 100, "2026-05-04", "2026-03-25", 150))
    assert shares(larger, book, dates=BY_BOOKING)[1] == [1.0, 1.25, 1.0, 1.0]
    lost = deals_of(first, ("iris", 100, "2026-05-04", "", 0), notice=["", "2026-03-20"])
    assert shares(lost, book, dates=BY_NOTICE) == [[1.0, 0.5, 1.0, 1.0]] * 3
    # grown to 300 on 3 April before it shrinks to 120 on that day: no more than what it had grown by is lost
    grown_first = deals_of(
        ("iris", 100, "2026-04-03", "2026-02-22", 300), ("iris", 300, "2026-05-04", "2026-03-25", 120)
    )
    assert shares(grown_first, book, dates={"contraction": "booking"})[:2] == [
        [1.0] * 4,
        [1.0, 1.1, 1.0, 1.0],
    ]


def test_nor_before_a_customer_is_back():
    """Iris returns on 8 August for 100, having signed for 50 from September: 50 of 150 are lost in Q4."""
    deals = deals_of(
        ("iris", 100, "2026-01-10", "2026-08-08", 100),
        ("iris", 100, "2026-09-08", "2026-07-30", 50),
        ("iris", 50, "2026-12-01", "", 0),
    )
    gross = shares(deals, book_of(iris=100, moss=100), dates=BY_BOOKING)[0]
    assert gross == [0.5, 1.0, 1.0, round(100 / 150, 6)]


def test_of_several_contracts_each_is_counted_on_its_own_date():
    """Files name no contracts: the one of May may as well be the other half of the book, and is signed in March."""
    deals = deals_of(
        ("iris", 100, "2026-04-03", "2026-02-22", 100), ("iris", 100, "2026-05-04", "2026-03-25", 50)
    )
    gross = shares(deals, book_of(iris=200, moss=100), dates=BY_BOOKING)[0]
    assert gross == [round(250 / 300, 6), 1.0, 1.0, 1.0]


def test_on_one_day_losses_come_before_what_returns():
    """On 2 June one contract of iris is back and the other one lost: by events that loss leaves 10 of 20, and not 20."""
    deals = deals_of(("iris", 10, "2026-03-04", "2026-06-02", 10), ("iris", 10, "2026-06-02", "", 0))
    gross, net, _ = shares(deals, book_of(iris=30), retention="late_window_days = 30")
    assert (gross, net) == ([round(20 / 30, 6), 0.5, 1.0, 1.0], [round(20 / 30, 6), 1.0, 1.0, 1.0])


def test_customers_are_counted_and_not_contracts():
    """Ash keeps the larger of two contracts and drops a trial that cost nothing; beech leaves with both of its own."""
    deals = deals_of(
        ("ash", 700, "2026-01-20", "2026-01-20", 700),
        ("ash", 300, "2026-02-20", "", 0),
        ("ash", 0, "2026-03-01", "", 0),
        ("beech", 50, "2026-04-10", "", 0),
        ("beech", 50, "2026-05-10", "", 0),
    )
    gross, _, logos = shares(deals, book_of(ash=1000, beech=100, oak=900))
    assert logos == [1.0, round(2 / 3, 6), 1.0, 1.0]
    assert gross == [0.85, round(1 - 100 / 1700, 6), 1.0, 1.0]


def test_down_and_up_in_one_quarter_by_events_and_by_snapshot():
    """300 of 500 are dropped in January and bought again in March."""
    deals = deals_of(
        ("ivy", 500, "2026-01-15", "2026-01-15", 200), ("ivy", 200, "2026-03-15", "2026-03-15", 500)
    )
    assert shares(deals, book_of(ivy=500)) == [[0.4, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    assert shares(deals, book_of(ivy=500), retention='basis = "snapshot"') == [[1.0] * 4] * 3


def test_what_was_grown_is_lost_before_what_was_there():
    """100 grow by 80 in January and lose 120 in February: 40 of the 100 were lost; 60 keep growing."""
    deals = deals_of(
        ("yew", 180, "2026-02-15", "2026-02-15", 60), ("yew", 60, "2026-08-01", "2026-08-01", 90)
    )
    gross, net, _ = shares(deals, book_of(yew=100), [("yew", "2026-01-10", 80)])
    assert (gross, net) == ([0.6, 1.0, 1.0, 1.0], [0.6, 1.0, 1.5, 1.0])
    gross, net, _ = shares(deals, book_of(yew=100), [("yew", "2026-01-10", 80)], window="year_to_date")
    assert (gross, net) == ([0.6] * 4, [0.6, 0.6, 0.9, 0.9])
    # the other way round nothing of the growth is there to lose yet
    deals = deals_of(("yew", 100, "2026-01-15", "2026-01-15", 60))
    gross, net, _ = shares(deals, book_of(yew=100), [("yew", "2026-02-10", 80)])
    assert (gross[0], net[0]) == (0.6, 1.4)


def test_a_loss_larger_than_the_account_takes_the_account_and_no_more():
    """A replay refuses such files; what follows accounts holds to the law all the same."""
    deals, plan = deals_of(("kelp", 900, "2026-02-15", "", 0)), plan_on("grr")
    calendar = horizon(deals, make_calendar(START, 4))
    found = histories(deals, calendar, [plan], BookEvents(book_of(kelp=100, moss=100)))["ann"]
    (cohort,) = (found.cohort[each] for each in plan.cohorts(calendar))
    assert (cohort.gross / cohort.opening)[:, 0].tolist() == [0.5, 1.0, 1.0, 1.0]
    assert found.opening[:, 0].tolist() == [200.0, 100.0, 100.0, 100.0]


def test_grace_spares_the_first_quarters_of_whoever_takes_over(tmp_path):
    """The CSM begins with the year; two quarters of grace: the loss of Q1 is spared, that of Q3 is not."""
    deals = deals_of(("fern", 40, "2026-02-15", "", 0), ("rush", 10, "2026-08-15", "", 0))
    book = book_of(fern=40, rush=10, reed=50)
    (tmp_path / "people.csv").write_text("csm,from\nann,2026-01-01\n")
    people = read_people(tmp_path / "people.csv")
    assert shares(deals, book, people=people)[0] == [0.6, 1.0, round(50 / 60, 6), 1.0]
    spared = {"grace": "grace = { periods = 2 }", "people": people}
    assert shares(deals, book, **spared)[0] == [1.0, 1.0, round(50 / 60, 6), 1.0]
    assert shares(deals, book, **spared)[2] == [1.0, 1.0, 0.5, 1.0]


CLOSED_LOST = """\
csm,account,arr,due_date,booked_date,booked_arr
ann,gorse,800,2026-02-15,2026-02-20,0
ann,heath,200,2026-03-15,2026-03-15,200
"""


def test_a_deal_closed_at_0_is_lost_everywhere(tmp_path):
    (tmp_path / "deals.csv").write_text(CLOSED_LOST)
    plan = """
    [[component]]
    name = "count"
    pay_kind = "commission"
    measure = "renewal_count"
    commission = { per_event = 70 }
    [[component]]
    name = "logos"
    measure = "logo_retention"
    quota = { kind = "target", target = 1.0 }
    """
    (one,) = replay(
        HistoryFiles(read_deals(tmp_path / "deals.csv"), BookEvents(book_of(gorse=800, heath=200))),
        [plan_from(plan)],
        START,
        1,
    ).settled
    assert one.settlement.component["count"].pay[0, 0] == 70
    assert one.settlement.component["logos"].measured.value[0, 0] == 0.5


@st.composite
def accounts(draw):
    """An account of up to three contracts, each a chain of renewals, of which no two are first due on one day."""
    days = iter(draw(st.lists(st.integers(-150, 420), min_size=30, max_size=30, unique=True)))
    money = st.integers(1, 40).map(lambda each: 10.0 * each)
    contracts, opening, growth = [], 0.0, []
    for _ in range(draw(st.integers(1, 3))):
        arr = draw(money)
        opening += arr
        contract, due = [], next(days) % 200
        for _ in range(draw(st.integers(0, 3))):
            lost = draw(st.integers(0, 4)) == 0
            booked = None if lost else due + draw(st.sampled_from([-40, -7, 0, 5, 33, 95, 210]))
            new_arr = 0.0 if lost else draw(st.sampled_from([arr, arr, arr / 2, arr * 1.5]))
            told = draw(st.sampled_from([None, None, 0, 20, 75]))
            contract.append(
                cohorts.Deal(due, booked, arr, new_arr, notice=None if told is None else due - told)
            )
            if lost:
                break
            due, arr = max(due, booked) + draw(st.sampled_from([31, 95, 190])), new_arr
        contracts.append(contract)
    for _ in range(draw(st.integers(0, 2))):
        growth.append((next(days) % 360 + cohorts.GROWS_LAST, draw(money)))
    return cohorts.Account(opening, contracts, growth)


def written(found):
    """The files of these accounts."""
    rows, growth, notice = [], [], []
    for number, account in enumerate(found):
        for contract in account.contracts:
            for deal in contract:
                signed = "" if deal.booked is None else on(deal.booked)
                rows.append((f"a{number}", deal.arr, on(deal.due), signed, deal.new_arr))
                notice.append("" if deal.notice is None else on(deal.notice))
        growth += [(f"a{number}", on(int(when)), arr) for when, arr in account.growth]
    rows = rows or [("nobody", 0.0, "2026-02-01", "2026-02-01", 0.0)]
    book = book_of(**{f"a{number}": account.arr for number, account in enumerate(found)})
    return deals_of(*rows, notice=notice), BookEvents(book, grown(*growth))


def on(days):
    return (START + timedelta(days=days)).isoformat()


@given(
    found=st.lists(accounts(), min_size=1, max_size=3),
    basis=st.sampled_from(["events", "snapshot"]),
    late=st.sampled_from(["kept", "lost"]),
    window=st.sampled_from([30, 90, 180]),
    measurement=st.sampled_from(["period", "year_to_date", "trailing_half_year"]),
    renewal=st.sampled_from(["due", "booking"]),
    contraction=st.sampled_from(["due", "booking", "notice"]),
    churn=st.sampled_from(["due", "notice"]),
)
@example(
    found=[cohorts.Account(10.0, [[cohorts.Deal(0, -40, 10.0, 10.0), cohorts.Deal(31, -9, 10.0, 5.0)]])],
    basis="events",
    late="kept",
    window=30,
    measurement="period",
    renewal="booking",
    contraction="booking",
    churn="due",
)
@example(  # the customer is back on day 210, and has signed for less from day 241
    found=[cohorts.Account(10.0, [[cohorts.Deal(0, 210, 10.0, 10.0), cohorts.Deal(241, 201, 10.0, 5.0)]])],
    basis="events",
    late="kept",
    window=30,
    measurement="period",
    renewal="due",
    contraction="booking",
    churn="due",
)
@example(  # on day 157 one contract is back and the other one lost
    found=[
        cohorts.Account(
            30.0,
            [
                [cohorts.Deal(62, 157, 10.0, 10.0), cohorts.Deal(188, None, 10.0, 0.0)],
                [cohorts.Deal(157, None, 10.0, 0.0)],
                [],
            ],
        )
    ],
    basis="events",
    late="kept",
    window=30,
    measurement="period",
    renewal="due",
    contraction="due",
    churn="due",
)
@examples(100)
def test_random_histories_agree_with_the_slow_twin(
    found, basis, late, window, measurement, renewal, contraction, churn
):
    retention = f'basis = "{basis}", late = "{late}", late_window_days = {window}'
    dates = f'renewal = "{renewal}", contraction = "{contraction}", churn = "{churn}"'
    plan = plan_on("grr", retention, measurement, dates=dates)
    deals, book_events = written(found)
    calendar = horizon(deals, make_calendar(START, 4))
    (terms,) = plan.cohorts(calendar)
    cohort = histories(deals, calendar, [plan], book_events)["ann"].cohort[terms]
    bounds = calendar.bounds[calendar.lead : calendar.lead + 5]
    wanted = cohorts.cohort(found, terms, bounds)
    np.testing.assert_allclose(np.array(cohort)[:, :, 0].T, wanted, rtol=1e-9, atol=1e-2)
    assert ((cohort.gross >= 0) & (cohort.gross <= cohort.opening)).all()
    assert ((cohort.logos >= 0) & (cohort.logos <= cohort.accounts)).all()


@given(found=st.lists(accounts(), min_size=1, max_size=3), data=st.data())
@examples(100)
def test_shares_lie_between_0_and_1_whatever_the_files_say(found, data):
    """Names that no book has, amounts that do not fit, contracts beyond the book: a share stays a share."""
    deals, book_events = written(found)
    for number, account in enumerate(found):
        if data.draw(st.booleans()):
            book_events.opening.arr[number] = data.draw(
                st.sampled_from([1.0, account.arr / 3, 5 * account.arr])
            )
    measurement = data.draw(st.sampled_from(["period", "year_to_date", "trailing_year"]))
    plan = plan_on("grr", 'late = "lost"' if data.draw(st.booleans()) else "", measurement)
    calendar = horizon(deals, make_calendar(START, 4))
    (terms,) = plan.cohorts(calendar)
    cohort = histories(deals, calendar, [plan], book_events)["ann"].cohort[terms]
    assert ((cohort.gross >= 0) & (cohort.gross <= cohort.opening)).all()
    assert ((cohort.logos >= 0) & (cohort.logos <= cohort.accounts)).all()
    assert (cohort.net >= 0).all()


def test_the_library_says_what_it_counts():
    """Plans on retention of the library take the defaults; what a plan chooses is in its cohort."""
    library = CONFIGS / "plans" / "library"
    calendar = horizon(LATE_DEALS, make_calendar(START, 4))
    (terms,) = set(load_plan(library / "sourcegraph-ta.toml").cohorts(calendar))
    assert terms == CohortTerms((0, 1, 2, 3))
