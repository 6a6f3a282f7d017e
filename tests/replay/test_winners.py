"""Who gains and who loses on real deals: changes are those of the statements, clauses add up, nobody is left out."""

from datetime import date

import numpy as np
import pytest

from sim.files.deals import read_deals
from sim.plan.plan import Plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.report import document, winners_sections

PLAN = """
name = "today"
[pay]
target_bonus = 20_000
base_salary = 80_000
[[component]]
quota = { kind = "fixed", amount = 600_000 }
"""
DEALS = """csm,account,arr,due_date,booked_date,booked_arr
ada,a1,500000,2026-02-01,2026-02-01,500000
ada,a2,300000,2026-05-01,2026-05-01,250000
bob,b1,400000,2026-02-01,2026-04-15,400000
bob,b2,200000,2026-08-01,2026-06-01,200000
cyd,c1,700000,2026-03-01,2026-03-01,700000
"""
CHANGES = {"component.renewals.crediting.late_multiplier": 0.5, "component.renewals.quota.amount": 500_000.0}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    path = tmp_path_factory.mktemp("deals") / "deals.csv"
    path.write_text(DEALS)
    today = Plan.from_toml(PLAN)
    late = {"component.renewals.crediting.late_multiplier": 0.5}
    quota = {"component.renewals.quota.amount": 500_000.0}
    plans = (
        today,
        today.altered(CHANGES, "both"),
        today.altered(late, "late"),
        today.altered(quota, "quota"),
    )
    return replay(HistoryFiles(read_deals(path)), plans, date(2026, 1, 1), 4)


def test_changes_are_those_of_the_statements(found):
    paid = {(each.plan.name, each.csm): float(each.settlement.paid.sum()) for each in found.settled}
    assert list(found.winners) == ["both", "late", "quota"]
    for plan, entry in found.winners.items():
        assert {row.csm for row in entry.rows} == {"ada", "bob", "cyd"}
        assert [row.change for row in entry.rows] == sorted(row.change for row in entry.rows)
        for row in entry.rows:
            gap = paid[plan, row.csm] - paid["today", row.csm]
            assert row.change == pytest.approx(gap, abs=0.005)
            assert row.change_share == pytest.approx(gap / (paid["today", row.csm] + 80_000))
        whole = sum(row.change for row in entry.rows)
        assert sum(clause.change for clause in entry.clauses) == pytest.approx(whole, abs=0.005)


def test_the_clause_that_moves_most_is_found_by_plans_changed_by_hand(found):
    paid = {(each.plan.name, each.csm): float(each.settlement.paid.sum()) for each in found.settled}
    for row in found.winners["both"].rows:
        today, both, late, quota = (paid[plan, row.csm] for plan in ("today", "both", "late", "quota"))
        moves = {
            "late_multiplier of renewals": 0.5 * (late - today + both - quota),
            "quota of renewals": 0.5 * (quota - today + both - late),
        }
        assert row.why == max(moves, key=lambda clause: abs(moves[clause]))
        assert row.why_change == pytest.approx(moves[row.why])


def test_losers_are_made_whole_by_what_their_first_quarters_lack(found):
    """Of the plan with a lower multiplier for late bookings alone: bob's booking of April is worth half."""
    bonus = {
        (each.plan.name, each.csm): each.statement.bonus[:, 0] for each in found.settled if each.csm == "bob"
    }
    lack = bonus["today", "bob"] - bonus["late", "bob"]
    entry = found.winners["late"]
    assert entry.make_whole_2q == pytest.approx(lack[:2].sum())
    assert entry.make_whole_4q == pytest.approx(max(lack.sum(), 0.0))
    assert np.count_nonzero([row.change for row in entry.rows]) == 1


def test_what_is_printed_says_it(found):
    tables = {table.name: table for section in winners_sections(found) for table in section.tables}
    assert {"winners", "winners_first", "payees", "winners_by_book", "winners_by_clause"} <= tables.keys()
    assert "P10" not in [column.title for column in tables["payees"].columns]
    assert len(tables["payees"].rows) == 9
    assert document(found)["payees"]["both"]["rows"][0]["csm"] == found.winners["both"].rows[0].csm


def test_real_deals_have_no_error_column(found):
    """What was settled on real deals is certain; a column of nothing would say that it was simulated."""
    (section,) = winners_sections(found)
    columns = {column.key for table in section.tables for column in table.columns}
    assert "lose" in columns
    assert not {key for key in columns if key.endswith("_se")}
