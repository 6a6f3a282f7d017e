"""The files that the other tests break are valid: every command accepts them."""

import json

import pytest

from sim.cli import command
from tests.rig.inputs.valid_files import EXPLAIN, REPLAY, RUN


@pytest.mark.parametrize("arguments", [RUN, REPLAY, EXPLAIN], ids=lambda arguments: arguments[0])
def test_the_unbroken_files_are_accepted(folder, capsys, arguments):
    assert command([*arguments, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out)
