"""Moves of a scenario: which numbers a path names, what each operation does to them, and what keeps them sensible."""

from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.files.share import LEAST_SHARE
from sim.questions.stress.inputs import amount_of, describes_book, inputs_of
from sim.questions.stress.move import Change, move_scenario, moved_churn
from sim.world.book import make_book
from sim.world.place import UnknownInputError, places
from sim.world.scenario import Team, load_scenario
from tests.rig.inputs.small_scenarios import make_scenario
from tests.rig.repository import CONFIGS

LAG = ({"days": (-60, -1), "share": 0.2}, {"days": (0, 0), "share": 0.5}, {"days": (1, 90), "share": 0.3})


def company():
    return load_scenario(CONFIGS / "scenarios" / "company.toml")


def values(scenario, path):
    return [each.value for each in places(scenario, path)]


def moved(scenario, **change):
    return move_scenario(scenario, (Change(**change),), "stress x").scenario


def test_a_table_stands_for_what_it_is_about():
    scenario = company()
    assert values(scenario, "segment.smb.churn") == [0.31, 0.29, 0.27]
    assert values(scenario, "segment.*.churn.dispersion") == [0.06, 0.06, 0.10]
    assert values(scenario, "segment.smb.lag[late]") == [0.12, 0.05, 0.03]
    assert values(scenario, "segment.smb.lag[early].share") == [0.01, 0.06]
    assert values(scenario, "segment.smb.lag[2].share") == [0.73]
    assert values(scenario, "segment.smb.contraction.size") == [0.10, 0.50]
    assert values(scenario, "segment.*.uplift.size") == [0.05] * 3
    assert values(scenario, "segment.*.arr") == [200_000, 57_000, 11_700]
    assert values(scenario, "market.level") == [None]


def test_names_of_segments_may_hold_dots():
    from sim.files.toml import check
    from sim.world.scenario import Scenario

    segments = tuple(
        {
            "name": name,
            "churn": {"probability": at},
            "csms": 1,
            "arr": {"mean": 1.0, "sigma": 0.0, "accounts": 1},
        }
        for name, at in (("a", 0.1), ("a.b", 0.2))
    )
    scenario = check(
        Scenario, {"name": "x", "start": company().start, "periods": 1, "segment": segments}, "x"
    )
    assert values(scenario, "segment.a.b.churn") == [0.2]
    assert values(scenario, "segment.a.churn") == [0.1]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("segment.*.chrun", "Did you mean 'churn'?"),
        ("segment.all.lag[9]", "[n] with n from 0 to 2, or [*], or [late], or [early]"),
        ("segment.alll.churn", "Did you mean 'all'?"),
        ("team", "Below it are ['cover', 'turnover_per_year', 'vacancy_days']."),
        ("name", "It holds 'test'."),
        ("dependence.market.x", "There is nothing below dependence.market."),
        ("segment.all.lag", None),
    ],
)
def test_paths_that_lead_nowhere(path, said):
    scenario = make_scenario(lag=LAG)
    if said is None:
        assert len(places(scenario, path)) == 3
        return
    with pytest.raises(UnknownInputError) as error:
        places(scenario, path)
    assert said in f"{error.value.allowed} {error.value.fix}"


def test_operations_by_hand():
    scenario = make_scenario(
        uplift={"probability": 0.4, "size": {"low": 0.02, "high": 0.1}}, churn={"probability": 0.2}
    )
    assert values(moved(scenario, input="segment.*.churn", odds=2.0), "segment.all.churn") == pytest.approx(
        [1 / 3]
    )
    assert values(moved(scenario, input="segment.*.churn", times=0.5), "segment.all.churn") == [0.1]
    assert values(moved(scenario, input="segment.*.churn", set=0.7), "segment.all.churn") == [0.7]
    assert values(moved(scenario, input="segment.*.churn", at_least=0.15), "segment.all.churn") == [0.2]
    grown = moved(scenario, input="segment.*.uplift.size", add=0.1)
    assert values(grown, "segment.all.uplift.size") == pytest.approx([0.12, 0.2])
    assert values(moved(scenario, input="market.level", set=-2.0), "market.level") == [-2.0]
    assert moved(scenario, input="market.level", times=2.0).market.level is None


def test_nothing_moved_is_the_same_scenario():
    scenario = company()
    again = moved(scenario, input="segment.*.churn", times=1.0)
    assert again == scenario
    assert again.source == scenario.source


def test_shares_that_sum_to_one_make_room_in_proportion():
    shares = values(moved(make_scenario(lag=LAG), input="segment.*.lag[late]", times=2.0), "segment.all.lag")
    assert shares == pytest.approx([0.2 * 4 / 7, 0.5 * 4 / 7, 0.6])
    weights = values(
        moved(company(), input="segment.smb.due.quarter_weights[3]", set=0.6),
        "segment.smb.due.quarter_weights",
    )
    assert weights == pytest.approx([0.4 / 3, 0.4 / 3, 0.4 / 3, 0.6])
    terms = values(moved(company(), input="segment.smb.term_months.24", add=0.1), "segment.smb.term_months")
    assert sum(terms) == pytest.approx(1.0)
    assert terms[1] == pytest.approx(0.19)


def test_a_rate_that_shrinks_never_vanishes():
    leaving = make_scenario().with_(team=Team(turnover_per_year=0.2))
    result = move_scenario(leaving, (Change(input="team.turnover_per_year", times=1e-6),), "x")
    assert [(each.after, each.held) for each in result.effects] == [(LEAST_SHARE, True)]
    none = move_scenario(leaving, (Change(input="team.turnover_per_year", set=0.0),), "x")
    assert [(each.after, each.held) for each in none.effects] == [(0.0, False)]


def test_what_cannot_move_so_far_is_held_and_says_so():
    result = move_scenario(make_scenario(lag=LAG), (Change(input="segment.*.lag[late]", times=9.0),), "x")
    assert values(result.scenario, "segment.all.lag") == pytest.approx([0.0, 0.0, 1.0])
    assert [each.held for each in result.effects] == [True]
    result = move_scenario(make_scenario(), (Change(input="segment.*.churn", times=99.0),), "x")
    assert [(each.after, each.held) for each in result.effects] == [(1.0, True)]
    loads = move_scenario(company(), (Change(input="dependence.health", times=9.0),), "x").scenario.dependence
    assert loads.market + loads.skill + loads.health == pytest.approx(0.99)
    assert (loads.market, loads.skill) == (0.10, 0.05)
    uplift = moved(company(), input="segment.smb.uplift.probability", set=1.0).segment[2].uplift
    assert uplift.probability == pytest.approx(1.0 - 0.13)


def test_counts_move_by_one_at_least_and_stay_whole():
    scenario = make_scenario()
    assert values(moved(scenario, input="segment.*.csms", times=1.1), "segment.all.csms") == [4]
    assert values(moved(scenario, input="segment.*.csms", times=0.9), "segment.all.csms") == [2]
    assert values(moved(scenario, input="segment.*.csms", times=1.0), "segment.all.csms") == [3]


def test_a_book_that_is_read_does_not_hear_of_how_books_are_drawn():
    scenario = load_scenario(CONFIGS / "scenarios" / "crm-export.toml")
    result = move_scenario(scenario, (Change(input="segment.*.due.quarter_weights[3]", set=0.6),), "x")
    assert all(each.unused for each in result.effects)


def test_churn_that_a_crm_export_gives_moves_too(tmp_path):
    text = "csm,account,segment,arr,due_date,term_months,churn_probability\n"
    rows = "Ann,a,all,1000,2026-03-31,12,0.2\nAnn,b,all,1000,2026-03-31,12,\n"
    (tmp_path / "book.csv").write_text(text + rows)
    scenario = make_scenario(book={"file": "book.csv"})
    scenario._origin = tmp_path / "scenario.toml"
    book = make_book(scenario)
    churn = moved_churn(
        book, (Change(input="segment.*.churn", odds=2.0), Change(input="team.cover", set=0.1)), scenario
    )
    assert churn == pytest.approx([1 / 3, np.nan], nan_ok=True)


def test_every_problem_is_said_at_once():
    changes = (Change(input="segment.*.chrun", times=2.0), Change(input="temm.cover", times=2.0))
    with pytest.raises(InputError) as error:
        move_scenario(make_scenario(), changes, "stress.toml")
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("stress.toml: change[0].input must be one of ['arr', 'back_dated', 'churn'")
    assert lines[1].endswith("received 'temm'. Did you mean 'team'?")


@pytest.mark.parametrize("name", sorted(path.name for path in (CONFIGS / "scenarios").glob("*.toml")))
def test_every_input_of_every_shipped_scenario_can_be_moved(name):
    scenario = load_scenario(CONFIGS / "scenarios" / name)
    paths = inputs_of(scenario)
    assert {"segment.*.churn", "dependence.market", "employer.on_cost"} <= set(paths)
    assert len(set(paths)) == len(paths)
    for path in paths:
        for factor in (1 / 1.1, 1.1):
            result = move_scenario(scenario, (Change(input=path, times=factor),), name)
            somewhere = any(each.before != each.after or each.held for each in result.effects)
            assert somewhere == (amount_of(scenario, path) > 0.0)


def test_inputs_of_segments_that_differ_are_named_by_segment():
    from sim.files.toml import check
    from sim.world.scenario import Scenario

    common = {"churn": {"probability": 0.1}, "csms": 1}
    segments = (
        {"name": "a", "arr": {"mean": 5.0, "sigma": 0.5, "accounts": 2}, **common},
        {"name": "b", "arr": {"listed": ({"arr": 7.0, "accounts": 2},)}, **common},
    )
    scenario = check(
        Scenario, {"name": "x", "start": company().start, "periods": 1, "segment": segments}, "x"
    )
    paths = inputs_of(scenario)
    assert "segment.*.arr" in paths
    assert "segment.a.arr.sigma" in paths
    assert "segment.*.arr.sigma" not in paths


def test_which_inputs_describe_the_book():
    described = [path for path in inputs_of(company()) if describes_book(path)]
    assert {path.split(".")[2].split("[")[0] for path in described} == {"csms", "arr", "term_months", "due"}


def test_shipped_stresses_move_every_shipped_scenario():
    from sim.questions.stress.case import SHIPPED, shipped_cases

    cases = shipped_cases()
    assert tuple(each.name for each in cases) == SHIPPED
    for path in sorted((CONFIGS / "scenarios").glob("*.toml")):
        scenario = load_scenario(path)
        for each in cases:
            result = move_scenario(scenario, each.change, each.name)
            assert result.scenario.source == Path(path)
