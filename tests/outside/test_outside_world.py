"""The product against an outside simulator of the same documents: every figure that a result tells of a rich small company.

False alarms: each z carries the errors of both programs, whose worlds are independent. All of them stay below Bonferroni's
bound for their number, so that a right product with other seeds would fail in fewer than 1 % of cases.
"""

import csv
import io
import json

import pytest
from scipy.stats import norm

import sim
from tests.outside.company import DRAWN, PLANS, READ, book_file, plan_file
from tests.outside.compare import Outside, compare
from tests.outside.world import simulate

pytestmark = pytest.mark.jit

WORLDS, SEED, OUTSIDE_SEED, FALSE_ALARM = 2_000, 2718, 314, 0.01
ON_COST = 0.11
SCENARIOS = {"drawn": DRAWN, "read": READ}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return {kind: _product(kind, tmp_path_factory.mktemp(kind)) for kind in SCENARIOS}


def _product(kind, folder):
    (folder / "scenario.toml").write_text(SCENARIOS[kind])
    (folder / "book.csv").write_text(book_file())
    for name in PLANS:
        (folder / f"{name}.toml").write_text(plan_file(name))
    plans = json.dumps([f"{name}.toml" for name in PLANS])
    head = f'name = "outside"\nseed = {SEED}\nworlds = {WORLDS}\nbaseline = "line"\n'
    (folder / "study.toml").write_text(f'{head}scenario = "scenario.toml"\nplans = {plans}\n')
    return sim.run(sim.load(folder / "study.toml"))


def _outside(kind, *changes):
    text = SCENARIOS[kind]
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    rows = list(csv.DictReader(io.StringIO(book_file()))) if kind == "read" else None
    return Outside(simulate(text, WORLDS, OUTSIDE_SEED, rows), ON_COST)


def _bound(count):
    return norm.isf(FALSE_ALARM / 2 / count)


@pytest.mark.parametrize("kind", SCENARIOS)
def test_every_statistic_agrees(kind, results):
    scores = compare(results[kind], _outside(kind))
    assert len(scores) > 300
    far = {name: round(z, 2) for name, z in scores.items() if not abs(z) < _bound(len(scores))}
    assert not far


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("drawn", ("probability = 0.24", "probability = 0.26")),
        ("drawn", ("market = 0.12", "market = 0.05")),
        ("drawn", ("timing = 0.4", "timing = 0.0")),
        ("read", ("back_dated = 0.2", "back_dated = 0.5")),
        ("read", ("events_per_year = 0.9", "events_per_year = 1.0")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_a_small_difference_is_seen(kind, change, results):
    scores = compare(results[kind], _outside(kind, change))
    assert max(map(abs, scores.values())) > _bound(len(scores))
