"""Every problem of every file is told at once, also those of a table as a whole."""

from pathlib import Path

from tests.rig.inputs.valid_files import PLAN, RUN, SCENARIO, STUDY


def test_what_contradicts_itself_in_one_segment(refused):
    text = SCENARIO.replace("share = 0.8\n", "share = 0.7\n").replace(
        'renewed_term_months = { "12" = 0.8, "36" = 0.2 }', 'renewed_term_months = { "12" = 0.8, "36" = 0.1 }'
    )
    text = text.replace("uplift = { probability = 0.5,", "uplift = { probability = 0.95,")
    Path("scenario.toml").write_text(text)
    said = refused()
    assert [each.split(" must be ")[0] for each in said] == [
        "scenario.toml: segment[0].renewed_term_months",
        "scenario.toml: segment[0].lag",
        "scenario.toml: segment[0].uplift.probability",
    ]


def test_rules_that_speak_of_strangers(refused):
    gates = '[[gate]]\nrequires = "a"\nattainment = 1.0\n[[gate]]\nrequires = "b"\nattainment = 1.0\n'
    Path("plan.toml").write_text(PLAN + gates)
    said = refused()
    assert [each.split(" must be ")[0] for each in said] == [
        "plan.toml: gate[0].requires",
        "plan.toml: gate[1].requires",
    ]


def test_two_sources_that_are_no_keys(refused):
    Path("scenario.toml").write_text(SCENARIO + '[sources]\nsegmen = "x"\nemployr = "y"\n')
    assert [each.split(" must be ")[0] for each in refused()] == [
        "scenario.toml: sources.'segmen'",
        "scenario.toml: sources.'employr'",
    ]


def test_a_study_s_own_problems_hide_no_others(refused):
    Path("study.toml").write_text(STUDY.replace("seed = 1", "seed = -1"))
    Path("plan.toml").write_text(PLAN.replace("20_000", "-5"))
    Path("scenario.toml").write_text(SCENARIO.replace("periods = 2", "periods = 0"))
    said = refused()
    assert {each.split(":")[0] for each in said} == {"study.toml", "plan.toml", "scenario.toml"}


def test_options_too(refused):
    said = refused((*RUN[:2], "--worlds", "-1", "--seed", "-1", "--threads", "0", "--block", "3"))
    assert [each.split(" ")[0] for each in said] == ["--worlds", "--seed", "--threads", "--block"]


def test_a_flood_of_unknown_keys_is_counted_and_answered_at_once(refused):
    Path("scenario.toml").write_text("".join(f"key{number} = 1\n" for number in range(20_000)) + SCENARIO)
    said = refused()
    assert len(said) == 21
    assert said[-1] == "And 19,980 more problems."
