"""Two commands ended in the middle; ``python -m tests.faults`` tries many moments."""

import signal

import pytest

from tests.faults.commands import COMMANDS, laid_out
from tests.faults.ended import end, undisturbed

pytestmark = pytest.mark.jit


@pytest.mark.parametrize(("command", "number"), [("run", signal.SIGKILL), ("stress", signal.SIGTERM)])
def test_ended_in_the_middle(tmp_path, command, number):
    laid_out(tmp_path)
    plain = undisturbed(COMMANDS[command], tmp_path)
    end(COMMANDS[command], tmp_path, plain, number, 0.7 * plain.seconds)
