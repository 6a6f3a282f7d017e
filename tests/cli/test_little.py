"""Commands with little to compute run as plain Python, with the same output."""

import os
import subprocess
import sys

import pytest

from sim.cli.little import MOST_BYTES, is_little
from tests.rig.repository import ROOT

PLANS = [str(path) for path in sorted((ROOT / "configs/plans/library").glob("*.toml"))]
EARLY = str(ROOT / "configs/plans/founding/early-4.toml")
DEALS = str(ROOT / "configs/deals/founding-early.csv")


@pytest.mark.parametrize(
    ("arguments", "little"),
    [
        (["lint", *PLANS], True),
        (["lint", str(ROOT / "configs/studies/quickstart.toml")], False),
        (["lint", "not-there.toml"], True),
        (["replay", DEALS, "--plan", EARLY], True),
        (["help", "plan"], True),
        (["run", str(ROOT / "configs/studies/quickstart.toml")], False),
        ([], False),
    ],
)
def test_what_is_little(arguments, little):
    assert is_little(arguments) is little


def test_many_deals_are_not_little(tmp_path):
    deals = tmp_path / "deals.csv"
    deals.write_text("x" * (MOST_BYTES + 1))
    assert not is_little(["replay", str(deals), "--plan", EARLY])
    assert not is_little(["replay", str(tmp_path), "--plan", EARLY])


@pytest.mark.jit
@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", *PLANS, "--json"],
        ["replay", DEALS, "--plan", EARLY, "--start", "2026-01-01", "--periods", "2", "--json"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_plain_and_compiled_kernels_print_the_same(arguments):
    def printed(compiled):
        settings = os.environ | ({"NUMBA_DISABLE_JIT": "0"} if compiled else {})
        return subprocess.run(
            [sys.executable, "-m", "sim", *arguments], env=settings, capture_output=True, check=True, cwd=ROOT
        ).stdout

    assert printed(compiled=False) == printed(compiled=True)
