"""Every scenario we ship: each number has a source or says that it is an assumption, and the books are as described."""

import numpy as np
import pytest

from sim.study.load import load
from sim.study.run import run
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.repository import CONFIGS

SHIPPED = sorted((CONFIGS / "scenarios").glob("*.toml"))
NOT_ASSUMPTIONS = ("start", "periods", "period_months", "segment", "book")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_number_has_a_source(path):
    """A source speaks for its key and for every key below it; keys left at neutral defaults need none."""
    import tomllib

    scenario, document = load_scenario(path), tomllib.loads(path.read_text())
    written = set()
    for key, value in document.items():
        if key == "segment":
            for segment in value:
                written |= {f"segment.{segment['name']}.{inner}" for inner in segment if inner != "name"}
        elif isinstance(value, dict) and key not in ("about", "sources"):
            written |= {f"{key}.{inner}" for inner in value}
    spoken = tuple(scenario.sources)
    for key in written - {"book.file", "book.redraw"}:
        assert any(
            key == source or key.startswith(f"{source}.") or source.startswith(f"{key}.") for source in spoken
        ), key
    assert all(text.strip() for text in scenario.sources.values())


def test_the_real_shaped_book():
    """28 accounts: 4 x 25k, 12 x 45k, 5 x 80k, 5 x 160k, 2 x 350k; 2.54M usd, the largest 14 %, the top two 28 %."""
    shape = sorted([25_000] * 4 + [45_000] * 12 + [80_000] * 5 + [160_000] * 5 + [350_000] * 2)
    scenario = load_scenario(CONFIGS / "scenarios" / "crm-export.toml")
    book = World(scenario, 1).book
    assert sorted(book.given["arr"].tolist()) == shape
    assert sum(shape) == 2_540_000
    assert round(100 * max(shape) / sum(shape)) == 14
    drawn = World(load_scenario(CONFIGS / "scenarios" / "real-shape.toml"), 1)
    assert (len(drawn.book.csms), len(drawn.book.accounts)) == (40, 40 * 28)


@pytest.mark.jit
@pytest.mark.parametrize(("name", "gross"), [("enterprise", 0.92), ("mid-market", 0.86), ("smb", 0.78)])
def test_gross_retention_is_as_described(tmp_path, name, gross):
    """The share of ARR kept a year, over redrawn books, is within one point of the benchmark that the file cites."""
    text = (CONFIGS / "scenarios" / f"{name}.toml").read_text()
    assert f"about {100 * gross:.0f} % a year" in text
    text = text.replace("[billing]", "[book]\nredraw = true\n\n[billing]", 1)
    few = "\n".join("csms = 2" if line.startswith("csms = ") else line for line in text.splitlines())
    (tmp_path / "scenario.toml").write_text(few)
    (tmp_path / "study.toml").write_text(
        'name = "g"\nseed = 5\nworlds = 1000\nscenario = "scenario.toml"\nbaseline = "base"\n'
        f'plans = ["{CONFIGS}/plans/base.toml"]\n'
    )
    result = run(load(tmp_path / "study.toml"), threads=1)
    retention = result.totals.retention.gross ** (1 / result.study.scenario.calendar.years)
    error = retention.std(ddof=1) / np.sqrt(len(retention))
    assert abs(retention.mean() - gross) < 0.01 + 4 * error
