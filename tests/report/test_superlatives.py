"""What stress calls the most, the nearest or the largest is so in the rows beside it: on random rows in a suite's place."""

import pytest

from sim.questions.stress.summary import StressSuite
from tests.rig.readers.superlatives import hold

pytestmark = pytest.mark.jit  # of a whole suite


def test_what_is_called_the_most_is_so_in_the_rows(stressed):
    hold(StressSuite.model_validate(stressed))
