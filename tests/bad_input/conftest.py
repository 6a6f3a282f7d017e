"""A folder of valid files, and the one way to break one of them: through the real command line."""

from pathlib import Path

import pytest

from sim.cli import command

PLAN = """\
name = "plain"
title = "A plain plan"

[pay]
target_bonus = 20_000

[[component]]
name = "renewals"
measure = "renewal_bookings"

[component.quota]
kind = "fixed"
amount = 600_000

[component.crediting]
early_bands = [{ through_day = 30, multiplier = 1.0 }, { through_day = 90, multiplier = 1.25 }]
late_window_days = 180

[component.quota_moves]
early_out_of_due = 1.0

[[component.curve]]
attainment = "[0, 0.9)"
pays = 0.0

[[component.curve]]
attainment = "[0.9, inf)"
pays = 0.9
slope = 1.0
"""

SCENARIO = """\
name = "small"
start = 2026-01-01
periods = 2

[book]
file = "book.csv"

[employer]
on_cost = 0.08

[billing]
invoice_days = 0
payment_days = 30

[market]
persistence = 0.7

[dependence]
market = 0.1
skill = 0.05
health = 0.3
health_persistence = 0.7
timing = 0.3
amount = 0.3
expansion = 0.3

[[segment]]
name = "smb"
renewed_term_months = { "12" = 0.8, "36" = 0.2 }
churn = { probability = 0.1 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.5 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.4, size = { mean = 0.3, sigma = 0.6 } }
win_back = [{ days = [181, 365], probability = 0.02 }]
grace_days = 30

[[segment.lag]]
days = [-90, 0]
share = 0.8

[[segment.lag]]
days = [1, 90]
share = 0.2
"""

BOOK = """\
csm,account,segment,arr,due_date,term_months
Ann,a,smb,12000,2026-03-31,12
Ann,b,smb,36000,2026-05-15,24
Bo,c,smb,5000.50,2026-06-30,12
"""

STUDY = """\
name = "try"
seed = 1
worlds = 64
scenario = "scenario.toml"
plans = ["plan.toml"]
baseline = "plain"
budget = 1_000_000
"""

DEALS = """\
csm,account,arr,due_date,booked_date,booked_arr
Ann,a,12000,2026-03-31,2026-03-20,12500
Ann,b,36000,2026-05-15,,
Bo,c,5000.50,2026-06-30,2026-07-12,5000.50
"""

VALID = {
    "plan.toml": PLAN,
    "scenario.toml": SCENARIO,
    "study.toml": STUDY,
    "book.csv": BOOK,
    "deals.csv": DEALS,
}
RUN = ("run", "study.toml", "--threads", "1", "--out", "out")
REPLAY = ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-01-01", "--periods", "2")
EXPLAIN = ("explain", "study.toml", "--plan", "plain", "--world", "1", "--csm", "Ann")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in VALID.items():
        Path(name).write_text(text)
    return tmp_path


@pytest.fixture
def refused(folder, capsys):
    """Run a command that must be refused: exit code 2, nothing printed, nothing written. Returns its sentences."""

    def run(arguments=RUN):
        before = listing()
        capsys.readouterr()
        code = command(arguments)
        said = capsys.readouterr()
        assert (code, said.out) == (2, "")
        assert listing() == before
        return said.err.splitlines()

    return run


@pytest.fixture
def broken(refused):
    """Replace a part of a valid file (or all of it, when the part is None) and run the command."""

    def run(name, old, new, arguments=RUN):
        text = VALID[name]
        assert old is None or text.count(old) == 1, old
        content = new if old is None else text.replace(old, new)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return refused(arguments)

    return run


def listing():
    return {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
