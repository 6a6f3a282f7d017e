"""The question every program answers: the shipped company with 50 accounts a book, 8 quarters, 12 shipped plans."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import sim
from sim.study.study import Study

CONFIGS = Path(__file__).parents[1] / "configs"
ACCOUNTS = 50
SEED = 20260101
SEGMENTS = 3
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
        lines += [f"plans = {[str(path) for path in plan_paths()[:plans]]}", f'baseline = "{PLANS[0]}"']
        (folder / "study.toml").write_text("\n".join(lines))
        return sim.load(folder / "study.toml")


def scenario_text(csms: dict[str, int]) -> str:
    """The shipped company scenario with ``ACCOUNTS`` accounts in every book."""
    text = (CONFIGS / "scenarios" / "company.toml").read_text()
    text, changed = re.subn(r"\baccounts = \d+", f"accounts = {ACCOUNTS}", text)
    assert changed == SEGMENTS, "the shipped company has changed its shape"
    for segment, number in csms.items():
        text = re.sub(rf'(name = "{segment}"\ncsms = )\d+', rf"\g<1>{number}", text)
    return text
