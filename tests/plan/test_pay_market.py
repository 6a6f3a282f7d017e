"""The market table: row for row as the founding document prints it, and what a plan takes from it."""

import pytest

from sim.errors import InputError
from sim.plan.pay import market_table
from tests.rig.inputs.activity import plan_from

PRINTED = """
Austin | 125 | 155 (100+55) | 200 |
Boston | 130 | 160 (100+60) | 210 |
New York | 140 | 180 (110+70) | 240 |
San Francisco | 145 | 180 (115+65) | 235 |
Salt Lake City | 115 | 150 (95+55) | 195 |
"""
APRIL_2023 = """
Austin | 78 | 99 | 128 |
Boston | 80 | 102 | 133 |
New York | 89 | 114 | 147 |
San Francisco | 93 | 118 | 154 |
Salt Lake City | 76 | 97 | 127 |
"""
QUOTA = '[[component]]\nquota = { kind = "fixed", amount = 600 }\n'


@pytest.mark.parametrize(("page", "table"), [(PRINTED, "current"), (APRIL_2023, "April 2023")])
def test_the_table_is_the_printed_one(page, table):
    rows = [[cell.strip() for cell in line.split("|")[:4]] for line in page.strip().splitlines()]
    assert [city for city, *_ in rows] == list(market_table()[table])
    for city, *cells in rows:
        for level, cell in zip(("low", "typical", "high"), cells, strict=True):
            ote, _, split = cell.partition(" (")
            row = market_table()[table][city][level]
            assert row["ote"] == 1000 * int(ote)
            if split:
                base, bonus = (1000 * int(part) for part in split.rstrip(")").split("+"))
                assert (row["base_salary"], row["ote"] - row["base_salary"]) == (base, bonus)
            else:
                assert "base_salary" not in row


def pay_of(**keys):
    given = ", ".join(
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in keys.items()
    )
    return plan_from(f"pay = {{ {given} }}\n{QUOTA}").pay


def test_a_city_and_a_level_are_salary_and_bonus():
    pay = pay_of(market="Boston", level="typical")
    assert (pay.ote, pay.base_salary, pay.target_a_year) == (160_000, 100_000, pytest.approx(60_000))


def test_where_no_salary_is_printed_the_plan_says_the_mix():
    pay = pay_of(market="New York", level="high", pay_mix=0.25)
    assert (pay.ote, pay.base_salary, pay.target_a_year) == (240_000, 180_000, 60_000)
    assert pay_of(market="Austin", level="low", as_of="April 2023", pay_mix=0.5).ote == 78_000
    assert pay_of(market="Boston", level="typical", pay_mix=0.2).base_salary == 128_000


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"market": "Bostn", "level": "typical"},
            (
                "pay.market must be one of ['Austin', 'Boston', 'New York', 'Salt Lake City', 'San Francisco'], "
                "received 'Bostn'. Did you mean 'Boston'?"
            ),
        ),
        ({"market": "Boston"}, "pay.level must be present, received nothing. A market needs 'level'."),
        (
            {"market": "Boston", "level": "high"},
            "pay.pay_mix must be present, received nothing. The table prints no salary for this level.",
        ),
        (
            {"market": "Boston", "level": "typical", "ote": 150_000},
            "pay.ote must be absent beside market, received 150000.0. Boston, typical, is 160,000.",
        ),
        (
            {"level": "high", "target_bonus": 1.0},
            "pay.level must be absent, received 'high'. It belongs to 'market'.",
        ),
    ],
)
def test_what_is_said_of_a_market_that_cannot_be_read(keys, said):
    with pytest.raises(InputError) as error:
        pay_of(**keys)
    assert [str(problem) for problem in error.value.problems] == [f"plan.toml: {said}"]


def test_what_was_read_can_be_read_again():
    plan = plan_from('pay = { market = "Boston", level = "typical" }\n' + QUOTA)
    assert type(plan).model_validate(plan.model_dump(exclude_none=True)) == plan
