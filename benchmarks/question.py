"""The question every program answers: the shipped company with 50 accounts a book, 8 quarters, 12 shipped plans."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import sim
from sim.engine.study import Study

CONFIGS = Path(__file__).parents[1] / "configs"
ACCOUNTS = 50
SEED = 20260101
SEGMENTS = 3
SALARY = 100_000
"""As in the baseline. [usd/yr]"""
PLANS = (
    "base",
    "early-multiplier",
    "early-relief",
    "early-relief-provision",
    "early-relief-provision-adjusted",
    "credit-at-due",
    "late-bands",
    "late-quota-add",
    "threshold-90",
    "accelerator",
    "tiers",
    "late-4",
)
"""Early cap and its two bases, early multiplier, late bands, quota moves out of and into periods, a fixed quota, curves."""


def plan_paths() -> list[Path]:
    """The files of the twelve plans."""
    shipped = {path.stem: path for path in (CONFIGS / "plans").glob("*.toml")}
    return [shipped.get(name, Path(__file__).parent / f"{name}.toml") for name in PLANS]


def study(worlds: int, plans: int = len(PLANS), csms: dict[str, int] | None = None) -> Study:
    """The question as a study that ``sim.run`` takes; ``csms`` by segment instead of the company's own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scenario.toml").write_text(scenario_text(csms or {}))
        lines = ['name = "benchmark"', f"seed = {SEED}", f"worlds = {worlds}", 'scenario = "scenario.toml"']
        paths = [_with_salary(path, folder) for path in plan_paths()[:plans]]
        lines += [f"plans = {[str(path) for path in paths]}", f'baseline = "{PLANS[0]}"']
        (folder / "study.toml").write_text("\n".join(lines))
        return sim.load(folder / "study.toml")


def _with_salary(path: Path, folder: Path) -> Path:
    """The plan, with a salary where its source gives none: plans with and without one are not compared."""
    text = path.read_text()
    if "target_bonus" not in text or "base_salary" in text:
        return path
    copy = folder / path.name
    copy.write_text(text.replace("[pay]", f"[pay]\nbase_salary = {SALARY}"))
    return copy


def scenario_text(csms: dict[str, int]) -> str:
    """The shipped company scenario with ``ACCOUNTS`` accounts in every book."""
    text = (CONFIGS / "scenarios" / "company.toml").read_text()
    text, changed = re.subn(r"\baccounts = \d+", f"accounts = {ACCOUNTS}", text)
    assert changed == SEGMENTS, "the shipped company has changed its shape"
    for segment, number in csms.items():
        text = re.sub(rf'(name = "{segment}"\ncsms = )\d+', rf"\g<1>{number}", text)
    return text
