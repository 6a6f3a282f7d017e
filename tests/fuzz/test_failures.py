"""Some of the failures of ``python -m tests.fuzz.failures``: spread over the events of every command, each way in turn."""

import os

import pytest

from tests.fuzz.failures import COMMANDS, ENDS, tried

pytestmark = [
    pytest.mark.jit,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process of its own"),
]
FAILURES = {
    "run": 5,
    "run again": 5,
    "run --force": 4,
    "stress": 2,
    "report": 6,
    "init": 8,
    "replay --xlsx": 6,
    "Worlds.save": 6,
    "Worlds.save again": 6,
}
"""How many by command, so that all take seconds."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_failing_command_leaves_the_old_or_the_new_and_no_litter(name):
    events, counted, told = tried(name, some=FAILURES[name])
    assert told == []
    assert events > 5
    assert sum(ends[end] for ends in counted.values() for end in ENDS) == FAILURES[name]
