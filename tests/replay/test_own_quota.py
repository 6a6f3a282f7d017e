"""People with a target and a quota of their own in a replay, by hand: changes by the day, by name of a period, of a year."""

import json
from datetime import date

import numpy as np
import pytest

from sim.agreed import agreed_of
from sim.calendar import Calendar
from sim.cli import command
from sim.errors import InputError
from sim.files.book_events import read_expansions
from sim.files.deals import read_deals
from sim.files.people import read_people
from sim.fiscal_year import FiscalYear, PeriodsFile
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

START = date(2026, 1, 1)
DEALS = """\
csm,account,arr,due_date,booked_date,booked_arr
jo,Kestrel,50000,2026-12-01,2026-12-01,50000
sam,Lark,50000,2026-12-01,2026-12-01,50000
"""
GROWN = """\
csm,account,date,arr
jo,Kestrel,2026-02-01,30000
jo,Kestrel,2026-05-01,20000
jo,Kestrel,2026-09-01,50000
sam,Lark,2026-02-01,90000
sam,Lark,2026-11-01,60000
"""
PLAN = """\
name = "growth"
[pay]
target_bonus = 8_000
[[component]]
name = "growth"
measure = "expansion_bookings"
quota = { kind = "person" }
"""
OF_YEAR = PLAN.replace('"person" }', '"person", over = "year" }\nmeasurement = "year_to_date"')
CALENDAR = Calendar(START, 4, lead=0, tail=0)
FISCAL = Calendar(START, 4, lead=0, tail=0, fiscal_year=FiscalYear())


class History(Folder):
    def people(self, text):
        return read_people(self.write("people.csv", text))

    def replay(self, people, *plans, fiscal_year=None):
        deals = read_deals(self.write("deals.csv", DEALS))
        events = BookEvents(expansions=read_expansions(self.write("expansions.csv", GROWN)))
        found = [load_plan(self.write(f"{place}.toml", plan)) for place, plan in enumerate(plans)]
        people = None if people is None else self.people(people)
        return replay(
            HistoryFiles(deals, events, people, periods=PeriodsFile(fiscal_year=fiscal_year)), found, START, 4
        )

    def refused(self, *arguments, **named):
        with pytest.raises(InputError) as caught:
            self.replay(*arguments, **named)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path):
    return History(tmp_path)


def paid(result):
    return {each.csm: each.settlement.paid[:, 0].round(6).tolist() for each in result.settled}


def quotas(result):
    return {each.csm: each.statement.quota[:, 0].round(6).tolist() for each in result.settled}


def test_everybody_is_paid_on_a_target_and_a_quota_of_their_own(folder):
    result = folder.replay("csm,target_bonus,quota\njo,,50000\nsam,20000,100000\n", PLAN)
    assert quotas(result) == {"jo": [50_000] * 4, "sam": [100_000] * 4}
    assert paid(result) == {"jo": [4_800, 3_200, 8_000, 0], "sam": [18_000, 0, 0, 12_000]}
    assert result.notes == ()


def test_ote_and_mix_are_a_target(folder):
    """160,000 x 0.25 is 40,000 a year: 10,000 a quarter."""
    result = folder.replay(
        "csm,ote,pay_mix,quota,period\njo,160000,0.25,200000,year\nsam,,,100000,quarter\n", PLAN
    )
    assert paid(result) == {"jo": [6_000, 4_000, 10_000, 0], "sam": [7_200, 0, 0, 4_800]}


def test_what_is_gained_and_lost_is_of_a_salary_of_ones_own(folder):
    """Jo earns 100,000 x 0.8 a year, and is there for half of it (184 of 365 days); of sam the plan says 60,000."""
    plan = PLAN.replace("8_000", "8_000\nbase_salary = 60_000")
    people = "csm,from,ote,pay_mix,quota\njo,2026-07-01,100000,0.2,50000\nsam,,,,100000\n"
    half = "curve = [{ attainment = '[0, inf)', slope = 0.5 }]\nquota"
    more = plan.replace('"growth"\n[pay]', '"half"\n[pay]').replace("quota", half)
    result = folder.replay(people, plan, more)
    rows = {each.csm: each for each in result.winners["half"].rows}
    jo = 0.5 * 5_000 / (5_000 + 80_000 * 2 * 0.25)
    sam = 0.5 * 12_000 / (12_000 + 60_000)
    assert rows["jo"].change_share == pytest.approx(-jo)
    assert rows["sam"].change_share == pytest.approx(-sam)
    assert [each.salary for each in result.settled[:2]] == pytest.approx([40_000, 60_000])


def test_a_change_in_the_middle_of_a_quarter_is_counted_by_the_day(folder):
    """From 16 August: 46 of the quarter's 92 days at 8,000 and 40,000, and 46 at 12,000 and 60,000."""
    people = "csm,from,target_bonus,quota\njo,,8000,40000\njo,2026-08-16,12000,60000\nsam,,,1\n"
    result = folder.replay(people, PLAN)
    assert quotas(result)["jo"] == [40_000, 40_000, 50_000, 60_000]
    assert paid(result)["jo"] == [6_000, 4_000, 10_000, 0]


def test_a_blank_cell_is_as_before_and_a_person_who_returns_begins_anew(folder):
    rows = [
        "jo,2026-01-01,,9000,40000",
        "jo,2026-04-01,2026-06-30,,80000",
        "jo,2026-10-01,,,70000",
        "sam,,,,1",
    ]
    result = folder.replay("\n".join(["csm,from,until,target_bonus,quota", *rows]), PLAN)
    assert quotas(result)["jo"] == [40_000, 80_000, 0, 70_000]
    # 20,000 of 80,000 at the 9,000 of the row before; nothing in a quarter without a seat; then the plan's target again.
    assert paid(result)["jo"] == [6_750, 2_250, 0, 0]


def test_who_begins_in_a_quarter_is_asked_for_their_days(folder):
    """From 15 February: 45 of 90 days, 20,000 of 40,000 asked, half of the target paid for it."""
    result = folder.replay("csm,from,quota\njo,2026-02-15,40000\nsam,,1\n", PLAN)
    assert quotas(result)["jo"] == [20_000, 40_000, 40_000, 40_000]
    assert paid(result)["jo"] == [0.5 * 8_000 * 1.5, 4_000, 10_000, 0]


def test_hired_and_left_beside_rows_about_changes(folder):
    people = "csm,hired,from,left,quota\njo,2026-02-15,,,40000\njo,2026-02-15,2026-07-01,2026-09-30,50000\nsam,,,,1\n"
    result = folder.replay(people, PLAN)
    assert quotas(result)["jo"] == [20_000, 40_000, 50_000, 0]
    assert paid(result)["jo"] == [6_000, 4_000, 8_000, 0]


def test_quotas_by_the_name_of_a_quarter(folder):
    rows = [
        f"{csm},{amount},FY26 Q{number}"
        for csm in ("jo", "sam")
        for number, amount in enumerate((20, 40, 50, 60), 1)
    ]
    rows = [row.replace(",FY", "000,FY") for row in rows]
    result = folder.replay("\n".join(["csm,quota,period", *rows]), PLAN, fiscal_year=FiscalYear())
    assert quotas(result)["jo"] == quotas(result)["sam"] == [20_000, 40_000, 50_000, 60_000]
    assert paid(result)["jo"] == [12_000, 4_000, 8_000, 0]
    without = folder.replay("\n".join(["csm,quota,period", *rows]).replace("FY26 ", ""), PLAN)
    assert paid(without) == paid(result)


def test_what_a_year_asks_by_season_and_to_date(folder):
    people = "csm,quota,period\njo,200000,year\nsam,300000,FY26\n"
    seasonal = PLAN.replace('"person" }', '"person", seasonality = [0.1, 0.2, 0.3, 0.4] }')
    result = folder.replay(people, seasonal, fiscal_year=FiscalYear())
    assert quotas(result) == {
        "jo": [20_000, 40_000, 60_000, 80_000],
        "sam": [30_000, 60_000, 90_000, 120_000],
    }
    # 30, 50, 100 and 100 of 200: 15, 25, 50, 50 % of a year's 32,000; 90 and 150 of 300: 30 and 50 %.
    to_date = folder.replay(people, OF_YEAR, fiscal_year=FiscalYear())
    assert quotas(to_date) == {"jo": [200_000] * 4, "sam": [300_000] * 4}
    assert paid(to_date) == {"jo": [4_800, 3_200, 8_000, 0], "sam": [9_600, 0, 0, 6_400]}


def test_a_named_quota_is_asked_as_it_stands_and_of_a_part_of_the_year_in_its_days(folder):
    """In the seat from July: 90,000 agreed for the year are asked in the 184 days that are left of it."""
    agreed = agreed_of(
        "jo", folder.people("csm,from,quota,period\njo,2026-07-01,,\njo,,90000,FY26\n"), FISCAL, True
    )
    assert agreed.quota[""].usd[:4] == pytest.approx([0, 0, 45_000, 45_000])
    quarter = agreed_of(
        "jo", folder.people("csm,from,quota,period\njo,2026-02-15,1000,\njo,,700,FY26 Q1\n"), FISCAL, True
    )
    assert quarter.quota[""].usd[:4].tolist() == [700, 1_000, 1_000, 1_000]


@pytest.mark.parametrize(
    ("months", "period", "usd", "of_year"),
    [
        (1, "quarter", [100] * 12, 0),
        (3, "month", [900] * 4, 0),
        (3, "half-year", [150] * 4, 0),
        (3, "Year", [0] * 4, 300),
        (6, "", [300] * 2, 0),
        (12, "quarterly", [1_200], 0),
        (12, "annual", [300], 0),
    ],
)
def test_what_a_quota_is_of(folder, months, period, usd, of_year):
    calendar = Calendar(START, len(usd), lead=0, tail=0, months_per_period=months)
    own = agreed_of("jo", folder.people(f"csm,quota,period\njo,300,{period}\n"), calendar, True).quota[""]
    assert own.usd[: len(usd)] == pytest.approx(usd)
    assert own.of_year[: len(usd)] == pytest.approx([of_year] * len(usd))


@pytest.mark.parametrize("seed", range(6))
def test_amounts_by_counting_days(folder, seed):
    """Rows in any order on any days, against a sum over the days of every quarter. What is agreed adds up to the cent."""
    draw = np.random.default_rng(seed)
    days = np.sort(draw.choice(np.arange(-60, 500), 4, replace=False))
    dates = [str(np.datetime64(START) + int(day)) for day in days]
    amounts = draw.integers(10, 90, 4)
    rows = [f"jo,{when},{amount},{10 * amount},year" for when, amount in zip(dates, amounts, strict=True)]
    draw.shuffle(rows)
    text = "\n".join(["csm,from,target_bonus,quota,period", *rows])
    calendar = Calendar(START, 6, lead=0, tail=0)
    agreed = agreed_of("jo", folder.people(text), calendar, True)
    for period in range(6):
        first, beyond = (calendar.day(calendar.first_day(period + more)) for more in (0, 1))
        held = [amounts[days <= day][-1] for day in range(first, beyond) if (days <= day).any()]
        share = len(held) / (beyond - first)
        assert agreed.present[period] == pytest.approx(share)
        assert agreed.quota[""].of_year[period] == pytest.approx(10 * sum(held) / (beyond - first))
        if held:
            assert agreed.target.usd[period] == pytest.approx(np.mean(held))
            assert agreed.target.plans[period] == 0.0


def test_a_quota_for_each_of_two_components(folder):
    both = PLAN.replace('measure = "exp', 'weight = 0.5\nmeasure = "exp') + (
        '[[component]]\nname = "renewals"\nweight = 0.5\nquota = { kind = "person" }\n'
    )
    people = (
        "csm,quota,component\njo,40000,growth\njo,50000,renewals\nsam,90000,growth\nsam,100000,renewals\n"
    )
    result = folder.replay(people, both)
    found = {each.csm: each.settlement.component for each in result.settled}
    assert found["jo"]["growth"].measured.target[:, 0].tolist() == [40_000] * 4
    assert found["sam"]["renewals"].measured.target[:, 0].tolist() == [100_000] * 4
    assert found["sam"]["renewals"].pay[3, 0] == pytest.approx(0.5 * 4_000)
    one = folder.refused("csm,quota\njo,40000\nsam,90000\n", both)
    assert "say in a column component which quota is for which" in one[0]


def test_a_plan_may_pay_everybody_its_own_target(folder):
    people = "csm,target_bonus,quota\njo,1000,50000\nsam,20000,100000\n"
    plans = PLAN.replace("8_000", '8_000\ntargets = "plan"')
    result = folder.replay(people, plans)
    assert paid(result)["sam"] == [7_200, 0, 0, 4_800]
    (note,) = result.notes
    assert (note.kind, note.count) == ("own_target_not_paid", 2)


def test_quotas_that_no_plan_asks_are_told(folder):
    result = folder.replay(
        "csm,quota\njo,50000\nsam,100000\n", PLAN.replace('"person" }', '"fixed", amount = 50_000 }')
    )
    (note,) = result.notes
    assert note.text == (
        "Quotas of 2 people of people.csv are not asked by growth: only a quota of kind 'person' asks them."
    )


def test_what_is_missing_is_a_sentence(folder):
    assert folder.refused(None, PLAN) == [
        (
            "--people must be given, received nothing. "
            "Plan 'growth' asks of growth what is agreed with each person: give csm, quota, period."
        )
    ]
    missing = "people.csv, column quota must be an amount for every day in the seat, received none of"
    why = "Plan 'growth' asks of growth what is agreed with each person."
    late = "csm,from,hired,quota\njo,2026-04-02,2025-01-01,5\nsam,,,\n"
    assert folder.refused(late, PLAN) == [
        f"{missing} 'jo' in Q1, Q2. {why}",
        f"{missing} 'sam' in Q1, Q2, Q3, Q4. {why}",
    ]
    named = "csm,quota,period\njo,5,FY26 Q1\njo,5,FY26 Q5\nsam,5,quater\n"
    assert [
        each.partition(", received")[2] for each in folder.refused(named, PLAN, fiscal_year=FiscalYear())
    ] == [
        " 'FY26 Q5'.",
        " 'quater'.",
        f" none of 'jo' in FY26 Q2, FY26 Q3, FY26 Q4. {why}",
        f" none of 'sam' in FY26 Q1, FY26 Q2, FY26 Q3, FY26 Q4. {why}",
    ]


def test_bad_rows_are_sentences(folder):
    header = "csm,from,until,target_bonus,ote,pay_mix,quota,period,component"
    rows = [
        "jo,,,1000,90000,0.2,,,",
        "sam,,,,90000,,,,",
        "ann,,,,,,,year,",
        "bob,2026-01-01,,,,,5,FY26 Q1,",
        "cid,,,,,,5,FY26 Q1,",
        "cid,,,,,,6,fy26  q1,",
        "dee,,,1000,,,5,,growth",
    ]
    with pytest.raises(InputError) as caught:
        folder.people("\n".join([header, *rows]))
    found = [str(problem).split(", row ")[1] for problem in caught.value.problems]
    assert found == [
        (
            "2, column ote must be blank beside target_bonus, received an amount. "
            "Keep one of the two: a target bonus, or ote with pay_mix."
        ),
        "3, column pay_mix must be filled beside ote, received a blank cell. The target bonus is ote x pay_mix.",
        "4, column quota must be filled beside period, received a blank cell. It is what period is about.",
        (
            "5, column from must be blank beside such a period, received a date. "
            "A row about a period by its name has no days of its own."
        ),
        "7, column period must be given once, received 'fy26  q1'. Row 6 has the same person in the same period.",
        (
            "8, column target_bonus must be blank beside component, received an amount. "
            "Pay is of the whole plan; component says what a quota is for."
        ),
    ]


def test_statements_add_up_to_the_company(folder, capsys):
    """The command, on a history folder: what everybody is paid, to the cent, is what the totals say."""
    history = {
        "deals.csv": DEALS,
        "events.csv": GROWN.replace("date,arr", "date,arr,kind").replace("00\n", "00,expansion\n"),
    }
    history["people.csv"] = (
        "csm,from,target_bonus,quota\njo,,7777,43210\njo,2026-05-05,8888.88,54321\nsam,,19999.99,98765\n"
    )
    for name, text in history.items():
        folder.write(name, text)
    plan = folder.write("plan.toml", PLAN)
    assert (
        command(
            [
                "replay",
                str(folder.path),
                "--plan",
                str(plan),
                "--start",
                "2026-01-01",
                "--periods",
                "4",
                "--json",
            ]
        )
        == 0
    )
    document = json.loads(capsys.readouterr().out)
    by_period = {
        csm: sum(each["paid"] for each in document["statements"] if each["csm"] == csm)
        for csm in ("jo", "sam")
    }
    totals = {each["csm"]: each["paid"] for each in document["totals"]}
    assert by_period == pytest.approx(totals, abs=0.005)
    target = (7_777 * 34 + 8_888.88 * 57) / 91
    quota = (43_210 * 34 + 54_321 * 57) / 91
    jo = 7_777 * 30_000 / 43_210 + target * 20_000 / quota + 8_888.88 * 50_000 / 54_321
    assert totals == pytest.approx({"jo": jo, "sam": 19_999.99 * 150_000 / 98_765}, abs=0.005)
