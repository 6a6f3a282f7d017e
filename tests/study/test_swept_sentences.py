"""What a sweep and a solution say, held against their own rows: means that do not exist, or rest on a few worlds; claims."""

import re
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.questions.sweep.tables import swept_table
from sim.report.terminal.printed import printed
from sim.study.measured import measure_told
from sim.study.sweep import MEASURES, swept, told
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
TOLD = tuple(map(measure_told, MEASURES))
RATE, FLOOR = "component.renewals.quota.rate", "component.renewals.quota_moves.floor"
SENTENCE = re.compile(r"^(\S+) = (\S+)(?: \(simulation error ± \S+\))? brings (\S+) to ([\d,.]+?)\.$")
NONE = re.compile(
    r"^None of (\d+) values of (\S+) from (\S+) to (\S+) brings (\S+) to (\S+): "
    r"there it lies between (\S+) and (\S+)\.$"
)


@pytest.fixture(scope="module")
def worlds():
    loaded = sim.load(CONFIGS / "studies" / "quickstart.toml")
    names = ("base", "tiers", "early-relief")
    some = replace(loaded, sets=tuple(each for each in loaded.sets if each.name in names))
    return sim.simulate(some, worlds=128, threads=2)


def test_where_pay_has_no_mean_a_sweep_says_so_and_keeps_the_column(worlds):
    rows = swept(worlds, "early-relief", {FLOOR: [0.0, 0.3]})
    assert rows[0]["cost.mean"] is None
    assert rows[1]["cost.mean"] > 0.0
    table = swept_table("early-relief", rows, TOLD, 128)
    at = [column.key for column in table.columns].index("cost.mean")
    assert table.shown()[0][at] == "no mean"
    assert "Where it says no mean, pay has none" in table.note
    without = swept_table("early-relief", rows[:1], TOLD, 128)
    assert [
        row[[column.key for column in without.columns].index("cost.mean")] for row in without.shown()
    ] == ["no mean"]
    found = swept_table("tiers", swept(worlds, "tiers", {RATE: [0.9]}), TOLD, 128)
    assert "no mean" not in found.note
    assert printed(found) is not None


def test_a_mean_that_rests_on_a_few_worlds_is_marked_beside_every_value(worlds):
    entry = {"cost": {"mean": 5.0, "se": 1.0, "p50": 4.0, "fragile": True}}
    assert told(entry, ("cost.mean",))["mean_is"] == "fragile"
    assert "mean_is" not in told(entry, ("cost.p50",))
    rows = swept(worlds, "tiers", {RATE: [0.9, 0.95]})
    rows[1]["mean_is"] = "fragile"
    table = swept_table("tiers", rows, TOLD, 128)
    at = [column.key for column in table.columns].index("mean_is")
    assert [row[at] for row in table.rows] == [None, "fragile"]
    assert "rest on a few worlds" in table.note
    solved = sim.solve(worlds, "tiers", vary=RATE, until="cost.p50 = 13M", between=(0.7, 1.1))
    assert "rests on a few worlds" in replace(solved, fragile=True).sentence
    assert "rests on a few worlds" not in solved.sentence


@pytest.mark.parametrize("seed", range(6))
def test_a_solution_says_what_its_rows_say(worlds, seed):
    """Random targets around the range of a random measure: the value among the rows, or their ends and no more."""
    rng = np.random.default_rng(seed)
    measure = ("cost.mean", "cost.p90", "pay.share_at_target")[seed % 3]
    low, high = sorted(rng.uniform(0.75, 1.05, 2))
    ends = [float(row[measure]) for row in swept(worlds, "tiers", {RATE: [low, high]}, (measure,))]
    target = rng.uniform(min(ends) - 0.5 * np.ptp(ends), max(ends) + 0.5 * np.ptp(ends))
    found = sim.solve(worlds, "tiers", vary=RATE, until=f"{measure} = {target}", between=(low, high))
    curve = dict(found.curve)
    if found.value is None:
        said = NONE.match(found.sentence)
        assert int(said[1]) == len(curve) == len(found.table().rows)
        assert (float(said[3]), float(said[4])) == pytest.approx((low, high), rel=1e-5)
        lowest, highest = (float(said[at].replace(",", "")) for at in (7, 8))
        assert (lowest, highest) == pytest.approx((min(curve.values()), max(curve.values())), rel=1e-3)
        assert not min(curve.values()) < target < max(curve.values())
    else:
        said = SENTENCE.match(found.sentence)
        assert float(said[2]) == pytest.approx(found.value, rel=1e-5)
        assert float(said[4].replace(",", "")) == pytest.approx(curve[found.value], rel=1e-3)
        assert [row[2] for row in found.table().rows].count("found") == 1


def test_a_plan_without_a_salary_is_not_settled_beside_plans_with_one(worlds):
    text = worlds.plan_of("base").to_toml()
    bare = re.sub(r"(?m)^(ote|pay_mix|base_salary|market|level|as_of) = .*\n", "", text)
    bare = bare.replace("[pay]\n", "[pay]\ntarget_bonus = 20_000.0\n").replace(
        'name = "base"', 'name = "bare"'
    )
    with pytest.raises(InputError, match="with a salary beside plans that have one"):
        worlds.compare([sim.Plan.from_toml(bare)])
