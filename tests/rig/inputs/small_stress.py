"""A study whose costs are known in algebra: one CSM plan that pays per booked dollar, one that pays a salary alone."""

from pathlib import Path

SCENARIO = """\
name = "plain"
start = 2026-01-01
periods = 2

[employer]
on_cost = 0.2

[[segment]]
name = "all"
csms = 4
arr = { mean = 50_000, sigma = 0.5, accounts = 12 }
churn = { probability = 0.2 }
uplift = { probability = 0.5, size = { mean = 0.1, sigma = 0.3 } }
lag = [{ days = [-30, 0], share = 0.8 }, { days = [1, 60], share = 0.2 }]
"""

PER_DOLLAR = """\
name = "per-dollar"

[pay]
target_bonus = 10_000
base_salary = 40_000

[[component]]
[component.quota]
kind = "fixed"
amount = 100_000

[component.quota_moves]
floor = 0.0
"""

SALARY = """\
name = "salary"

[pay]
target_bonus = 10_000
base_salary = 40_000

[[component]]
[component.quota]
kind = "fixed"
amount = 100_000

[[component.curve]]
attainment = "[0, inf)"
pays = 1.0
slope = 0.0
"""

STUDY = """\
name = "plain"
seed = 3
worlds = 256
scenario = "scenario.toml"
plans = ["per-dollar.toml", "salary.toml"]
baseline = "per-dollar"
budget = {budget}
{rest}
"""


def write_plain(folder: Path, budget: float = 300_000, rest: str = "") -> Path:
    """The study in ``folder``; the path of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(SCENARIO)
    (folder / "per-dollar.toml").write_text(PER_DOLLAR)
    (folder / "salary.toml").write_text(SALARY)
    (folder / "study.toml").write_text(STUDY.format(budget=float(budget), rest=rest))
    return folder / "study.toml"
