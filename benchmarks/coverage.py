"""``python -m benchmarks.coverage [--runs N] [--worlds N]``: how often the printed 95 % intervals hold what they are about.

Each study is run again and again; the runs of a drawn or a read book have seeds of their own, those of a held book are other
worlds of one seed, as its figures are about that book alone. What an interval is about is the value of all runs together:
the mean of means, the quantile of all worlds. Intervals of one run depend on each other (plans share worlds), so the
error of a share counts runs, not intervals. A run is 1 / sqrt(runs) of its own error nearer to the pooled value than to the
truth: with 40 runs a right interval covers 95.3 %, with 400 runs 95.0 %.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

import sim
from benchmarks.question import CONFIGS, scenario_text
from sim.engine.company_cost import cost_by_world
from sim.engine.setting import prepare
from sim.engine.simulate import simulate
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.estimate import from_moments, mean_of, quantile, quantile_interval

PLANS = ("base", "credit-at-due", "late-bands", "threshold-90", "accelerator", "tiers")
"""Whose costs have a variance: no quota that can come near to nothing."""
CSMS = {"enterprise": 2, "mid-market": 2, "smb": 2}
STUDIES = ("drawn book", "book read from a file", "one drawn book, held")
TWO = "two runs agree"
LEVEL = 0.95
Z95 = 1.959964


class Figure(NamedTuple):
    """A figure of one run: its value, its interval and its error. Intervals that cannot be told are NaN."""

    value: float
    low: float
    high: float
    se: float = float("nan")


Run = dict[tuple[str, str], Figure]
"""By kind of figure, and plan or CSM."""


def measure(study: str, runs: int, worlds: int) -> dict[str, tuple[float, float, int]]:
    """By kind of figure: share of intervals that hold the pooled value, its error, and number of intervals."""
    found, costs = [], []
    for figures, cost in _runs(study, runs, worlds):
        found.append(figures)
        costs.append(cost)
    pooled = _pooled(found, np.concatenate(costs, axis=1))
    held: dict[str, list[list[bool]]] = {}
    for run in found:
        inside: dict[str, list[bool]] = {}
        for (kind, which), each in run.items():
            if not np.isnan(each.low):
                inside.setdefault(kind, []).append(each.low <= pooled[kind, which] <= each.high)
        for kind, flags in inside.items():
            held.setdefault(kind, []).append(flags)
    held[TWO] = [
        [_agree(one, other) for one, other in _pairs(*pair)]
        for pair in zip(found[::2], found[1::2], strict=False)
    ]
    return {kind: _share(flags) for kind, flags in held.items()}


def _share(flags: list[list[bool]]) -> tuple[float, float, int]:
    share = float(np.mean([flag for run in flags for flag in run]))
    return share, float(np.sqrt(LEVEL * (1.0 - LEVEL) / len(flags))), sum(map(len, flags))


def _pairs(one: Run, other: Run) -> Iterator[tuple[Figure, Figure]]:
    for key in one:
        if key[0] in ("total cost", "paired difference"):
            yield one[key], other[key]


def _agree(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= Z95 * float(np.hypot(one.se, other.se))


def _pooled(found: list[Run], cost: np.ndarray) -> dict[tuple[str, str], float]:
    """Means of means; quantiles of all worlds. cost : [plan, world]"""
    pooled = {key: float(np.mean([run[key].value for run in found])) for key in found[0]}
    for position, name in enumerate(PLANS):
        pooled["P95", name] = quantile(np.sort(cost[position]), 0.95)
    return pooled


def _runs(study: str, runs: int, worlds: int) -> Iterator[tuple[Run, np.ndarray]]:
    asked = study_of(study, worlds)
    setting = prepare(asked)
    for number in range(runs):
        if study == STUDIES[2]:
            first = number * worlds
        else:
            setting, first = prepare(asked.altered(seed=1_000 + number)), 0
        block = simulate(setting, first, worlds)
        totals = Totals(setting.shape, worlds)
        # What is kept of a study's first worlds alone is not looked at.
        totals.add(block._replace(first=0, first_pay=totals.first_pay))
        yield figures_of(asked, totals)


def figures_of(study: Study, totals: Totals) -> tuple[Run, np.ndarray]:
    """The figures of one run as its summary tells them, and cost by world. [plan, world] [usd]"""
    cost = np.stack([cost_by_world(study, totals, index).sum(axis=0) for index in range(len(PLANS))])
    run: Run = {}
    for index, name in enumerate(PLANS):
        ordered = np.sort(cost[index])
        run["P95", name] = Figure(
            quantile(ordered, 0.95), *(quantile_interval(ordered, 0.95) or [np.nan] * 2)
        )
        for kind, values in (("total cost", cost[index]), ("paired difference", cost[index] - cost[0])):
            if values.any():
                mean = mean_of(values)
                run[kind, name] = Figure(mean.mean, *mean.ci95, mean.se)
        for csm in range(totals.pay.mean.shape[1]):
            pay = from_moments(
                *(float(each[index, csm]) for each in (totals.pay.worlds, totals.pay.mean, totals.pay.sd))
            )
            run["a CSM's pay", f"{name} {csm}"] = Figure(pay.mean, *pay.ci95, pay.se)
    return run, cost


def study_of(kind: str, worlds: int) -> Study:
    """One of the three studies: six plans on six small books of the shipped company, or on the shipped export."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if kind == STUDIES[1]:
            text = (
                (CONFIGS / "scenarios" / "crm-export.toml")
                .read_text()
                .replace("../books", str(CONFIGS / "books"))
            )
        else:
            text = scenario_text(CSMS)
        if kind == STUDIES[2]:
            text = text.replace("[market]", "[book]\nredraw = false\n\n[market]", 1)
        (folder / "scenario.toml").write_text(text)
        plans = [str(CONFIGS / "plans" / f"{plan}.toml") for plan in PLANS]
        lines = ['name = "coverage"', "seed = 1", f"worlds = {worlds}", 'scenario = "scenario.toml"']
        lines += [f"plans = {plans}", f'baseline = "{PLANS[0]}"']
        (folder / "study.toml").write_text("\n".join(lines))
        return sim.load(folder / "study.toml")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--worlds", type=int, default=256)
    asked = parser.parse_args()
    print("| study | figure | intervals | hold the pooled value |\n|---|---|---|---|")
    for study in STUDIES:
        for kind, (share, error, count) in measure(study, asked.runs, asked.worlds).items():
            print(f"| {study} | {kind} | {count:,} | {100 * share:.1f} % ± {100 * error:.1f} |", flush=True)


if __name__ == "__main__":
    main()
