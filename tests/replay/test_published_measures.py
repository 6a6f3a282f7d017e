"""Measures and tiers of published plans on real deals, worked by hand to the cent."""

from datetime import date
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.files.book_events import read_expansions, read_opening, read_readings
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.required import BookEvents
from tests.rig.inputs.folder import Folder

START = date(2026, 1, 1)
DEALS = """\
csm,account,arr,due_date,booked_date,booked_arr
mia,Fern,90000,2026-02-20,2026-02-18,84500.50
mia,Oak,60000,2026-05-12,,
mia,Elm,45000,2026-08-03,2026-08-03,52250
mia,Ash,30000,2026-09-15,2026-10-02,30000
"""
BOOK = "csm,account,arr\nmia,Fern,90000\nmia,Oak,60000\nmia,Elm,45000\nmia,Ash,30000\nmia,Yew,10000\n"
GROWN = "csm,account,date,arr\nmia,Yew,2026-01-20,21750.25\nmia,Fern,2026-11-05,38000\n"
"""Fern -5,499.50 and Yew +21,750.25 in the first quarter; Oak -60,000; Elm +7,250 on 45,000; Fern +38,000."""
HEAD = 'name = "p"\npay = { base_salary = 1 }\n[[component]]\n'
NET = 'pay_kind = "commission"\nmeasure = "net_growth"\ncommission = { rate = 0.04 }\n'


@pytest.fixture
def settle(tmp_path):
    folder = Folder(tmp_path)

    def settled(text, deals=DEALS, kpis=None, periods=4):
        opening = read_opening(folder.write("book.csv", BOOK))
        expansions = read_expansions(folder.write("expansions.csv", GROWN))
        plan = load_plan(Path(folder.write("plan.toml", text)))
        history = read_deals(folder.write("deals.csv", deals))
        readings = None if kpis is None else read_readings(folder.write("kpis.csv", kpis))
        (one,) = replay(
            HistoryFiles(history, BookEvents(opening, expansions, readings)), [plan], START, periods
        ).settled
        return one.settlement

    return settled


def cents(settlement):
    return [round(float(each), 2) for each in settlement.paid[:, 0]]


def test_net_change_as_a_commission(settle):
    """+16,250.75, -60,000, +7,250 - 30,000 lapsed, +38,000 + 30,000 back: 4 % each; the debt of 2,400 and 910 stays."""
    text = f"{HEAD}{NET}"
    found = settle(text)
    measured = found.component["renewals"].measured.value[:, 0]
    assert measured == pytest.approx([16_250.75, -60_000, 7_250 - 30_000, 68_000])
    assert cents(found) == [650.03, 0.0, 0.0, 0.0]
    forgiven = settle(text + "[carry]\nnegative = false\n")
    assert cents(forgiven) == [650.03, 0.0, 0.0, 2720.0]


def test_net_change_adds_up_to_the_bridge(settle):
    """235,000 at the start; at the end Fern has 122,500.50, Elm 52,250, Ash 30,000 and Yew 31,750.25."""
    found = settle(f"{HEAD}{NET}")
    total = found.component["renewals"].measured.value[:, 0].sum()
    assert total == pytest.approx(122_500.50 + 52_250 + 30_000 + 31_750.25 - 235_000)


def test_net_change_against_a_quota(settle):
    """A target of +25,000 a quarter: 65.003 % in the first, below nothing in the second, 272 % in the last."""
    text = """\
name = "p"
pay = { target_bonus = 8_000 }
[[component]]
measure = "net_growth"
quota = { kind = "fixed", amount = 25_000 }
curve = [{ attainment = "[0, 1.5]", slope = 1.0 }, { attainment = "(1.5, inf)", pays = 1.5 }]
"""
    assert cents(settle(text)) == [5200.24, 0.0, 0.0, 12_000.0]


def test_pay_per_renewal_rises_with_the_count_of_the_year(settle):
    """1, 0, 1 and 1 renewals against 2 in the year: 120 each up to 2, and 175 for the third."""
    text = f"""\
{HEAD}pay_kind = "commission"
measure = "renewal_count"
measurement = "year_to_date"
[component.commission]
tier = [{{ start = 0, per_event = 120 }}, {{ start = 2, per_event = 175 }}]
tiers_by = "count"
"""
    assert cents(settle(text)) == [120.0, 0.0, 120.0, 175.0]


def test_one_retroactive_tier_closed_on_the_right(settle):
    """Of 29,000.33 asked: 75 % is 21,750.2475, which 21,750.25 is beyond: 11 % of all; 38,000 is beyond 100 %."""
    text = f"""\
{HEAD}pay_kind = "commission"
measure = "expansion_bookings"
quota = {{ kind = "fixed", amount = 29_000.33 }}
[component.commission]
tier = [
    {{ interval = "[0, 0.75]", rate = 0.09 }},
    {{ interval = "(0.75, 1.0]", rate = 0.11, pays = "retroactive" }},
    {{ interval = "(1.0, inf)", rate = 0.15 }},
]
"""
    assert cents(settle(text)) == [2392.53, 0.0, 0.0, round(29_000.33 * 0.11 + 8_999.67 * 0.15, 2)]
    assert cents(settle(text.replace("29_000.33", "29_000.34")))[0] == 1957.52


def test_an_annual_quota_paid_in_the_interim(settle):
    """21,750.25 of 50,000 in the first quarter; 59,750.25 at the end, 119.5005 %, 1.5 for 1 above 100 %."""
    text = """\
name = "p"
pay = { target_bonus = 2_500 }
[[component]]
measure = "expansion_bookings"
measurement = "year_to_date"
quota = { kind = "fixed", amount = 50_000, over = "year" }
curve = [{ attainment = "[0, 1]", slope = 1.0 }, { attainment = "(1, inf)", pays = 1.0, slope = 1.5 }]
"""
    first = round(10_000 * 21_750.25 / 50_000, 2)
    whole = round(10_000 * (1 + 1.5 * (59_750.25 / 50_000 - 1)), 2)
    assert cents(settle(text)) == [first, 0.0, 0.0, round(whole - first, 2)]


def test_nothing_due_for_the_rest_of_the_year(settle):
    """Oak is all there is, and leaves: three quarters at target by default, nothing by "zero" and "skip"."""
    deals = DEALS.splitlines()[0] + "\nmia,Oak,60000,2026-05-12,,\n"
    for rule, total in (("target", 3 * 1_500.0), ("zero", 0.0), ("skip", 0.0)):
        text = f"""\
name = "p"
pay = {{ target_bonus = 1_500 }}
[[component]]
nothing_due = "{rule}"
quota = {{ kind = "retention", rate = 0.9 }}
"""
        found = settle(text, deals=deals)
        assert sum(cents(found)) == total


CSAT = """\
name = "p"
pay = { target_bonus = 1_250 }
[[component]]
measure = "kpi"
kpi = "CSAT score"
quota = { kind = "target", floor = 3.2, target = 4.6 }
"""


def test_a_kpi_of_one_s_own(settle):
    """(4.11 - 3.2) / 1.4 = 65 % of 1,250, and 5 / 7 of it for 4.2."""
    readings = "csm,date,kpi,value\nmia,2026-03-30,CSAT score,4.11\nmia,2026-06-01,CSAT score,4.2\n"
    assert cents(settle(CSAT, kpis=readings, periods=2)) == [812.5, 892.86]


def test_a_kpi_nobody_reads_is_told_with_the_name_that_is_near(settle):
    with pytest.raises(InputError) as error:
        settle(CSAT, kpis="csm,date,kpi,value\nmia,2026-03-30,CSAT scor,4.11\n", periods=1)
    assert (
        "a reading of 'CSAT score' for every CSM and period, received none of 'mia' in Q1. Did you mean"
        in str(error.value)
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CSAT.replace('kpi = "CSAT score"\n', ""), "component[0].kpi must be present, received nothing."),
        (CSAT.replace('"kpi"', '"nps"'), "kpi must be absent, received 'CSAT score'. It names the KPI of"),
        (CSAT.replace("CSAT score", "nps"), "a name of one's own, received 'nps'. Write measure = 'nps'."),
        (CSAT.replace("CSAT score", "grr"), "a name of one's own, received 'grr'. That is another measure."),
    ],
)
def test_what_is_no_kpi_of_one_s_own_is_refused(settle, text, sentence):
    with pytest.raises(InputError) as error:
        settle(text)
    assert sentence in str(error.value)


def test_a_quarter_in_which_only_growth_happens_is_settled(settle):
    """No renewal touches it, and 4 % of 21,750.25 are due all the same."""
    text = HEAD + 'pay_kind = "commission"\nmeasure = "expansion_bookings"\ncommission = { rate = 0.04 }\n'
    deals = DEALS.splitlines()[0] + "\nmia,Yew,10000,2026-12-10,2026-12-10,31750.25\n"
    assert cents(settle(text, deals=deals, periods=1)) == [870.01]
