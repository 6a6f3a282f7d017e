"""Broken studies and command lines, and what is said about each, word for word."""

from pathlib import Path

import pytest

from tests.rig.inputs.valid_files import EXPLAIN, REPLAY, RUN

CASES = {
    "a billion worlds": (
        "worlds = 64",
        "worlds = 1_000_000_000",
        "study.toml: worlds must be at most 10,000,000, received 1000000000.",
    ),
    "one world": ("worlds = 64", "worlds = 1", "study.toml: worlds must be at least 2, received 1."),
    "worlds in decimals": (
        "worlds = 64",
        "worlds = 64.0",
        "study.toml: worlds must be a whole number, received 64.0.",
    ),
    "negative seed": ("seed = 1", "seed = -1", "study.toml: seed must be at least 0, received -1."),
    "seed too long": (
        "seed = 1",
        f"seed = {2**64}",
        f"study.toml: seed must be at most {2**64 - 1:,}, received {2**64}.",
    ),
    "missing plan": (
        '"plan.toml"',
        '"paln.toml"',
        "study.toml: plans[0] must be an existing file, received nothing at paln.toml.",
    ),
    "folder for a plan": ('"plan.toml"', '"."', ". must be a file, received a directory."),
    "no plans": ('"plan.toml"', "", "study.toml: plans must be at least 1 item long, received 0 items."),
    "one plan without brackets": (
        '["plan.toml"]',
        '"plan.toml"',
        "study.toml: plans must be an array, received 'plan.toml'.",
    ),
    "the same plan twice": (
        '"plan.toml"',
        '"plan.toml", "plan.toml"',
        (
            "study.toml: plans must be plans of different names, received 2 plans named 'plain'. "
            "Rename one of them."
        ),
    ),
    "baseline not among the plans": (
        '"plain"',
        '"plane"',
        "study.toml: baseline must be one of ['plain'], received 'plane'. Did you mean 'plain'?",
    ),
    "missing scenario": (
        '"scenario.toml"',
        '"scenario.tml"',
        "study.toml: scenario must be an existing file, received nothing at scenario.tml.",
    ),
    "device for a scenario": (
        '"scenario.toml"',
        '"/dev/zero"',
        "/dev/zero must be a regular file, received a device or a pipe.",
    ),
    "name that leaves the folder": (
        '"try"',
        '"../try"',
        (
            "study.toml: name must be letters, digits, '-', '_' and '.', starting with a letter or digit, "
            "received '../try'."
        ),
    ),
    "no budget": (
        "budget = 1_000_000",
        "budget = 0",
        "study.toml: budget must be at least 0.01, received 0.",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("arguments", [RUN, EXPLAIN], ids=["run", "explain"])
def test_one_mistake_gives_one_sentence(broken, old, new, said, arguments):
    assert broken("study.toml", old, new, arguments) == [said]


def test_a_misspelt_key_is_also_missing(broken):
    assert broken("study.toml", "worlds = 64", "wolrds = 64") == [
        "study.toml: worlds must be present, received nothing. Add 'worlds'.",
        (
            "study.toml: wolrds must be one of ['baseline', 'budget', 'forecast', 'gaming', 'incentive', 'limits', 'name', "
            "'normalise', 'ownership', 'plans', 'record', 'response', 'scenario', 'search', 'seed', 'stress', 'title', "
            "'worlds'], received 'wolrds'. Did you mean 'worlds'?"
        ),
    ]


def test_the_problems_of_all_files_come_together(folder, refused):
    for name, old, new in (
        ("scenario.toml", "periods = 2", "periods = 0"),
        ("plan.toml", "amount = 600_000", "amount = nan"),
    ):
        Path(name).write_text(Path(name).read_text().replace(old, new))
    assert refused() == [
        "scenario.toml: periods must be at least 1, received 0.",
        "plan.toml: component[0].quota.amount must be a finite number, received nan.",
    ]


@pytest.mark.parametrize("command", ["run", "explain"])
def test_a_missing_study(refused, command):
    options = RUN[2:] if command == "run" else EXPLAIN[2:]
    said = refused((command, "nowhere/study.toml", *options))
    assert said == ["nowhere/study.toml must be an existing file, received nothing at this path."]


OPTIONS = {
    "worlds": (
        (*RUN, "--worlds", "1000000000"),
        "--worlds must be between 2 and 10,000,000, received 1,000,000,000.",
    ),
    "seed": ((*RUN, "--seed", "-1"), f"--seed must be between 0 and {2**64 - 1:,}, received -1."),
    "threads": ((*RUN[:2], "--threads", "0"), "--threads must be between 1 and 1,024, received 0."),
    "block": ((*RUN, "--block", "100"), "--block must be a positive multiple of 64, received 100."),
    "out is a file": (
        (*RUN[:2], "--out", "plan.toml"),
        (
            "--out plan.toml must be a new, empty or unchanged earlier result directory, received a file. "
            "Choose another --out."
        ),
    ),
    "out holds other files": (
        (*RUN[:2], "--out", "theirs"),
        (
            "--out theirs must be a new, empty or unchanged earlier result directory, received a directory with other "
            "files in it. Choose another --out, or keep the old folder beside the new one with --force."
        ),
    ),
    "plan": (
        ("explain", "study.toml", "--plan", "plane", "--world", "1", "--csm", "Ann"),
        "--plan must be one of ['plain'], received 'plane'. Did you mean 'plain'?",
    ),
    "world": (
        ("explain", "study.toml", "--plan", "plain", "--world", "64", "--csm", "Ann"),
        "--world must be between 0 and 63, received 64. The study has 64 worlds.",
    ),
    "csm": (
        ("explain", "study.toml", "--plan", "plain", "--world", "1", "--csm", "Anne"),
        (
            "--csm must be a CSM of the book ('Ann' to 'Bo') or an index from 0 to 1, received 'Anne'. "
            "Did you mean 'Ann'?"
        ),
    ),
    "csm by a long number": (
        ("explain", "study.toml", "--plan", "plain", "--world", "1", "--csm", "9" * 5000),
        (
            "--csm must be a CSM of the book ('Ann' to 'Bo') or an index from 0 to 1, "
            f"received '{'9' * 76}...."
        ),
    ),
    "start": (
        ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-13-01", "--periods", "2"),
        "--start must be an ISO date, received '2026-13-01'. There is no such day.",
    ),
    "start on day 31": (
        ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-01-31", "--periods", "2"),
        (
            "--start must be on day 1 to 28 of a month, received '2026-01-31'. "
            "Periods start on that day of month; --calendar says quarters of weeks (4-4-5)."
        ),
    ),
    "periods": (
        ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-01-01", "--periods", "0"),
        "--periods must be a whole number from 1 to 400, received 0.",
    ),
    "plan given twice": (
        (*REPLAY, "--plan", "plan.toml"),
        "--plan must be plans of different names, received 'plain' 2 times. Rename one of them, or give it once.",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), OPTIONS.values(), ids=OPTIONS)
def test_options_out_of_bounds(refused, arguments, said):
    Path("theirs").mkdir()
    Path("theirs/notes.md").touch()
    assert refused(arguments) == [said]


@pytest.mark.parametrize(
    "arguments", [("rnu", "study.toml"), ("run",), ("run", "study.toml", "--wolrds", "3")]
)
def test_usage_errors_name_the_help(refused, arguments):
    (said,) = refused(arguments)
    assert said.endswith("See csmsim --help.")
