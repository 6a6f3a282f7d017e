"""Random small studies on disk: two to five plans of random rules, a budget anywhere in the range of cost, hires or none."""

import numpy as np

from tests.rig.inputs.small_study import PLAN, write_study

CURVE = """\
[[component.curve]]
attainment = "[0, {edge}]"
slope = {slope}
[[component.curve]]
attainment = "({edge}, inf)"
pays = {pays}
"""
CREDIT = "[component.crediting]\nearly_multiplier = {early}\nlate_multiplier = {late}\n"
HIRES = """
[forecast]
levels = [-1.0, 0.0, 1.0]
level_worlds = 8
luck_worlds = 8
[[forecast.hire]]
starts = 2026-07-01
csms = 1
"""
MARKET = "[dependence]\nmarket = 0.2\n\n[employer]"
LIMITS = "\n[limits]\ncost_rise = {rise}\nprob_over_budget = {over}\n"


def rules(rng):
    kind = rng.integers(5)
    if kind == 0:
        return ""
    if kind == 1:
        edge = round(float(rng.uniform(0.9, 1.3)), 2)
        return CURVE.format(edge=edge, slope=1.0, pays=edge)
    if kind == 2:
        return "[component.quota_moves]\nearly_out_of_due = 1.0\n"
    return CREDIT.format(
        early=round(float(rng.uniform(0.8, 1.5)), 2), late=round(float(rng.uniform(0.3, 1.0)), 2)
    )


def write_drawn(folder, seed, limits=False):
    """The study of a seed; the path of its file."""
    rng = np.random.default_rng(seed)
    path = write_study(folder / f"drawn-{seed}")
    names = ["today", *(f"plan-{letter}" for letter in "abcd"[: rng.integers(1, 5)])]
    for old in (path.parent / "plans").glob("*.toml"):
        old.unlink()
    salary = 80_000
    for name in names:
        text = PLAN.format(name=name, rest="" if name == "today" else rules(rng))
        salary += int(rng.integers(-2, 3)) * 200
        (path.parent / "plans" / f"{name}.toml").write_text(text.replace("80_000", str(salary)))
    text = path.read_text()
    listed = ", ".join(f'"plans/{name}.toml"' for name in names)
    lines = [f"plans = [{listed}]" if line.startswith("plans =") else line for line in text.splitlines()]
    budget = int(rng.uniform(330_000, 480_000))
    lines = [f"budget = {budget}" if line.startswith("budget =") else line for line in lines]
    lines = [f"seed = {seed}" if line.startswith("seed =") else line for line in lines]
    text = "\n".join(lines) + "\n"
    if not limits and rng.random() < 0.3:
        scenario = path.parent / "scenario.toml"
        scenario.write_text(scenario.read_text().replace("[employer]", MARKET))
        text += HIRES
    if limits and rng.random() < 0.7:
        text += LIMITS.format(
            rise=round(float(rng.uniform(-0.05, 0.05)), 3), over=round(float(rng.uniform(0.05, 0.9)), 2)
        )
    path.write_text(text)
    return path
