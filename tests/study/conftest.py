"""What the tests of studies share."""

import pytest

from tests.rig.inputs.small_study import write_study


@pytest.fixture
def path(tmp_path):
    return write_study(tmp_path / "small")


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    import sim

    return sim.load(write_study(tmp_path_factory.mktemp("study") / "small"))


@pytest.fixture(scope="session")
def result(study):
    import sim

    return sim.run(study, threads=2)
