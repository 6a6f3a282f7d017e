"""Any executor gives the bits that threads give, in every call that takes one, and little goes over the wire."""

import json
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import numpy as np
import pytest

import sim
from sim.backtesting.backtest import Asked, backtest_history
from sim.backtesting.source import given
from sim.engine.executor import Remote
from sim.engine.packed import NotPackedError, packed, unpacked
from sim.engine.pool import ALONE
from sim.errors import InputError
from sim.plan.plan import load_plan
from sim.world.world import World
from tests.backtesting.made import CUT, PLAN, company, made
from tests.rig.inputs.small_study import write_study
from tests.rig.mailed import Mailed
from tests.rig.repository import CONFIGS
from tests.search.test_search import WIDE

pytestmark = pytest.mark.jit

ALL_ASKED = """
[forecast]
level_worlds = 16
luck_worlds = 16
accrual_worlds = 64
[gaming]
worlds = 8
training_worlds = 8
curve_worlds = 4
cells = 24
[incentive]
worlds = 16
[response]
worlds = 16
value_worlds = 16
books = 1
points = [2.0]
"""
STRESSED = """
[stress]
cases = ["recession"]
tornado_worlds = 64
reverse_worlds = 64
"""
WIRE = 1_500
"""What a world may take on the wire with eleven plans of eight periods. [byte]"""


@pytest.fixture
def asked(tmp_path):
    path = write_study(tmp_path / "asked")
    path.write_text(path.read_text() + ALL_ASKED)
    return sim.load(path)


def test_every_question_of_a_run(asked):
    executor = Mailed()
    there = sim.run(asked, worlds=128, executor=executor)
    assert there.to_json() == sim.run(asked, worlds=128, threads=1).to_json()
    assert len(executor.letters) > 10


def test_a_pool_of_processes(study, result):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        there = sim.run(study, block=128, executor=pool)
    assert there.to_json() == result.to_json()
    assert (there.totals.variable == result.totals.variable).all()


def test_stress_and_rank(tmp_path):
    path = write_study(tmp_path / "asked")
    path.write_text(path.read_text() + STRESSED)
    study, executor = sim.load(path).altered(worlds=64), Mailed()
    assert sim.stress(study, executor=executor).document == sim.stress(study, threads=1).document
    assert len(executor.letters) > 40
    assert sim.rank(study, executor=executor).document == sim.rank(study, threads=1).document


def test_search(tmp_path):
    path = write_study(tmp_path / "search")
    path.write_text(path.read_text() + WIDE.replace("evaluations = 60", "evaluations = 20"))
    study, executor = sim.load(path), Mailed()
    assert sim.search(study, executor=executor).document == sim.search(study, threads=1).document
    assert len(executor.letters) > 2


def test_worlds_are_kept(study):
    there = sim.simulate(study, worlds=192, executor=Mailed())
    assert there.settle().document == sim.simulate(study, worlds=192, threads=1).settle().document


def test_backtest(tmp_path):
    scenario, plan = company(), load_plan(PLAN)
    history = made(World(scenario, 11), 0, tmp_path / "history")
    found = [
        backtest_history(history, plan, given(scenario), Asked(CUT, worlds=300, workers=workers)).document()
        for workers in (ALONE, Remote(Mailed()))
    ]
    assert found[0] == found[1]


def test_what_goes_over_the_wire():
    """A block with eleven plans after the first worlds, what is sent for it and what comes back, by world."""
    study, executor = sim.load(CONFIGS / "studies" / "quickstart.toml"), Mailed()
    sim.run(study, worlds=2_304, block=2_048, executor=executor)
    (_, _), (sent, back) = executor.letters
    assert back / 2_048 > 1_000, "cost by plan, period and world alone is 704"
    assert (sent + back) / 2_048 < WIRE


def test_an_executor_that_takes_no_tasks(study):
    with pytest.raises(InputError, match="executor must be with a method submit"):
        sim.run(study, executor="dask")


def test_errors_come_back_as_they_are(asked):
    class Refuses(Mailed):
        def submit(self, work, /, *arguments):
            return super().submit(refuse, *arguments)

    with pytest.raises(InputError, match="study must be a study"):
        sim.run(asked, worlds=64, executor=Refuses())


def refuse(*_arguments):
    sim.run("no study", worlds=-1)


@pytest.mark.parametrize(
    "value",
    [
        np.array([], dtype=np.int64).reshape(0, 3),
        np.array([[0, 2**40], [0, -3]]),
        np.full((3, 2), np.nan),
        np.array([0.0, -0.0]),
        np.array([np.nan, np.inf, -0.0, 5e-324]),
        np.array([True, False]),
        np.array([2**64 - 1], dtype=np.uint64),
        np.arange(6.0).reshape(2, 3).T,
        {"a": (1, [2.5, None, True, "é"]), "b": float("inf"), ("k", b"\x00"): np.float64(0.1)},
    ],
)
def test_what_is_packed_comes_back_to_the_last_bit(value):
    again = unpacked(packed(value))
    if isinstance(value, np.ndarray):
        assert (again.dtype, again.shape) == (value.dtype, value.shape)
        assert again.tobytes() == value.tobytes()
    else:
        assert again == value


def test_only_whole_bytes_of_our_own_records_are_read():
    whole = packed({"a": np.arange(9)})
    for broken in (whole[:-1], whole[:40] + b"?" + whole[41:], b"", b"csmsim1\n"):
        with pytest.raises(NotPackedError):
            unpacked(broken)
    with pytest.raises(TypeError, match="date cannot be packed"):
        packed([date(2026, 1, 1)])


@pytest.mark.parametrize("name", ["os:system", "sim.cli:main", "sim.kernel:os", "sim.errors:InputError"])
def test_nothing_else_is_named(name):
    from sim.engine.packed import restored

    with pytest.raises(NotPackedError, match="no record"):
        restored(json.loads(json.dumps({"record": name, "of": ["true"]})), lambda told: told)
