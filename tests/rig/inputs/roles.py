"""A small study of role sets on disk, with every piece a test may want to change."""

from pathlib import Path

from tests.rig.inputs.small_study import ENTERPRISE, SMB

HEAD = """\
name = "seven"
start = 2026-01-01
periods = 4

[employer]
on_cost = 0.1

"""
NEW_ACCOUNTS = "new_accounts = { per_year = 2.0, arr = { mean = 15_000, sigma = 0.5 } }\nlag = ["
SEVEN_SMB = (
    SMB.replace("csms = 2", "csms = 5")
    .replace("accounts = 12", "accounts = 6")
    .replace("lag = [", NEW_ACCOUNTS)
)
SCENARIO = f"{HEAD}{SEVEN_SMB}\n{ENTERPRISE.replace('csms = 1', 'csms = 2')}"
LEAVING = "\n[team]\nturnover_per_year = 0.8\nvacancy_days = 120\n"

BONUS = """\
name = "bonus"
[pay]
target_bonus = 10_000
base_salary = 80_000
[[component]]
quota = { kind = "retention", rate = 0.9 }
"""
OVERRIDE = """\
name = "override"
[pay]
target_bonus = 6_000
base_salary = 120_000
[[component]]
quota = { kind = "retention", rate = 0.85 }
"""
TEAM = """\
name = "company-growth"
[pay]
target_bonus = 8_000
base_salary = 100_000
[[component]]
name = "growth"
weight = 0.6
measure = "company_arr_growth"
quota = { kind = "target", target = 0.02 }
[[component]]
name = "adoption"
weight = 0.4
measure = "adoption"
quota = { kind = "target", target = 0.5 }
"""
SELLER = """\
name = "seller"
[pay]
base_salary = 90_000
[[component]]
name = "expansion"
pay_kind = "commission"
measure = "expansion_bookings"
commission = { rate = 0.1 }
"""

MANAGED = """\
name = "managed"
title = "CSMs and their managers"

[[role]]
name = "csm"
plan = "bonus.toml"
holds_book = true

[[role]]
name = "manager"
plan = "override.toml"
books = 3
"""
SOLD = """\
name = "sold"

[about]
not_modelled = ["hand-overs"]

[[role]]
name = "csm"
plan = "team.toml"
holds_book = true

[[role]]
name = "seller"
plan = "seller.toml"
books = 2
segments = ["smb"]
salary_share = 0.25
"""
STUDY = """\
name = "roles"
seed = 3
worlds = 130
scenario = "scenario.toml"
plans = ["plans/bonus.toml", "plans/managed.toml", "plans/sold.toml"]
baseline = "bonus"
"""

FILES = {
    "scenario.toml": SCENARIO,
    "study.toml": STUDY,
    "plans/bonus.toml": BONUS,
    "plans/override.toml": OVERRIDE,
    "plans/team.toml": TEAM,
    "plans/seller.toml": SELLER,
    "plans/managed.toml": MANAGED,
    "plans/sold.toml": SOLD,
}


def write_roles(folder: Path, **changes: str) -> Path:
    """The study of role sets in ``folder``, with other text for some files (by stem); the path of its file."""
    (folder / "plans").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(changes.get(Path(name).stem, text))
    return folder / "study.toml"
