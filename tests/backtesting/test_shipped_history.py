"""The shipped history is what its script writes, and can be backtested."""

import pytest

import sim
from tests.rig.repository import CONFIGS
from tests.shipped import history

pytestmark = pytest.mark.jit


def test_the_shipped_history_is_what_its_script_writes():
    for name, text in history.contents().items():
        assert (CONFIGS / "history" / name).read_text(encoding="utf-8") == text


def test_the_call_says_where_last_year_was():
    found = sim.backtest(
        CONFIGS / "history",
        CONFIGS / "plans" / "base.toml",
        cut="2025-01-01",
        scenario=CONFIGS / "scenarios" / "mid-market.toml",
        worlds=64,
        anonymous=True,
    )
    assert found.verdict.startswith("Cost of the 4 periods from 2025-01-01 was $")
    assert set(found.rows["csm"].dropna()) == {f"CSM {number:02d}" for number in range(1, 7)}
    assert "mid-market-0" not in found.to_json().replace(found.found.scenario, "")
