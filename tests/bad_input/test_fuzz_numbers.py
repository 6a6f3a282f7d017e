"""Every number of every file, one after another, replaced by what a slip of the pen makes of it.

The answer is a finite result or sentences, never a fault: no traceback, no NaN, nothing written where it is refused.
"""

import tomllib
from pathlib import Path

import pytest

from tests.fuzz.mutations import as_toml
from tests.rig.inputs.valid_files import COMMANDS, RUN, SCENARIO, VALID
from tests.rig.readers.answers import answer

pytestmark = pytest.mark.jit  # hundreds of runs

RICH_PLAN = """\
name = "plain"

[pay]
ote = 150_000
pay_mix = 0.3

[[component]]
name = "renewals"
weight = 0.5
quota = { kind = "retention", rate = 0.9, ratchet = 0.2 }
crediting = { early_cap = 0.5, late_bands = [{ through_day = 30, multiplier = 0.75 }], deal_cap = 90_000 }
quota_moves = { early_out_of_due = 1.0, late_into_booked = 0.5, floor = 0.1 }
curve = [{ attainment = "[0, 0.8)" }, { attainment = "[0.8, inf)", pays = 0.8, slope = 1.0 }]

[[component]]
name = "kept"
weight = 0.3
measure = "grr"
quota = { kind = "target", target = 0.96, floor = 0.8 }

[[component]]
name = "net"
weight = 0.2
measure = "team_attainment"
team_measure = "nrr"
measurement = "year_to_date"
quota = { kind = "target", target = 1.02, floor = 0.9 }

[[component]]
name = "sold"
pay_kind = "commission"
measure = "expansion_bookings"
quota = { kind = "opening", rate = 0.03 }
commission = { tier = [{ start = 0.0, rate = 0.05 }, { start = 1.0, rate = 0.08 }] }

[[component]]
name = "longer"
pay_kind = "commission"
measure = "multi_year_count"
commission = { per_event = 500 }

[ramp]
quota = [0.3, 0.7]

[[gate]]
component = "sold"
requires = "kept"
attainment = 0.9

[[cap]]
multiple = 3.0
over = "year"

[[clawback]]
periods = 2
share = 0.5

[guarantee]
share = 1.0
periods = 1

[draw]
usd = 2_000

[holdback]
share = 0.1
periods = 1
"""
DRAWN = (
    SCENARIO.replace('[book]\nfile = "book.csv"\n', "[team]\nturnover_per_year = 0.2\nvacancy_days = 60\ncover = 0.5\n")
    .replace('name = "smb"\n', 'name = "smb"\ncsms = 2\narr = { mean = 20_000, sigma = 0.8, accounts = 8 }\n')
    .replace("churn = {", "new_accounts = { per_year = 2.0, arr = { mean = 9_000, sigma = 0.5 } }\nchurn = {")
)  # fmt: skip
ASKED = (
    VALID["study.toml"]
    + """
[limits]
cost_p90 = 1.1
prob_over_budget = 0.1
variable_of_arr = 0.2
low_pay = { below = 0.5, share = 0.2 }
pay_cut = { by = 0.2, share = 0.1 }
exposure = 0.3

[ownership]
gross_margin = 0.8
complexity = 0.4
lean = 2
specialised = 9
decide_worlds = 4
tooling = 900

[forecast]
levels = [-1.0, 1.0]
level_worlds = 4
luck_worlds = 8
accrual_worlds = 4
paid_after = 1

[[forecast.hire]]
starts = 2026-02-10
csms = 2
ramp = [0.5]
"""
)
FILES = {
    "plan.toml": RICH_PLAN,
    "scenario.toml": DRAWN,
    "study.toml": ASKED,
}
SLIPS = (
    ("percent", lambda value: 100 * value),
    ("negative", lambda value: -value),
    ("nothing", lambda value: 0 * value),
    ("tiny", lambda value: 1e-300),
    ("least", lambda value: 5e-324),
    ("small", lambda value: 1e-9),
    ("huge", lambda value: 1e300),
    ("large", lambda value: 1e9),
    ("nan", lambda value: float("nan")),
)


def numbers(node, prefix=()):
    """Paths of all numbers of a document."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield (*prefix, key)
        else:
            yield from numbers(value, (*prefix, key))


CASES = [(name, path) for name, text in FILES.items() for path in numbers(tomllib.loads(text))]


def written(document):
    return "\n".join(f"{key} = {as_toml(value)}" for key, value in document.items())


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_accepted_as_they_are(name, tmp_path, monkeypatch, capsys):
    from sim.cli import command

    monkeypatch.chdir(tmp_path)
    for each, text in (
        VALID | {"plan.toml": RICH_PLAN, "scenario.toml": DRAWN} | {name: FILES[name]}
    ).items():
        Path(each).write_text(text)
    assert command(["run", "study.toml", "--worlds", "4", "--json"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "path"), CASES, ids=[f"{name}:{'.'.join(map(str, path))}" for name, path in CASES]
)
def test_a_number_that_slipped(name, path, monkeypatch):
    monkeypatch.setitem(VALID, "plan.toml", RICH_PLAN if name != "study.toml" else VALID["plan.toml"])
    monkeypatch.setitem(VALID, "scenario.toml", DRAWN)
    monkeypatch.setitem(COMMANDS, name, (RUN,))
    for _, slip in SLIPS:
        document = tomllib.loads(FILES[name])
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = slip(holder[path[-1]])
        answer(name, written(document))
