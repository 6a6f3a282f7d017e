"""Deals from a CSV, settled: the founding cases to the printed decimal, the edges of the horizon, cents."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar, add_months
from sim.errors import InputError
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.records import NEVER
from sim.replay.books import books, horizon
from sim.replay.checks import make_calendar
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.shapes.entries import statement_entries

START = date(2026, 1, 1)
HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
PLAN = """
name = "{name}"
title = "A plan"
[pay]
target_bonus = 20_000
[[component]]
[component.quota]
kind = "fixed"
amount = 600_000
[component.crediting]
{crediting}
[component.quota_moves]
{moves}
"""


@pytest.fixture
def settled(tmp_path):
    """Settle deals given as CSV rows under one plan; returns the entries that ``--json`` prints."""

    def settle(rows, *, crediting="", moves="", header=HEADER, start=START, periods=2):
        deals, plan = tmp_path / "deals.csv", tmp_path / "plan.toml"
        deals.write_text("\n".join([header, *rows]))
        plan.write_text(PLAN.format(name="plan", crediting=crediting, moves=moves))
        result = replay(HistoryFiles(read_deals(deals)), [load_plan(plan)], start, periods)
        return [
            entry
            for each in result.settled
            for entry in statement_entries(each.plan.name, each.csm, each.statement)
        ]

    return settle


def founding(early=0, late=0):
    """600 due in each quarter; ``early`` of Q2 booked in Q1, ``late`` of Q1 booked in Q2. [$K]"""
    deals = [
        ("q1", 600 - late, "2026-03-31", "2026-03-31"),
        ("q2", 600 - early, "2026-06-30", "2026-06-30"),
        ("early", early, "2026-06-30", "2026-02-15"),
        ("late", late, "2026-03-31", "2026-05-15"),
    ]
    return [f"Ann,{name},{k}000,{due},{booked},{k}000" for name, k, due, booked in deals if k]


@pytest.mark.parametrize(
    ("rules", "moved", "quotas", "bonuses", "split"),
    [
        ({}, {}, (600, 600), (20.0, 20.0), {}),
        ({}, {"early": 100}, (600, 600), (23.3, 16.7), {"early": (3.3, 0.0)}),
        (
            {"crediting": "early_multiplier = 1.25"},
            {"early": 100},
            (600, 600),
            (24.2, 16.7),
            {"early": (4.2, 0.0)},
        ),
        (
            {"moves": "early_out_of_due = 1.0"},
            {"early": 100},
            (600, 500),
            (23.3, 20.0),
            {"early": (3.3, 0.0)},
        ),
        (
            {"moves": "early_out_of_due = 1.0"},
            {"early": 590},
            (600, 10),
            (39.7, 20.0),
            {"early": (19.7, 0.0)},
        ),
        (
            {"crediting": "early_cap = 0.5", "moves": "early_out_of_due = 1.0"},
            {"early": 590},
            (600, 300),
            (30.0, 20.0),
            {"early": (10.0, 19.3)},
        ),
        (
            {"moves": "early_out_of_due = 1.0\nearly_into_booked = 1.0"},
            {"early": 100},
            (700, 500),
            (20.0, 20.0),
            {"early": (2.9, 0.0), "on_time": (17.1, 20.0)},
        ),
        ({"crediting": 'date = "due"'}, {"early": 100}, (600, 600), (20.0, 20.0), {"early": (0.0, 3.3)}),
        ({}, {"late": 100}, (600, 600), (16.7, 23.3), {"late": (0.0, 3.3)}),
        (
            {"crediting": "late_multiplier = 0.8"},
            {"late": 100},
            (600, 600),
            (16.7, 22.7),
            {"late": (0.0, 2.7)},
        ),
        (
            {"moves": "late_into_booked = 1.0"},
            {"late": 100},
            (600, 700),
            (16.7, 20.0),
            {"late": (0.0, 2.9), "on_time": (16.7, 17.1)},
        ),
        (
            {"moves": "late_into_booked = 1.0\nlate_out_of_due = 1.0"},
            {"late": 100},
            (500, 700),
            (20.0, 20.0),
            {"late": (0.0, 2.9), "on_time": (20.0, 17.1)},
        ),
    ],
)
def test_the_founding_cases(settled, rules, moved, quotas, bonuses, split):
    entries = settled(founding(**moved), **rules)
    assert [entry["quota"] for entry in entries] == pytest.approx([1000 * quota for quota in quotas])
    printed = [round(entry["bonus"] / 1000, 1) for entry in entries]
    assert printed == list(bonuses)
    for side, amounts in split.items():
        assert [round(entry[f"bonus_{side}"] / 1000, 1) for entry in entries] == list(amounts)


def test_entries_come_by_plan_then_csm_then_period(tmp_path):
    deals = tmp_path / "deals.csv"
    deals.write_text(f"{HEADER}\nZoe,a,1,2026-01-05,,\nAnn,b,2,2026-01-06,,\nZoe,c,3,2026-05-05,,\n")
    plans = []
    for name in ("two", "one"):
        path = tmp_path / f"{name}.toml"
        path.write_text(PLAN.format(name=name, crediting="", moves=""))
        plans.append(load_plan(path))
    result = replay(HistoryFiles(read_deals(deals)), plans, START, 2)
    named = [(each.plan.name, each.csm) for each in result.settled]
    assert named == [("two", "Zoe"), ("two", "Ann"), ("one", "Zoe"), ("one", "Ann")]


def test_an_early_booking_before_the_horizon_lowers_its_quota_and_pays_nothing(settled):
    rows = [*founding(), "Ann,x,100000,2026-02-01,2025-11-20,100000"]
    first = settled(rows, moves="early_out_of_due = 1.0")[0]
    assert (first["quota"], first["renewed"]) == (500_000, 600_000)


def test_a_late_booking_of_an_earlier_due_date_is_credited(settled):
    first = settled([*founding(), "Ann,x,100000,2025-11-20,2026-02-01,100000"])[0]
    assert (first["renewed_late"], first["renewed"]) == (100_000, 700_000)


def test_a_booking_after_the_window_is_a_new_logo(settled):
    inside = settled([*founding(), "Ann,x,100000,2025-08-05,2026-02-01,100000"])  # 180 days late
    beyond = settled([*founding(), "Ann,x,100000,2025-08-04,2026-02-01,100000"])
    assert [inside[0]["renewed"], beyond[0]["renewed"]] == [700_000, 600_000]


def test_deals_that_do_not_touch_the_horizon_change_nothing(settled):
    far = [
        "Ann,y,9e9,1950-06-30,1950-06-01,9e9",
        "Ann,z,9e9,2090-06-30,2090-12-01,9e9",
        "Ann,u,5,2040-01-01,,",
    ]
    rules = {"crediting": "early_cap = 0.5", "moves": "early_out_of_due = 1.0\nlate_into_booked = 1.0"}
    assert settled(founding(early=400, late=50) + far, **rules) == settled(
        founding(early=400, late=50), **rules
    )


def test_a_booking_years_ahead_counts_when_it_is_booked(settled):
    first = settled([*founding(), "Ann,x,100000,2031-02-01,2026-02-01,100000"])[0]
    assert first["renewed_early"] == 100_000


@pytest.mark.parametrize("kind", ["service_start", "invoice", "cash"])
def test_credit_by_another_date(settled, kind):
    header = f"{HEADER},{kind}_date"
    rows = [
        "Ann,a,100,2026-03-31,2026-03-31,100,2026-05-02",
        "Ann,b,40,2026-03-31,2026-03-30,40,2026-03-31",
        "Ann,c,7,2026-03-31,2026-03-30,7,",
        "Ann,d,9,2026-03-31,,,",
    ]
    entries = settled(rows, crediting=f'date = "{kind}"', header=header)
    assert [entry["renewed"] for entry in entries] == [40.0, 100.0]


def test_a_missing_credit_date_names_plan_and_column(settled, tmp_path):
    with pytest.raises(InputError) as caught:
        settled(founding(), crediting='date = "cash"')
    assert str(caught.value) == (
        f"{tmp_path / 'deals.csv'}, row 1, column cash_date must be present, received nothing. "
        "Plan 'plan' grants credit by cash date; add the column or replay another plan."
    )


def test_amounts_are_right_to_the_cent(settled):
    amounts = [Decimal(cents) / 100 for cents in range(1, 60_000, 7)]
    rows = [f"Ann,a{i},{amount},2026-03-01,2026-03-01,{amount}" for i, amount in enumerate(amounts)]
    first = settled(rows)[0]
    assert round(Decimal(first["renewed"]), 2) == sum(amounts)
    assert round(Decimal(first["bonus"]), 2) == round(sum(amounts) / 600_000 * 20_000, 2)


def test_fiscal_quarters_start_where_the_year_does(settled):
    rows = ["Ann,a,1,2026-04-30,2026-04-30,1", "Ann,b,2,2026-05-01,2026-05-01,2"]
    entries = settled(rows, start=date(2026, 2, 1))
    assert [entry["renewed"] for entry in entries] == [1.0, 2.0]


dates = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(when=dates, year=st.integers(1900, 2200), month=st.integers(1, 12), day=st.integers(1, 28))
def test_the_period_of_a_date_is_found_by_counting_quarters(when, year, month, day):
    start = date(year, month, day)
    slow = 0
    while add_months(start, 3 * slow) > when:
        slow -= 1
    while add_months(start, 3 * (slow + 1)) <= when:
        slow += 1
    assert Calendar(start, 1).position(np.array([when], dtype="datetime64[D]"))[0] == slow


@given(
    deals=st.lists(
        st.tuples(st.sampled_from("abc"), dates, st.none() | st.integers(-3660, 3660)),
        min_size=1,
        max_size=8,
        unique_by=lambda deal: deal[:2],
    ),
    periods=st.integers(1, 12),
)
def test_the_calendar_holds_every_deal_that_touches_the_horizon(tmp_path_factory, deals, periods):
    path = tmp_path_factory.mktemp("deals") / "deals.csv"
    rows = []
    for account, due, moved in deals:
        booked = "" if moved is None else due + timedelta(days=moved)
        if booked and not date(1900, 1, 1) <= booked <= date(2200, 12, 31):
            booked = ""
        rows.append(f"Ann,{account},5,{due},{booked},{'5' if booked else ''}")
    path.write_text("\n".join([HEADER, *rows]))
    calendar = horizon(read_deals(path), make_calendar(date(2050, 1, 1), periods))
    _, renewals = next(iter(books(read_deals(path), calendar)))
    first, last = calendar.bounds[0], calendar.bounds[-1]
    inside = calendar.bounds[calendar.lead], calendar.bounds[calendar.lead + periods]
    for due, booked in zip(renewals.due_day[:, 0], renewals.booked_day[:, 0], strict=True):
        days = [day for day in (due, booked) if day != NEVER]
        if any(inside[0] <= day < inside[1] for day in days):
            assert all(first <= day < last for day in days)


def test_renewals_of_an_account_are_numbered_by_due_date(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(
        f"{HEADER}\nAnn,a,1,2027-01-01,,\nAnn,b,1,2026-01-01,,\nAnn,a,1,2026-01-01,,\nAnn,a,1,2028-01-01,,\n"
    )
    _, renewals = next(iter(books(read_deals(path), Calendar(START, 4))))
    assert renewals.account.tolist() == [0, 1, 0, 0]
    assert renewals.number.tolist() == [1, 0, 0, 2]


WITH_START = f"{HEADER},service_start_date"


@pytest.mark.parametrize(
    "crediting", ["late_multiplier = 0.5", 'date = "service_start"\nlate_multiplier = 0.5']
)
@pytest.mark.parametrize(
    "moves", ["", "late_out_of_due = 1.0\nlate_into_booked = 1.0"], ids=["quotas stay", "quotas follow"]
)
@pytest.mark.parametrize("start", ["2026-03-20", "2026-03-01"])
def test_a_renewal_back_dated_to_its_due_date_is_not_late(settled, crediting, moves, start):
    """No lapse in revenue, as the founding document defines late: 480 + 120 on 600 pay 20 in both quarters; halved and
    moved they would pay 16 + 22.
    """
    rows = [
        "kim,a,480000,2026-03-05,2026-03-05,480000,2026-03-05",
        f"kim,b,120000,2026-03-20,2026-05-04,120000,{start}",
        "kim,c,600000,2026-06-20,2026-06-20,600000,2026-06-20",
    ]
    entries = settled(rows, crediting=crediting, moves=moves, header=WITH_START)
    assert [entry["bonus"] for entry in entries] == pytest.approx([20_000.0, 20_000.0])
    assert [entry["quota"] for entry in entries] == [600_000.0, 600_000.0]
    assert [entry["renewed_late"] for entry in entries] == [0.0, 0.0]
    assert [entry["renewed_on_time"] for entry in entries] == [600_000.0, 600_000.0]


def test_service_that_starts_a_day_after_the_due_date_is_a_lapse(settled):
    row = "kim,b,120000,2026-03-20,2026-05-04,120000,2026-03-21"
    entries = settled([row], crediting="late_multiplier = 0.5", header=WITH_START)
    assert [entry["renewed_late"] for entry in entries] == [0.0, 120_000.0]
    assert [entry["bonus"] for entry in entries] == pytest.approx([0.0, 2_000.0])


def test_back_dated_deals_are_counted_and_told(tmp_path):
    deals, plan = tmp_path / "deals.csv", tmp_path / "plan.toml"
    rows = [
        "kim,b,1000,2026-03-20,2026-05-04,1000,2026-03-20",
        "kim,c,1000,2026-03-20,2026-03-04,1000,2026-03-20",
    ]
    deals.write_text("\n".join([WITH_START, *rows]))
    plan.write_text(PLAN.format(name="plan", crediting="", moves=""))
    (note,) = [
        note
        for note in replay(HistoryFiles(read_deals(deals)), [load_plan(plan)], START, 2).notes
        if note.kind == "back_dated"
    ]
    assert note.count == 1
    assert note.text == (
        "1 deal booked after the due date with service from that date on (row 2): no revenue lapsed, so it counts as "
        "renewed on the due date."
    )
