"""A small study on disk, with every piece a test may want to change."""

from pathlib import Path

HEAD = """\
name = "small"
title = "Two segments"
start = 2026-01-01
periods = 4

[employer]
on_cost = 0.1

[sources]
"employer.on_cost" = "assumption: round"

"""

SMB = """\
[[segment]]
name = "smb"
csms = 2
arr = { mean = 20_000, sigma = 0.6, accounts = 12 }
churn = { probability = 0.15, dispersion = 0.05 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.4 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.5, size = { mean = 0.2, sigma = 0.5 } }
lag = [
    { days = [-90, -1], share = 0.4 },
    { days = [0, 0], share = 0.3 },
    { days = [1, 90], share = 0.3 },
]
"""
ENTERPRISE = """\
[[segment]]
name = "enterprise"
csms = 1
arr = { mean = 200_000, sigma = 0.9, accounts = 5 }
churn = { probability = 0.05 }
"""
SCENARIO = f"{HEAD}{SMB}\n{ENTERPRISE}"

PLAN = """\
name = "{name}"
title = "Plan {name}"

[pay]
target_bonus = 10_000
base_salary = 80_000

[[component]]
[component.quota]
kind = "retention"
rate = 0.9

{rest}
"""

RULES = {
    "today": "",
    "multiplier": "[component.crediting]\nearly_multiplier = 1.5\n",
    "capped": """\
[[component.curve]]
attainment = "[0, 1]"
slope = 1.0
[[component.curve]]
attainment = "(1, inf)"
pays = 1.0
""",
}

STUDY = """\
name = "small"
seed = 11
worlds = 500
scenario = "scenario.toml"
plans = ["plans/today.toml", "plans/multiplier.toml", "plans/capped.toml"]
baseline = "today"
budget = 600_000
"""


def write_study(folder: Path) -> Path:
    """The small study in ``folder``; the path of its file."""
    (folder / "plans").mkdir(parents=True)
    (folder / "scenario.toml").write_text(SCENARIO)
    for name, rest in RULES.items():
        (folder / "plans" / f"{name}.toml").write_text(PLAN.format(name=name, rest=rest))
    (folder / "study.toml").write_text(STUDY)
    return folder / "study.toml"


def read_from(scenario, book):
    """The scenario with a book read from a file, without what describes a drawn one."""
    lines = [line for line in scenario.splitlines() if not line.startswith(("csms =", "arr =", "due ="))]
    return "\n".join([*lines, f'[book]\nfile = "{book}"\n'])
