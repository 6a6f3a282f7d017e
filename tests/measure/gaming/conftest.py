"""The plans and the frame that gaming tests share."""

import pytest

from tests.rig.inputs.small_books import frame_for, shipped


@pytest.fixture(scope="session")
def plans():
    return shipped("gaming", "founding")


@pytest.fixture(scope="session")
def frame(plans):
    return frame_for(plans)
