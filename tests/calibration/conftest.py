"""A small company that our own engine has lived, as a history folder, and its calibration."""

from datetime import date

import pytest

from sim.calibration.calibrate import calibrate
from sim.replay.simulated import write_simulated
from sim.world.world import World
from tests.rig.inputs.small_company import company

AS_OF = date(2027, 8, 14)
SWEEPS = 200


@pytest.fixture(scope="session")
def small():
    return company()


@pytest.fixture(scope="session")
def history(small, tmp_path_factory):
    """Two segments, some hundred accounts, twenty months, cut in the middle of a quarter."""
    folder = tmp_path_factory.mktemp("history")
    write_simulated(World(small, 5), 0, folder, as_of=AS_OF)
    return folder


@pytest.fixture(scope="session")
def found(history, small):
    return calibrate(history, small, AS_OF, draws=400, sweeps=SWEEPS)
