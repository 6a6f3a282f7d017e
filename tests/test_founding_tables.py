"""The case tables of Compensating Customer Success Managers (founding document), row for row, from the page itself.

Tables and headings stand in ``founding/early.md`` and ``founding/late.md`` as they were printed.
"""

from pathlib import Path

import pytest

from sim.plan.split import split_bonus
from tests.rig.inputs.deals import Deal, in_quarter, settled, shipped, two_quarters

PAGES = Path(__file__).parent / "founding"
THOUSAND = 1_000.0
SLIPS = {"20,0": "20.0", "3,3": "3.3", "371": "37.1"}
"""Slips of the printed page: a comma for a point, twice, and a lost point (20.0 + 17.1 = 37.1)."""

CASE_6 = "Case 6: Early Renewal with Credit Allocated to the Original, On-Time Quarter (Alternative Recommendation)"

EARLY = [  # heading                                              plan                 booked early, $K
    ("Case 1: On Time Renewal (Base Case)", "founding/early-1", 0),
    ("Case 2: Early Renewal, No Multiplier, No Quota Adjustment", "founding/early-2", 100),
    ("Case 3: Early Renewal, Multiplier, No Quota Adjustment", "founding/early-3", 100),
    (
        "Case 4 (RECOMMENDED): Early Renewal, No Multiplier, Future Quota Adjustment",
        "founding/early-4",
        100,
    ),
    ("There is a perverse way to 'game' this plan", "founding/early-4", 590),
    ("Case 5: Early Renewal, No Multiplier, Current & Future Quota Adjustment", "founding/early-5", 100),
    (CASE_6, "founding/early-6", 100),
]
LATE = [  # heading                                               plan                 booked late, $K
    ("Case 1: On Time Renewal (Base Case)", "founding/late-1", 0),
    ("Case 2: Late Renewal, No Multiplier, No Quota Adjustment", "founding/late-2", 100),
    (
        "Case 3: Late Renewal, Punitive Multiplier, No Quota Adjustment (RECOMMENDED)",
        "founding/late-3",
        100,
    ),
    ("Case 4: Late Renewal, No Multiplier, Future Quarter Quota Adjustment", "founding/late-4", 100),
    ("Case 5: Late Renewal, No Multiplier, Future Quarter Quota Adjustment", "founding/late-5", 100),
]
ROWS = (
    "Renewal Quota",
    "Actual Renewed in Period",
    "Early",
    "Late",
    "On-Time",
    "Bonus Paid in Period",
    "Early",
    "Late",
    "On-Time",
)


def printed(page, heading):
    """The table under a heading: its row names, and its numbers in $K."""
    section = (PAGES / page).read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")][2:]
    names = tuple(name.removesuffix(" (from prior periods)") for name, *_ in rows)
    numbers = [[SLIPS.get(cell, cell) for cell in cells] for _, *cells in rows]
    return names, [[0.0 if cell == "—" else float(cell.replace(",", "")) for cell in row] for row in numbers]


def two_quarter_book(early=0, late=0):
    """600 due in each quarter, on time but for the given amounts. [$K]"""
    calendar = two_quarters()
    due_1, due_2 = in_quarter(calendar, 0), in_quarter(calendar, 1)
    deals = [Deal(due_1, due_1, 600 - late), Deal(due_2, due_2 - 5, 600 - early)]
    if early:
        deals.append(Deal(due_2, due_1 + 10, early))
    if late:
        deals.append(Deal(due_1, due_2, late))
    return [deal._replace(arr=deal.arr * THOUSAND) for deal in deals]


def settled_table(plan, deals):
    """The statement as the page prints it: Q1, Q2 and their total. [$K]"""
    statement = settled(plan, two_quarters(), deals)
    split = split_bonus(statement)
    renewed = (statement.renewed_early, statement.renewed_late, statement.renewed_on_time)
    rows = (statement.quota, sum(renewed), *renewed, statement.bonus, split.early, split.late, split.on_time)
    return [[row[0, 0] / THOUSAND, row[1, 0] / THOUSAND, row.sum() / THOUSAND] for row in rows]


def assert_printed(page, heading, plan, deals):
    names, expected = printed(page, heading)
    assert names == ROWS
    actual = settled_table(shipped(plan), deals)
    for name, wanted, found in zip(names, expected, actual, strict=True):
        assert [round(value, 1) for value in found] == wanted, name


@pytest.mark.parametrize(("heading", "plan", "early"), EARLY)
def test_early_renewal(heading, plan, early):
    assert_printed("early.md", heading, plan, two_quarter_book(early=early))


@pytest.mark.parametrize(("heading", "plan", "late"), LATE)
def test_late_renewal(heading, plan, late):
    assert_printed("late.md", heading, plan, two_quarter_book(late=late))


@pytest.mark.parametrize("base", ["", "-adjusted"])
def test_the_provision_holds_the_590_pull_to_half_the_quota(base):
    """Derived from the provision below early case 4: 300 of the 590 count in Q1, 290 wait for Q2."""
    table = settled_table(shipped(f"founding/early-4-provision{base}"), two_quarter_book(early=590))
    assert [[round(value, 1) for value in row] for row in table] == [
        [600.0, 300.0, 900.0],
        [900.0, 300.0, 1200.0],
        [300.0, 290.0, 590.0],
        [0.0, 0.0, 0.0],
        [600.0, 10.0, 610.0],
        [30.0, 20.0, 50.0],
        [10.0, 19.3, 29.3],
        [0.0, 0.0, 0.0],
        [20.0, 0.7, 20.7],
    ]


@pytest.mark.parametrize(
    ("due_in_q2", "early", "paid"),
    [(480, 100, 38.53), (480, 300, 42.00), (660, 100, 45.73), (660, 300, 54.00), (660, 590, 179.67)],
)
def test_relief_pays_what_the_closed_form_says(due_in_q2, early, paid):
    """B (A1/Q + E/Q + (A2 - E)/(Q - E)) with A1 = Q = 600, B = 20: relief is unbounded where A2 > Q."""
    assert paid == pytest.approx(20 * (1 + early / 600 + (due_in_q2 - early) / (600 - early)), abs=0.005)
    calendar = two_quarters()
    due_1, due_2 = in_quarter(calendar, 0), in_quarter(calendar, 1)
    deals = [
        Deal(due_1, due_1, 600_000),
        Deal(due_2, due_2, (due_in_q2 - early) * THOUSAND),
        Deal(due_2, due_1, early * THOUSAND),
    ]
    statement = settled(shipped("founding/early-4"), calendar, deals)
    assert statement.bonus.sum() / THOUSAND == pytest.approx(paid, abs=0.005)
