"""Figure: reports of a study of 100 plans: seconds to write each format, megabytes, and seconds until a browser has one.

Five renewal plans of the shipped study, each twenty times under other names, on 12 CSMs, with incentives, exposure and
responses measured once a plan file; Debian's chromium, best of five loads.
"""

import copy
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sim
from sim.report.written import FORMATS, write_reports

ROOT = Path(__file__).parents[1]
PLANS = ("base", "early-relief-provision", "threshold-90", "tiers", "accelerator")
EACH = 20
SCENARIO = """
name = "twelve books"
start = 2026-01-01
periods = 8
[[segment]]
name = "mid-market"
csms = 12
arr = { mean = 57_000, sigma = 0.9, accounts = 30 }
churn = { probability = 0.12, dispersion = 0.06 }
lag = [{ days = [-90, -1], share = 0.2 }, { days = [0, 0], share = 0.55 }, { days = [1, 60], share = 0.25 }]
movable = { ready_early = 0.25, holdable = 0.15 }
"""
ASKED = """
[gaming]
worlds = 8
training_worlds = 16
curve_worlds = 4
cells = 32
[incentive]
worlds = 32
[response]
worlds = 16
value_worlds = 64
"""


def hundred_plans(folder: Path) -> dict[str, Any]:
    """The summary of the five plans, with every plan twenty times."""
    (folder / "scenario.toml").write_text(SCENARIO)
    files = [str(ROOT / "configs" / "plans" / f"{name}.toml") for name in PLANS]
    head = f'name = "hundred"\nseed = 1\nworlds = 64\nscenario = "scenario.toml"\nbaseline = "base"\nplans = {files!r}\n'
    (folder / "study.toml").write_text(head + "budget = 5_000_000\n" + ASKED)
    document = sim.run(sim.load(folder / "study.toml")).document
    for name in PLANS:
        for copy_number in range(1, EACH):
            document["plans"][f"{name}-variant-{copy_number:02d}"] = copy.deepcopy(document["plans"][name])
    return document


def seconds_to_open(path: Path) -> float:
    """Until the browser has loaded and laid out the page, best of five. [s]"""
    sys.path.insert(0, str(ROOT / "tests" / "report"))
    from chromium import opened, started

    best = float("inf")
    with started() as browser:
        for _ in range(5):
            with opened(browser, path) as (tab, noise):
                begin = time.perf_counter()
                tab.reload()
                tab.evaluate("document.documentElement.scrollHeight")
                best = min(best, time.perf_counter() - begin)
                assert not noise
    return best


def measure(quick: bool) -> dict[str, Any]:
    """Seconds to write and megabytes of each format; seconds until a browser has opened the page, where there is one."""
    with tempfile.TemporaryDirectory() as name:
        folder, found = Path(name), {}
        document = hundred_plans(folder)
        for kind in FORMATS:
            begin = time.perf_counter()
            written = write_reports(document, folder, (kind,))
            taken = time.perf_counter() - begin
            found[kind] = {"s": taken, "mb": sum(path.stat().st_size for path in written) / 1e6}
        opens = seconds_to_open(folder / "report.html") if shutil.which("chromium") else None
        return {"report_of_100_plans": found, "report_opens_s": opens}
