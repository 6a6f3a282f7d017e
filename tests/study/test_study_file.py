"""Reading a study: what is refused, in which words, and what decides its hash."""

import pytest

import sim
from sim.errors import InputError
from tests.rig.inputs.small_study import read_from


def refused(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    with pytest.raises(InputError) as error:
        sim.load(path)
    return [str(problem) for problem in error.value.problems]


def test_a_study_holds_what_its_files_say(path):
    study = sim.load(path)
    assert (study.name, study.seed, study.worlds, study.budget) == ("small", 11, 500, 600_000.0)
    assert [plan.name for plan in study.plans] == ["today", "multiplier", "capped"]
    assert study.plans[study.baseline_index].name == "today"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("worlds = 500", "worlds = 1", "worlds must be at least 2, received 1."),
        (
            "worlds = 500",
            "worlds = 1_000_000_000",
            "worlds must be at most 10,000,000, received 1000000000.",
        ),
        ("seed = 11", "seed = -1", "seed must be at least 0, received -1."),
        ("budget = 600_000", "budget = 0", "budget must be at least 0.01, received 0."),
        (
            'baseline = "today"',
            'baseline = "tody"',
            "baseline must be one of ['capped', 'multiplier', 'today'], received 'tody'. Did you mean 'today'?",
        ),
        (
            'name = "small"',
            'name = "../small"',
            "name must be letters, digits, '-', '_' and '.', starting with a letter or digit, received '../small'.",
        ),
    ],
)
def test_a_bad_value_is_one_sentence(path, old, new, sentence):
    assert refused(path, old, new) == [f"{path}: {sentence}"]


def test_an_unknown_key_names_the_near_match(path):
    assert refused(path, "seed = 11", "seeds = 11\nseed = 1")[0].endswith("Did you mean 'seed'?")


def test_two_plans_of_one_name(path):
    sentences = refused(path, '"plans/capped.toml"', '"plans/today.toml"')
    assert sentences == [
        f"{path}: plans must be plans of different names, received 2 plans named 'today'. Rename one of them."
    ]


def test_problems_of_all_files_come_together(path):
    (path.parent / "scenario.toml").write_text("periods = 0\n")
    (path.parent / "plans/capped.toml").write_text("name = 'capped'\n")
    (path.parent / "plans/multiplier.toml").unlink()
    with pytest.raises(InputError) as error:
        sim.load(path)
    files = {str(problem).split(":")[0].split(" must")[0] for problem in error.value.problems}
    assert {file.rsplit("/", 1)[1] for file in files} == {"scenario.toml", "capped.toml", path.name}
    assert any("plans[1] must be an existing file" in str(each) for each in error.value.problems)


def test_more_worlds_than_memory_holds(path):
    text = path.read_text()
    plans = ", ".join(f'"plans/p{number}.toml"' for number in range(100))
    path.write_text(text.replace('"plans/multiplier.toml", "plans/capped.toml"', plans))
    plan = (path.parent / "plans/today.toml").read_text()
    for number in range(100):
        (path.parent / f"plans/p{number}.toml").write_text(plan.replace('"today"', f'"p{number}"'))
    sentences = refused(path, "worlds = 500", "worlds = 5_000_000")
    sentence = (
        f"{path}: worlds must be at most 928,217 for 101 plans and 4 periods, received 5,000,000. "
        "The total of every world is kept in memory."
    )
    assert sentences == [sentence]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"worlds": 1}, "--worlds must be between 2 and 10,000,000, received 1."),
        ({"worlds": 10**9}, "--worlds must be between 2 and 10,000,000, received 1,000,000,000."),
        ({"seed": 2**64}, f"--seed must be between 0 and {2**64 - 1:,}, received {2**64:,}."),
    ],
)
def test_overrides_have_the_same_bounds(study, changes, sentence):
    with pytest.raises(InputError) as error:
        study.altered(**changes)
    assert str(error.value) == sentence


def test_the_hash_sees_content_and_not_paths(path, tmp_path):
    first = sim.load(path).hash
    moved = path.parent.rename(tmp_path / "elsewhere") / "study.toml"
    scenario = moved.parent / "scenario.toml"
    scenario.write_text("# a comment\n" + scenario.read_text())
    assert sim.load(moved).hash == first
    assert sim.load(moved).altered(seed=12).hash != first
    scenario.write_text(scenario.read_text().replace("on_cost = 0.1", "on_cost = 0.2"))
    assert sim.load(moved).hash != first


def test_the_hash_sees_a_book(path):
    scenario = path.parent / "scenario.toml"
    scenario.write_text(read_from(scenario.read_text(), "crm.csv"))
    header = "csm,account,segment,arr,due_date,term_months\n"
    (path.parent / "crm.csv").write_text(header + "Ann,a,smb,12000,2026-03-31,12\n")
    first = sim.load(path).hash
    (path.parent / "crm.csv").write_text(header + "Ann,a,smb,12001,2026-03-31,12\n")
    assert sim.load(path).hash != first


def test_a_broken_book_is_refused_on_loading(path):
    scenario = path.parent / "scenario.toml"
    scenario.write_text(scenario.read_text() + '[book]\nfile = "crm.csv"\n')
    (path.parent / "crm.csv").write_text("csm,account\nAnn,a\n")
    with pytest.raises(InputError):
        sim.load(path)
