"""Every plan of ``configs/plans/library``, its arithmetic worked by hand.

Quarterly target bonuses of the market table (founding document), typical: San Francisco 65,000 / 4 = 16,250, or of
180,000 a fifth 36,000 / 4 = 9,000 and a tenth 18,000 / 4 = 4,500; Boston 60,000 / 4 = 15,000; Austin 55,000 / 4 = 13,750.
"""

from pathlib import Path

import pytest

from tests.rig.inputs.activity import activity_of
from tests.rig.inputs.deals import PLANS, Deal, eight_quarters, in_quarter, settlement, shipped

CALENDAR = eight_quarters()
BOOK = [1_000_000.0] * 8


def settled(name, *renewals, activity=None, company=None):
    """Settle a plan of the library on (quarter due, quarter booked, ARR due, ARR booked)."""
    deals = [
        Deal(in_quarter(CALENDAR, due), in_quarter(CALENDAR, booked), float(arr), float(booked_arr))
        for due, booked, arr, booked_arr in renewals
    ]
    return settlement(shipped(f"library/{name}"), CALENDAR, deals, activity=activity, company=company)


def paid(found, periods=4):
    return pytest.approx(found.paid[:periods, 0].tolist(), abs=0.005)


def by_quarter(*amounts):
    return [*amounts, *[0.0] * (8 - len(amounts))]


def test_posthog_2026_q3():
    # NRR 1 + 0.05, 1 + 0.10, 1 + 0.20, 1 - 0.02 of a target of 110 %: the bonus slides from 0 at 100 % to 100 % at
    # 110 %, and on: 50 %, 100 %, 200 %, 0 of 9,000.
    activity = activity_of(
        BOOK, expansion=by_quarter(50_000, 100_000, 210_000, 0), churn=by_quarter(0, 0, 10_000, 20_000)
    )
    assert paid(settled("posthog-2026-q3", activity=activity)) == [4_500, 9_000, 18_000, 0]


def test_posthog_2026_q3_guarantees_the_first_three_months():
    # NRR 95 % in the first quarter of a new CSM: 100 % guaranteed, "but also if you over-perform then you will get your
    # additional bonus": 120 % pays 200 %.
    new = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    poor = activity_of(BOOK, churn=by_quarter(50_000, 50_000), tenure=new)
    rich = activity_of(BOOK, expansion=by_quarter(200_000), tenure=new)
    assert paid(settled("posthog-2026-q3", activity=poor), 2) == [9_000, 0]
    assert paid(settled("posthog-2026-q3", activity=rich), 2) == [18_000, 0]


def test_posthog_2025_05():
    # "For 120% retention, it's 100% bonus, and for 140% retention, it's 200% bonus [...] if you hit 110% retention you
    # get 50% bonus", of a tenth of OTE: 4,500 a quarter.
    activity = activity_of(BOOK, expansion=by_quarter(0, 100_000, 200_000, 400_000))
    assert paid(settled("posthog-2025-05", activity=activity)) == [0, 2_250, 4_500, 9_000]


@pytest.mark.parametrize(("name", "target"), [("posthog-2025-09", 4_500), ("posthog-2025-11", 9_000)])
def test_posthog_2025_by_half_years(name, target):
    # Two quarters together over ARR at their start. Q1 alone: 1.10, a half. Q1 + Q2: 1.20, all. Q2 + Q3: 1.16, 80 %.
    activity = activity_of(BOOK, expansion=by_quarter(100_000, 100_000, 60_000, 0))
    assert [0.5 * target, target, 0.8 * target, 0.3 * target] == paid(settled(name, activity=activity))


def test_posthog_2024_11():
    # 40 accounts: all kept pays 100 %, one lost (97.5 %) half, two lost (95 %, the floor) nothing; 4,500 a quarter.
    number = {"accounts": 40, "churn": by_quarter(0, 1, 2, 3)}
    activity = activity_of(BOOK, number=number)
    assert paid(settled("posthog-2024-11", activity=activity)) == [4_500, 2_250, 0, 0]


def test_flowfuse():
    # The examples of website pull request 5470, goal 115 %, bonus target 10,000: 98 % pays 0, 100 % 0, 107.5 % 5,000,
    # 115 % 10,000, 118 % 12,000.
    activity = activity_of(
        BOOK, churn_notice=by_quarter(20_000), expansion=by_quarter(0, 0, 75_000, 150_000, 180_000)
    )
    assert paid(settled("flowfuse", activity=activity), 5) == [0, 0, 5_000, 10_000, 12_000]


def test_flowfuse_credits_when_the_outcome_is_decided():
    # "If a renewal is signed in Q4 but the Effective Start Date is in Q1, the commission is earned in Q4": an uplift of
    # 150,000 signed in Q1 for a start in Q2 pays in Q1; a churn of Q4 told in Q3 costs in Q3; being late costs nothing.
    activity = activity_of(
        BOOK,
        uplift_booking=by_quarter(150_000),
        uplift_due=by_quarter(0, 150_000),
        expansion=by_quarter(0, 0, 150_000, 150_000),
        churn_notice=by_quarter(0, 0, 75_000),
        churn_due=by_quarter(0, 0, 0, 75_000),
        lapsed=by_quarter(0, 0, 0, 40_000),
    )
    assert paid(settled("flowfuse", activity=activity)) == [10_000, 0, 5_000, 10_000]


def test_sourcegraph_ta():
    # Logos: 100 accounts, 2 lost = 98 % is the target, 5 lost = 95 % the floor. Dollars: 102 % target, 95 % floor.
    # 60 % of 16,250 = 9,750; 40 % = 6,500. Q1: both at target. Q2: 3.5 lost = 96.5 %, half; NRR 98.5 %, half.
    # Q3: logos 95 %, nothing; NRR 1.0: 5/7 of 6,500 = 4,642.86.
    activity = activity_of(
        BOOK,
        expansion=by_quarter(20_000),
        churn=by_quarter(0, 15_000, 0),
        number={"accounts": 200, "churn": by_quarter(4, 7, 10)},
    )
    assert paid(settled("sourcegraph-ta", activity=activity), 3) == [16_250, 8_125, 4_642.857]


def test_sourcegraph_ae():
    # GRR of the year 1 - 0.12 = 88 %, 80 % of the way from 80 to 90 %: 0.8 x 20,000 = 16,000 at year end, of which
    # three draws of 2,500 have been paid: 8,500.
    activity = activity_of(BOOK, churn=30_000)
    assert paid(settled("sourcegraph-ae", activity=activity)) == [2_500, 2_500, 2_500, 8_500]


def test_sourcegraph_ae_draw_is_recovered():
    # GRR 1 - 0.20 = 80 % earns nothing: four draws of 2,500 are owed, and taken from the next year's 20,000 (GRR 100 %),
    # in which three more were drawn: 20,000 - 7 x 2,500 = 2,500.
    activity = activity_of(BOOK, churn=[50_000] * 4 + [0] * 4)
    found = settled("sourcegraph-ae", activity=activity)
    assert paid(found, 8) == [2_500] * 8
    assert found.recoverable[[3, 6, 7], 0].tolist() == pytest.approx([10_000, 17_500, 0])


def test_sourcegraph_ramp():
    # Quota 0.95 x 1,000,000 = 950,000; a third of it in the first quarter, two thirds in the second. 313,500 renewed:
    # 100 % of 313,500, 49.3 % of 636,500, 33 % of 950,000, of 15,000. With nothing renewed, Q1 still draws 15,000.
    tenure = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    each = [(t, t, 1_000_000, 313_500) for t in range(3)]
    found = settled("sourcegraph-ramp", *each, activity=activity_of(BOOK, tenure=tenure))
    assert paid(found, 3) == [15_000, 7_388.060, 4_950]
    nothing = settled("sourcegraph-ramp", (0, 0, 1_000_000, 0), activity=activity_of(BOOK, tenure=tenure))
    assert paid(nothing, 1) == [15_000]


def test_gainsight_2023_csm():
    # Renewals: 0.92 x 1,000,000 asked, 828,000 renewed, 90 % of 8,125 = 7,312.50. Outcomes: 50 % is half-way from 40 to
    # 60 %: 4,062.50. Then 80 % of adoption is twice the way, capped at 1.5 x 8,125 = 12,187.50; nothing was due: 100 %.
    activity = activity_of(BOOK, kpi={"adoption": by_quarter(0.5, 0.8)})
    found = settled("gainsight-2023-csm", (0, 0, 1_000_000, 828_000), activity=activity)
    assert paid(found, 2) == [11_375, 20_312.5]


def test_gainsight_2023_am():
    # Half-year. Renewals: 920,000 asked in Q1, 460,000 in Q2; 690,000 + 690,000 renewed: 100 % of 2 x 4,062.50. Growth:
    # 4 % of 1,000,000 twice, 80,000 asked, 120,000 booked: 150 % of 2 x 12,187.50 = 36,562.50. Paid in Q2.
    activity = activity_of(BOOK, expansion=by_quarter(20_000, 60_000), uplift=by_quarter(30_000, 10_000))
    found = settled(
        "gainsight-2023-am", (0, 0, 1_000_000, 690_000), (1, 1, 500_000, 690_000), activity=activity
    )
    assert paid(found, 2) == [0, 44_687.5]
    # Accrued in Q1: renewals 75 % of 4,062.50, growth 50,000 / 40,000 of 12,187.50
    assert found.accrued[0, 0] == pytest.approx(3_046.875 + 15_234.375)


def test_xactly_2015_csr():
    # Target 9,000: corporate 2,700, renewals 3,150, add-on 3,150. Company growth to date 3 % and 10 %, of 10 %: 30 % of
    # 2,700; 100 % of 5,400 to date. Renewals to date 690,000 / 920,000; 1,840,000 / 1,840,000: 75 % of 3,150, 100 % of
    # 6,300 to date. Add-on by quarter: 15,000 and 60,000 of 30,000.
    # Q1: 810 + 2,362.50 + 1,575. Q2: (5,400 - 810) + (6,300 - 2,362.50) + 6,300.
    company = activity_of([20_000_000.0] * 8, new=by_quarter(600_000, 1_400_000))
    found = settled(
        "xactly-2015-csr",
        (0, 0, 1_000_000, 690_000),
        (1, 1, 1_000_000, 1_150_000),
        activity=activity_of(BOOK, expansion=by_quarter(15_000, 60_000)),
        company=company,
    )
    assert paid(found, 2) == [4_747.5, 14_827.5]


def test_xactly_2015_csm():
    # Corporate: GRR of all books to date 85 %, half-way from 80 to 90 %: 50 % of 2,700. NPS 48 of 40 is 120 %, the most
    # it pays: 1.2 x 3,150. Onboarding is binary: 79 % of a target of 80 % pays nothing, 80 % all 3,150.
    company = activity_of([20_000_000.0] * 8, churn=by_quarter(3_000_000))
    activity = activity_of(BOOK, kpi={"nps": 48, "onboarding": by_quarter(0.79, 0.80)})
    found = settled("xactly-2015-csm", activity=activity, company=company)
    assert paid(found, 2) == [1_350 + 3_780, 1_350 + 3_780 + 3_150]


def test_coreplan_am():
    # A year: 50 customers, 3 lost = 94 %, half-way from 92 to 96 %: 0.5 x 4 x 6,875 = 13,750. Expansion 675,000 of
    # 800,000, half-way from 550,000: 13,750. The second year keeps all, and at 550,000 expansion pays nothing: 27,500.
    lost = {"accounts": 50, "churn": [1, 1, 1, 0, 0, 0, 0, 0]}
    activity = activity_of(
        BOOK, expansion=[168_750] * 4 + [100_000] * 4, uplift=[0] * 4 + [37_500] * 4, number=lost
    )
    assert paid(settled("coreplan-am", activity=activity), 8) == [0, 0, 0, 27_500, 0, 0, 0, 27_500]


def test_fixed_pay():
    # Measured, and never paid more or less
    found = settled("fixed-pay", (0, 0, 1_000_000, 950_000))
    assert paid(found) == [0, 0, 0, 0]
    assert found.statement.attainment[0, 0] == pytest.approx(1.0)
    assert shipped("library/fixed-pay").pay.base_salary == 160_000


def test_commission():
    # Q1: 1 % of 900,000 renewed = 9,000; growth 45,000 of a quota of 30,000: 30,000 x 8 % + 15,000 x 12 % = 4,200; two
    # longer contracts, 1,000. Q2: quota to date 60,000, growth to date 50,000, all at 8 %: 4,000, 200 less than paid.
    activity = activity_of(
        BOOK,
        expansion=by_quarter(40_000, 5_000),
        uplift=by_quarter(5_000),
        number={"multi_year": by_quarter(2)},
    )
    found = settled("commission", (0, 0, 1_000_000, 900_000), activity=activity)
    assert found.earned[:2, 0].tolist() == pytest.approx([14_200, -200])
    assert paid(found, 2) == [14_200, 0]


def test_commission_clawback():
    # Expansion 500,000 x 10 % = 50,000, capped at 40,000. Uplift 25,000 is past 20,000: all of it at 2 %, 500. A quarter
    # is held back for two quarters: 30,375. Q2 loses 5 % of the book: 5 % of 40,500 = 2,025 is taken back, from what Q3
    # releases: 10,125 - 2,025 = 8,100.
    activity = activity_of(
        BOOK,
        expansion=by_quarter(500_000),
        uplift=by_quarter(25_000),
        churn=by_quarter(0, 30_000),
        contraction=by_quarter(0, 20_000),
    )
    found = settled("commission-clawback", activity=activity)
    assert found.earned[:4, 0].tolist() == pytest.approx([40_500, -2_025, 0, 0])
    assert paid(found) == [30_375, 0, 8_100, 0]


def test_commission_by_term():
    # Growth of 20,000 at a renewal for 12 months, 10,000 for 24, 5,000 for 36, booked in Q1, Q2, Q2: 1,600 + 900 + 500;
    # of what is renewed 1 % of 200,000 in Q1. Q3 loses a tenth of the book: 10 % of 3,600 and of 1,400 is taken back, from
    # what Q4 pays.
    deals = [
        ("uplift", {"due": 1, "booking": 0}, 12, 220_000.0, 20_000.0),
        ("renewal", {"due": 1, "booking": 0}, 12, 220_000.0, 200_000.0),
        ("uplift", 1, 24, 80_000.0, 10_000.0),
        ("expansion", 1, 36, 5_000.0, 5_000.0),
        ("expansion", 3, 12, 20_000.0, 20_000.0),
    ]
    activity = activity_of(BOOK, deals=deals, churn=by_quarter(0, 0, 100_000))
    found = settled("commission-by-term", activity=activity)
    assert found.earned[:4, 0].tolist() == pytest.approx([3_600, 1_400, -500, 1_600])
    assert paid(found) == [3_600, 1_400, 0, 1_100]


def test_sourcegraph_overlay():
    # 2 % of 150,000 booked; in Q2 of 90,000 lost and 10,000 credited: nothing is paid, and the 2,000 are netted in Q3
    # against 2 % of 250,000. What is merely renewed counts nowhere.
    deals = [
        ("new", 0, 12, 100_000.0, 100_000.0),
        ("uplift", 0, 12, 250_000.0, 50_000.0),
        ("renewal", 0, 12, 250_000.0, 200_000.0),
        ("churn", 1, 12, 60_000.0, -60_000.0),
        ("contraction", 1, 12, 70_000.0, -30_000.0),
        ("credit", 1, 12, 10_000.0, -10_000.0),
        ("expansion", 2, 12, 250_000.0, 250_000.0),
    ]
    found = settled("sourcegraph-overlay", activity=activity_of(BOOK, deals=deals))
    assert paid(found) == [3_000, 0, 3_000, 0]


def test_sourcegraph_ae_growth():
    # 10 % of 500,000; to date 700,000 of 600,000 in Q2: 60,000 + 20 % of 100,000. Four new logos of four in the half-year
    # at 2,500, the fifth at 3,000; anew in the second half.
    deals = [("new", 0, 12, 125_000.0, 125_000.0)] * 3 + [("expansion", 0, 12, 125_000.0, 125_000.0)]
    deals += [("new", 1, 12, 100_000.0, 100_000.0)] * 2 + [("new", 2, 12, 10_000.0, 10_000.0)]
    found = settled("sourcegraph-ae-growth", activity=activity_of(BOOK, deals=deals))
    assert paid(found) == [50_000 + 7_500, 30_000 + 2_500 + 3_000, 2_000 + 2_500, 0]


def test_gated():
    # Renewals 9,000, expansion 6,000 at target. Q1: renewals 855,000 / 950,000 = 90 % opens the gate; growth 30,000 /
    # 30,000; company 10 % of 10 %: x 1.0 -> 8,100 + 6,000. Q2: renewals 80 %, gate shut; company to date 15 %, x 1.1:
    # 7,200 x 1.1 = 7,920. Q3: company unchanged, renewals 20,000,000 / 950,000 would pay 189,473.68 x 1.1; the year is
    # capped at 2 x 60,000: 120,000 - 14,100 - 7,920 = 97,980. Q4: nothing is left.
    company = activity_of([20_000_000.0] * 8, new=by_quarter(2_000_000, 1_000_000))
    found = settled(
        "gated",
        (0, 0, 1_000_000, 855_000),
        (1, 1, 1_000_000, 760_000),
        (2, 2, 1_000_000, 20_000_000),
        (3, 3, 1_000_000, 950_000),
        activity=activity_of(BOOK, expansion=by_quarter(30_000, 30_000)),
        company=company,
    )
    assert paid(found) == [14_100, 7_920, 97_980, 0]


def test_every_plan_of_the_library_is_worked_here():
    source = Path(__file__).read_text(encoding="utf-8")
    for path in sorted((PLANS / "library").glob("*.toml")):
        assert f'"{path.stem}"' in source, f"work {path.stem} by hand"
