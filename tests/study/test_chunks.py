"""A block simulated in pieces is the block simulated whole, to the bit."""

import numpy as np
import pytest

import sim
from sim.engine import chunks
from sim.engine.setting import prepare
from sim.engine.simulate import simulate
from tests.rig.inputs.roles import LEAVING, SCENARIO, write_roles

pytestmark = pytest.mark.jit  # whole runs

WORLDS = 192


def leaves_of(value):
    """Every array of a block, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in leaves_of(each)]
    return []


@pytest.mark.parametrize("leaving", [False, True])
def test_pieces_change_no_bit(tmp_path, monkeypatch, leaving):
    """Role sets whose plans read flows, KPIs and the company; a last piece that is shorter than the others."""
    scenario = SCENARIO + LEAVING if leaving else SCENARIO
    setting = prepare(sim.load(write_roles(tmp_path / "study", scenario=scenario)))
    assert setting.reads & {"company"}, "the sample must exercise the company's pass"
    csms = range(len(setting.world.book.csms))
    whole = leaves_of(simulate(setting, 0, WORLDS, csms))
    monkeypatch.setattr(chunks, "WORLDS_IN_CHUNK", 128)
    parts = leaves_of(simulate(setting, 0, WORLDS, csms))
    assert len(whole) > 10
    assert all(np.array_equal(one, other, equal_nan=True) for one, other in zip(whole, parts, strict=True))
