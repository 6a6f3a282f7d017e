"""The Ledger counts every renewal once, where a person would look for it."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.frame import make_frame
from sim.ledger import add_steps, fill_ledger, place
from sim.records import EARLY, LATE, NEVER, ON_TIME
from tests.rig.examples import examples
from tests.rig.inputs.deals import DATES, Deal, eight_quarters, in_quarter, renewals
from tests.rig.inputs.drawn_deals import deals
from tests.rig.twins.settlement import period_of

EDGES = ((30, 90), (45,)), ((30, 90, 180), (60, 120))
CALENDAR = Calendar(date(2026, 1, 1), periods=3)


def naive_ledger(calendar, cells, deals, credit_date):
    """Cell by cell and deal by deal, from the meaning of a cell."""
    renewable, unbooked = np.zeros(calendar.span), np.zeros(calendar.span)
    amount = np.zeros((calendar.span, len(cells.offset)))
    for deal in deals:
        due = period_of(calendar, deal.due)
        if not 0 <= due < calendar.span:
            continue
        renewable[due] += deal.arr
        booked = None if deal.booked is None else period_of(calendar, deal.booked)
        if booked is None or booked > due:
            unbooked[due] += deal.arr
        day = deal.credit_day(credit_date)
        if booked is None or day is None:
            continue
        days = deal.booked - deal.due
        side = EARLY if booked < due else LATE if days > 0 else ON_TIME
        for cell in range(len(cells.offset)):
            here = (cells.offset[cell], cells.side[cell]) == (period_of(calendar, day) - due, side)
            if here and (side == ON_TIME or cells.first_day[cell] <= abs(days) <= cells.last_day[cell]):
                amount[due, cell] += deal.amount
    return renewable, unbooked, amount


@examples(100)
@given(st.lists(st.lists(deals(CALENDAR), max_size=10), min_size=1, max_size=3))
def test_the_ledger_is_the_naive_one(worlds):
    frame = make_frame(CALENDAR, *EDGES, earliest=200, latest=400, credit_dates=DATES)
    ledger = fill_ledger(renewals([*worlds, [Deal(0, 0, 1.0)]]), frame, DATES)
    for world, book in enumerate(worlds):
        for name in DATES:
            renewable, unbooked, amount = naive_ledger(CALENDAR, frame.cells, book, name)
            np.testing.assert_allclose(ledger.renewable[:, world], renewable)
            np.testing.assert_allclose(ledger.unbooked[:, world], unbooked)
            np.testing.assert_allclose(ledger.amount[name][:, :, world], amount, err_msg=name)


def test_every_booking_in_reach_is_in_exactly_one_cell():
    calendar = eight_quarters()
    days = range(int(calendar.bounds[0]), int(calendar.bounds[-1]), 11)
    book = [Deal(due, due + lag, 1.0) for due in days for lag in range(-200, 181, 7)]
    frame = make_frame(calendar, *EDGES, earliest=200)
    amount = fill_ledger(renewals([book]), frame, ["booking"]).amount["booking"]
    assert amount.sum() == len(book)
    beyond = [Deal(0, -201, 1.0), Deal(0, 181, 1.0), Deal(0, None, 1.0), Deal(-400, -400, 1.0)]
    assert fill_ledger(renewals([beyond]), frame, ["booking"]).amount["booking"].sum() == 0


def test_no_edge_of_any_plan_lies_inside_a_cell():
    cells = make_frame(CALENDAR, *EDGES, earliest=200).cells
    for side, edges in ((EARLY, EDGES[0]), (LATE, EDGES[1])):
        for edge in {day for each in edges for day in each}:
            mine = cells.side == side
            assert not ((cells.first_day[mine] <= edge) & (edge < cells.last_day[mine])).any()


def test_cells_that_no_booking_can_reach_are_left_out():
    frame = make_frame(eight_quarters(), [()], [(180,)], earliest=80)
    found = list(zip(*(column.tolist() for column in frame.cells), strict=True))
    assert found == [
        (-1, EARLY, 1, 80),
        (0, ON_TIME, 0, 0),
        (0, LATE, 1, 180),
        (1, LATE, 1, 180),
        (2, LATE, 1, 180),
    ]


def test_due_reads_the_ledger_of_booking():
    calendar = eight_quarters()
    book = renewals([[Deal(in_quarter(calendar, 1), in_quarter(calendar, 0), 5.0)]])
    frame = make_frame(calendar, [()], [(180,)])
    ledger = fill_ledger(book, frame, ["due", "booking"])
    assert list(ledger.amount) == ["booking"]
    assert ledger.amount["booking"][calendar.lead + 1, frame.cells.offset == -1].sum() == 5.0


@given(st.lists(st.integers(-500, 500) | st.just(NEVER), min_size=1, max_size=20))
@examples(50)
def test_steps_give_the_period_of_a_day(days):
    day, out = np.array(days, dtype=np.int32), np.full(len(days), -1, dtype=np.int32)
    add_steps(day, make_frame(CALENDAR, [()], [(180,)]).table.period, out)
    assert out.tolist() == [period_of(CALENDAR, each) for each in days]


def test_what_is_not_counted_is_placed_in_row_0():
    table = make_frame(CALENDAR, [()], [(180,)], earliest=200).table
    days = np.array([0, 0, 0], dtype=np.int32)
    due = np.array([2, -1, CALENDAR.span], dtype=np.int32)  # inside, before and after the due axis
    row = np.zeros(3, dtype=np.int32)
    place(due, due, due, days, days, table, CALENDAR.span, 4, row)
    assert row[0] == 3 * 4 + table.on_time
    assert row[1:].tolist() == [0, 0]
