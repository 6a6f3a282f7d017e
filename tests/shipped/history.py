"""The shipped history of a made-up company, written by our own engine: ``python -m tests.shipped.history``.

One world of the shipped mid-market scenario: six CSMs over three years, known to the end of the last one.
"""

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.replay.simulated import write_simulated
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.repository import CONFIGS

SEED, WORLD = 2026, 0
START, END, PERIODS, CSMS = date(2023, 1, 1), date(2025, 12, 31), 12, 6
FILES = ("deals.csv", "book.csv", "events.csv")
MONEY = ("arr", "booked_arr")
LEFT_OUT = ("service_start_date", "invoice_date", "cash_date")
"""Columns that follow from the others here, and no plan of the walk reads."""


def contents():
    """Text by the name of each file: amounts to the cent."""
    scenario = load_scenario(CONFIGS / "scenarios" / "mid-market.toml").with_(start=START, periods=PERIODS)
    segment = scenario.segment[0].model_copy(update={"csms": CSMS})
    world = World(scenario.with_(segment=(segment,)), SEED)
    with TemporaryDirectory() as folder:
        write_simulated(world, WORLD, Path(folder), as_of=END)
        return {name: _tidy(Path(folder, name).read_text(encoding="utf-8")) for name in FILES}


def _tidy(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    names = [name for name in rows[0] if name not in LEFT_OUT]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(
            [f"{float(row[name]):.2f}" if name in MONEY and row[name] else row[name] for name in names]
        )
    return out.getvalue()


if __name__ == "__main__":
    for name, text in contents().items():
        (CONFIGS / "history" / name).write_text(text, encoding="utf-8")
