"""A small study to run, change and run again."""

import pytest

from tests.rig.inputs.small_study import write_study


@pytest.fixture
def path(tmp_path):
    return write_study(tmp_path / "small")
